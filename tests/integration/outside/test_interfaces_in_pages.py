"""An interface that answers in pages: by links or by numbers, each read to its end, and no further than it may."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.integration.delivery.web import Answer, Request, Web
from tests.integration.outside.setups import PERSON

from trustdesk.kernel.errors import BadInputError
from trustdesk.outside.contracts import Correction, Fault, Kind
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds import paging
from trustdesk.outside.kinds.http import HttpConnector
from trustdesk.outside.setups import HttpSetup, read_setup

FIND = {"method": "GET", "path": "/people?mail={email}"}
NUMBER = len(PERSON.known["email"]) + len(PERSON.former["email"])
"""So many questions are asked of a person."""


class Pages:
    """Three pages of two records; the person is on the last."""

    def __init__(self) -> None:
        others = [f"{name}@example.hu" for name in ("a", "b", "c", "d", "e")]
        self.people = [{"id": n, "mail": mail} for n, mail in enumerate([*others, "janos.kovacs@example.hu"])]
        self.link = ""
        self.next: str | None = "/api/people?mail=x&cursor={}"
        self.size = 2

    def answer(self, request: Request) -> Answer:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
        asked |= json.loads(request.body) if request.body else {}
        start = int(asked.get("cursor", 0)) or int(asked.get("from", 0)) or int(asked.get("page", 0)) * self.size
        rows = self.people[start : start + self.size]
        more = start + self.size < len(self.people)
        said: dict[str, Any] = {"items": rows}
        headers = {}
        if more and self.link:
            headers["Link"] = self.link.format(start + self.size)
        elif more and self.next:
            said["links"] = {"next": self.next.format(start + self.size)}
        return 200, headers, json.dumps(said).encode()


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def web(pages: Pages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with Web(tmp_path, pages.answer) as made:
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        yield made


def setup(web: Web | None, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - a part of a setup
    return {
        "address": f"{web.url if web else 'https://crm.example.com'}/api",
        "records": "/items",
        "table": {"name": "people", "identified": {"/mail": "email"}, "personal": {"/mail": "email"}},
        "find": FIND,
        "rectify": {"method": "PATCH", "path": "/people/{id}", "body": {"mail": "{email}"}},
        "erase": {"method": "DELETE", "path": "/people/{id}"},
        **more,
    }


def found(web: Web, **more: Any) -> int:  # noqa: ANN401 - a part of a setup
    with HttpConnector(HttpSetup.model_validate(setup(web, **more)), "key") as there:
        return there.find(PERSON, lambda _sample: None)[0].found


@pytest.mark.parametrize(
    "link",
    [
        '<?mail=x&cursor={}>; rel="next"',
        '</api/people?cursor=0>; rel="prev first", </api/people?cursor={}>;title="a, b";rel="next last"',
        "</api/people?cursor={}>;REL=next",
    ],
)
def test_the_header_says_where_the_next_page_is(web: Web, pages: Pages, link: str) -> None:
    pages.link = link
    assert found(web, next_page="link") == 1
    assert len(web.requests) == 3 * NUMBER


def test_the_answer_says_where_the_next_page_is(web: Web, pages: Pages) -> None:
    assert found(web, next_page="/links/next") == 1
    pages.next = f"{web.url}/api/people?cursor={{}}"
    assert found(web, next_page="/links/next") == 1
    assert found(web) == 0, "without a word on pages only the first is read"


def test_a_link_is_followed_as_the_question_was_asked(web: Web) -> None:
    """With its body: the person stands in no address."""
    find = {"method": "POST", "path": "/search", "body": {"mail": "{email}"}}
    assert found(web, find=find, next_page="/links/next") == 1
    assert {(one.method, json.loads(one.body)["mail"]) for one in web.requests[:3]} == {
        ("POST", "janos.kovacs@example.hu")
    }


@pytest.mark.parametrize(
    ("find", "first"),
    [
        ({"method": "GET", "path": "/people?mail={email}&page={page}"}, 0),
        ({"method": "GET", "path": "/people?mail={email}&from={offset}"}, 1),
        ({"method": "POST", "path": "/search", "body": {"mail": "{email}", "from": "{offset}"}}, 1),
    ],
)
def test_pages_are_counted(web: Web, find: dict[str, Any], first: int) -> None:
    assert found(web, find=find, first_page=first) == 1
    assert len(web.requests) == 4 * NUMBER, "the last is the one without records"


def test_in_a_body_a_counter_is_a_number(web: Web) -> None:
    find = {"method": "POST", "path": "/search", "body": {"mail": "{email}", "from": "{offset}", "said": "p{offset}"}}
    found(web, find=find)
    assert [json.loads(one.body)["from"] for one in web.requests[:4]] == [0, 2, 4, 6]
    assert json.loads(web.requests[1].body)["said"] == "p2"


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/api?cursor={}", "http://localhost/api?cursor={}", "//evil.example/x{}"]
)
def test_another_server_is_not_asked(web: Web, pages: Pages, elsewhere: str) -> None:
    pages.next = elsewhere
    with pytest.raises(OutsideError) as told:
        found(web, next_page="/links/next")
    assert told.value.fault is Fault.UNREADABLE
    assert len(web.requests) == 1


def test_pages_that_come_round_or_do_not_end_are_a_fault(
    web: Web, pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages.next = "/api/people?cursor=2"
    with pytest.raises(OutsideError) as round_and_round:
        found(web, next_page="/links/next")
    assert (round_and_round.value.fault, round_and_round.value.where) == (Fault.UNREADABLE, "find: pages")
    monkeypatch.setattr("trustdesk.outside.kinds.http.MOST", 2)
    pages.next = "/api/people?cursor={}"
    with pytest.raises(OutsideError) as endless:
        found(web, next_page="/links/next")
    assert endless.value.fault is Fault.UNREADABLE
    assert paging.MOST == 100


def test_who_stands_on_the_last_page_is_put_right_and_erased(web: Web, pages: Pages) -> None:
    deeds: list[tuple[str, str, bytes]] = []

    def answer(request: Request) -> Answer:
        if request.method in {"PATCH", "DELETE"}:
            deeds.append((request.method, request.path, request.body))
            return 204, {}, b""
        return pages.answer(request)

    web.answer = answer
    wrong = Correction(attribute="email", before="janos.kovacs@example.hu", after="kovacs@example.hu")
    other = Correction(attribute="email", before="other@example.hu", after="another@example.hu")
    with HttpConnector(HttpSetup.model_validate(setup(web, next_page="/links/next")), "key") as there:
        there.rectify(PERSON, [wrong, other])
        there.erase(PERSON)
    assert deeds == [
        ("PATCH", "/api/people/5", b'{"mail": "kovacs@example.hu"}'),
        ("DELETE", "/api/people/5", b""),
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"next_page": "links.next"},
        {"next_page": "link", "find": {"method": "GET", "path": "/p?m={email}&page={page}"}},
        {"find": {"method": "GET", "path": "/p?m={email}&page={page}&from={offset}"}},
        {"find": {"method": "GET", "path": "/p?page={page}"}},
        {"first_page": 2},
    ],
)
def test_pages_are_declared_in_one_way(more: dict[str, Any]) -> None:
    with pytest.raises(BadInputError):
        read_setup(Kind.HTTP, setup(None, **more))
