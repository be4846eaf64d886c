"""Tables in files: Parquet, Arrow and Feather, by pyarrow; a few thousand rows at a time."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from trustdesk.scan.contracts import MIB, Piece
from trustdesk.scan.readers.budget import Budget, Source, broken
from trustdesk.scan.readers.members import Parts
from trustdesk.scan.readers.text import narrow, one_line, pieces

AT_ONCE = 2_000
"""Rows that are held in memory."""
_DAMAGED = (pa.ArrowException, OSError, ValueError, OverflowError)


def read_parquet(budget: Budget, source: Source) -> Parts:
    """What is said of the columns, then the rows."""
    with broken(*_DAMAGED):
        # Without pre-buffering a page is read when its rows are asked for, not its whole group.
        file = parquet.ParquetFile(budget.whole(source), pre_buffer=False, buffer_size=MIB)
        yield _said(source.place, file.schema_arrow)
        batches = file.iter_batches(batch_size=AT_ONCE, use_threads=False)
        yield from written(budget, source.place, map(_rows, batches))


def read_arrow(budget: Budget, source: Source) -> Parts:
    """A file of Arrow's inter-process format, which Feather is too."""
    with broken(*_DAMAGED):
        file = pa.ipc.open_file(budget.whole(source))
        yield _said(source.place, file.schema)
        batches = (file.get_batch(number) for number in range(file.num_record_batches))
        parts = (batch.slice(start, AT_ONCE) for batch in batches for start in range(0, batch.num_rows, AT_ONCE))
        yield from written(budget, source.place, map(_rows, parts))


def _said(place: str, schema: Any) -> Piece:  # noqa: ANN401  (pyarrow has no types)
    metadata = schema.metadata or {}
    return Piece(place, "\n".join([*schema.names, *(narrow(text) for pair in metadata.items() for text in pair)]))


def _rows(batch: Any) -> Iterator[Sequence[object]]:  # noqa: ANN401
    return zip(*(column.to_pylist() for column in batch.columns), strict=True)


def written(budget: Budget, place: str, batches: Iterable[Iterable[Sequence[object]]]) -> Iterator[Piece]:
    """Rows as lines, cells apart by tabs."""

    def lines() -> Iterator[str]:
        for batch in batches:
            text = "".join("\t".join(map(_cell, row)) + "\n" for row in batch)
            budget.spend(len(text))
            yield text

    return pieces(place, lines(), rows=True)


def _cell(content: object) -> str:
    if content is None:
        return ""
    return one_line(narrow(content) if isinstance(content, bytes) else str(content))
