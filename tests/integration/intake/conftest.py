"""A company of its own for every test, with one source and a mapping, and lists to bring in."""

import csv
import json
import os
import random
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from tests.world import World

from trustdesk.intake import api as intake
from trustdesk.intake.contracts import Progress, Reject, mapping_from_json
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.register.contracts import NewSource, SourceKind
from trustdesk.vault.api import provision_controller

COLUMNS = {"Név": "name", "Telefon": "phone", "E-mail": "email", "Cím": "address", "Szül": "birth_date"}
FAMILY = ("Nagy", "Kovács", "Tóth", "Szabó", "Horváth", "Varga", "Kiss", "Molnár", "Németh", "Farkas", "Balogh", "Papp")
GIVEN = ("Anna", "Béla", "Csilla", "Dénes", "Erzsébet", "Ferenc", "Gábor", "Hanna", "István", "Judit", "Katalin")


@dataclass
class Company:
    """A client company whose register nobody else writes to."""

    id: int
    name: str
    folder: Path
    source_id: int = 0
    mapping_id: int = 0
    said: dict[str, Any] = field(default_factory=dict)
    started: "list[subprocess.Popen[str]]" = field(default_factory=list)

    def context(self, purpose: str = "records") -> AccessContext:
        return mandates.system_context(self.id, purpose=purpose, now=clock.now(), on_behalf_of=0)

    def save_mapping(self, **said: object) -> int:
        mapping = mapping_from_json("list", self.said | said)
        return intake.save_mapping(self.context(), mapping=mapping, now=clock.now())

    def bring_in(self, path: Path, **more: object) -> Progress:
        given: dict[str, Any] = {"mapping_id": self.mapping_id, "source_id": self.source_id}
        given |= {"processes": 1, "chunk_rows": 50}
        return intake.import_file(self.context(), path=path, now=clock.now(), **(given | more))

    def rejects(self, progress: Progress) -> list[Reject]:
        return list(intake.rejects(self.context(), progress.run_id))

    def runs(self) -> list[Progress]:
        return list(intake.runs(self.context()))

    def ask(self, statement: str, *values: str | int) -> list[tuple[Any, ...]]:
        with scoped(self.context().scope), connection.cursor() as cursor:
            cursor.execute(statement, list(values))
            return list(cursor.fetchall())

    def customers(self) -> int:
        return int(self.ask("SELECT count(*) FROM register_customer")[0][0])

    def write_csv(self, rows: Iterable[Mapping[str, str]], name: str = "list.csv") -> Path:
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(COLUMNS), delimiter=";")
            writer.writeheader()
            writer.writerows(rows)
        return path

    def program(self, *words: str) -> "subprocess.Popen[str]":
        """Python in a process of its own, on the same database."""
        # The tests' cluster confirms commits before they are written; whoever kills it must not be told so.
        own = {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test", "PGOPTIONS": "-c synchronous_commit=on"}
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, *words], env=os.environ | own, stdout=pipe, stderr=pipe, text=True)
        self.started.append(process)
        return process

    def command(self, *words: str) -> "subprocess.Popen[str]":
        """The command line."""
        return self.program("-c", "from trustdesk.cli.main import main; main()", *words)

    def mapping_file(self) -> Path:
        path = self.folder / "mapping.json"
        path.write_text(json.dumps(self.said))
        return path


def people(count: int, *, seed: int = 1, start: int = 0) -> list[dict[str, str]]:
    """Invented people, no two the same."""
    dice = random.Random(seed)
    return [
        {
            "Név": f"{dice.choice(FAMILY)} {dice.choice(GIVEN)}",
            "Telefon": f"+3630{number:07d}",
            "E-mail": f"{seed}.{number}@example.hu",
            "Cím": f"{1000 + number % 9000} Budapest, Fő utca {number % 99 + 1}.",
            "Szül": f"{dice.randint(1940, 2004)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
        }
        for number in range(start, start + count)
    ]


@pytest.fixture
def company(world: World, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        name = f"Company {new_id()}"
        made = mandates.create_controller(
            name=name,
            country="HU",
            languages=["hu"],
            time_zone="Europe/Budapest",
            by=None,
            now=clock.now(),
        )
        company = Company(
            made.id,
            name,
            tmp_path,
            said={"columns": COLUMNS, "undeclared": "refuse", "reading": {"delimiter": ";"}},
        )
        context = company.context("administration")
        provision_controller(context, now=clock.now())
        register.seed_catalog(context, now=clock.now())
        company.source_id = register.create_source(
            context,
            source=NewSource(
                kind=SourceKind.IMPORT,
                name="the old system",
                legal_basis="https://w3id.org/dpv/legal/eu/gdpr#A6-1-b",
            ),
            now=clock.now(),
        )
        company.mapping_id = company.save_mapping()
        yield company
        for process in company.started:
            with process:  # closes its pipes and waits for it
                process.kill()
