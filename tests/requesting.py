"""Helpers of the requests' tests: a company that writes, people who are known for some time, and requests of theirs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from tests.companies import NOW, Company
from trustdesk.decision.contracts import Channel as Way
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import MessageView, Sender
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register.api import card, correct_value
from trustdesk.register.contracts import ConfirmedBy
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Happening, Kind, NewRequest, ProofKind, Received, RequestView, Wish

LATER = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=41)
"""When those who came at `NOW` are known for long enough, and the companies of the tests have long begun."""
SENDER = Sender(mail_address="rights@example.org", mail_name="North", sms_name="North")


@dataclass(frozen=True)
class Person:
    """A customer with a telephone and a mailbox."""

    company: Company
    id: int

    def point(self, attribute: str) -> int:
        """The contact point as it is now."""
        values = card(self.company.context(), self.id, now=LATER).values
        return next(value.value_id for value in values if value.attribute == attribute)


def somebody(company: Company, name: str = "Aino", **more: str) -> Person:
    given = {"given_name": name, "family_name": "Mäkelä", "email": f"{name.lower()}@example.com"} | more
    return Person(company, company.person(**({"phone": "+358 40 123 4567"} | given)))


def replaced(person: Person, attribute: str, text: str, *, at: datetime = LATER) -> int:
    """The contact point is another one since the day before; the old one's id."""
    old = person.point(attribute)
    correct_value(
        person.company.context(),
        customer_id=person.id,
        value_id=old,
        text=text,
        source_id=person.company.direct,
        by=ConfirmedBy.CUSTOMER,
        now=at - timedelta(days=1),
    )
    return old


def writing(company: Company) -> Company:
    """The company, set up to write mail and SMS."""
    delivery.set_sender(company.context(), sender=SENDER, now=NOW)
    return company


def take(
    company: Company,
    kind: Kind = Kind.ACCESS,
    person: Person | None = None,
    *,
    at: datetime = LATER,
    **more: object,
) -> Received:
    given: dict[str, Any] = {"channel": Channel.DESK, "language": "en", "words": "Tell me all."}
    new = NewRequest(kind=kind, received_at=at, customer_id=person.id if person else None, **(given | more))
    return rights.receive(company.context(), new=new, now=at)


def known(company: Company, kind: Kind, person: Person, *, wish: Wish | None = None, at: datetime = LATER) -> int:
    """A request of somebody who showed a document."""
    request_id = take(company, kind, person, at=at, **({"wish": wish} if wish else {})).request_id
    rights.identify(officer(company), request_id=request_id, kind=ProofKind.DOCUMENT, now=at)
    return request_id


def officer(company: Company) -> AccessContext:
    """The context of somebody who sits there."""
    return replace(company.context(), operator_id=7)


def seen(company: Company, request_id: int, *, at: datetime = LATER) -> RequestView:
    return rights.request(company.context(), request_id=request_id, now=at)


def happenings(company: Company, request_id: int) -> list[tuple[Happening, str]]:
    told = rights.whole(company.context(), request_id=request_id, now=LATER)
    return [(one.happening, one.code) for one in told.history]


def letters(company: Company, person: Person) -> list[tuple[str, Way]]:
    """Which letters to the person are in the outbox, the oldest first."""
    found = delivery.messages(company.context(), customer_id=person.id)
    return [(one.template, one.channel) for one in _by_age(found)]


def _by_age(found: Iterable[MessageView]) -> list[MessageView]:
    return sorted(found, key=lambda one: one.message_id)


def ask(company: Company, statement: str, *parameters: int | str | datetime) -> list[tuple[Any, ...]]:
    """Rows of the company's, past the door."""
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(statement, list(parameters))
        rows: list[tuple[Any, ...]] = cursor.fetchall() if cursor.description else []
    return rows
