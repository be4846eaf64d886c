"""A recipient whose system listens nowhere and who has an address is told of an erasure by mail (GDPR Art. 19)."""

from datetime import timedelta

from tests.erasing import Rooms

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewRecipient, RecipientRole
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import State
from trustdesk.delivery.models import Notice
from trustdesk.delivery.services import notices
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import ToldView, Way
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register


def told_of(held: Rooms, email: str = "privacy@lawyers.example") -> tuple[int, int, ToldView]:
    """The customer, the plan, and whoever was given their address."""
    customer_id = held.person("Cecil Koski", email="cecil@example.com")
    purpose = next(one for one in clearance.purposes(held.context) if one.retired_at is None)
    new = NewRecipient(
        name="The Lawyers",
        role=RecipientRole.THIRD_PARTY,
        country="FI",
        purposes=[purpose.code],
        categories=["dpv:PersonalData"],
        notice_email=email,
    )
    clearance.declare_recipient(held.context, recipient=new, now=clock.now())
    values = register.card(held.context, customer_id, now=clock.now()).values
    register.record_disclosure(
        held.context,
        customer_id=customer_id,
        value_ids=[one.value_id for one in values if one.attribute == "email"],
        recipient="The Lawyers",
        purpose="dpv:LegalCompliance",
        legal_basis="eu-gdpr:A6-1-c",
        now=clock.now(),
    )
    done = held.erase(customer_id)
    (told,) = erasure.told(held.context, done.plan_id)
    return customer_id, done.plan_id, told


def notice_of(held: Rooms) -> Notice:
    with scoped((context := held.context).scope):
        return Notice.objects.get(controller_id=context.controller_id)


def test_who_has_an_address_is_written_to_and_says_that_it_arrived(held: Rooms) -> None:
    customer_id, plan_id, told = told_of(held)
    assert (told.way, told.told_at is not None, told.received_at) == (Way.MAIL, True, None)
    row = notice_of(held)
    assert row.facts == {"customer": to_public(customer_id)}
    assert erasure.note_receipts(held.context, now=clock.now()) == 0
    delivery.confirm_notice(notices.link_of(row).rstrip("/").rpartition("/")[2], now=clock.now())
    assert erasure.note_receipts(held.context, now=clock.now()) == 1
    (after,) = erasure.told(held.context, plan_id)
    assert (after.way, after.received_at is not None) == (Way.MAIL, True)


def test_a_mail_that_could_not_be_sent_is_told_by_hand(held: Rooms) -> None:
    _customer_id, plan_id, _told = told_of(held)
    with scoped((context := held.context).scope):
        Notice.objects.filter(controller_id=context.controller_id).update(state=State.FAILED, next_at=None)
    later = clock.now() + timedelta(days=3)
    assert erasure.note_receipts(held.context, now=later) == 1
    (after,) = erasure.told(held.context, plan_id)
    assert (after.way, after.told_at, after.received_at) == (Way.BY_HAND, None, None)


def test_somebody_who_heard_it_otherwise_says_so(held: Rooms) -> None:
    _customer_id, plan_id, told = told_of(held)
    erasure.received(held.context, told_id=told.told_id, now=clock.now())
    assert erasure.note_receipts(held.context, now=clock.now()) == 0
    assert erasure.told(held.context, plan_id)[0].received_at is not None


def test_without_an_address_it_is_told_by_hand(held: Rooms) -> None:
    assert told_of(held, "")[2].way is Way.BY_HAND
