"""Lists kept by others, as the invented companies have them: one loaded last week, one that is too old to be asked."""

import csv
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from django.conf import settings

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewOutsideList, PointKind
from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import NewCustomer

_EVERY, _MOST = 9, 40
"""Every ninth customer of the list's country stands on it."""


@dataclass(frozen=True, slots=True)
class _List:
    about: NewOutsideList
    days: int  # how old it is


def _list(code: str, name: str, country: str, kind: PointKind, days: int) -> _List:
    return _List(NewOutsideList(code=code, name=name, country=country, kind=kind), days)


_LISTS: Mapping[str, Sequence[_List]] = {
    "FI": (
        _list("FI-PUHELIN-ROBINSON", "Puhelin-Robinson", "FI", PointKind.PHONE, 6),
        _list("FI-POSTI-ROBINSON", "Posti-Robinson", "FI", PointKind.ADDRESS, 64),
    ),
    "HU": (
        _list("no-calls-2025", "Callers of 2025 who wanted no offers", "HU", PointKind.PHONE, 6),
        _list("PL-LISTA-ROBINSONOW", "Lista Robinsonów", "PL", PointKind.EMAIL, 64),
    ),
}


def load_lists(context: AccessContext, company: str, rows: Sequence[NewCustomer], *, now: datetime) -> None:
    """Declare the lists of the company in this country and load them, with some of its customers on each."""
    with tempfile.TemporaryDirectory(prefix="demo-", dir=settings.TRUSTDESK_HOME.data) as folder:
        for held in _LISTS[company]:
            about = held.about
            clearance.declare_outside_list(context, outside=about, now=now)
            path = Path(folder) / f"{about.code}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([["entry"], *([text] for text in _texts(about, rows))])
            clearance.load_outside_list(
                context, code=about.code, path=path, refreshed_at=now - timedelta(days=held.days), now=now
            )


def _texts(about: NewOutsideList, rows: Sequence[NewCustomer]) -> list[str]:
    theirs = (
        value.text
        for row in rows
        if row.country == about.country
        for value in row.values
        if value.attribute == about.kind.value
    )
    return list(islice(theirs, 0, _EVERY * _MOST, _EVERY))
