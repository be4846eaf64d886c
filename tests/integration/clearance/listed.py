"""The list of ECG § 7(2), as RTR hands it out: digests of addresses and of their domains."""

import hashlib
from pathlib import Path

from tests.clearing import declare
from tests.companies import NOW, Company

from trustdesk.clearance.api import declare_outside_list, load_outside_list, packs
from trustdesk.clearance.contracts import ListFormat, NewOutsideList, PointKind
from trustdesk.decision.contracts import Channel, OutsideListRule


def ecg() -> OutsideListRule:
    return next(rule for rule in packs().by_jurisdiction["AT"].outside_lists if Channel.EMAIL in rule.channels)


def digests(folder: Path, *entries: str) -> Path:
    path = folder / "ecg-liste.hash"
    sums = [hashlib.sha1(entry.encode(), usedforsecurity=False).digest() for entry in entries]
    path.write_bytes(b"".join(sorted(sums)))
    return path


def declare_ecg(company: Company) -> str:
    """Its code."""
    declare(company)
    code = ecg().id
    outside = NewOutsideList(
        code=code,
        name="ECG-Liste",
        country="AT",
        kind=PointKind.EMAIL,
        format=ListFormat.ECG_HASH,
    )
    declare_outside_list(company.context(), outside=outside, now=NOW)
    return code


def ecg_list(company: Company, folder: Path) -> None:
    """Declared and loaded, with somebody on it whom nobody asks about."""
    code = declare_ecg(company)
    load_outside_list(
        company.context(),
        code=code,
        path=digests(folder, "listed@example.at"),
        refreshed_at=NOW,
        now=NOW,
    )
