"""Examinations are kept as files beside the data: they must be readable when the database is not."""

import json
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings

from trustdesk.health.contracts import Examination, Finding, State
from trustdesk.kernel.clock import rfc3339

KEPT_DAYS = 90
LAST_BACKUP = "last-backup"


def folder() -> Path:
    home: Path = settings.TRUSTDESK_HOME.data
    return home / "health"


def write(examination: Examination) -> Path:
    place = folder()
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = place / f"{examination.at.astimezone(UTC):%Y-%m-%d}.json"
    findings = [
        {
            "check": finding.check,
            "state": finding.state,
            "message": finding.message,
            "values": dict(finding.values),
            "mend": finding.mend,
        }
        for finding in examination.findings
    ]
    draft = path.with_suffix(".draft")
    draft.write_text(json.dumps({"at": rfc3339(examination.at), "findings": findings}, indent=1))
    draft.replace(path)
    for old in sorted(place.glob("*.json"))[:-KEPT_DAYS]:
        old.unlink()
    return path


def read(path: Path) -> Examination:
    written = json.loads(path.read_text())
    findings = (
        Finding(one["check"], State(one["state"]), one["message"], one["values"], one["mend"])
        for one in written["findings"]
    )
    return Examination(datetime.fromisoformat(written["at"]), tuple(findings))


def newest(limit: int) -> list[Examination]:
    paths = sorted(folder().glob("*.json"), reverse=True)[:limit]
    return [read(path) for path in paths]


def note_backup(now: datetime) -> None:
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder() / LAST_BACKUP).write_text(rfc3339(now))


def last_backup() -> datetime | None:
    note = folder() / LAST_BACKUP
    return datetime.fromisoformat(note.read_text()) if note.exists() else None
