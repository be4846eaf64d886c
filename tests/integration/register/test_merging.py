"""Two shown as one, and apart again exactly as they were; restriction, ledger and farewell."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from tests.companies import NOW, Company
from tests.forgetting import forget

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.register.api import (
    add_value,
    card,
    declare_attribute,
    disclosures,
    history,
    inventory,
    lock,
    merge,
    record_disclosure,
    search,
    timeline,
    unlock,
    unmerge,
)
from trustdesk.register.contracts import Attribute, NewValue, RestrictionGround, ValueKind

LATER = NOW + timedelta(days=1)
TABLES = ("customer", "value", "token", "joint_token", "note", "disclosure")


def everything(company: Company) -> Mapping[str, list[Any]]:
    """The company's rows, but for the instant of the last change."""
    with scoped(company.context().scope), connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) - 'updated_at' FROM register_{table} t ORDER BY 1")
            found[table] = cursor.fetchall()
    return found


def test_merged_customers_are_one_card_one_hit_one_timeline(north: Company) -> None:
    anna = north.person(name="Mergeson Anna", phone="040 1111114")
    ann = north.person(name="Mergeson Ann", phone="040 1111115")
    merge(north.context(), into=anna, customer_id=ann, reason="same person", now=LATER)
    for asked in (anna, ann):
        shown = card(north.context(), asked, now=LATER)
        assert (shown.customer_id, shown.merged_from) == (anna, (ann,))
        assert {each.text for each in shown.contact_points} == {"+358401111114", "+358401111115"}
    for query in ("mergeson", "mergeson anna", "040 1111115"):
        assert [(hit.customer_id, hit.name) for hit in search(north.context(), query).rows] == [(anna, "Mergeson Anna")]
    assert "merged" in {entry.kind for entry in timeline(north.context(), ann)}


def test_unmerge_is_exact_also_for_chains(north: Company) -> None:
    first, second, third = (north.person(name=f"Chain {letter}") for letter in "ABC")
    before = everything(north)
    inner = merge(north.context(), into=second, customer_id=third, reason="x", now=LATER)
    between = everything(north)
    outer = merge(north.context(), into=first, customer_id=second, reason="x", now=LATER)
    assert card(north.context(), third, now=LATER).merged_from == (second, third)
    unmerge(north.context(), merge_id=outer, now=LATER)
    assert everything(north) == between
    unmerge(north.context(), merge_id=inner, now=LATER)
    assert everything(north) == before


def test_a_merge_has_its_conditions(north: Company, south: Company) -> None:
    anna, bela, far = north.person(name="Anna"), north.person(name="Bela"), south.person(name="Bela")
    with pytest.raises(BadInputError):
        merge(north.context(), into=anna, customer_id=anna, reason="x", now=LATER)
    with pytest.raises(NotFoundError):
        merge(north.context(), into=anna, customer_id=far, reason="x", now=LATER)
    with pytest.raises(RefusedError):
        merge(north.context("customer:open"), into=anna, customer_id=bela, reason="x", now=LATER)
    done = merge(north.context(), into=anna, customer_id=bela, reason="x", now=LATER)
    with pytest.raises(BadInputError):
        merge(north.context(), into=bela, customer_id=anna, reason="x", now=LATER)
    with pytest.raises(NotFoundError):
        unmerge(south.context(), merge_id=done, now=LATER)
    unmerge(north.context(), merge_id=done, now=LATER)
    with pytest.raises(ConflictError):
        unmerge(north.context(), merge_id=done, now=LATER)


def test_a_restricted_customer_is_stored_and_not_shown(north: Company) -> None:
    customer, other = north.person(name="Anna", phone="040 1111116"), north.person(name="Bela")
    ground = RestrictionGround.OBJECTION_PENDING
    lock(north.context(), customer_id=customer, ground=ground, now=LATER)
    agent = north.context("customer:open", "customer:search")
    shown = card(agent, customer, now=LATER)
    assert shown.restriction is not None
    assert (shown.restriction.ground, shown.name) == (ground, "")
    assert {each.text for each in shown.values} == {None}
    assert {each.text for each in history(agent, customer, now=LATER)} == {None}
    assert card(north.context(), customer, now=LATER).name == "Anna"
    with pytest.raises(ConflictError):
        merge(north.context(), into=other, customer_id=customer, reason="x", now=LATER)
    with pytest.raises(RefusedError):
        unlock(agent, customer_id=customer, now=LATER)
    unlock(north.context(), customer_id=customer, now=LATER)
    assert card(agent, customer, now=LATER).name == "Anna"
    assert [entry.kind for entry in timeline(agent, customer)][:2] == ["released", "restricted"]


def test_one_contested_value_is_hidden_and_the_others_are_not(north: Company) -> None:
    customer = north.person(name="Anna", phone="040 1111117")
    phone = card(north.context(), customer, now=NOW).contact_points[0].value_id
    ground = RestrictionGround.ACCURACY_CONTESTED
    lock(north.context(), customer_id=customer, value_id=phone, ground=ground, now=LATER)
    shown = {each.attribute: each for each in card(north.context("customer:open"), customer, now=LATER).values}
    assert (shown["phone"].text, shown["phone"].restricted, shown["name"].text) == (None, True, "Anna")


