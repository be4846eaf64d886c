"""The few statements that every look passes through, run on libpq directly.

psycopg's cursor costs more than such a statement itself: composing, adapting and its loop take 90 µs of a desk's time,
this takes 20. Parameters are numbers, texts, bytes, instants and lists of numbers; the statement casts each one.
"""

import itertools
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import psycopg
from psycopg.adapt import Transformer
from psycopg.pq import DiagnosticField, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

_NO_SUCH_STATEMENT = b"26000"  # SQLSTATE invalid_sql_statement_name
_DONE = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})
_numbers = itertools.count()  # names are never used twice: a dropped one may still be there
Parameter = int | str | bytes | datetime | Sequence[int] | None


def run(
    connection: "psycopg.Connection[Any]", statement: str, parameters: Sequence[Parameter]
) -> list[tuple[Any, ...]]:
    """All rows of a statement with `$1`, `$2`, …, results in binary form. Raises psycopg's errors as a cursor would."""
    values, formats = zip(*[_sent(parameter) for parameter in parameters], strict=True)
    result = _result(connection, statement, values, formats)
    if not result.ntuples:
        return []
    readers = _kept(connection, "trustdesk_readers")
    reader = readers.get(statement)
    if reader is None:
        reader = readers[statement] = Transformer(connection)
        reader.set_pgresult(result)
    else:  # its columns are known: looking their types up again would take longer than reading a row
        reader.set_pgresult(result, set_loaders=False)
    rows: list[tuple[Any, ...]] = reader.load_rows(0, result.ntuples, tuple)
    reader.set_pgresult(None, set_loaders=False)  # what was read stays with whoever asked, not here
    return rows


def changed(connection: "psycopg.Connection[Any]", statement: str, values: Sequence[bytes]) -> int:
    """How many rows a statement has written, its values given in PostgreSQL's binary form. Errors as of `run`."""
    return _result(connection, statement, values, [Format.BINARY] * len(values)).command_tuples or 0


def _result(
    connection: "psycopg.Connection[Any]", statement: str, values: Sequence[Any], formats: Sequence[Format]
) -> PGresult:
    pg = connection.pgconn
    if pg.transaction_status == TransactionStatus.IDLE:
        result = pg.exec_prepared(_prepared(connection, statement), values, formats, Format.BINARY)
        if result.status not in _DONE and result.error_field(DiagnosticField.SQLSTATE) == _NO_SUCH_STATEMENT:
            # psycopg drops every prepared statement of a connection after a rollback, ours too. Nothing was run yet.
            _kept(connection, "trustdesk_prepared").clear()
            result = pg.exec_prepared(_prepared(connection, statement), values, formats, Format.BINARY)
    else:  # a statement that had to be prepared anew would abort the transaction: here it is parsed each time
        result = pg.exec_params(statement.encode(), values, None, formats, Format.BINARY)
    check(result)
    return result


def check(result: PGresult) -> None:
    if result.status in _DONE:
        return
    if result.error_field(DiagnosticField.SQLSTATE) is None:
        # No word of the server's: the connection was lost. Said so, callers know that they may try again.
        raise psycopg.OperationalError("the connection to the database was lost")
    raise psycopg.errors.error_from_result(result)


def _kept(connection: "psycopg.Connection[Any]", what: str) -> dict[str, Any]:
    """What is kept of a statement as long as the connection lives."""
    kept: dict[str, Any] | None = getattr(connection, what, None)
    if kept is None:
        kept = {}
        setattr(connection, what, kept)
    return kept


def _prepared(connection: "psycopg.Connection[Any]", statement: str) -> bytes:
    names = _kept(connection, "trustdesk_prepared")
    name: bytes | None = names.get(statement)
    if name is None:
        name = b"trustdesk_%d" % next(_numbers)
        check(connection.pgconn.prepare(name, statement.encode()))
        names[statement] = name
    return name


def _sent(value: Parameter) -> tuple[bytes | None, Format]:
    """Texts go as bytes with their length: a zero byte is refused by the server instead of ending the text."""
    if isinstance(value, str):
        return value.encode(), Format.BINARY
    if isinstance(value, bytes):
        return value, Format.BINARY
    if isinstance(value, int):
        return b"%d" % value, Format.TEXT
    if isinstance(value, datetime):
        return value.isoformat().encode(), Format.TEXT
    if value is None:
        return None, Format.TEXT
    return b"{%s}" % ",".join(map(str, value)).encode(), Format.TEXT
