"""A database, through SQLAlchemy Core: only tables and columns that are declared, all values as parameters.

What may be the person's is narrowed down in SQL and decided row by row in Python, so that every kind of system decides
alike. An erasure is one transaction: all tables or none.
"""

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import ModuleType, TracebackType
from typing import Any, Self

import psycopg
import pymysql
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, NoSuchTableError, SQLAlchemyError

from trustdesk.outside.contracts import EMAIL, NAME, PHONE, Correction, Count, Fault, Person, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds import mariadb, postgresql
from trustdesk.outside.kinds.connector import SAMPLES, Show, Take, Tally, sample
from trustdesk.outside.matching import Whose, phone_notations
from trustdesk.outside.rows import Deed
from trustdesk.outside.setups import SqlSetup, Table

_BETWEEN_DIGITS = (" ", "-", "(", ")", "/", ".", "+", "\u00a0")
_CHUNK = 500
_REACHED: Mapping[str, ModuleType] = {"postgresql": postgresql, "mariadb": mariadb}


@dataclass(frozen=True, slots=True)
class _Shape:
    """A declared table as it really is: what tells its rows apart, and which columns can hold nothing."""

    table: sa.TableClause
    key: tuple[str, ...]
    nullable: frozenset[str]


class SqlConnector:
    """One connection, in transactions of its own."""

    def __init__(self, setup: SqlSetup, secret: str) -> None:
        self._setup = setup
        self._reached = _REACHED[setup.dialect]
        self._engine = sa.create_engine(
            self._reached.URL, creator=partial(self._reached.connect, setup, secret), poolclass=sa.pool.NullPool
        )
        self._connection: sa.Connection | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._connection is not None:
            with contextlib.suppress(SQLAlchemyError):
                self._connection.close()
        self._engine.dispose()

    def check(self) -> None:
        """See `Connector`."""
        with self._transaction():
            for table in self._setup.tables:
                self._shape(table)

    def find(self, person: Person, show: Show) -> Sequence[Count]:
        """See `Connector`."""
        counts = []
        with self._transaction():
            for table in self._setup.tables:
                tally = Tally(table.name)
                for _key, row, whose in self._rows(table, self._shape(table), Deed(table, person), person):
                    if tally.found + tally.doubtful < SAMPLES:
                        show(sample(table.name, row, doubtful=whose is Whose.DOUBTFUL))
                    tally.add(whose)
                counts.append(tally.count())
        return counts

    def export(self, person: Person, take: Take) -> Sequence[Count]:
        """See `Connector`."""
        counts = []
        with self._transaction():
            for table in self._setup.tables:
                tally = Tally(table.name)
                for _key, row, whose in self._rows(table, self._shape(table), Deed(table, person), person):
                    tally.add(whose)
                    if whose is Whose.THEIRS:
                        # What names somebody else is that person's; it does not go along.
                        shown = {name: text for name, text in row.items() if text and name not in table.others}
                        take(Record(place=table.name, fields=shown, own=table.holding))
                        tally.changed += 1
                counts.append(tally.count())
        return counts

    def rectify(self, person: Person, corrections: Sequence[Correction]) -> Sequence[Count]:
        """See `Connector`."""
        return self._change(person, corrections)

    def erase(self, person: Person) -> Sequence[Count]:
        """See `Connector`."""
        return self._change(person, None)

    def _change(self, person: Person, corrections: Sequence[Correction] | None) -> Sequence[Count]:
        """Correct, or erase where nothing is to be corrected, in one transaction."""
        counts = []
        with self._transaction():
            for table in self._setup.tables:
                shape, deed, tally = self._shape(table), Deed(table, person), Tally(table.name)
                theirs = []
                for key, row, whose in self._rows(table, shape, deed, person, locked=True):
                    tally.add(whose)
                    if whose is Whose.THEIRS:
                        theirs.append((key, row))
                for key, row in theirs:
                    tally.changed += self._act(shape, deed, key, row, corrections)
                counts.append(tally.count())
        return counts

    def _act(
        self,
        shape: _Shape,
        deed: Deed,
        key: Sequence[Any],
        row: dict[str, str | None],
        corrections: Sequence[Correction] | None,
    ) -> int:
        """The statement for one row; how many rows it changed."""
        statement: sa.Update | sa.Delete
        if corrections is None and deed.deletes(row):
            statement = sa.delete(shape.table)
        else:
            changes = self._emptied(shape, deed.table) if corrections is None else deed.corrected(row, corrections)
            if not changes:
                return 0
            statement = sa.update(shape.table).values(changes)
        for name, value in zip(shape.key, key, strict=True):
            statement = statement.where(shape.table.c[name].is_not_distinct_from(value))
        with self._faults(deed.table.name):
            return max(self._open().execute(statement).rowcount, 0)

    def _emptied(self, shape: _Shape, table: Table) -> dict[str, str | None]:
        nothing = table.replacement or None
        return {name: nothing if nothing or name in shape.nullable else "" for name in table.cleared}

    def _rows(
        self, table: Table, shape: _Shape, deed: Deed, person: Person, *, locked: bool = False
    ) -> Iterator[tuple[Sequence[Any], dict[str, str | None], Whose]]:
        """Those that are the person's or may be: the values of the key, the declared columns as text, whose it is."""
        asked = _asked(table, shape.table, person)
        if asked is None:
            return
        keys = [shape.table.c[name] for name in shape.key]
        texts = [sa.cast(shape.table.c[name], sa.Text) for name in table.columns]
        query = sa.select(*keys, *texts).where(asked)
        if locked:
            query = query.with_for_update()
        with self._faults(table.name):
            found = self._open().execute(query.execution_options(yield_per=_CHUNK))
            for values in found:
                row = dict(zip(table.columns, values[len(keys) :], strict=True))
                whose = deed.whose(row)
                if whose is not Whose.ANOTHERS:
                    yield tuple(values[: len(keys)]), row, whose

    def _shape(self, table: Table) -> _Shape:
        schema, _dot, name = table.name.rpartition(".")
        with self._faults(table.name):
            inspector = sa.inspect(self._open())
            try:
                held = {column["name"]: column for column in inspector.get_columns(name, schema=schema or None)}
            except NoSuchTableError:
                raise OutsideError(Fault.SCHEMA, where=table.name) from None
            key = inspector.get_pk_constraint(name, schema=schema or None)["constrained_columns"]
        for column in table.columns:
            if column not in held:
                raise OutsideError(Fault.SCHEMA, where=f"{table.name}.{column}")
        # Rows of a table without a key that are alike in all that is declared are alike for us: changed together.
        telling = tuple(key) or table.columns
        clause = sa.table(
            name,
            *(sa.column(one, held[one]["type"]) for one in dict.fromkeys([*telling, *table.columns])),
            schema=schema or None,
        )
        return _Shape(clause, telling, frozenset(one for one in table.columns if held[one]["nullable"]))

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._faults(""):
            connection = self._open()
            with connection.begin():
                yield

    def _open(self) -> sa.Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
        return self._connection

    @contextlib.contextmanager
    def _faults(self, where: str) -> Iterator[None]:
        """The database's words name values; ours name the declared place."""
        try:
            yield
        except OutsideError:
            raise
        except DBAPIError as fault:
            raise OutsideError(self._reached.told(fault.orig), where=where) from None
        except (psycopg.Error, pymysql.Error) as fault:
            raise OutsideError(self._reached.told(fault), where=where) from None
        except SQLAlchemyError:
            raise OutsideError(Fault.UNREADABLE, where=where) from None


def _asked(table: Table, clause: sa.TableClause, person: Person) -> sa.ColumnElement[bool] | None:
    """What a row has to hold to be looked at; None where nothing of the person is known that this table has."""
    parts: list[sa.ColumnElement[bool]] = []
    for name, key in table.identified.items():
        values = [*person.known.get(key, ()), *person.former.get(key, ())]
        if key == NAME or not values:
            continue
        text = sa.cast(clause.c[name], sa.Text)
        if key == PHONE:
            bare: sa.ColumnElement[str] = text
            for letter in _BETWEEN_DIGITS:
                bare = sa.func.replace(bare, letter, "")
            notations = sorted({written for value in values for written in phone_notations(value)})
            parts.append(bare.in_(notations))
        else:
            trimmed = sa.func.trim(text)
            written = {one for value in values for one in (value, value.lower(), value.casefold())}
            parts.append(sa.func.lower(trimmed).in_(sorted(written)))
            # Where the database's own lower() knows ASCII only, as it was written at least.
            parts.append(trimmed.in_(sorted(written | {value.upper() for value in values if key == EMAIL})))
    return sa.or_(*parts) if parts else None
