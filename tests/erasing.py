"""People with a long history in every capability, made by the doors that make such rows, and looks at what is left."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection

from tests import clearing, conversing, recorded
from tests.companies import Company as House
from tests.integration.campaigns.campaigning import Campaigning, campaigning
from tests.integration.delivery.posting import Person
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Collection, Method, NewRecipient, RecipientRole, Scope
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import NewFollowUp, Result
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import NewEndpoint
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, PlanState, PlanView
from trustdesk.identity.models import Visit
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.recordings.models import Copy, Listening
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy, NewSource, SourceKind
from trustdesk.switchboard.contracts import CallbackState, CallState, Certainty, Direction
from trustdesk.switchboard.models import Call, Callback

DAY = timedelta(days=1)
RECIPIENT = "Meter House"
LATER_NAME = "Aino Virtanen"


@dataclass
class Rooms:
    """One company, as the tests of campaigns, of delivery and of conversations see it."""

    campaigning: Campaigning
    house: House
    others: list[int] = field(default_factory=list)

    @property
    def context(self) -> AccessContext:
        return mandates.system_context(self.house.controller_id, purpose="compliance", now=clock.now(), on_behalf_of=0)

    def person(self, name: str = "Aino Mäkelä", **texts: str) -> int:
        """Somebody of whom nothing but these values is recorded."""
        return self.house.person(name=name, **texts)

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with scoped(self.context.scope), connection.cursor() as cursor:
            cursor.execute(statement, list(values))  # type: ignore[arg-type]
            return list(cursor.fetchall())

    def erase(self, customer_id: int, *, cause: Cause = Cause.REQUEST) -> PlanView:
        """Drawn, approved and carried out, as an officer and the worker do it."""
        plan = erasure.draw(self.context, customer_id=customer_id, cause=cause, now=clock.now())
        erasure.carry_out(self.context, plan_id=plan.plan_id, now=clock.now())  # what prepares
        if plan.state is PlanState.DRAWN:
            erasure.approve(self.context, plan_id=plan.plan_id, now=clock.now())
        return erasure.carry_out(self.context, plan_id=plan.plan_id, now=clock.now())


def rooms(folder: Path) -> Rooms:
    """A company of its own with purposes, wordings, a recipient and an endpoint."""
    campaign = campaigning(folder)
    context = campaign.company.context()
    now = clock.now()
    bought = NewSource(kind=SourceKind.IMPORT, name="Old system", legal_basis="eu-gdpr:A6-1-b")
    imported = register.create_source(context, source=bought, now=now)
    house = House(campaign.company.id, campaign.company.source_id, imported)
    recipient = NewRecipient(
        name=RECIPIENT,
        role=RecipientRole.PROCESSOR,
        country="FI",
        purposes=["service"],
        categories=["dpv:PersonalData"],
    )
    recipient_id = clearance.declare_recipient(context, recipient=recipient, now=now)
    endpoint = NewEndpoint(
        name="Meter House",
        url="https://meters.example.com/hook",
        recipient_id=recipient_id,
        purpose="service",
        events=["customer.changed", "customer.erased"],
    )
    delivery.create_endpoint(context, endpoint=endpoint, now=now)
    return Rooms(campaign, house)


def history(held: Rooms, *, years: int = 1) -> int:
    """Somebody of whom every capability holds something, the older things once for each year; the customer."""
    (address,) = held.campaigning.add(1)
    person = held.campaigning.people[address]
    _register(held, person)
    for year in range(years):
        _conversations(held, person, days_ago=365 * year)
    _clearance(held, person)
    _campaign(held, address)
    _sent(held, person)
    _identity(held, person)
    _recordings(held, person)
    _switchboard(held, person)
    return person.customer_id


def later_number(customer_id: int) -> str:
    """The number that the customer has now: nobody else's."""
    return f"+3584{customer_id % 10**8:08d}"