def test_the_ledger_says_which_value_went_to_whom_when_and_why(north: Company) -> None:
    customer = north.person(name="Anna", phone="040 1111118")
    phone = card(north.context(), customer, now=NOW).contact_points[0].value_id
    given = {"purpose": "dpv:DeliveryOfGoods", "legal_basis": "eu-gdpr:A6-1-b", "now": LATER}
    record_disclosure(north.context(), customer_id=customer, value_ids=[phone], recipient="Posti Oy", **given)  # type: ignore[arg-type]
    entry = disclosures(north.context(), customer)[0]
    assert (entry.attribute, entry.recipient, entry.purpose, entry.disclosed_at) == (
        "phone",
        "Posti Oy",
        "dpv:DeliveryOfGoods",
        LATER,
    )
    assert timeline(north.context(), customer)[0].kind == "disclosed"
    with pytest.raises(BadInputError):
        record_disclosure(north.context(), customer_id=customer, value_ids=[phone], recipient=" ", **given)  # type: ignore[arg-type]
    for values in ([], [phone, 5]):
        with pytest.raises(NotFoundError):
            record_disclosure(north.context(), customer_id=customer, value_ids=values, recipient="P", **given)  # type: ignore[arg-type]


def test_the_inventory_counts_what_is_held_and_why(north: Company, south: Company) -> None:
    north.person(name="Anna", phone="040 1111119")
    rows = {(row.attribute, row.source_name): row for row in inventory(north.context())}
    phone = rows["phone", "Desk"]
    assert phone.values >= 1
    assert (phone.category, phone.legal_basis, phone.retention_period) == (
        "pd:TelephoneNumber",
        "eu-gdpr:A6-1-b",
        "P3Y",
    )
    assert inventory(south.context()) == []
    with pytest.raises(RefusedError):
        inventory(north.context("customer:open"))


def test_the_export_hands_out_everything(north: Company) -> None:
    customer = north.person(name="Anna", phone="040 1111120")
    declaration = registries.privacy.get("register")
    assert declaration.export is not None
    texts = [row["text"] for row in declaration.export(north.context(), customer) if row["kind"] == "value"]
    assert sorted(str(text) for text in texts) == ["+358401111120", "Anna"]


def test_erasure_leaves_nothing_of_the_customer(north: Company) -> None:
    customer, other = north.person(name="Goneson Anna", phone="040 1111121"), north.person(name="Goneson Ann")
    merge(north.context(), into=customer, customer_id=other, reason="x", now=LATER)
    assert forget("register", north.context(), customer) > 0
    assert search(north.context(), "goneson").rows == []
    with pytest.raises(NotFoundError):
        card(north.context(), customer, now=LATER)
    left = str(everything(north))
    assert str(customer) not in left
    assert str(other) not in left


def test_what_a_law_keeps_stays_sealed_and_restricted(north: Company) -> None:
    invoice = Attribute(
        code="invoice_name",
        label="Name on invoices",
        kind=ValueKind.CODE,
        category="pd:Name",
        purposes=("dpv:LegalCompliance",),
        legal_basis="eu-gdpr:A6-1-c",
        retention_class="statutory:fi-accounting",
        retention_period="P6Y",
    )
    declare_attribute(north.context(), attribute=invoice, now=NOW)
    customer = north.person(name="Keptson Anna")
    kept = NewValue("invoice_name", "A. Keptson")
    add_value(north.context(), customer_id=customer, value=kept, source_id=north.direct, now=NOW)
    forget("register", north.context(), customer)
    shown = card(north.context(), customer, now=LATER)
    assert shown.restriction is not None
    assert shown.restriction.ground is RestrictionGround.KEPT_BY_LAW
    assert [(each.attribute, each.text) for each in shown.values] == [("invoice_name", "A. Keptson")]
    assert shown.name == ""
    assert {each.text for each in card(north.context("customer:open"), customer, now=LATER).values} == {None}
    ground = RestrictionGround.OBJECTION_PENDING
    for value_id in (None, shown.values[0].value_id):
        with pytest.raises(RefusedError):
            unlock(north.context(), customer_id=customer, value_id=value_id, now=LATER)
        with pytest.raises(RefusedError):
            lock(north.context(), customer_id=customer, value_id=value_id, ground=ground, now=LATER)
    assert card(north.context(), customer, now=LATER).restriction == shown.restriction


def test_the_ground_of_erasure_is_set_by_erasure_only(north: Company) -> None:
    customer = north.person(name="Anna")
    with pytest.raises(BadInputError):
        lock(north.context(), customer_id=customer, ground=RestrictionGround.KEPT_BY_LAW, now=LATER)
    assert card(north.context(), customer, now=LATER).restriction is None
