"""What customers correct in the portal, and staff at the desk, reaches those who hold the old value: connected systems
and recipients (GDPR Art. 5(1)(d), 16, 19).
"""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from tests.clearing import declare
from tests.companies import Company, found_company
from tests.integration.outside.databases import Databases
from tests.integration.rights.test_corrected_elsewhere import shop
from tests.integration.rights.test_recipients_of_corrections import given, recipient
from tests.requesting import LATER, Person, ask, known, officer, seen, somebody, writing
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause
from trustdesk.kernel.ids import new_id
from trustdesk.outside import api as outside
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy, NewValue
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Kind as Right
from trustdesk.rights.contracts import State, Wish
from trustdesk.rights.services import carrying

SOON = LATER + timedelta(hours=5)


@pytest.fixture
def company(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """One of the test's own: what is connected to it is connected to nobody else."""
    with django_db_blocker.unblock(), override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        made = found_company(f"Correcting {new_id()}", "FI")
        declare(made)
        yield writing(made)


def correct(person: Person, attribute: str, text: str) -> int:
    """As portal, desk and interface do; the number of the value that was wrong."""
    old = person.point(attribute)
    register.correct_value(
        person.company.context(),
        customer_id=person.id,
        value_id=old,
        text=text,
        source_id=person.company.direct,
        by=ConfirmedBy.CUSTOMER,
        now=LATER,
    )
    return old


def orders(company: Company) -> list[int]:
    """The values whose carrying is ordered and not begun."""
    rows = ask(
        company,
        "SELECT args->>'value_id' FROM procrastinate_jobs WHERE task_name = %s AND status = 'todo'"
        " AND args->>'controller_id' = %s ORDER BY id",
        carrying.ONE,
        str(company.controller_id),
    )
    return [int(value_id) for (value_id,) in rows]


def carry(person: Person, value_id: int, *, hours: int = 0) -> bool:
    at = LATER + timedelta(hours=hours)
    return carrying.carry_one(person.company.controller_id, customer_id=person.id, value_id=value_id, now=at)


def test_what_is_corrected_here_is_put_right_there(shops: Databases, company: Company) -> None:
    database, person = shop(shops, company), somebody(company)
    old = correct(person, "family_name", "Mäkinen")
    assert orders(company) == [old]
    assert carry(person, old)
    assert shops.rows(database, "SELECT full_name FROM customers") == [("Mäkinen Aino",)]
    assert orders(company) == [old], "it is done: nothing more was ordered"


def test_a_new_value_in_the_place_of_another_is_carried_too(shops: Databases, company: Company) -> None:
    """A name that was true and is not any more is out of date there as well (Art. 5(1)(d))."""
    database, person = shop(shops, company), somebody(company)
    old = person.point("family_name")
    register.add_value(
        company.context(),
        customer_id=person.id,
        value=NewValue("family_name", "Virtanen"),
        source_id=company.direct,
        now=LATER,
    )
    assert orders(company) == [old]
    assert carry(person, old)
    assert shops.rows(database, "SELECT full_name FROM customers") == [("Virtanen Aino",)]


def test_one_more_value_takes_nobodys_place(shops: Databases, company: Company) -> None:
    shop(shops, company)
    person = somebody(company)
    more = NewValue("email", "aino.second@example.com")
    register.add_value(company.context(), customer_id=person.id, value=more, source_id=company.direct, now=LATER)
    assert orders(company) == []


def test_nothing_is_ordered_where_nothing_is_connected_and_nobody_got_it(company: Company) -> None:
    person = somebody(company)
    correct(person, "family_name", "Mäkinen")
    assert orders(company) == []
    assert ask(company, "SELECT count(*) FROM delivery_notice") == [(0,)]


def test_a_request_carries_its_own(shops: Databases, company: Company) -> None:
    shop(shops, company)
    person = somebody(company)
    wish = Wish(corrections=[(person.point("family_name"), "Mäkinen")])
    rights.approve(officer(company), request_id=known(company, Right.RECTIFICATION, person, wish=wish), now=LATER)
    assert orders(company) == []


def test_a_system_that_does_not_answer_is_asked_again(shops: Databases, company: Company) -> None:
    database, person = shop(shops, company), somebody(company)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    old = correct(person, "email", "aino.makela@example.com")
    assert not carry(person, old)
    assert orders(company) == [old, old], "ordered again for when it is due"
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    assert not carry(person, old), "not due yet"
    assert carry(person, old, hours=5)
    assert shops.rows(database, "SELECT email FROM customers") == [("aino.makela@example.com",)]


def test_an_older_correction_that_comes_late_does_not_undo_a_younger_one(shops: Databases, company: Company) -> None:
    database, person = shop(shops, company), somebody(company)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    first = correct(person, "email", "aino.m@example.com")
    assert not carry(person, first)
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    second = correct(person, "email", "aino.makela@example.com")
    assert carry(person, second)
    assert carry(person, first, hours=5)
    assert shops.rows(database, "SELECT email FROM customers") == [("aino.makela@example.com",)]


def test_nor_does_a_request_that_waited(shops: Databases, company: Company) -> None:
    database, person = shop(shops, company), somebody(company)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    wish = Wish(corrections=[(person.point("email"), "aino.m@example.com")])
    request_id = known(company, Right.RECTIFICATION, person, wish=wish)
    rights.approve(officer(company), request_id=request_id, now=LATER)
    carrying.carry(company.controller_id, now=LATER)
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    second = correct(person, "email", "aino.makela@example.com")
    assert carry(person, second)
    assert carrying.carry(company.controller_id, now=SOON) == 1
    assert shops.rows(database, "SELECT email FROM customers") == [("aino.makela@example.com",)]
    assert seen(company, request_id).state is State.DONE


def test_a_system_that_is_taken_away_is_waited_for_no_more(shops: Databases, company: Company) -> None:
    database, person = shop(shops, company), somebody(company)
    shops.run(database, "DROP TABLE customers")
    old = correct(person, "family_name", "Mäkinen")
    assert not carry(person, old)
    (system,) = outside.connectors(company.context())
    outside.remove_connector(company.context(), connector_id=system.connector_id)
    assert carry(person, old, hours=5)


def test_who_was_erased_meanwhile_is_not_looked_for_any_more(shops: Databases, company: Company) -> None:
    database, person = shop(shops, company), somebody(company)
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    old = correct(person, "family_name", "Mäkinen")
    assert not carry(person, old)
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    plan = erasure.draw(company.context(), customer_id=person.id, cause=Cause.REQUEST, about="test", now=SOON)
    erasure.carry_out(company.context(), plan_id=plan.plan_id, now=SOON)
    erasure.approve(company.context(), plan_id=plan.plan_id, now=SOON)
    erasure.carry_out(company.context(), plan_id=plan.plan_id, now=SOON)
    assert carry(person, old, hours=6)
    assert shops.rows(database, "SELECT * FROM customers") == []


def test_who_was_given_the_old_value_is_told(company: Company) -> None:
    recipient(company, "Reader", "privacy@reader.example")
    recipient(company, "Bystander", "privacy@bystander.example")
    person = somebody(company)
    given(company, person, "family_name", "Reader", "The old printer")
    given(company, person, "email", "Bystander")
    correct(person, "family_name", "Mäkinen")
    ((facts,),) = ask(company, "SELECT facts::text FROM delivery_notice")
    assert "family name" in facts.lower()
    assert "Mäkinen" not in facts
    untold = [one for one in audit.entries(company.context(), limit=50) if one.what == "rights.recipient.untold"]
    assert len(untold) == 1, "the printer has no address: somebody has to tell it"
