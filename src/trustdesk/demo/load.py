"""Load the demo: companies, mandates, seats, and customers through the same doors that real ones come in by."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import islice

from trustdesk.accounts.api import provision_for_demo
from trustdesk.demo.calls import answer_calls, give_phones
from trustdesk.demo.companies import COMPANIES, Company
from trustdesk.demo.conversations import set_rules, talk
from trustdesk.demo.customers import customers
from trustdesk.demo.declared import declare
from trustdesk.demo.feeds import bring, stand_twice
from trustdesk.demo.lists import load_lists
from trustdesk.demo.people import PEOPLE, Person, password, totp_secret
from trustdesk.demo.requests import ask
from trustdesk.demo.said import speak
from trustdesk.demo.tasks import order
from trustdesk.demo.ties import tie
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import (
    EVERY_CATEGORY,
    create_controller,
    create_mandate,
    create_processor,
    give_seat,
    system_context,
)
from trustdesk.register.api import add_many, create_source, seed_catalog
from trustdesk.register.contracts import NewCustomer, NewSource, SourceKind
from trustdesk.server.home import Home

PROCESSOR = ("Nordwind Kundenservice GmbH", "DE")
CHUNK = 500
_ASKING = 40  # nobody else in the demo deals with these
OUTSOURCED = (
    "customer:search",
    "customer:open",
    "customer:create",
    "customer:correct",
    "customer:confirm",
    "customer:note",
    "customer:merge",
    "customer:lock",
    "customer:contact",
    "consent:record",
    "clearance:read",
    "delivery:read",
    "campaign:read",
    "campaign:manage",
    "campaign:stop",
    "telephony:read",
    "call:take",
    "call:dial",
    "call:supervise",
    "conversation:find",
    "conversation:read",
    "conversation:work",
    "conversation:manage",
    "complaint:handle",
    "request:take",
    "recording:read",
    "recording:listen",
    "skill:manage",
    "list:import",
    "list:preview",
    "list:screen",
    "seat:read",
    "update:read",
    "update:review",
    "update:undo",
)


def load(home: Home, say: Callable[[str], None]) -> None:
    """Everything invented, into an empty installation."""
    now = clock.now()
    operators = {person.role: _operator(home, person, now=now) for person in PEOPLE}
    processor_id = create_processor(name=PROCESSOR[0], country=PROCESSOR[1], by=None, now=now)
    for number, company in enumerate(COMPANIES, start=1):
        say(f"demo: {company.name} ({company.country})")
        _company(company, operators, processor_id, first_number=number * 10_000, now=now)
    give_phones(home, operators, now=now)
    order()


def _operator(home: Home, person: Person, *, now: datetime) -> int:
    return provision_for_demo(
        email=person.email,
        name=person.name,
        language=person.language,
        password=password(home),
        totp_secret=totp_secret(home, person.email),
        installation_roles=("administrator",) if person.role == "administrator" else (),
        now=now,
    )


def _company(
    company: Company, operators: dict[str, int], processor_id: int, *, first_number: int, now: datetime
) -> None:
    made = create_controller(
        name=company.name,
        country=company.country,
        languages=company.languages,
        time_zone=company.time_zone,
        by=None,
        now=now,
    )
    mandate = create_mandate(
        controller_id=made.id,
        processor_id=processor_id,
        purposes=("service", "claims"),
        categories=(EVERY_CATEGORY,),
        operations=OUTSOURCED,
        starts_at=now,
        ends_at=None,
        by=None,
        now=now,
    )
    for role in ("agent", "supervisor"):
        _seat(made.id, mandate.id, operators[role], role, ("service", "claims"), now=now)
    context = system_context(made.id, purpose="administration", now=now, on_behalf_of=0)
    # The officer sits with the Finnish company's own staff, the reader with the Hungarian one's; the administrator with
    # both, where tokens are made.
    own_role = "officer" if company.country == "FI" else "client"
    _seat(made.id, context.mandate_id, operators[own_role], own_role, ("compliance",), now=now)
    _seat(made.id, context.mandate_id, operators["administrator"], "administrator", ("administration",), now=now)
    seed_catalog(context, now=now)
    declare(context, company, assessed_by=_answering(company), now=now)
    answer_calls(context, company, operators, now=now)
    set_rules(context, company, now=now)
    agent = system_context(made.id, purpose="service", now=now, on_behalf_of=operators["agent"], mandate_id=mandate.id)
    _customers(context, company, agent, first_number=first_number, now=now)


def _seat(
    controller_id: int, mandate_id: int, operator_id: int, role: str, purposes: tuple[str, ...], *, now: datetime
) -> None:
    give_seat(
        controller_id=controller_id,
        mandate_id=mandate_id,
        operator_id=operator_id,
        role=role,
        purposes=purposes,
        starts_at=now,
        ends_at=None,
        by=None,
        now=now,
    )


def _customers(
    context: AccessContext, company: Company, agent: AccessContext, *, first_number: int, now: datetime
) -> None:
    older = NewSource(kind=SourceKind.IMPORT, name="Previous customer system", legal_basis="eu-gdpr:A6-1-b")
    source_id = create_source(context, source=older, now=now)
    everybody: list[NewCustomer] = []
    spoken = False
    for locale, count in company.people:
        rows = customers(locale, count, now=now, first_number=first_number)
        first_number += count
        for number, chunk in enumerate(_chunks(rows)):
            outcomes = add_many(context, chunk, source_id=source_id, now=now).outcomes
            ids = [outcome.customer_id or 0 for outcome in outcomes]
            everybody += chunk
            speak(context, company, chunk, ids, source_id=source_id, now=now)
            if number == 0:
                tie(context, chunk, ids, locale=locale, source_id=source_id, now=now)
            if not spoken:
                spoken = True
                talk(agent, company, chunk, ids, now=now)
                ask(context.controller_id, company, ids[-_ASKING:], now=now)
    load_lists(context, company.country, everybody, now=now)
    bring(context, company.country, everybody, now=now)
    stand_twice(context, everybody, source_id=source_id, now=now)


def _chunks(rows: Iterator[NewCustomer]) -> Iterator[list[NewCustomer]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _answering(company: Company) -> str:
    """Who answers for the assessments: the officer in Finland, in Hungary somebody who does not sign in here."""
    return (
        "Maija Korhonen, data protection officer"
        if company.country == "FI"
        else "dr. Szűcs Ágnes, data protection officer"
    )
