"""A correction reaches the connected systems: in their order, tried again, and the request is done when each has it."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from tests.clearing import declare
from tests.companies import Company, found_company
from tests.integration.outside.databases import Databases
from tests.integration.outside.setups import CUSTOMERS, connect, sql
from tests.integration.outside.test_databases import TABLE
from tests.requesting import LATER, Person, known, officer, seen, somebody, writing
from tests.world import World

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause
from trustdesk.kernel.ids import new_id
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Fault, Kind, Verb
from trustdesk.outside.contracts import State as Run
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Kind as Right
from trustdesk.rights.contracts import State, Wish
from trustdesk.rights.services import carrying

SOON, DAY = LATER + timedelta(hours=5), LATER + timedelta(days=2)
INSERT = (
    "INSERT INTO customers (number, full_name, email, phone) VALUES"
    " ('K-1', 'Mäkelä Aino', 'aino@example.com', '0401234567')"
)


@pytest.fixture
def connected(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """A company of the test's own: what is connected to it is connected to nobody else."""
    with django_db_blocker.unblock(), override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        company = found_company(f"Carrying {new_id()}", "FI")
        declare(company)
        yield writing(company)


def shop(shops: Databases, company: Company, name: str = "Shop") -> str:
    database = shops.database(f"shop{new_id()}", TABLE, INSERT)
    connect(company, Kind.SQL, sql(database, CUSTOMERS), name=name)
    return database


def corrected(company: Company, person: Person, **texts: str) -> int:
    """A request to correct these attributes, approved."""
    wish = Wish(corrections=[(person.point(attribute), text) for attribute, text in texts.items()])
    request_id = known(company, Right.RECTIFICATION, person, wish=wish)
    rights.approve(officer(company), request_id=request_id, now=LATER)
    return request_id


def test_what_is_corrected_here_is_put_right_there(shops: Databases, connected: Company) -> None:
    database, person = shop(shops, connected), somebody(connected)
    request_id = corrected(connected, person, family_name="Mäkinen", phone="+358 40 765 4321")
    assert seen(connected, request_id).state is State.RUNNING, "it is not done where one system is still wrong"
    (waits,) = rights.elsewhere(officer(connected), request_id=request_id)
    assert (waits.name, waits.receipt) == ("Shop", None)
    assert carrying.carry(connected.controller_id, now=LATER) == 1
    assert shops.rows(database, "SELECT full_name, email, phone FROM customers") == [
        ("Mäkinen Aino", "aino@example.com", "+358407654321")
    ]
    assert seen(connected, request_id).state is State.DONE
    (there,) = rights.elsewhere(officer(connected), request_id=request_id)
    assert there.receipt is not None
    assert (there.receipt.verb, there.receipt.state, there.receipt.changed) == (Verb.RECTIFY, Run.DONE, 1)


def test_a_system_that_does_not_answer_is_asked_again_and_the_request_waits(
    shops: Databases, connected: Company
) -> None:
    well, broken = shop(shops, connected, "A shop"), shop(shops, connected, "Broken")
    person = somebody(connected)
    request_id = corrected(connected, person, email="aino.makela@example.com")
    shops.run(broken, "ALTER TABLE customers RENAME TO away")
    assert carrying.carry(connected.controller_id, now=LATER) == 0
    done, waits = rights.elsewhere(officer(connected), request_id=request_id)
    assert done.receipt is not None
    assert done.receipt.complete
    assert waits.receipt is not None
    assert (waits.receipt.fault, waits.receipt.state) == (Fault.SCHEMA, Run.AGAIN)
    assert seen(connected, request_id).state is State.RUNNING
    assert carrying.carry(connected.controller_id, now=LATER) == 0, "it is not due yet: nobody is asked"
    assert rights.elsewhere(officer(connected), request_id=request_id)[1].receipt == waits.receipt
    assert carrying.carry(connected.controller_id, now=DAY) == 0
    stuck = rights.elsewhere(officer(connected), request_id=request_id)[1].receipt
    assert stuck is not None
    assert stuck.state is Run.STUCK, "somebody has to look"
    shops.run(broken, "ALTER TABLE away RENAME TO customers")
    assert carrying.carry(connected.controller_id, now=DAY + timedelta(hours=5)) == 1
    for database in (well, broken):
        assert shops.rows(database, "SELECT email FROM customers") == [("aino.makela@example.com",)]


