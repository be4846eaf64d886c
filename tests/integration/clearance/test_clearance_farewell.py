"""Handed out whole, and forgotten but for what the law keeps: the proof, and the tokens that stop lists."""

import pytest
from django.db import connection
from tests.clearing import DAY, LATER, consent, person
from tests.companies import NOW, Company
from tests.forgetting import forget

from trustdesk.clearance.api import consents, lift_objection, record_collection, record_objection
from trustdesk.clearance.contracts import ALL_MARKETING, EVERYTHING, Collection, ConsentState, Method
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.register.api import add_many, merge
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewValue

NUMBER = "+358401234567"


def rows(company: Company, table: str, customer_id: int) -> int:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM clearance_{table} WHERE customer_id = %s", [customer_id])
        return int(cursor.fetchone()[0])


def erase(company: Company, customer_id: int) -> None:
    for name in ("clearance", "register"):
        forget(name, company.context(), customer_id)


def comes_in(company: Company, number: str = NUMBER) -> bool:
    rows = [NewCustomer(kind=CustomerKind.PERSON, values=[NewValue("phone", number)])]
    return add_many(company.context(), rows, source_id=company.imported, now=LATER).added == 1


def test_everything_is_handed_out(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    record_objection(north.context(), customer_id=anna, scope=ALL_MARKETING, method=Method.REPLY, now=LATER)
    hand_out = registries.privacy.get("clearance").export
    assert hand_out is not None
    found = list(hand_out(north.context(), anna))
    assert [item["kind"] for item in found] == ["consent", "objection", "suppression"]


def test_who_objected_and_is_forgotten_stays_off_every_list(north: Company) -> None:
    """GDPR Art. 17(3)(b), 21(3)."""
    anna = person(north, phone=NUMBER)
    record_objection(north.context(), customer_id=anna, scope=EVERYTHING, method=Method.TOLD_OPERATOR, now=NOW)
    erase(north, anna)
    for table in ("consent_event", "objection", "point", "collection", "decision"):
        assert rows(north, table, anna) == 0, table
    assert not comes_in(north)
    assert comes_in(north, "+358407654321")
    person(north, phone=NUMBER)  # the person comes back by an own act


def test_an_objection_that_was_lifted_leaves_no_trace(north: Company) -> None:
    anna = person(north, phone=NUMBER)
    record_objection(north.context(), customer_id=anna, scope=EVERYTHING, method=Method.REPLY, now=NOW)
    lift_objection(north.context(), customer_id=anna, scope=EVERYTHING, method=Method.REPLY, words="Call me", now=LATER)
    erase(north, anna)
    assert comes_in(north)


def test_a_number_recorded_after_the_objection_is_suppressed_at_the_farewell(north: Company) -> None:
    from trustdesk.register.api import add_value  # noqa: PLC0415 - one test needs it

    anna = person(north, email="anna@example.com")
    record_objection(north.context(), customer_id=anna, scope=EVERYTHING, method=Method.REPLY, now=NOW)
    add_value(north.context(), customer_id=anna, value=NewValue("phone", NUMBER), source_id=north.direct, now=NOW)
    assert comes_in(north)
    erase(north, anna)
    assert not comes_in(north)


@pytest.mark.parametrize("country", ["DE", "FI"])
def test_the_proof_of_a_consent_outlives_its_person(north: Company, country: str) -> None:
    """UWG § 7a(2): five years from the consent and from each use. Finland names no end, so that somebody has to."""
    anna = person(north, country=country, phone=NUMBER)
    consent(north, anna, Channel.CALL_HUMAN)
    record_collection(north.context(), customer_id=anna, collection=Collection(from_sale=True), at=NOW, now=NOW)
    erase(north, anna)
    assert rows(north, "consent_event", anna) == 1
    assert rows(north, "point", anna) == rows(north, "collection", anna) == 0


def test_where_nothing_was_ever_given_there_is_nothing_to_prove(north: Company) -> None:
    anna = person(north, country="DE", phone=NUMBER)
    consent(north, anna, Channel.CALL_HUMAN, ConsentState.REFUSED)
    erase(north, anna)
    assert rows(north, "consent_event", anna) == 0


def test_old_proof_goes(north: Company) -> None:
    anna = person(north, country="DE", phone=NUMBER)
    long_ago = NOW - 6 * 366 * DAY
    consent(north, anna, Channel.CALL_HUMAN, at=long_ago)
    consent(north, anna, Channel.CALL_HUMAN, ConsentState.WITHDRAWN, at=long_ago + DAY)
    assert len(consents(north.context(), anna)) == 2
    erase(north, anna)
    assert rows(north, "consent_event", anna) == 0


def test_of_many_at_once_each_is_judged_alone(north: Company) -> None:
    """One objected in another record, one lifted it, one's consent has to be proved, one never said anything."""
    anna, also_anna = person(north, phone=NUMBER, name="Anna"), person(north, name="Anna again")
    bea, cleo = person(north, phone="+358407650001", name="Bea"), person(north, phone="+358407650002", name="Cleo")
    dora = person(north, phone="+358407650003", name="Dora")
    merge(north.context(), into=anna, customer_id=also_anna, reason="same person", now=NOW)
    for each in (also_anna, bea):
        record_objection(north.context(), customer_id=each, scope=EVERYTHING, method=Method.REPLY, now=NOW)
    lift_objection(north.context(), customer_id=bea, scope=EVERYTHING, method=Method.REPLY, words="Do", now=LATER)
    consent(north, cleo, Channel.CALL_HUMAN)
    erase_clearance = registries.privacy.get("clearance").erase
    assert erase_clearance is not None
    gone = erase_clearance(north.context(), [(anna, also_anna), (bea,), (cleo,), (dora,)])
    assert all(gone)
    assert [rows(north, "objection", each) for each in (anna, also_anna, bea)] == [0, 0, 0]
    assert [rows(north, "consent_event", each) for each in (bea, cleo)] == [0, 1]
    assert [rows(north, "point", each) for each in (anna, bea, cleo, dora)] == [0, 0, 0, 0]
    for each in (anna, also_anna, bea, cleo, dora):
        forget("register", north.context(), each)
    assert not comes_in(north)
    assert comes_in(north, "+358407650001")
    assert comes_in(north, "+358407650002")
    assert comes_in(north, "+358407650003")
