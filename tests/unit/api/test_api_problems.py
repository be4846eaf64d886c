import orjson
import pytest
from django.test import override_settings
from django.utils import translation
from ninja.errors import HttpError

from trustdesk.api.handlers import _fault, _framework
from trustdesk.api.problems import KINDS, MEDIA_TYPE, Fault, of_error, of_status, problem
from trustdesk.kernel.errors import BadInputError, ConflictError


def test_members_are_those_of_the_rfc_and_ours() -> None:
    response = problem("bad-input", errors=[Fault("/kind", "This is required.")])
    assert response.headers["Content-Type"] == MEDIA_TYPE
    assert response.headers["Cache-Control"] == "no-store"
    assert orjson.loads(response.content) == {
        "type": "/api/v1/problems/bad-input",
        "title": "What was given does not fit",
        "status": 422,
        "code": "bad-input",
        "mend": "Correct the values named in `errors`.",
        "errors": [{"place": "/kind", "detail": "This is required."}],
    }


def test_a_domain_error_keeps_its_words_and_its_code() -> None:
    class SeatTakenError(ConflictError):
        code = "seat-taken"

    response = of_error(SeatTakenError("The seat is taken.", place="seat", mend="Choose another."))
    body = orjson.loads(response.content)
    assert response.status_code == 409
    assert body["type"] == "/api/v1/problems/conflict"  # the nearest type that has a page
    assert (body["code"], body["detail"], body["place"]) == ("seat-taken", "The seat is taken.", "seat")
    assert body["mend"] == "Choose another."


@pytest.mark.parametrize(("status", "code"), [(404, "not-found"), (418, "bad-request"), (500, "fault"), (503, "fault")])
def test_a_bare_status_has_a_kind(status: int, code: str) -> None:
    assert of_status(status) == code
    assert problem(of_status(status), status=status).status_code == status


def test_every_kind_says_what_can_be_done() -> None:
    for kind in KINDS.values():
        assert str(kind.title)
        assert str(kind.mend)
        assert 400 <= kind.status <= 500


@override_settings(LANGUAGE_CODE="en")
def test_titles_are_looked_up_in_the_reader_s_language() -> None:
    with translation.override("de"):
        assert problem("not-found").status_code == 404


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        (
            {"type": "missing", "loc": ("body", "form", "values", 0, "text"), "msg": "x"},
            Fault("/values/0/text", "This is required."),
        ),
        # A member's name is the caller's own text and may be a person's name.
        (
            {"type": "extra_forbidden", "loc": ("body", "form", "Matti Virtanen"), "msg": "x"},
            Fault("", "There is a member that is not known here."),
        ),
        ({"type": "value_error", "loc": ("query", "limit"), "msg": "Virtanen"}, Fault("limit", "This does not fit.")),
    ],
)
def test_faults_point_at_the_place_and_quote_nothing(entry: dict[str, object], fault: Fault) -> None:
    assert _fault(entry) == fault


def test_what_the_framework_refuses_keeps_its_status_only() -> None:
    response = _framework(None, HttpError(400, "secret text"))  # type: ignore[arg-type]
    assert b"secret" not in response.content
    assert orjson.loads(response.content)["code"] == "bad-request"


def test_a_domain_text_with_quotes_stays_json() -> None:
    response = of_error(BadInputError('say "this"\r\nX: y'))
    assert orjson.loads(response.content)["detail"] == 'say "this"\r\nX: y'
