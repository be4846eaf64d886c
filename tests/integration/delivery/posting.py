"""A company of its own that writes to a person of its own, and the outbox worked as the worker works it."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import override_settings

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import (
    By,
    ConsentState,
    Evidence,
    Method,
    NewPurpose,
    NoticeKind,
    NoticeText,
    Scope,
)
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import MessageView, NewMessage, Sender, State, Template
from trustdesk.delivery.services import lanes
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewSource, NewValue, Notice, SourceKind
from trustdesk.register.contracts import NoticeKind as GivenKind
from trustdesk.vault.api import provision_controller

VERSION = "2026-1"
_NOTICE = NoticeText(
    who="Us",
    purpose="News",
    further_use="None",
    legal_basis="Your consent",
    retention="Until you withdraw",
    recipients="Nobody",
    rights="All of them",
    where_the_rest_is="https://example.com/privacy",
)
_PURPOSES = (
    ("news", "dpv:DirectMarketing", PurposeKind.MARKETING, "eu-gdpr:A6-1-a"),
    ("service", "dpv:CustomerCare", PurposeKind.SERVICE, "eu-gdpr:A6-1-b"),
    ("legal", "dpv:LegalCompliance", PurposeKind.LEGAL_DUTY, "eu-gdpr:A6-1-c"),
)
SENDER = Sender(
    mail_address="desk@example.org",
    mail_name="Pohjolan Sähkö",
    return_mailbox="returns@example.org",
    imprint="Pohjolan Sähkö Oy, Katu 1, Helsinki",
    sms_name="Sahko",
)


@dataclass
class Person:
    """Somebody with an e-mail address and a phone number."""

    customer_id: int
    email_id: int
    phone_id: int


@dataclass
class Company:
    """A client company whose outbox nobody else writes to."""

    id: int
    source_id: int
    people: list[Person] = field(default_factory=list)

    def context(self, purpose: str = "service") -> AccessContext:
        return mandates.system_context(self.id, purpose=purpose, now=clock.now(), on_behalf_of=0)

    def person(self, email: str = "aino@example.com", phone: str = "+358401234567") -> Person:
        """Somebody new, who agreed to news by mail and SMS."""
        now = clock.now()
        customer_id = register.create_customer(
            self.context(),
            kind=CustomerKind.PERSON,
            values=[NewValue("name", "Aino Mäkelä"), NewValue("email", email), NewValue("phone", phone)],
            source_id=self.source_id,
            notice=Notice(GivenKind.ART13, VERSION, now),
            country="FI",
            language="fi",
            now=now,
        )
        card = register.card(self.context(), customer_id, now=now)
        found = {value.attribute: value.value_id for value in card.values}
        person = Person(customer_id, found["email"], found["phone"])
        for channel in (Channel.EMAIL, Channel.SMS):
            self.consent(person, channel)
        self.people.append(person)
        return person

    def consent(self, person: Person, channel: Channel) -> None:
        clearance.record_consent(
            self.context(),
            customer_id=person.customer_id,
            purpose="news",
            channel=channel,
            state=ConsentState.GIVEN,
            evidence=Evidence(
                method=Method.WEB_FORM,
                by=By.PERSON,
                words="Yes, send me news.",
                notice_version=VERSION,
                notice_language="en",
            ),
            at=clock.now(),
            now=clock.now(),
        )

    def withdraw(self, person: Person, channel: Channel = Channel.EMAIL) -> None:
        """When this has returned, nothing of it may be handed over any more."""
        clearance.record_objection(
            self.context(),
            customer_id=person.customer_id,
            scope=Scope(purpose="news", channel=channel),
            method=Method.ONE_CLICK,
            now=clock.now(),
        )

    def message(self, person: Person, channel: Channel = Channel.EMAIL, **more: object) -> NewMessage:
        values: dict[str, Any] = {
            "customer_id": person.customer_id,
            "value_id": person.email_id if channel == Channel.EMAIL else person.phone_id,
            "purpose": "news",
            "template": "hello",
            "language": "en",
            "parameters": {"name": "Aino"},
            "key": str(new_id()),
        }
        return NewMessage(**(values | more))

    def send(self, person: Person, **more: object) -> int:
        message = self.message(person, Channel.EMAIL, **more)
        return delivery.send_mail(self.context(), message=message, now=clock.now())

    def text(self, person: Person, **more: object) -> int:
        message = self.message(person, Channel.SMS, **more)
        return delivery.send_sms(self.context(), message=message, now=clock.now())

    def work(self, channel: Channel = Channel.EMAIL, seconds: float = 60) -> int:
        """What the worker's job does."""
        return lanes.run(self.id, channel, until=clock.now() + timedelta(seconds=seconds))

    def view(self, message_id: int) -> MessageView:
        return delivery.message(self.context(), message_id)[0]

    def state(self, message_id: int) -> State:
        return self.view(message_id).state

    def happenings(self, message_id: int) -> list[str]:
        return [turn.happening for turn in delivery.message(self.context(), message_id)[1]]

    def ask(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        with scoped(self.context().scope), connection.cursor() as cursor:
            cursor.execute(statement, list(values))  # type: ignore[arg-type]
            return list(cursor.fetchall())

    def due_now(self, message_id: int) -> None:
        """As if the pause were over."""
        with scoped(self.context().scope), connection.cursor() as cursor:
            cursor.execute(
                "UPDATE delivery_message SET next_at = now() WHERE controller_id = %s AND id = %s",
                [self.id, message_id],
            )


def company() -> Company:
    """A new one, with purposes, a notice, a sender and a wording."""
    now = clock.now()
    made = mandates.create_controller(
        name=f"Posting {new_id()}",
        country="FI",
        languages=["en"],
        time_zone="Europe/Helsinki",
        by=None,
        now=now,
    )
    context = mandates.system_context(made.id, purpose="service", now=now, on_behalf_of=0)
    provision_controller(context, now=now)
    register.seed_catalog(context, now=now)
    source = NewSource(kind=SourceKind.DIRECT, name="Desk", legal_basis="eu-gdpr:A6-1-b")
    source_id = register.create_source(context, source=source, now=now)
    for code, term, kind, basis in _PURPOSES:
        purpose = NewPurpose(code=code, label=code, term=term, kind=kind, legal_basis=basis)
        clearance.declare_purpose(context, purpose=purpose, now=now)
    clearance.publish_notice(context, kind=NoticeKind.CONSENT, version=VERSION, texts={"en": _NOTICE}, now=now)
    delivery.set_sender(context, sender=SENDER, now=now)
    for channel, subject in ((Channel.EMAIL, "Hello {name}"), (Channel.SMS, "")):
        template = Template(
            channel=channel,
            code="hello",
            language="en",
            subject=subject,
            text="Dear {name},\n\nthere is news.",
        )
        delivery.publish_template(context, template=template, now=now)
    return Company(made.id, source_id)


@contextmanager
def mail_server(port: int, **more: object) -> Iterator[None]:
    """The installation's mail server stands on this port."""
    values: Mapping[str, object] = {
        "EMAIL_HOST": "127.0.0.1",
        "EMAIL_PORT": port,
        "EMAIL_USE_TLS": False,
        "EMAIL_USE_SSL": False,
        "EMAIL_TIMEOUT": 1.0,
    }
    with override_settings(**(dict(values) | more)):
        yield


def soon(instant: datetime | None, minutes: float) -> bool:
    """Within so many minutes from now."""
    return instant is not None and clock.now() < instant < clock.now() + timedelta(minutes=minutes)


def in_a_thread(act: Callable[[], object], seconds: float = 20) -> bool:
    """Do it on another connection; True where it has returned in time."""
    done: list[object] = []

    def run() -> None:
        try:
            act()
            done.append(True)
        finally:
            connection.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(seconds)
    return bool(done)
