"""An interface over HTTP: asked what is declared, values placed as values, every answer read with care."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from tests.integration.delivery.web import Answer, Request, Web
from tests.integration.outside.setups import PERSON

from trustdesk.outside.contracts import Correction, Fault, Person, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.http import HttpConnector
from trustdesk.outside.setups import HttpSetup

KEY = "the interface's key"
_ONE = re.compile(r"/crm/people/([^/?]+)(/export)?")


class Crm:
    """Finds by whole words of an address, as such systems do: so it finds others too."""

    def __init__(self) -> None:
        self.people: dict[str, dict[str, Any]] = {
            "a/1": _record("a/1", "Kovács János", "janos.kovacs@example.hu", "K-1001"),
            "2": _record("2", "Kovács János", "janos.kovacs@example.hu.other.example", None),
            "3": _record("3", "Kovács Mária", "janos.kovacs@example.hu", None),
        }

    def answer(self, request: Request) -> Answer | None:
        if request.headers.get("Authorization") != f"Bearer {KEY}":
            return 401, {}, b""
        if request.path == "/crm/search":
            asked = json.loads(request.body)["email"]
            found = [one for one in self.people.values() if asked in one["contact"]["email"]]
            return 200, {}, json.dumps({"result": {"items": found}}).encode()
        named = _ONE.fullmatch(request.path)
        if named is None or unquote(named[1]) not in self.people:
            return 404, {}, b""
        one = unquote(named[1])
        if request.method == "DELETE":
            del self.people[one]
            return 204, {}, b""
        if request.method == "PATCH":
            self.people[one]["contact"] |= json.loads(request.body)
            return 200, {}, b"{}"
        return 200, {}, json.dumps(self.people[one] | {"history": ["called twice"]}).encode()


def _record(identifier: str, name: str, email: str, number: str | None) -> dict[str, Any]:
    return {"id": identifier, "name": name, "contact": {"email": email, "phone": ""}, "number": number}


@pytest.fixture
def crm() -> Crm:
    return Crm()


@pytest.fixture
def web(crm: Crm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    with Web(tmp_path, crm.answer) as made:
        monkeypatch.setenv("SSL_CERT_FILE", str(made.certificate))
        yield made


def connector(web: Web, key: str = KEY, change: dict[str, Any] | None = None) -> HttpConnector:
    setup: dict[str, Any] = {
        "address": f"{web.url}/crm",
        "records": "/result/items",
        "table": {
            "name": "people",
            "identified": {"/contact/email": "email", "/number": "customer_number", "/name": "name"},
            "personal": {"/contact/email": "email", "/contact/phone": "phone"},
        },
        "find": {"method": "POST", "path": "/search", "body": {"email": "{email}"}},
        "export": {"method": "GET", "path": "/people/{id}/export"},
        "rectify": {"method": "PATCH", "path": "/people/{id}", "body": {"email": "{email}", "phone": "{phone}"}},
        "erase": {"method": "DELETE", "path": "/people/{id}"},
    }
    return HttpConnector(HttpSetup.model_validate({**setup, **(change or {})}), key)


def test_only_the_person_is_erased_whatever_else_it_finds(web: Web, crm: Crm) -> None:
    with connector(web) as there:
        there.check()
        looked = there.find(PERSON, lambda _sample: None)
        done = there.erase(PERSON)
        again = there.erase(PERSON)
    assert [(one.found, one.doubtful, one.changed) for one in (*looked, *done, *again)] == [
        (1, 1, 0),
        (1, 1, 1),
        (0, 1, 0),
    ]
    assert set(crm.people) == {"2", "3"}
    assert all("janos" not in request.path for request in web.requests), "no person stands in an address"


def test_a_copy_has_what_the_interface_hands_out(web: Web) -> None:
    records: list[Record] = []
    with connector(web) as there:
        there.export(PERSON, records.append)
    assert [record.name for record in records] == ["a/1"]
    assert json.loads(records[0].content or b"")["history"] == ["called twice"]


def test_a_correction_places_what_changed_and_leaves_out_the_rest(web: Web, crm: Crm) -> None:
    wrong = Correction(attribute="email", before="janos.kovacs@example.hu", after='ján"os@example.hu')
    with connector(web) as there:
        assert there.rectify(PERSON, [wrong])[0].changed == 1
    assert crm.people["a/1"]["contact"] == {"email": 'ján"os@example.hu', "phone": ""}


def test_values_in_an_address_stay_one_part_of_it(web: Web) -> None:
    strange = Person(customer_id=1, known={"customer_number": ["../x?a=b#c"], "email": ["q@example.hu"]})
    find = {"method": "GET", "path": "/people/{customer_number}/all?by={email}"}
    web.answer = lambda _request: (500, {}, b"")
    with connector(web, change={"find": find}) as there, pytest.raises(OutsideError):
        there.find(strange, lambda _sample: None)
    assert web.requests[-1].path == "/crm/people/..%2Fx%3Fa%3Db%23c/all?by=q%40example.hu"
    climbing = Person(customer_id=1, known={"customer_number": [".."], "email": ["q@example.hu"]})
    with connector(web, change={"find": find}) as there, pytest.raises(OutsideError):
        there.find(climbing, lambda _sample: None)
    assert len(web.requests) == 1


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ((403, {}, b""), Fault.FORBIDDEN),
        ((429, {}, b""), Fault.BUSY),
        ((302, {"Location": "https://169.254.169.254/"}, b""), Fault.UNREADABLE),
        ((500, {}, b"janos.kovacs@example.hu"), Fault.UNREACHABLE),
        ((422, {}, b"janos.kovacs@example.hu"), Fault.REFUSED),
        ((200, {}, b"<html>"), Fault.UNREADABLE),
        ((200, {}, b'{"items": []}'), Fault.SCHEMA),
        ((200, {}, b'{"result": {"items": [{"id": 1, "mail": "x"}]}}'), Fault.SCHEMA),
        ((200, {}, b'{"result": {"items": [{"contact": {"email": "x"}}]}}'), Fault.SCHEMA),
        (None, Fault.UNREACHABLE),
    ],
)
def test_what_is_wrong_is_told_apart(web: Web, answer: Answer | None, fault: Fault) -> None:
    web.answer = lambda _request: answer
    with connector(web) as there, pytest.raises(OutsideError) as told:
        there.find(PERSON, lambda _sample: None)
    assert told.value.fault is fault
    assert "janos" not in str(told.value)


def test_who_may_not_be_called_is_not(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    cases = {
        "wrong key": (connector(web, "another key"), Fault.SIGN_IN),
        "link-local": (connector(web, change={"address": "http://169.254.169.254"}), Fault.NOT_ALLOWED),
        "in clear": (connector(web, change={"address": f"http://localhost:{web.port}"}), Fault.UNREACHABLE),
    }
    for there, fault in cases.values():
        with there, pytest.raises(OutsideError) as told:
            there.check()
        assert told.value.fault is fault
    monkeypatch.delenv("SSL_CERT_FILE")
    with connector(web) as there, pytest.raises(OutsideError) as told:
        there.check()
    assert told.value.fault is Fault.IDENTITY
