"""What law keeps is in no view, is not joined, and dies on its own day with its key."""

import pytest
from django.db import connection
from tests.erasing import Rooms

from trustdesk.erasure import api as erasure
from trustdesk.erasure.services import keeping
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.registries import Fate
from trustdesk.register import api as register
from trustdesk.register.contracts import Attribute, ValueKind
from trustdesk.vault import api as vault

INVOICES = "statutory:AO-147"


@pytest.fixture
def billed(held: Rooms) -> int:
    """Somebody with an invoice number, which a law keeps for eight years."""
    attribute = Attribute(
        code="invoice",
        label="Invoice",
        kind=ValueKind.EXTERNAL_ID,
        category="pd:Transaction",
        purposes=["dpv:LegalCompliance"],
        legal_basis="eu-gdpr:A6-1-c",
        retention_class=INVOICES,
        retention_period="P8Y",
    )
    register.declare_attribute(held.house.context(), attribute=attribute, now=clock.now())
    return held.person("Reino Haka", phone="+358401110051", invoice="R-2026-0017")


def test_the_plan_names_law_and_day(held: Rooms, billed: int) -> None:
    done = held.erase(billed)
    (kept,) = done.kept
    year = clock.now().year + 8
    assert (kept.capability, kept.what, kept.count, kept.fate, kept.law) == (
        "register",
        "values",
        1,
        Fate.KEPT,
        INVOICES,
    )
    assert kept.until is not None
    assert kept.until.year == year
    assert done.kept_until == kept.until
    assert vault.living_classes(held.context, [billed]) == [(billed, INVOICES)]


def test_it_is_in_no_view(held: Rooms, billed: int) -> None:
    held.erase(billed)
    agent = held.house.context("customer:search", "customer:open", "customer:correct", "customer:merge", "call:take")
    for query in ("Haka", "+358401110051", "R-2026-0017"):
        assert register.search(agent, query).rows == []
    assert register.holders(agent, "+358401110051", country="FI") == []
    card = register.card(agent, billed, now=clock.now())
    assert card.name == ""
    assert [value.text for value in card.values] == [None]
    assert [note.text for note in card.notes] == []
    (listed,) = register.customers(agent)
    assert (listed.customer_id, listed.restricted, listed.name) == (billed, True, "")
    with pytest.raises(RefusedError):
        register.unlock(held.house.context(), customer_id=billed, now=clock.now())
    with pytest.raises(ConflictError):
        register.merge(
            held.house.context(),
            into=held.person("Reino Haka", phone="+358401110052"),
            customer_id=billed,
            reason="same person",
            now=clock.now(),
        )


def test_it_dies_on_its_day(held: Rooms, billed: int) -> None:
    done = held.erase(billed)
    assert keeping.let_die(held.context, now=clock.now()) == 0
    eight_years_on(held)
    assert keeping.let_die(held.context, now=clock.now()) == 1
    assert vault.living_classes(held.context, [billed]) == []
    with pytest.raises(NotFoundError):
        register.card(held.context, billed, now=clock.now())
    plan = erasure.plan(held.context, done.plan_id)
    assert (plan.kept, plan.kept_until) == ([], None)


def eight_years_on(held: Rooms) -> None:
    """As if it had been erased so long ago."""
    with scoped(held.context.scope), connection.cursor() as cursor:
        cursor.execute("UPDATE register_customer SET restricted_at = restricted_at - interval '8 years 1 day'")
        cursor.execute("UPDATE erasure_plan SET kept_until = kept_until - interval '8 years 1 day'")
