"""Logs, exports, dumps and archives: what is a text in the end."""

import csv
import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from benchmarks._residual.plan import LEGACY, Row

COLUMNS = (
    *("ticket", "customer", "phone", "email", "address", "born"),
    *("number", "reference", "contact", "remark"),
)
_MOMENT = 1_767_225_600  # 2026-01-01


def record(row: Row) -> dict[str, str]:
    """An entry as programs keep it: the living customer's own data, and what stands beside them."""
    person = row.person
    return {
        "ticket": row.ticket,
        "customer": person.name,
        "phone": str(person.mobile),
        "email": person.email,
        "address": str(person.address),
        "born": person.born.isoformat(),
        "number": person.customer_number,
        "reference": person.reference,
        "contact": row.contact,
        "remark": row.remark,
    }


def plant_logs(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    """Lines of words in the first half, JSON as Python writes it in the second; Hungarian ones are rotated."""
    places = {}
    for container, rows in containers.items():
        country, half = container.split("-")
        write = _worded_line if half == "0" else _json_line
        text = "".join(f"{write(number, row)}\n" for number, row in enumerate(rows)).encode()
        name = f"desk-{container}.log" if country != "HU" else f"desk-{container}.log.1.gz"
        (folder / name).write_bytes(gzip.compress(text, mtime=0) if name.endswith(".gz") else text)
        places[container] = name
    return places


def _worded_line(number: int, row: Row) -> str:
    level = "INFO" if number % 7 else "WARNING"
    person = row.person
    return (
        f"{_time(number)} {level} desk.notes ticket={row.ticket} customer={person.customer_number}"
        f' from={person.mobile} contact="{row.contact}" remark="{row.remark}"'
    )


def _json_line(number: int, row: Row) -> str:
    return json.dumps({"timestamp": _time(number), "level": "info", "event": "noted", **record(row)})


def _time(number: int) -> str:
    seconds = number * 37 % 86_400
    return f"2026-02-{number % 27 + 1:02d}T{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}Z"


def plant_csv(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    """With semicolons and as older programs encode in the first half; with commas and in Unicode in the second."""
    places = {}
    for container, rows in containers.items():
        country, half = container.split("-")
        encoding, delimiter = (LEGACY[country], ";") if half == "0" else ("utf-8-sig", ",")
        (folder / f"export-{container}.csv").write_bytes(as_csv(rows, delimiter=delimiter).encode(encoding))
        places[container] = f"export-{container}.csv"
    return places


def as_csv(rows: Iterable[Row], *, delimiter: str = ",") -> str:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(record(row) for row in rows)
    return out.getvalue()


def plant_dumps(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    """A snapshot with a dump as `pg_dump` writes it in the first half, a file of INSERTs in the second."""
    places = {}
    for container, rows in containers.items():
        if container.endswith("0"):
            name = f"snapshot-{container}.tar.gz"
            _snapshot(folder / name, rows)
        else:
            name = f"dump-{container}.sql"
            (folder / name).write_text(_inserts(rows), encoding="utf-8", newline="\n")
        places[container] = name
    return places


def _snapshot(path: Path, rows: Sequence[Row]) -> None:
    middle = len(rows) // 2
    members = {"var/backup/crm.sql": _copies(rows[:middle])}
    for number in range(middle, len(rows), 25):
        members[f"var/notes/{number:05d}.txt"] = as_notes(rows[number : number + 25])
    with (
        path.open("wb") as raw,
        gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as packed,
        tarfile.open(fileobj=packed, mode="w") as archive,
    ):
        for name, text in members.items():
            content = text.encode()
            member = tarfile.TarInfo(name)
            member.size, member.mtime = len(content), _MOMENT
            archive.addfile(member, io.BytesIO(content))


def _copies(rows: Iterable[Row]) -> str:
    lines = ["\t".join(_copied(value) for value in record(row).values()) for row in rows]
    head = f"SET client_encoding = 'UTF8';\n\nCOPY public.ticket ({', '.join(COLUMNS)}) FROM stdin;"
    return "\n".join([head, *lines, "\\.", ""])


def _copied(value: str) -> str:
    for letter, escaped in (("\\", "\\\\"), ("\t", "\\t"), ("\n", "\\n")):
        value = value.replace(letter, escaped)
    return value or "\\N"


def _inserts(rows: Iterable[Row]) -> str:
    def line(row: Row) -> str:
        values = ", ".join("'" + value.replace("'", "''") + "'" for value in record(row).values())
        return f"INSERT INTO ticket VALUES ({values});\n"

    return "SET NAMES utf8;\n" + "".join(map(line, rows))


def as_notes(rows: Iterable[Row]) -> str:
    return "".join(f"[{row.ticket}] {row.person.name}: {row.remark} {row.contact}\n\n" for row in rows)


def plant_zips(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    """A hand-over: archives of a month in an archive of the year."""
    places = {}
    for container, rows in containers.items():
        name = f"handover-{container}.zip"
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as outer:
            for month in range(3):
                outer.writestr(zipfile.ZipInfo(f"2025/{month + 1:02d}.zip"), _month(rows[month::3]))
        places[container] = name
    return places


def _month(rows: Sequence[Row]) -> bytes:
    """A third each as JSON, as notes and as a table."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as inner:
        for name, text in (
            ("tickets.json", json.dumps([record(row) for row in rows[::3]], indent=1)),
            ("notes.txt", as_notes(rows[1::3])),
            ("tickets.csv", as_csv(rows[2::3])),
        ):
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            inner.writestr(member, text.encode())
    return out.getvalue()
