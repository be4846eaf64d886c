"""Values are confirmed, corrected and superseded; what one said is never lost."""

from dataclasses import replace
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from tests.companies import NOW, Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError, SealBrokenError
from trustdesk.register.api import (
    add_note,
    add_value,
    card,
    confirm_value,
    correct_value,
    declare_attribute,
    history,
    search,
    seed_catalog,
    set_relationship,
    timeline,
)
from trustdesk.register.contracts import Attribute, Card, CardValue, ConfirmedBy, NewValue, Relationship, ValueKind

LATER = NOW + timedelta(days=1)
FORGED = """
INSERT INTO register_value (controller_id, customer_id, id, attribute_id, sealed, label, shared_line, source_id,
  recorded_at, recorded_by, rectified)
VALUES (%s, %s, %s, %s, %s, '', false, %s, now(), 0, false)
"""


def value(shown: Card, attribute: str) -> CardValue:
    return next(each for each in shown.values if each.attribute == attribute)


def the(company: Company, customer: int, attribute: str) -> CardValue:
    return value(card(company.context(), customer, now=LATER), attribute)


def test_a_confirmation_says_when_and_by_what(north: Company) -> None:
    customer = north.person(name="Anna", phone="040 1231231")
    phone = the(north, customer, "phone")
    confirm_value(north.context(), customer_id=customer, value_id=phone.value_id, by=ConfirmedBy.DELIVERY, now=LATER)
    phone = the(north, customer, "phone")
    assert (phone.confirmed_at, phone.confirmed_by, phone.confirmed_by_operator) == (LATER, ConfirmedBy.DELIVERY, 0)
    newest = timeline(north.context(), customer)[0]
    assert (newest.kind, newest.value_id, newest.detail) == ("confirmed", phone.value_id, "delivery")


def test_a_correction_supersedes_and_keeps_the_old_one(north: Company) -> None:
    customer = north.person(name="Virtanen Anna", phone="040 1231231")
    old = the(north, customer, "name")
    new_id = correct_value(
        north.context(),
        customer_id=customer,
        value_id=old.value_id,
        text="Korhonen Anna",
        source_id=north.direct,
        by=ConfirmedBy.CUSTOMER,
        now=LATER,
    )
    shown = card(north.context(), customer, now=LATER)
    assert (shown.name, value(shown, "name").text, value(shown, "name").rectified) == (
        "Korhonen Anna",
        "Korhonen Anna",
        True,
    )
    kept = history(north.context(), customer, now=LATER, attribute="name")
    assert [each.text for each in kept] == ["Korhonen Anna", "Virtanen Anna"]
    assert (kept[1].superseded_at, kept[1].superseded_by) == (LATER, new_id)
    assert [hit.customer_id for hit in search(north.context(), "korhonen anna").rows] == [customer]
    assert search(north.context(), "virtanen anna").rows == []
    assert [entry.kind for entry in timeline(north.context(), customer)] == ["corrected", "created"]


def test_two_who_correct_at_once_do_not_overwrite_each_other(north: Company) -> None:
    customer = north.person(name="Virtanen Anna")
    old = the(north, customer, "name").value_id
    again = {
        "customer_id": customer,
        "value_id": old,
        "source_id": north.direct,
        "by": ConfirmedBy.CUSTOMER,
        "now": LATER,
    }
    correct_value(north.context(), text="Korhonen Anna", **again)  # type: ignore[arg-type]
    with pytest.raises(ConflictError):
        correct_value(north.context(), text="Nieminen Anna", **again)  # type: ignore[arg-type]
    with pytest.raises(ConflictError):
        confirm_value(north.context(), customer_id=customer, value_id=old, by=ConfirmedBy.OPERATOR, now=LATER)


def test_a_list_does_not_overwrite_what_the_customer_corrected(north: Company) -> None:
    customer = north.person(name="Virtanen Anna")
    correct_value(
        north.context(),
        customer_id=customer,
        value_id=the(north, customer, "name").value_id,
        text="Korhonen Anna",
        source_id=north.direct,
        by=ConfirmedBy.CUSTOMER,
        now=LATER,
    )
    stale = NewValue("name", "Virtanen Anna")
    with pytest.raises(ConflictError):
        add_value(north.context(), customer_id=customer, value=stale, source_id=north.imported, now=LATER)
    add_value(north.context(), customer_id=customer, value=stale, source_id=north.direct, now=LATER)
    assert the(north, customer, "name").text == "Virtanen Anna"


def test_several_contact_points_stand_side_by_side(north: Company) -> None:
    customer = north.person(name="Anna", phone="040 1231231")
    fresh = NewValue("phone", "09 1234567", "home", shared_line=True)
    add_value(north.context(), customer_id=customer, value=fresh, source_id=north.imported, now=LATER)
    phones = [each for each in card(north.context(), customer, now=LATER).contact_points if each.attribute == "phone"]
    assert [(each.text, each.label, each.shared_line) for each in phones] == [
        ("+358401231231", "", False),
        ("+35891234567", "home", True),
    ]
    assert search(north.context(), "09-1234567").rows


