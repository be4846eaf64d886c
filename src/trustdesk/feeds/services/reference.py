"""The post's own files as a table to look things up in: loaded whole, by whoever runs the installation."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

from django.db import connection, transaction
from django.utils.translation import gettext as _

from trustdesk.audit.api import installation_deed
from trustdesk.batch.contracts import ListFile
from trustdesk.feeds.contracts import LoadedReference
from trustdesk.feeds.readers.posti import Postcode, ReferenceRow, StreetRange, read_posti
from trustdesk.feeds.readers.values import Fault, FaultCode
from trustdesk.kernel.errors import BadInputError
from trustdesk.matching.api import address

COUNTRY = "FI"
_MOST_FAULTS = 0.01  # of a file's records; more is another file than its name says
_ROWS = {
    "feeds_postcode": ("country", "postcode", "town_fi", "town_sv", "kind", "municipality", "valid_from", "edition"),
    "feeds_street": ("country", "key", "postcode", "side", "lowest", "highest", "edition"),
}


def load_reference(*, file: ListFile, by: int | None, now: datetime) -> LoadedReference:
    """Exchange the postcodes, or the streets, for those of a file of Posti (PCF, BAF), as a whole; loading the same
    file again changes nothing.

    UnreadableFileError where it is neither; BadInputError where it is older than what is held, was cut off, or where
    more than one record in a hundred can't be read. Then what is held stays.
    """
    counted = _Counted(read_posti(file))
    first = next(counted.rows(), None)
    if first is None:
        raise BadInputError(_("There is no record in this file that can be read."), place="file")
    table = "feeds_postcode" if isinstance(first, Postcode) else "feeds_street"
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        cursor.execute(f"SELECT max(edition) FROM {table}")  # noqa: S608
        held = cursor.fetchone()[0]
        if held is not None and first.edition < held:
            raise BadInputError(
                _("This file is older than what is held: {day}.").format(day=held.isoformat()), place="run date"
            )
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        columns = _ROWS[table]
        written = 0
        with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for values in _once(chain((first,), counted.rows())):
                copy.write_row(values)
                written += 1
        counted.check()
        what = "postcodes" if table == "feeds_postcode" else "streets"
        loaded = LoadedReference(what=what, edition=first.edition, rows=written, faults=counted.faults)
        installation_deed(
            by,
            "feeds.reference.loaded",
            {"what": what, "edition": loaded.edition.isoformat(), "rows": written, "at": now.isoformat()},
        )
    return loaded


class _Counted:
    """The rows of a file, while its faults are counted."""

    def __init__(self, found: Iterable[ReferenceRow | Fault]) -> None:
        self._found = iter(found)
        self._read = 0
        self._cut = False
        self.faults = 0

    def rows(self) -> Iterator[ReferenceRow]:
        for row in self._found:
            self._read += 1
            if isinstance(row, Fault):
                self.faults += 1
                self._cut = self._cut or row.code == FaultCode.TRUNCATED
            else:
                yield row

    def check(self) -> None:
        if self._cut:
            raise BadInputError(_("The file was cut off: its last record is not whole."), place=f"row {self._read}")
        if self.faults > self._read * _MOST_FAULTS:
            raise BadInputError(
                _("{faults} of {records} records can't be read.").format(faults=self.faults, records=self._read),
                place="file",
                mend=_("Take the file as the post gives it: fixed widths, ISO 8859-1."),
            )


def _once(rows: Iterable[ReferenceRow]) -> Iterator[tuple[object, ...]]:
    """The columns of each row. A postcode stands once; a street once in each of its languages."""
    seen: set[str] = set()
    for row in rows:
        if isinstance(row, StreetRange):
            for key in dict.fromkeys(_key(name) for name in (row.street_fi, row.street_sv) if name):
                yield (COUNTRY, key, row.postcode, row.side, row.lowest, row.highest, row.edition)
        elif row.postcode not in seen:
            seen.add(row.postcode)
            yield (
                *(COUNTRY, row.postcode, row.town_fi, row.town_sv),
                *(row.kind, row.municipality, row.valid_from, row.edition),
            )


def _key(name: str) -> str:
    """The street as it is read out of an address."""
    return address(f"{name} 1", country=COUNTRY).street
