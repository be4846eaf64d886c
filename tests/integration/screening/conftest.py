"""A company of its own for every test, with purposes, customers and lists to screen."""

import csv
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import (
    Assessment,
    By,
    ConsentState,
    Evidence,
    Method,
    NewPurpose,
    Point,
    PointKind,
    Scope,
    SuppressionReason,
)
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewSource, NewValue, SourceKind
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Ask, CellKind, Engine, Layout, Progress, RowVerdict
from trustdesk.vault.api import provision_controller

PHONES = Layout(columns={"Phone": CellKind.PHONE}, country="HU")
OFFERS = "offers"


@dataclass
class Company:
    """A client company whose register nobody else writes to."""

    id: int
    name: str
    folder: Path
    source_id: int = 0
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def context(self, purpose: str = "records") -> AccessContext:
        return mandates.system_context(self.id, purpose=purpose, now=clock.now(), on_behalf_of=0)

    def ask(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        with scoped(self.context().scope), connection.cursor() as cursor:
            cursor.execute(statement, list(values))
            return list(cursor.fetchall()) if cursor.description else []

    def add(self, *phones: str, country: str = "HU", language: str = "") -> list[int]:
        """A person for each phone; their ids."""
        rows = [
            NewCustomer(
                kind=CustomerKind.PERSON,
                values=[NewValue("name", f"Person {phone[-4:]}"), NewValue("phone", phone)],
                country=country,
                language=language,
            )
            for phone in phones
        ]
        added = register.add_many(self.context(), rows, source_id=self.source_id, now=clock.now())
        assert added.rejected == 0, [outcome.rejection for outcome in added.outcomes]
        return [outcome.customer_id or 0 for outcome in added.outcomes]

    def consent(
        self,
        customer_id: int,
        state: ConsentState = ConsentState.GIVEN,
        *,
        channel: Channel = Channel.CALL_HUMAN,
        at: datetime | None = None,
    ) -> int:
        now = clock.now()
        evidence = Evidence(
            method=Method.IMPORT,
            by=By.PERSON,
            words="Yes.",
            notice_version="2026-01",
            notice_language="hu",
            source_id=self.source_id,
            document_sha256=bytes(32),
            reference=f"file {new_id()}",
        )
        return clearance.record_consent(
            self.context(),
            customer_id=customer_id,
            purpose=OFFERS,
            channel=channel,
            state=state,
            evidence=evidence,
            at=at or now - timedelta(days=1),
            now=now,
            express=True,
        )

    def withdraw(self, customer_id: int, channel: Channel = Channel.CALL_HUMAN) -> None:
        clearance.withdraw(
            self.context(),
            customer_id=customer_id,
            purpose=OFFERS,
            channel=channel,
            method=Method.TOLD_OPERATOR,
            now=clock.now(),
        )

    def suppress(self, phone: str) -> None:
        clearance.suppress(
            self.context(),
            point=Point(PointKind.PHONE, phone, "HU"),
            scope=Scope(),
            reason=SuppressionReason.HAND,
            now=clock.now(),
        )

    def write_csv(self, rows: Sequence[Mapping[str, str]], name: str = "list.csv") -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def phones(self, *phones: str, name: str = "list.csv") -> Path:
        return self.write_csv([{"Phone": phone} for phone in phones], name)

    def screen(self, path: Path, *, layout: Layout = PHONES, engine: Engine = Engine.POSTGRESQL) -> Progress:
        ask = asking(engine=engine)
        return screening.screen_file(self.context(), path=path, layout=layout, ask=ask, now=clock.now())

    def verdicts(self, progress: Progress) -> list[RowVerdict]:
        return list(screening.verdicts(self.context(), progress.run_id))

    def outcomes(self, progress: Progress) -> list[str]:
        return [one.outcome.value for one in self.verdicts(progress)]

    def program(self, *words: str) -> "subprocess.Popen[str]":
        """Python in a process of its own, on the same database."""
        own = {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test"}
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *words], env=os.environ | own, stdout=pipe, stderr=pipe, text=True)
        self.started.append(process)
        return process

    def command(self, *words: str) -> "subprocess.Popen[str]":
        """The command line."""
        return self.program("-c", "from trustdesk.cli.main import main; main()", *words)


def asking(
    purpose: str = OFFERS,
    channel: Channel = Channel.CALL_HUMAN,
    engine: Engine = Engine.POSTGRESQL,
    **about: object,
) -> Ask:
    return Ask(purpose=purpose, channel=channel, engine=engine, about=about)


def declare(context: AccessContext, *, basis: str = "eu-gdpr:A6-1-a") -> None:
    now = clock.now()
    purpose = NewPurpose(
        code=OFFERS,
        label="Offers",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis=basis,
    )
    clearance.declare_purpose(context, purpose=purpose, now=now)
    if basis == "eu-gdpr:A6-1-f":
        said = "see the file"
        assessment = Assessment(
            pursued=said,
            necessity=said,
            balancing=said,
            safeguards=said,
            assessed_by=said,
            assessed_at=now,
        )
        clearance.assess_purpose(context, code=OFFERS, assessment=assessment, now=now)


def make(name: str, folder: Path, country: str = "HU") -> Company:
    made = mandates.create_controller(
        name=name,
        country=country,
        languages=["hu"],
        time_zone="Europe/Budapest",
        by=None,
        now=clock.now(),
    )
    company = Company(made.id, name, folder)
    provision_controller(company.context("administration"), now=clock.now())
    register.seed_catalog(company.context("administration"), now=clock.now())
    company.source_id = register.create_source(
        company.context(),
        source=NewSource(kind=SourceKind.IMPORT, name="the old system", legal_basis="eu-gdpr:A6-1-b"),
        now=clock.now(),
    )
    return company


@pytest.fixture
def company(world: World, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    """On consent."""
    with django_db_blocker.unblock():
        company = make(f"Screened {new_id()}", tmp_path)
        declare(company.context())
        yield company
        for process in company.started:
            with process:  # closes its pipes and waits for it
                process.kill()
