"""Everything into its place: the files under a folder, the tables into two databases."""

import csv
from collections.abc import Callable, Iterable
from dataclasses import asdict, fields
from pathlib import Path

from benchmarks._residual.columns import plant_columns
from benchmarks._residual.letters import plant_letters
from benchmarks._residual.mails import plant_mailboxes, plant_mails
from benchmarks._residual.office import plant_documents, plant_workbooks
from benchmarks._residual.plan import Leftover, Plan, Row
from benchmarks._residual.texts import plant_csv, plant_dumps, plant_logs, plant_zips

FILES: dict[str, Callable[[Path, dict[str, list[Row]]], dict[str, str]]] = {
    "log": plant_logs,
    "csv": plant_csv,
    "xlsx": plant_workbooks,
    "docx": plant_documents,
    "pdf": plant_letters,
    "mail": plant_mails,
    "mbox": plant_mailboxes,
    "zip": plant_zips,
    "dump": plant_dumps,
    "columnar": plant_columns,
}


def plant_files(folder: Path, plan: Plan, kinds: Iterable[str] = FILES) -> dict[str, tuple[str, str]]:
    """A folder a kind. What is in a file: the kind and the container by the path below `folder`."""
    places = {}
    for kind in kinds:
        if containers := plan.rows[kind]:
            below = folder / kind
            below.mkdir(parents=True)
            for container, name in FILES[kind](below, containers).items():
                places[f"{kind}/{name}"] = (kind, container)
    return places


def write_truth(path: Path, leftovers: Iterable[Leftover]) -> None:
    """The truth table: a heading, then a line a leftover."""
    with path.open("w", encoding="utf-8", newline="") as out:
        table = csv.DictWriter(out, [field.name for field in fields(Leftover)])
        table.writeheader()
        table.writerows(asdict(leftover) for leftover in leftovers)
