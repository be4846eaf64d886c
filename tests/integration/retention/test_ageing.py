"""Each kind of data that grows old: kept until its time is over, gone then, and what has to stay stays."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.companies import Company
from tests.forgetting import forget
from tests.integration.campaigns.campaigning import Campaigning
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.integration.retention.growing_old import due, keep, later, ran

from trustdesk.decision.contracts import Channel
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ageing import ageing
from trustdesk.register import api as register
from trustdesk.register.contracts import Attribute, ConfirmedBy, RestrictionGround, ValueKind
from trustdesk.retention import api as retention
from trustdesk.retention.contracts import Ground

INVOICE = Attribute(
    code="invoice_number",
    label="Number on invoices",
    kind=ValueKind.EXTERNAL_ID,
    category="pd:UID",
    purposes=("dpv:LegalCompliance",),
    legal_basis="eu-gdpr:A6-1-c",
    retention_class="statutory:fi-accounting",
    retention_period="P6Y",
)


def erase(company: Company, customer: int) -> None:
    for name in ("clearance", "register"):
        forget(name, company.context(), customer)


def test_every_kind_is_tried_here() -> None:
    """Who adds one adds what shows that it goes."""
    assert {name for name, _kind in ageing} == {
        "campaigns.target",
        "clearance.decision",
        "clearance.proof",
        "delivery.call",
        "delivery.message",
        "register.customer",
        "register.former",
        "register.kept",
        "register.note",
    }


@pytest.mark.slow
def test_messages_people_of_campaigns_and_verdicts(room: Campaigning) -> None:
    room.add(2)
    context = room.company.context()
    with Smtpd() as server, mail_server(server.port):
        room.go(room.started())
    waiting = room.create()  # a draft: its people are not over
    decisions = len(room.company.ask("SELECT id FROM clearance_decision"))
    assert decisions
    for kind in ("delivery.message", "campaigns.target", "clearance.decision"):
        keep(context, kind, purpose="news")
    now = later()
    assert due(context, now) == {"delivery.message": 2, "campaigns.target": 2, "clearance.decision": decisions}
    assert ran(context, now).dropped == 4 + decisions
    for table in ("delivery_message", "delivery_turn", "campaigns_attempt", "clearance_decision"):
        assert room.company.ask(f"SELECT count(*) FROM {table}") == [(0,)], table
    assert room.company.ask("SELECT DISTINCT campaign_id FROM campaigns_target") == [(waiting,)]


def test_a_message_that_waits_is_not_old(room: Campaigning) -> None:
    (address,) = room.add(1)
    room.company.send(room.people[address])
    keep(room.company.context(), "delivery.message")
    assert due(room.company.context(), later()) == {"delivery.message": 0}


def test_the_proof_of_a_consent_goes_when_no_law_keeps_it(room: Campaigning) -> None:
    """UWG § 7a(2): five years for calls, whoever's law it was: the country went with the person."""
    (address,) = room.add(1)
    context, person = room.company.context(), room.people[address]
    room.company.consent(person, Channel.CALL_HUMAN)
    keep(context, "clearance.proof", months=2)
    assert due(context, later(100)) == {"clearance.proof": 0}, "of somebody in the register it says what counts"
    for name in ("clearance", "register"):
        forget(name, context, person.customer_id)
    assert due(context, later(30)) == {"clearance.proof": 0}
    assert due(context, later(100)) == {"clearance.proof": 0}, "the company's two months are less than the law's"
    assert ran(context, later(5 * 366 + 1)).dropped == 1
    assert room.company.ask("SELECT count(*) FROM clearance_consent_event") == [(0,)]
    left = "SELECT count(*) FROM vault_data_key WHERE retention_class = 'proof' AND wrapped IS NOT NULL"
    assert room.company.ask(left) == [(0,)]


def test_what_only_a_law_kept_dies_on_its_day_with_key_and_row(alone: Company) -> None:
    context = alone.context()
    register.declare_attribute(context, attribute=INVOICE, now=clock.now())
    customer = alone.person(name="Hanna Mäkelä", invoice_number="I-77")
    erase(alone, customer)
    assert register.card(context, customer, now=clock.now()).restriction is not None
    keep(context, "register.kept", months=72, ground=Ground.STATUTE, source="Kirjanpitolaki 2:10")
    assert ran(context, later(6 * 365 - 10)).dropped == 0
    assert ran(context, later(6 * 366 + 2)).dropped == 1
    found = _rows(alone, "SELECT count(*) FROM register_customer WHERE id = %s", customer)
    assert found == [(0,)]
    keys = "SELECT retention_class FROM vault_data_key WHERE customer_id = %s AND wrapped IS NOT NULL"
    assert _rows(alone, keys, customer) == []


def test_what_a_law_kept_of_a_customer_who_stays_leaves_the_customer(alone: Company) -> None:
    context = alone.context()
    register.declare_attribute(context, attribute=INVOICE, now=clock.now())
    customer = alone.person(name="Hanna Mäkelä", invoice_number="I-77")
    keep(context, "register.kept", months=72)
    assert ran(context, later(6 * 366 + 2)).dropped == 1
    assert alone.texts(customer) == [("name", "Hanna Mäkelä")]


def test_a_customer_nobody_heard_of_is_planned_to_be_erased(alone: Company) -> None:
    context = alone.context()
    quiet, loud = alone.person(name="Hiljainen Anna"), alone.person(name="Puhelias Bea")
    value = register.card(context, loud, now=clock.now()).values[0]
    now = later(400)
    heard = now - timedelta(days=10)
    register.confirm_value(context, customer_id=loud, value_id=value.value_id, by=ConfirmedBy.CUSTOMER, now=heard)
    keep(context, "register.customer", months=12)
    assert due(context, now) == {"register.customer": 1}
    assert ran(context, now).dropped == 1
    (plan,) = erasure.plans(context)
    assert (plan.customer_id, plan.cause, plan.about) == (quiet, Cause.RETENTION, "register.customer")
    assert due(context, now) == {"register.customer": 0}, "no second plan for the same person"


def test_a_restricted_customer_keeps_everything(alone: Company) -> None:
    """GDPR Art. 18(2): stored, and nothing else."""
    context = alone.context()
    customer = alone.person(name="Virtanen Anna")
    register.add_note(context, customer_id=customer, text="for the court", now=clock.now())
    register.lock(context, customer_id=customer, ground=RestrictionGround.NEEDED_FOR_CLAIMS, now=clock.now())
    for kind in retention.kinds():
        keep(context, kind)
    assert sum(due(context, later(400)).values()) == 0


def _rows(company: Company, statement: str, *values: object) -> list[tuple[object, ...]]:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(statement, list(values))  # type: ignore[arg-type]
        return list(cursor.fetchall())
