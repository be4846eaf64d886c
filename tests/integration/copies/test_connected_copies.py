"""What connected systems hold of a person is in the copy; one that does not answer is waited for, then named."""

import json
from collections.abc import Iterator
from datetime import timedelta

import jsonschema
import pytest
from django.test import override_settings
from tests.integration.copies.copying import made, office, opened, ordered, person
from tests.integration.delivery.posting import Company
from tests.integration.outside.databases import PASSWORD, Databases
from tests.integration.outside.setups import CUSTOMERS, sql
from tests.integration.outside.test_databases import TABLE

from trustdesk.copies import api as copies
from trustdesk.copies import tasks
from trustdesk.copies.contracts import Kind as CopyKind
from trustdesk.copies.contracts import State
from trustdesk.copies.masking import BLACK
from trustdesk.copies.services import following, making
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Kind, NewConnector

PEOPLE = """INSERT INTO customers (number, full_name, email, phone, remark) VALUES
    ('K-1', 'Aino Mäkelä', 'aino@example.com', '040 123 4567', 'Call her husband Eero, eero@example.com'),
    ('K-2', 'Eero Mäkelä', 'eero@example.com', NULL, 'the husband')"""
LATER = timedelta(days=1, hours=6)


@pytest.fixture(autouse=True)
def neighbors() -> Iterator[None]:
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        yield


@pytest.fixture
def aino(company: Company) -> int:
    return person(company, given_name="Aino", family_name="Mäkelä", email="aino@example.com", phone="+358401234567")


def connected(shops: Databases, company: Company, name: str = "Shop") -> tuple[str, str]:
    """The database, and the part of the copy that it becomes."""
    database = shops.database(f"shop{new_id()}", TABLE, PEOPLE)
    new = NewConnector(name=name, kind=Kind.SQL, setup=sql(database, CUSTOMERS), secret=PASSWORD)
    connector_id = outside.save_connector(
        company.context("administration"), connector_id=None, new=new, now=clock.now()
    )
    return database, f"system-{to_public(connector_id)}"


def after(monkeypatch: pytest.MonkeyPatch, time: timedelta) -> None:
    monkeypatch.setattr(clock, "now", lambda real=clock.now: real() + time)


@pytest.mark.parametrize("kind", CopyKind)
def test_each_system_has_a_heading_of_its_own(shops: Databases, company: Company, aino: int, kind: CopyKind) -> None:
    _database, part = connected(shops, company)
    found = opened(company, made(company, aino, kind).copy_id)
    (row,) = found.rows(part)
    assert (row["system"], row["place"]) == ("Shop", "customers")
    assert row["fields"] == {
        "email": "aino@example.com",
        "phone": "040 123 4567",
        "number": "K-1",
        "full_name": "Aino Mäkelä",
        "remark": f"Call her husband {BLACK}, {BLACK}",
    }
    assert found.told["systems"] == {part: "Shop"}
    assert found.told["missing"] == []
    jsonschema.validate(found.told, json.loads(found.files["copy.schema.json"]))
    assert f"tables/{part}.csv" in found.files
    assert "the husband" not in found.everything()
    if kind is CopyKind.ACCESS:
        assert "In the system Shop" in found.page
        assert "040 123 4567" in found.page


def test_a_system_that_does_not_answer_is_waited_for_then_named_and_follows(
    shops: Databases, company: Company, aino: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, part = connected(shops, company, "Broken")
    _well, other = connected(shops, company, "Well")
    shops.run(broken, "ALTER TABLE customers RENAME TO away")
    order = ordered(company, aino)
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "waits"
    waiting = copies.copy(office(company), order.copy_id)
    assert (waiting.state, waiting.reason) == (State.ORDERED, making.WAITS)
    assert ordered(company, aino).copy_id == order.copy_id, "it is being made still"
    after(monkeypatch, LATER)
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "ready"
    view = copies.copy(office(company), order.copy_id)
    assert (view.missing, view.reason) == (("Broken",), "")
    found = opened(company, order.copy_id)
    assert "Broken" in found.page
    assert found.told["missing"] == ["Broken"]
    assert found.rows(other)
    assert not found.rows(part)
    assert following.follow(office(company), now=clock.now()) == 0, "it does not answer yet"
    shops.run(broken, "ALTER TABLE away RENAME TO customers")
    after(monkeypatch, timedelta(hours=5))
    assert following.follow(office(company), now=clock.now()) == 1
    second = copies.of_customer(office(company), aino)[0]
    assert second.copy_id != order.copy_id
    assert tasks.make(controller_id=company.id, copy_id=second.copy_id) == "ready"
    assert opened(company, second.copy_id).rows(part)
    assert following.follow(office(company), now=clock.now()) == 0


def test_a_system_that_answers_again_in_time_is_in_the_copy(
    shops: Databases, company: Company, aino: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, part = connected(shops, company)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    order = ordered(company, aino)
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "waits"
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    after(monkeypatch, timedelta(minutes=10))
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "ready"
    assert opened(company, order.copy_id).rows(part)
    assert copies.copy(office(company), order.copy_id).missing == ()


def test_a_copy_that_was_ended_by_hand_is_followed_by_none(
    shops: Databases, company: Company, aino: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, _part = connected(shops, company)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    order = ordered(company, aino)
    after(monkeypatch, LATER)
    assert tasks.make(controller_id=company.id, copy_id=order.copy_id) == "ready"
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    copies.destroy(office(company), copy_id=order.copy_id, now=clock.now())
    assert following.follow(office(company), now=clock.now()) == 0


def test_nobody_is_looked_up_where_nothing_is_connected(
    company: Company, aino: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forbidden(_context: AccessContext, **_named: object) -> None:
        raise AssertionError

    monkeypatch.setattr(outside, "person_of", forbidden)
    assert made(company, aino).state is State.READY
