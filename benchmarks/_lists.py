"""Customers by lists: written as a file, taken in as a company takes its lists in, by several processes."""

import csv
import os
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks._company import Company
from benchmarks._people import Person

if TYPE_CHECKING:
    from trustdesk.intake.contracts import Progress as Told

PROCESSES = int(os.environ.get("PROCESSES", "2"))
COLUMNS = ("given", "family", "phone", "email", "born", "street", "town")
MAPPING = {
    "columns": {
        "given": "given_name",
        "family": "family_name",
        "phone": {"to": "phone", "label": "mobile"},
        "email": "email",
        "born": "birth_date",
        "street": "address",
        "town": "town",
    },
    "undeclared": "refuse",
}


def write_list(path: Path, crowd: Iterable[Person]) -> int:
    """How many there were."""
    rows = 0
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(COLUMNS)
        for each in crowd:
            writer.writerow([getattr(each, column) for column in COLUMNS])
            rows += 1
    return rows


def declare(company: Company) -> int:
    """The mapping of such lists."""
    from trustdesk.intake.api import mapping_from_json, save_mapping  # noqa: PLC0415  # after django.setup()
    from trustdesk.kernel import clock  # noqa: PLC0415

    return save_mapping(company.context(), mapping=mapping_from_json("bench", MAPPING), now=clock.now())


def take_in(company: Company, mapping_id: int, path: Path, rows: int, watch: "Callable[[Told], None]") -> float:
    """One list; how long it took, in seconds."""
    from trustdesk.intake.api import import_file  # noqa: PLC0415  # after django.setup()
    from trustdesk.kernel import clock  # noqa: PLC0415

    started = time.perf_counter()
    told = import_file(
        company.context(),
        path=path,
        mapping_id=mapping_id,
        source_id=company.source_id,
        now=clock.now(),
        processes=PROCESSES,
        listener=watch,
    )
    seconds = time.perf_counter() - started
    # The invented people meet by chance: a handful of a hundred thousand share name and phone.
    assert told.counts.added >= 0.999 * rows, told.counts
    return seconds