def test_a_correction_keeps_what_notes_are_found_by(north: Company) -> None:
    customer = north.person(name="Virtanen Anna")
    add_note(north.context(), customer_id=customer, text="wants the pelican plan", now=NOW)
    correct_value(
        north.context(),
        customer_id=customer,
        value_id=the(north, customer, "name").value_id,
        text="Korhonen Anna",
        source_id=north.direct,
        by=ConfirmedBy.OPERATOR,
        now=LATER,
    )
    assert search(north.context(), "pelican").rows
    assert [note.text for note in card(north.context(), customer, now=LATER).notes] == ["wants the pelican plan"]


def test_a_sealed_value_moved_to_another_row_does_not_open(north: Company) -> None:
    anna, bela = north.person(name="Anna", phone="040 1111112"), north.person(name="Bela", phone="040 1111113")
    rows = (the(north, anna, "phone").value_id, the(north, bela, "phone").value_id)
    with scoped(north.context().scope), connection.cursor() as cursor:
        cursor.execute("DELETE FROM register_value WHERE id = %s RETURNING sealed, attribute_id, source_id", [rows[1]])
        box, attribute, source = cursor.fetchone()
    for customer, row in ((anna, 77), (bela, 78)):
        with scoped(north.context().scope), connection.cursor() as cursor:
            cursor.execute(FORGED, [north.controller_id, customer, row, attribute, box, source])
        with pytest.raises(SealBrokenError):
            card(north.context(), customer, now=NOW)


@pytest.mark.parametrize("column", ["sealed", "open_text", "source_id", "recorded_at", "customer_id", "attribute_id"])
def test_the_database_refuses_to_rewrite_what_a_value_said(north: Company, column: str) -> None:
    customer = north.person(name="Anna")
    with (
        pytest.raises(Exception, match="permission denied") as refusal,
        scoped(north.context().scope),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"UPDATE register_value SET {column} = {column} WHERE customer_id = %s", [customer])
    assert isinstance(refusal.value.__cause__, psycopg.errors.InsufficientPrivilege)


def test_what_is_not_declared_does_not_exist(north: Company) -> None:
    customer = north.person(name="Anna")
    with pytest.raises(BadInputError):
        add_value(north.context(), customer_id=customer, value=NewValue("iq", "1"), source_id=north.direct, now=NOW)
    iq = Attribute(
        code="iq",
        label="Quotient",
        kind=ValueKind.TEXT,
        category="pd:Health",
        purposes=("dpv:CustomerCare",),
        legal_basis="eu-gdpr:A6-1-a",
    )
    declare_attribute(north.context(), attribute=iq, now=NOW)
    add_value(north.context(), customer_id=customer, value=NewValue("iq", "1"), source_id=north.direct, now=NOW)
    assert the(north, customer, "iq").text == "1"
    with pytest.raises(ConflictError):
        declare_attribute(north.context(), attribute=iq, now=NOW)
    for empty in ({"category": ""}, {"purposes": ()}, {"legal_basis": ""}, {"retention_period": ""}, {"sealed": False}):
        with pytest.raises(BadInputError):
            declare_attribute(north.context(), attribute=replace(iq, code="other", **empty), now=NOW)
    assert seed_catalog(north.context(), now=NOW) == 0


def test_a_mandate_that_does_not_cover_a_category_withholds_its_values(north: Company) -> None:
    customer = north.person(name="Anna", phone="040 1231231")
    narrow = replace(north.context(), categories=frozenset({"pd:Name"}))
    shown = {each.attribute: each for each in card(narrow, customer, now=NOW).values}
    assert (shown["name"].text, shown["name"].withheld) == ("Anna", False)
    assert (shown["phone"].text, shown["phone"].withheld) == (None, True)
    blind = replace(north.context(), categories=frozenset({"pd:TelephoneNumber"}))
    assert card(blind, customer, now=NOW).name == ""
    assert search(blind, "0401231231").rows[0].name == ""


def test_a_stranger_and_the_neighbor_change_nothing(north: Company, south: Company) -> None:
    customer = north.person(name="Anna")
    name = the(north, customer, "name").value_id
    for context, error in ((south.context(), NotFoundError), (north.context("customer:search"), RefusedError)):
        with pytest.raises(error):
            card(context, customer, now=NOW)
        with pytest.raises(error):
            confirm_value(context, customer_id=customer, value_id=name, by=ConfirmedBy.OPERATOR, now=NOW)
        with pytest.raises(error):
            add_note(context, customer_id=customer, text="x", now=NOW)
        with pytest.raises(error):
            timeline(context, customer)


@pytest.mark.parametrize("text", ["", " \n", "x" * 10_001])
def test_a_note_has_its_bounds(north: Company, text: str) -> None:
    with pytest.raises(BadInputError):
        add_note(north.context(), customer_id=north.person(name="Anna"), text=text, now=NOW)


def test_the_relationship_is_kept(north: Company) -> None:
    customer = north.person(name="Anna")
    stands = Relationship(customer_since=NOW.date(), last_sale_date=NOW.date(), product_groups=("fibre",))
    set_relationship(north.context(), customer_id=customer, relationship=stands, language="sv", now=NOW)
    shown = card(north.context(), customer, now=NOW)
    assert (shown.relationship, shown.language) == (stands, "sv")
