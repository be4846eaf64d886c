"""CSV files on an SFTP server, rewritten record by record with flat memory and replaced in one step."""

from collections.abc import Sequence
from types import TracebackType
from typing import Self

from trustdesk.outside.contracts import Correction, Count, Person, Record
from trustdesk.outside.kinds.connector import SAMPLES, Show, Take, Tally, sample
from trustdesk.outside.kinds.records import Records
from trustdesk.outside.kinds.sftp import Sftp
from trustdesk.outside.matching import Whose
from trustdesk.outside.rows import Deed
from trustdesk.outside.setups import CsvSetup, Table


class CsvConnector:
    """Each file is read whole; one that holds nothing of the person is not written."""

    def __init__(self, setup: CsvSetup, secret: str) -> None:
        self._setup = setup
        self._sftp = Sftp(setup, secret)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sftp.__exit__(kind, fault, trace)

    def check(self) -> None:
        """See `Connector`."""
        for table in self._setup.tables:
            with self._sftp.reading(table.name) as text:
                Records(text, self._setup, table)

    def find(self, person: Person, show: Show) -> Sequence[Count]:
        """See `Connector`."""
        return [self._looked(table, Deed(table, person), show).count() for table in self._setup.tables]

    def export(self, person: Person, take: Take) -> Sequence[Count]:
        """See `Connector`."""
        return [self._handed(table, Deed(table, person), take) for table in self._setup.tables]

    def rectify(self, person: Person, corrections: Sequence[Correction]) -> Sequence[Count]:
        """See `Connector`."""
        return [self._rewritten(table, Deed(table, person), corrections) for table in self._setup.tables]

    def erase(self, person: Person) -> Sequence[Count]:
        """See `Connector`."""
        counts = []
        for table in self._setup.tables:
            self._sftp.clear_drafts(table.name)
            counts.append(self._rewritten(table, Deed(table, person), None))
        return counts

    def _looked(self, table: Table, deed: Deed, show: Show) -> Tally:
        tally = Tally(table.name)
        with self._sftp.reading(table.name) as text:
            for _line, row in Records(text, self._setup, table):
                whose = deed.whose(row)
                if whose is Whose.ANOTHERS:
                    continue
                if tally.found + tally.doubtful < SAMPLES:
                    show(sample(table.name, row, doubtful=whose is Whose.DOUBTFUL))
                tally.add(whose)
        return tally

    def _handed(self, table: Table, deed: Deed, take: Take) -> Count:
        tally = Tally(table.name)
        with self._sftp.reading(table.name) as text:
            for _line, row in Records(text, self._setup, table):
                whose = deed.whose(row)
                tally.add(whose)
                if whose is Whose.THEIRS:
                    shown = {name: value for name, value in row.items() if value and name not in table.others}
                    take(Record(place=table.name, fields=shown, own=table.holding))
                    tally.changed += 1
        return tally.count()

    def _rewritten(self, table: Table, deed: Deed, corrections: Sequence[Correction] | None) -> Count:
        """Correct, or erase where nothing is to be corrected. A file is not written for nothing."""
        looked = self._looked(table, deed, lambda _sample: None)
        if not looked.found:
            return looked.count()
        tally = Tally(table.name)
        with self._sftp.reading(table.name) as text, self._sftp.replacing(table.name) as out:
            records = Records(text, self._setup, table)
            out.write(records.header.raw)
            for line, row in records:
                whose = deed.whose(row)
                tally.add(whose)
                if whose is not Whose.THEIRS:
                    out.write(line.raw)
                    continue
                if corrections is None and deed.deletes(row):
                    tally.changed += 1
                    continue
                changes = _emptied(table) if corrections is None else deed.corrected(row, corrections)
                tally.changed += bool(changes)
                out.write(records.changed(line, changes) if changes else line.raw)
        return tally.count()


def _emptied(table: Table) -> dict[str, str]:
    return dict.fromkeys(table.cleared, table.replacement)
