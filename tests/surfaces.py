"""Helpers of the surfaces' tests: people who are signed in, sitting where they chose, and customers to look at."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from django.http import HttpResponseBase, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from tests.world import Person, World, make_person
from trustdesk.accounts.middleware import _MARK
from trustdesk.accounts.models import ElevatedSession, Operator
from trustdesk.accounts.sessions import stored_key
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.mandates.api import ControllerView
from trustdesk.register import api as register
from trustdesk.register.contracts import (
    ConfirmedBy,
    CustomerKind,
    NewSource,
    NewValue,
    Notice,
    NoticeKind,
    SourceKind,
)
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

LAW = "eu-gdpr:A6-1-b"


def pieces(answer: StreamingHttpResponse) -> list[bytes]:
    """A file that is handed out, as a server asks for it; in a thread, because a browser's loop may run in this one."""
    assert answer.is_async

    async def taken() -> list[bytes]:
        return [piece async for piece in answer]

    with ThreadPoolExecutor(1) as apart:
        return apart.submit(lambda: asyncio.run(taken())).result()


def content(answer: HttpResponseBase) -> bytes:
    """All that an answer says, also where it is a file that is handed out in pieces."""
    if isinstance(answer, StreamingHttpResponse) and answer.is_async:
        said = b"".join(pieces(answer))
    else:
        said = bytes(answer.getvalue())
    answer.close()
    return said


def signed_in(person: Person) -> Client:
    """A browser without scripts, past both factors."""
    client = Client()
    client.force_login(Operator.objects.get(id=person.id))
    session = client.session
    session[_MARK] = str(person.id)
    session.save()
    return client


def seated(person: Person, controller: ControllerView, purpose: str = "service") -> Client:
    """Signed in, company and purpose chosen by the page itself."""
    client = signed_in(person)
    chosen = {
        "controller_id": controller.id,
        "mandate_id": person.seats[controller.id],
        "purpose": purpose,
    }
    answer = client.post(reverse("design:choose"), chosen)
    assert answer.status_code == 302, answer.content.decode()
    return client


def newcomer(
    world: World,
    controller: ControllerView,
    role: str = "supervisor",
    *,
    offices: tuple[str, ...] = (),
) -> Person:
    """One more operator with a seat, for tests that end it."""
    person, now = make_person(f"{role}{new_id()}", roles=offices), clock.now()
    mandate = world.agent_both.seats[controller.id]
    mandates.give_seat(
        controller_id=controller.id,
        mandate_id=mandate,
        operator_id=person.id,
        role=role,
        purposes=["service"],
        starts_at=now - timedelta(minutes=1),
        ends_at=None,
        by=None,
        now=now,
    )
    return Person(person.id, person.email, {controller.id: mandate})


def neighbor(world: World) -> Person:
    """A supervisor next door, with every right there."""
    return newcomer(world, world.south)


def elevated(client: Client, person: Person) -> Client:
    """With an elevated session, as the page for it would make one."""
    now = clock.now()
    ElevatedSession.objects.create(
        id=new_id(),
        operator_id=person.id,
        session_id=stored_key(client.session.session_key or ""),
        starts_at=now - timedelta(minutes=1),
        ends_at=now + timedelta(minutes=30),
    )
    return client


def supervisor(world: World) -> AccessContext:
    """The northern supervisor at work; the company's catalog is declared."""
    register.seed_catalog(world.system(world.north), now=clock.now())
    return world.context(world.supervisor_north, world.north)


def source(context: AccessContext, name: str = "From the customer", kind: SourceKind = SourceKind.DIRECT) -> int:
    now = clock.now()
    for known in register.sources(context):
        if known.name == name:
            return known.source_id
    return register.create_source(context, source=NewSource(kind=kind, name=name, legal_basis=LAW), now=now)


def customer(context: AccessContext, given: str, family: str, *, phone: str = "", email: str = "") -> int:
    """A person known for some time: the phone fresh, the e-mail stale."""
    now = clock.now()
    values = [NewValue("given_name", given), NewValue("family_name", family)]
    if phone:
        values.append(
            NewValue("phone", phone, "mobile", confirmed_at=now - timedelta(days=3), confirmed_by=ConfirmedBy.CUSTOMER),
        )
    if email:
        values.append(
            NewValue("email", email, confirmed_at=now - timedelta(days=800), confirmed_by=ConfirmedBy.OPERATOR),
        )
    return register.create_customer(
        context,
        kind=CustomerKind.PERSON,
        values=values,
        source_id=source(context),
        notice=Notice(NoticeKind.ART13, "2026-1", now),
        language="fi",
        now=now,
    )


def known_for(cluster: Cluster, customer_id: int, days: int = 31) -> None:
    """As if what is on file of a customer had been there for so long: the owner of the database alone can do that."""
    with cluster.connect(DATABASE) as owner:
        owner.execute(
            "UPDATE register_value SET recorded_at = recorded_at - %s WHERE customer_id = %s",
            [timedelta(days=days), customer_id],
        )


def company(context: AccessContext, name: str) -> int:
    """A company, its telephone known."""
    now = clock.now()
    return register.create_customer(
        context,
        kind=CustomerKind.COMPANY,
        values=[NewValue("company_name", name), NewValue("phone", "+358 9 4242 0000")],
        source_id=source(context),
        notice=Notice(NoticeKind.ART13, "2026-1", now),
        language="fi",
        now=now,
    )
