"""A company of its own for every test that proves an erasure, a person in it, and the way from plan to certificate."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import connection

from tests.companies import Company, found_company
from tests.surfaces import source
from tests.world import World
from trustdesk.audit import api as audit
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, PlanView
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.outside import api as outside
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import HitState, HitView, SearchView
from trustdesk.proof.keys import public_key
from trustdesk.register import api as register

SOON = timedelta(minutes=11)
"""A plan that waits for somebody is asked again after ten minutes."""


@dataclass
class Proving:
    """One company and one person who is about to be erased there."""

    company: Company
    customer_id: int
    name: str
    phone: str
    email: str
    number: str
    plan_id: int = 0

    @property
    def context(self) -> AccessContext:
        return self.company.context()

    def draw(self) -> PlanView:
        plan = erasure.draw(self.context, customer_id=self.customer_id, cause=Cause.REQUEST, now=clock.now())
        self.plan_id = plan.plan_id
        return self.carry_out()

    def approve(self) -> None:
        erasure.approve(self.context, plan_id=self.plan_id, now=clock.now())

    def carry_out(self, *, later: timedelta = timedelta(0)) -> PlanView:
        return erasure.carry_out(self.context, plan_id=self.plan_id, now=clock.now() + later)

    def erase(self) -> PlanView:
        """From nothing to wherever it comes."""
        self.draw()
        self.approve()
        return self.carry_out()

    def search(self) -> SearchView:
        return proof.search(self.context, self.plan_id)

    def hits(self, *, state: HitState = HitState.OPEN) -> list[HitView]:
        return [hit for hit in proof.hits(self.context, self.plan_id) if hit.state is state]

    def run(self, statement: str, *values: object) -> list[tuple[object, ...]]:
        """A statement in the company's scope, committed."""
        with scoped(self.context.scope), connection.cursor() as cursor:
            cursor.execute(statement, values)  # type: ignore[arg-type]  # whatever stands in a row
            return cursor.fetchall() if cursor.description else []

    def sign_log(self) -> None:
        audit.sequence_once(clock.now())
        audit.sign_checkpoints(clock.now())

    def merge(self, other: int) -> None:
        """Another record turns out to be the same person."""
        register.merge(self.context, into=self.customer_id, customer_id=other, reason="one person", now=clock.now())

    @property
    def key_of_log(self) -> str:
        """The line of the company's key.txt."""
        return str(public_key(self.context))


def a_company(name: str, country: str = "HU") -> Company:
    return found_company(f"{name} {secrets.token_hex(4)}", country)


def a_person(company: Company) -> Proving:
    """Somebody with a name, a phone, an e-mail address and a customer number that nobody else has."""
    mark = secrets.token_hex(3)
    digits = f"{secrets.randbelow(10**7):07}"
    family = "Szilv" + "".join(chr(ord("a") + int(letter, 16)) for letter in mark)
    name, phone = f"{family} Boldizsár", f"+3630{digits}"
    email, number = f"b.{family.lower()}@posta.hu", f"KU-{secrets.randbelow(10**8):08}"
    customer_id = company.person(name=name, phone=phone, email=email, customer_number=number)
    return Proving(company, customer_id, name, phone, email, number)


def at_north(world: World) -> Proving:
    """Somebody at the world's northern company, whose officers sit at their pages."""
    context = world.system(world.north, "service")
    for one in outside.connectors(context):  # what other tests connected answers nobody any more
        outside.remove_connector(context, connector_id=one.connector_id)
    register.seed_catalog(context, now=clock.now())
    return a_person(Company(world.north.id, source(context), 0))


@contextmanager
def a_file(name: str, text: str) -> Iterator[Path]:
    """A file somewhere in the home folder, gone afterwards."""
    path: Path = settings.TRUSTDESK_HOME.data / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def in_an_export(proving: Proving) -> Iterator[str]:
    """A line of a list that somebody saved: the name of the folder as the scan calls it."""
    with a_file("exports/customers.csv", f"number;name\n{proving.number};{proving.name}\n"):
        yield "home.exports"
