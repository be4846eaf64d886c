import pytest
from django.test import RequestFactory

from trustdesk.api.bodies import MAX_JSON, UPLOADS, StrictParser, check_size
from trustdesk.api.problems import ProblemError

factory = RequestFactory()


def _post(body: bytes, content_type: str = "application/json", path: str = "/api/v1/customers", **meta: str) -> object:
    return StrictParser().parse_body(factory.post(path, body, content_type=content_type, **meta))  # type: ignore[arg-type]


def test_json_in_utf8_is_read() -> None:
    assert _post('{"text": "Mäkelä"}'.encode()) == {"text": "Mäkelä"}
    assert _post(b"[]", "application/json; charset=utf-8") == []


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b" ",
        b"\xff\xfe",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1,}',
        b"{'a': 1}",
        b'{"a": "\\ud800"}',
        b'"\xed\xa0\x80"',
        b"[" * 100_000,
        b"[" * 5000 + b"]" * 5000,
        b'{"a": 1} {"b": 2}',
        "{}".encode("utf-16"),
    ],
)
def test_what_is_not_json_is_refused_without_quoting_it(body: bytes) -> None:
    with pytest.raises(ProblemError) as caught:
        _post(body)
    assert caught.value.code == "bad-json"
    assert caught.value.detail == ""
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "body",
    [rb'"\u0000"', rb'{"text": "a\u0000b"}', rb'{"\u0000": 1}', rb'{"records": [{"text": ["", {"a": "\u0000"}]}]}'],
)
def test_what_no_database_can_store_is_refused_and_said(body: bytes) -> None:
    with pytest.raises(ProblemError) as caught:
        _post(body)
    assert caught.value.code == "bad-input"
    assert "U+0000" in caught.value.detail


def test_what_only_looks_like_it_is_read() -> None:
    assert _post(rb'"\\u0000"') == r"\u0000"


@pytest.mark.parametrize("content_type", ["text/plain", "application/xml", "multipart/form-data; boundary=x", ""])
def test_another_media_type_is_refused_and_the_right_one_named(content_type: str) -> None:
    with pytest.raises(ProblemError) as caught:
        _post(b"{}", content_type)
    assert caught.value.code == "wrong-media"
    assert caught.value.headers == {"Accept": "application/json"}


def test_a_body_too_large_is_refused() -> None:
    with pytest.raises(ProblemError) as caught:
        _post(b'"' + b"x" * MAX_JSON + b'"')
    assert caught.value.code == "too-large"


@pytest.mark.parametrize("announced", [str(MAX_JSON + 1), "-1", "1e3", "٣", "9" * 5000])
def test_the_announced_length_is_checked_before_the_body(announced: str) -> None:
    request = factory.post("/api/v1/customers", b"", content_type="application/json")
    request.META["CONTENT_LENGTH"] = announced
    with pytest.raises(ProblemError) as caught:
        check_size(request)
    assert caught.value.code == "too-large"


def test_a_body_without_a_length_is_refused_except_at_uploads() -> None:
    for path, refused in (("/api/v1/customers", True), (UPLOADS, False)):
        request = factory.post(path, b"", content_type="application/json", HTTP_TRANSFER_ENCODING="chunked")
        request.META["CONTENT_LENGTH"] = ""
        if refused:
            with pytest.raises(ProblemError) as caught:
                check_size(request)
            assert caught.value.code == "no-length"
        else:
            check_size(request)
