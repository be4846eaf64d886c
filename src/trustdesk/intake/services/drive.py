"""An import from its first row to its last: reads, cuts into chunks, hands them out, and says how it stands."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace

import psycopg
from django.db import DatabaseError, InterfaceError
from django.utils.translation import gettext as _

from trustdesk.batch.api import SeenSet, check_same_time, open_table
from trustdesk.batch.contracts import ListFile, Row, RowFault, Table
from trustdesk.intake import selectors
from trustdesk.intake.contracts import OPEN_ENDED, Counts, Progress, Refusal, Reject, RunState
from trustdesk.intake.models import Run
from trustdesk.intake.services import files, runs
from trustdesk.intake.services.chunks import Chunk
from trustdesk.intake.services.rows import Cells, Mapper, Plan, Taken
from trustdesk.intake.services.running import HeldError, RunKey, held
from trustdesk.intake.services.workers import StoppedError, Workers
from trustdesk.kernel import clock
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.register import api as register

CHUNK_ROWS = 1_000
_MOST_PROCESSES = 4
_SMALL_BYTES = 1_000_000

Listener = Callable[[Progress], None]


def drive(
    key: RunKey,
    path: ListFile,
    *,
    processes: int | None = None,
    chunk_rows: int = CHUNK_ROWS,
    listener: Listener | None = None,
) -> Progress:
    """Run the import until it has finished or can't go on; the error that stopped it is recorded and raised.

    HeldError, and nothing recorded, where another process runs it. One that has finished or was cancelled is not
    run again; CancelledError where that happens meanwhile.
    """
    processes = processes or _worth(path)
    with held(key.run_id) as lock:
        context = key.context(clock.now())
        run = runs.find(context, key.run_id)
        if run.state in {RunState.FINISHED, RunState.CANCELLED}:
            return selectors.progress(context, key.run_id)
        try:
            counts = _Drive(key, run, path, chunk_rows, listener).through(Workers(lock, processes=processes))
        except HeldError:
            raise  # the database came back and another process was quicker: how it stands is that one's to say
        except TrustdeskError as error:
            _stopped(key, run, error)
            raise
        context = key.context(clock.now())
        runs.finish(context, run, counts=counts, now=clock.now())
        if run.uploaded and not run.dry_run:
            files.forget(context, run.uploaded, now=clock.now())
        return selectors.progress(context, key.run_id)


def _worth(path: ListFile) -> int:
    """How many processes a list is worth: to start one takes as long as to import some thousand rows."""
    with suppress(OSError):  # a file that is not there is said so when it is read
        if path.stat().st_size >= _SMALL_BYTES:
            return max(1, min(os.cpu_count() or 1, _MOST_PROCESSES))
    return 1


def _stopped(key: RunKey, run: Run, error: TrustdeskError) -> None:
    # With the database gone there is nowhere to record it: the import is then seen to be interrupted.
    with suppress(DatabaseError, InterfaceError, psycopg.Error, TrustdeskError):
        now = clock.now()
        reason = str(getattr(error, "reason", error.code))
        runs.stop(key.context(now), run, reason=reason, place=error.place, now=now)


@dataclass(slots=True)
class _Drive:
    key: RunKey
    run: Run
    path: ListFile
    chunk_rows: int
    listener: Listener | None
    done: set[int] = field(default_factory=set)

    def through(self, workers: Workers) -> Counts:
        now = clock.now()
        context = self.key.context(now)
        runs.check_file(self.run, self.path)
        runs.start(context, self.run, now=now)
        self.done = selectors.done_chunks(context, self.key.run_id)
        told = selectors.progress(context, self.key.run_id)
        mapping = selectors.saved_mapping(context, self.run.mapping_id).mapping
        with open_table(self.path, mapping.reading) as table, SeenSet(files.folder("work")) as seen:
            mapper = Mapper(
                Plan(
                    mapping=mapping,
                    catalog=tuple(register.catalog(context)),
                    acquired_date=register.source(context, self.key.source_id).acquired_date,
                    now=now,
                )
            )
            mapper.check_columns(table.columns, open_ended=self.run.file_kind == OPEN_ENDED)
            for outcome in workers.deal_with(self._chunks(table, mapper, seen)):
                told = self._tell(told, outcome.counts, table.fraction())
                self.done.add(outcome.number)
        self._check_kept()
        runs.check_file(self.run, self.path)
        return told.counts

    def _check_kept(self) -> None:
        """What the database confirmed it must still have, also after it was restarted under us."""
        if selectors.done_chunks(self.key.context(clock.now()), self.key.run_id) != self.done:
            raise StoppedError(
                _("The database lost chunks that it had confirmed."),
                place="database",
                mend=_("Start the import again: it takes the lost chunks. See that synchronous_commit is on."),
            )

    def _tell(self, told: Progress, counts: Counts, fraction: float) -> Progress:
        before, more = asdict(told.counts), asdict(counts)
        told = replace(
            told,
            counts=Counts(**{name: before[name] + more[name] for name in before}),
            fraction=max(told.fraction, fraction),
            updated_at=clock.now(),
        )
        if self.listener is not None:
            self.listener(told)
        return told

    def _chunks(self, table: Table, mapper: Mapper, seen: SeenSet) -> Iterator[Chunk]:
        for number, rows in enumerate(_cut(table.rows(), self.chunk_rows)):
            cells, rejects = _cells(rows, mapper)
            taken, refused = _read(cells, mapper)
            doubled = _doubled(taken, seen)
            if number in self.done:
                continue
            check_same_time(self.path, runs.file_mark(self.run))
            unique = {row.number for row in taken}.difference(reject.row for reject in doubled)
            yield Chunk(
                key=self.key,
                number=number,
                fraction=table.fraction(),
                plan=mapper.plan,
                rows=[row for row in cells if row[0] in unique],
                rejects=[*rejects, *refused, *doubled],
                counts=Counts(
                    rows=len(rows),
                    duplicate_in_file=len(doubled),
                    rejected=len(rejects) + len(refused),
                    stale=sum(row.stale for row in taken),
                    age_unknown=sum(row.age_unknown for row in taken),
                ),
            )


def _cut(rows: Iterator[Row | RowFault], size: int) -> Iterator[list[Row | RowFault]]:
    """Chunks by rows of the file, good or bad: where one begins does not depend on what is in it."""
    chunk: list[Row | RowFault] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _cells(rows: Sequence[Row | RowFault], mapper: Mapper) -> tuple[list[tuple[int, Cells]], list[Reject]]:
    found: list[tuple[int, Cells]] = []
    rejects: list[Reject] = []
    for row in rows:
        if isinstance(row, RowFault):
            rejects.append(Reject(row.number, mapper.named(row.column), row.reason))
            continue
        cells = mapper.cells(row)
        if isinstance(cells, Reject):
            rejects.append(cells)
        else:
            found.append((row.number, cells))
    return found, rejects


def _read(rows: Sequence[tuple[int, Cells]], mapper: Mapper) -> tuple[list[Taken], list[Reject]]:
    read = [mapper.read(number, cells) for number, cells in rows]
    return [row for row in read if isinstance(row, Taken)], [row for row in read if isinstance(row, Reject)]


def _doubled(taken: Sequence[Taken], seen: SeenSet) -> list[Reject]:
    """The rows whose person stood in the list before, with the row where that was."""
    firsts = seen.first_numbers([(row.number, [row.fingerprint, *row.keys]) for row in taken])
    return [
        Reject(row.number, "", Refusal.DUPLICATE_IN_FILE, f"row {first}")
        for row, first in zip(taken, firsts, strict=True)
        if first != row.number
    ]