def test_an_older_correction_does_not_undo_a_younger_one(shops: Databases, connected: Company) -> None:
    database, person = shop(shops, connected), somebody(connected)
    first = corrected(connected, person, email="aino.m@example.com")
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    assert carrying.carry(connected.controller_id, now=LATER) == 0
    second = corrected(connected, person, email="aino.makela@example.com")
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    assert carrying.carry(connected.controller_id, now=LATER) == 0, "the first is not due, so the second waits for it"
    assert rights.elsewhere(officer(connected), request_id=second)[0].receipt is None
    assert carrying.carry(connected.controller_id, now=SOON) == 2
    assert shops.rows(database, "SELECT email FROM customers") == [("aino.makela@example.com",)]
    assert seen(connected, first).state is seen(connected, second).state is State.DONE


def test_a_system_that_is_taken_away_is_waited_for_no_more(shops: Databases, connected: Company) -> None:
    database, person = shop(shops, connected), somebody(connected)
    shops.run(database, "DROP TABLE customers")
    request_id = corrected(connected, person, family_name="Mäkinen")
    assert carrying.carry(connected.controller_id, now=LATER) == 0
    (system,) = outside.connectors(connected.context())
    outside.remove_connector(connected.context(), connector_id=system.connector_id)
    assert carrying.carry(connected.controller_id, now=LATER) == 1
    assert seen(connected, request_id).state is State.DONE


def test_what_is_restricted_is_put_right_all_the_same(shops: Databases, connected: Company) -> None:
    """Whoever contests what is held has it restricted until it is put right (Art. 18(1)(a))."""
    database, person = shop(shops, connected), somebody(connected)
    request_id = corrected(connected, person, family_name="Mäkinen")
    register.lock(connected.context(), customer_id=person.id, ground=RestrictionGround.ACCURACY_CONTESTED, now=LATER)
    assert carrying.carry(connected.controller_id, now=LATER) == 1
    assert shops.rows(database, "SELECT full_name FROM customers") == [("Mäkinen Aino",)]
    assert seen(connected, request_id).state is State.DONE


def test_a_namesake_there_stays_as_they_are(shops: Databases, connected: Company) -> None:
    database, person = shop(shops, connected), somebody(connected)
    shops.run(database, "INSERT INTO customers (full_name, email) VALUES ('Mäkelä Aino', 'other@example.com')")
    corrected(connected, person, family_name="Mäkinen")
    assert carrying.carry(connected.controller_id, now=LATER) == 1
    assert shops.rows(database, "SELECT full_name FROM customers ORDER BY full_name") == [
        ("Mäkelä Aino",),
        ("Mäkinen Aino",),
    ]


def test_who_was_erased_meanwhile_is_not_looked_for_any_more(shops: Databases, connected: Company) -> None:
    database, person = shop(shops, connected), somebody(connected)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    request_id = corrected(connected, person, family_name="Mäkinen")
    assert carrying.carry(connected.controller_id, now=LATER) == 0
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    plan = erasure.draw(connected.context(), customer_id=person.id, cause=Cause.REQUEST, about="test", now=SOON)
    erasure.carry_out(connected.context(), plan_id=plan.plan_id, now=SOON)
    erasure.approve(connected.context(), plan_id=plan.plan_id, now=SOON)
    erasure.carry_out(connected.context(), plan_id=plan.plan_id, now=SOON)
    assert shops.rows(database, "SELECT * FROM customers") == []
    assert seen(connected, request_id).customer_id is None
    assert carrying.carry(connected.controller_id, now=SOON) == 1
    assert seen(connected, request_id).state is State.DONE
