"""Putting readied customers into the tables: sealed, findable, in as many statements as there are tables."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.register import wire
from trustdesk.register.candidates import Readied, ReadValue
from trustdesk.register.clock14 import month_after
from trustdesk.register.contracts import Source, SourceKind
from trustdesk.register.findable import tokens_of
from trustdesk.register.headline import compose
from trustdesk.register.places import HEADLINE, SERVICE, value_place
from trustdesk.register.services.groups import keep_groups
from trustdesk.register.services.tokens import insert_tokens
from trustdesk.register.watching import Text, points_of, tell, tell_known
from trustdesk.vault.api import Sealer, Tokeniser

_LIST_SEPARATOR = "\x1f"

_CUSTOMERS = """
INSERT INTO register_customer (controller_id, id, kind, headline, language, employer_id, customer_since, last_sale_date,
  product_groups, source_id, collected_at, notice_kind, notice_version, notice_given_at, art14_due_at, country,
  token_edition, created_at, created_by, updated_at)
SELECT %s, id, kind, headline, coalesce(language, ''), employer_id, customer_since, last_sale_date,
  coalesce(string_to_array(product_groups, E'\\x1f'), '{}'), %s, coalesce(collected_at, %s), notice_kind,
  notice_version, notice_given_at, art14_due_at, coalesce(country, ''), %s, %s, %s, %s
FROM unnest(%s, %s, %s, %s, %s::bigint[], %s::date[], %s::date[], %s, %s::timestamptz[], %s, %s, %s::timestamptz[],
  %s::timestamptz[], %s) AS fresh (id, kind, headline, language, employer_id, customer_since, last_sale_date,
  product_groups, collected_at, notice_kind, notice_version, notice_given_at, art14_due_at, country)
"""

_VALUES = """
INSERT INTO register_value (controller_id, customer_id, id, attribute_id, sealed, open_text, label, shared_line,
  source_id, recorded_at, recorded_by, confirmed_at, confirmed_by, rectified)
SELECT %s, customer_id, id, attribute_id, sealed, open_text, coalesce(label, ''), coalesce(shared, 0) <> 0, %s, %s, %s,
  confirmed_at, confirmed_by, false
FROM unnest(%s, %s, %s, %s, %s, %s, %s, %s::timestamptz[], %s) AS fresh (customer_id, id, attribute_id, sealed,
  open_text, label, shared, confirmed_at, confirmed_by)
"""


@dataclass(slots=True)
class _Columns:
    """The rows of a chunk turned on their side."""

    ids: list[int] = field(default_factory=list)
    headlines: list[bytes | None] = field(default_factory=list)
    values: list[tuple[int, int, ReadValue, bytes | None]] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    token_owners: list[int] = field(default_factory=list)


def insert(context: AccessContext, rows: Sequence[Readied], *, source: Source, now: datetime) -> list[int]:
    """The new customers' ids, in the order of the rows. Call inside `scoped`; writes no journal entry."""
    tokeniser = Tokeniser(context)
    columns = _Columns(ids=[new_id() for _row in rows])
    with Sealer(context) as sealer:
        sealer.prepare(columns.ids)
        for customer_id, row in zip(columns.ids, rows, strict=True):
            line = compose(row.row.kind, row.first_texts(), language=row.row.language, country=row.country)
            columns.headlines.append(sealer.seal(customer_id, SERVICE, HEADLINE, line))
            for value in row.values:
                columns.values.append(_value(sealer, customer_id, value))
            kinds = ((value.attribute.kind, value.text) for value in row.values)
            tokens = tokens_of(tokeniser, kinds, country=row.country)
            columns.tokens += tokens
            columns.token_owners += [customer_id] * len(tokens)
    _insert_customers(context, columns, rows, source, now, edition=tokeniser.edition)
    keep_groups(context, (group for row in rows for group in row.row.relationship.product_groups))
    _insert_values(context, columns, source, now)
    insert_tokens(context, columns.tokens, columns.token_owners)
    tell(context, points_of((customer, number, value) for customer, number, value, _box in columns.values))
    tell_known(context, ((each, row.country, _texts(row)) for each, row in zip(columns.ids, rows, strict=True)))
    return columns.ids


def _texts(row: Readied) -> Iterator[Text]:
    for value in row.values:
        yield value.attribute.code, value.attribute.kind, value.text, value.given.shared_line


def art14_due_at(source: Source, *, noticed: bool, collected_at: datetime) -> datetime | None:
    """When the Art. 14 information is due; None where Art. 13 applies or it was given."""
    if source.kind is SourceKind.DIRECT or noticed:
        return None
    return month_after(collected_at)


def _value(sealer: Sealer, customer_id: int, value: ReadValue) -> tuple[int, int, ReadValue, bytes | None]:
    value_id = new_id()
    box = None
    if value.attribute.sealed:
        box = sealer.seal(customer_id, value.attribute.retention_class, value_place(value_id), value.text)
    return customer_id, value_id, value, box


def _insert_customers(
    context: AccessContext,
    columns: _Columns,
    rows: Sequence[Readied],
    source: Source,
    now: datetime,
    *,
    edition: int,
) -> None:
    given = [row.row for row in rows]
    wire.run(
        _CUSTOMERS,
        context.controller_id,
        source.source_id,
        now,
        edition,
        now,
        context.operator_id,
        now,
        wire.Int8Column(columns.ids),
        wire.TextColumn(row.kind.value for row in given),
        wire.ByteaColumn(columns.headlines),
        wire.TextColumn(row.language or None for row in given),
        _sparse([row.employer_id for row in given]),
        _sparse([row.relationship.customer_since for row in given]),
        _sparse([row.relationship.last_sale_date for row in given]),
        wire.TextColumn(_LIST_SEPARATOR.join(row.relationship.product_groups) or None for row in given),
        _sparse([row.collected_at for row in given]),
        wire.TextColumn(row.notice.kind.value if row.notice else None for row in given),
        wire.TextColumn(row.notice.version if row.notice else None for row in given),
        _sparse([row.notice.given_at if row.notice else None for row in given]),
        _sparse(
            [
                art14_due_at(source, noticed=row.notice is not None, collected_at=row.collected_at or now)
                for row in given
            ]
        ),
        wire.TextColumn(row.home or None for row in rows),
    )


def _insert_values(context: AccessContext, columns: _Columns, source: Source, now: datetime) -> None:
    rows = columns.values
    shared = [int(value.given.shared_line) for _customer, _id, value, _box in rows]
    confirmed_by = (value.given.confirmed_by for _customer, _id, value, _box in rows)
    wire.run(
        _VALUES,
        context.controller_id,
        source.source_id,
        now,
        context.operator_id,
        wire.Int8Column([customer for customer, _id, _value, _box in rows]),
        wire.Int8Column([identifier for _customer, identifier, _value, _box in rows]),
        wire.Int8Column([value.attribute.attribute_id for _customer, _id, value, _box in rows]),
        wire.ByteaColumn([box for _customer, _id, _value, box in rows]),
        wire.TextColumn(None if value.attribute.sealed else value.text for _customer, _id, value, _box in rows),
        wire.TextColumn(value.given.label or None for _customer, _id, value, _box in rows),
        wire.Int8Column(shared if any(shared) else ()),
        _sparse([value.given.confirmed_at for _customer, _id, value, _box in rows]),
        wire.TextColumn(by.value if by else None for by in confirmed_by),
    )


def _sparse(items: Iterable[int | date | datetime | None]) -> list[int | date | datetime | None]:
    """Empty where nothing is set: `unnest` fills up with NULL."""
    held = list(items)
    return held if any(item is not None for item in held) else []