def _register(held: Rooms, person: Person) -> None:
    context, now = held.house.context(), clock.now()
    other = clearing.person(held.house, name=LATER_NAME, phone=f"+3585{person.customer_id % 10**8:08d}")
    register.merge(context, into=person.customer_id, customer_id=other, reason="same person", now=now)
    register.add_note(context, customer_id=person.customer_id, text="Asked for a paper bill.", now=now)
    register.correct_value(
        context,
        customer_id=person.customer_id,
        value_id=person.phone_id,
        text=later_number(person.customer_id),
        source_id=held.house.direct,
        by=ConfirmedBy.CUSTOMER,
        now=now,
    )
    register.record_disclosure(
        context,
        customer_id=person.customer_id,
        value_ids=[person.email_id],
        recipient=RECIPIENT,
        purpose="dpv:CustomerCare",
        legal_basis="eu-gdpr:A6-1-b",
        now=now,
    )


def _conversations(held: Rooms, person: Person, *, days_ago: int) -> None:
    at = clock.now() - days_ago * DAY
    one = conversing.call(held.house, party="+358401112223", at=at).identify(person.customer_id, now=at)
    one.note("Wants the money back.")
    new = NewFollowUp(due_at=clock.now() + DAY, text="Look at the bill.")
    conversations.follow_up(held.house.context(), conversation_id=one.id, new=new, now=clock.now())
    one.end(result=Result.ANSWERED, at=at + timedelta(minutes=3))
    conversing.call(
        held.house, party=later_number(person.customer_id), at=at
    )  # nobody was identified: the number is the person's


def _clearance(held: Rooms, person: Person) -> None:
    context, now = held.house.context(), clock.now()
    scope = Scope(purpose="news", channel=Channel.SMS)
    clearance.record_objection(context, customer_id=person.customer_id, scope=scope, method=Method.ONE_CLICK, now=now)
    said = Collection(value_id=person.email_id, from_sale=True, told=True)
    clearance.record_collection(context, customer_id=person.customer_id, collection=said, at=now, now=now)


def _campaign(held: Rooms, address: str) -> None:
    campaign_id = held.campaigning.started([address])
    held.campaigning.drive(campaign_id)


def _sent(held: Rooms, person: Person) -> None:
    held.campaigning.company.send(person)
    delivery.send_webhook(
        held.house.context(),
        event="customer.changed",
        key=str(new_id()),
        customer_id=person.customer_id,
        now=clock.now(),
    )


def _identity(held: Rooms, person: Person) -> None:
    now = clock.now()
    own: dict[str, Any] = {"controller_id": held.house.controller_id, "expires_at": now + DAY}
    with scoped(held.context.scope):
        Visit.objects.create(
            **own,
            id=new_id(),
            digest=new_id().to_bytes(8, "big"),
            customer_id=person.customer_id,
            value_id=person.email_id,
            proof="mailbox",
            began_at=now,
        )


def _recordings(held: Rooms, person: Person) -> None:
    conversation_id = recorded.conversation(held.house.context(), customer_id=person.customer_id)
    now = clock.now()
    own: dict[str, Any] = {"controller_id": held.house.controller_id, "conversation_id": conversation_id}
    with scoped(held.context.scope):
        Copy.objects.create(
            **own,
            id=new_id(),
            customer_id=person.customer_id,
            digest=b"a digest",
            message_id=1,
            sent_at=now,
            sent_by=0,
            expires_at=now + DAY,
        )
        Listening.objects.create(
            **own,
            id=new_id(),
            listener="a copy",
            customer_id=person.customer_id,
            purpose="copy",
            began_at=now,
            expires_at=now + DAY,
        )


def _switchboard(held: Rooms, person: Person) -> None:
    now = clock.now()
    own: dict[str, Any] = {"controller_id": held.house.controller_id}
    with scoped(held.context.scope):
        call = Call.objects.create(
            **own,
            id=new_id(),
            direction=Direction.IN,
            state=CallState.ENDED,
            line="+35891234",
            language="fi",
            certainty=Certainty.IDENTIFIED,
            customer_id=person.customer_id,
            began_at=now,
            ended_at=now,
        )
        Callback.objects.create(
            **own,
            id=new_id(),
            call_id=call.id,
            queue="service",
            asked_at=now,
            state=CallbackState.WAITING,
            changed_at=now,
        )


def tables() -> Iterator[str]:
    """Every table of the program that is a company's."""
    for model in apps.get_models():
        columns = {each.column for each in model._meta.concrete_fields}
        if "controller_id" in columns:
            yield model._meta.db_table


def state_of(held: Rooms) -> dict[str, int]:
    """How many rows of the company each table has."""
    with scoped(held.context.scope), connection.cursor() as cursor:
        found = {}
        for table in tables():
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found
