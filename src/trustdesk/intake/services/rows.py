"""From a row of a list to a customer about to be added, by the mapping alone: nothing is asked of the database."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property

from django.utils.translation import gettext as _

from trustdesk.batch.api import unescape
from trustdesk.batch.contracts import Row
from trustdesk.intake.contracts import CUSTOMER_FIELDS, ColumnMapping, Refusal, Reject, Target, Undeclared
from trustdesk.kernel.errors import BadInputError
from trustdesk.register.contracts import (
    CONTACT_POINTS,
    Attribute,
    ConfirmedBy,
    CustomerKind,
    NewCustomer,
    NewValue,
    Relationship,
    ValueKind,
)

Cells = tuple[str, ...]
"""What a row holds in the columns that the mapping names, in its order: nothing else travels to other processes."""

_NAME, _EMAIL = ValueKind.NAME, ValueKind.EMAIL
_BIRTH_DATE, _EXTERNAL_ID = ValueKind.BIRTH_DATE, ValueKind.EXTERNAL_ID
_DATES = frozenset({ValueKind.DATE, ValueKind.BIRTH_DATE})
_REACHABLE = frozenset({ValueKind.PHONE, ValueKind.EMAIL})
_IDENTIFYING = frozenset({ValueKind.NAME, ValueKind.PHONE, ValueKind.EMAIL, ValueKind.EXTERNAL_ID})
_PHONE_TAIL = 8
"""Digits that two notations of one number share, whatever their prefixes."""
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that can be asked about. `keys` say whom it is about, folded; they never leave the process's memory."""

    number: int
    customer: NewCustomer = field(repr=False)
    fingerprint: str = field(repr=False)
    keys: Sequence[str] = field(repr=False)
    stale: bool
    age_unknown: bool


class _RefusedRowError(Exception):
    def __init__(self, column: str, reason: Refusal) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def fold(text: str) -> str:
    """Letters and digits without case, marks and order of words: for telling whether two rows mean the same person."""
    plain = text.casefold()
    if not plain.isascii():
        plain = "".join(
            [letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter)]
        )
    if not plain.isalnum():
        plain = "".join([letter if letter.isalnum() else " " for letter in plain])
    return " ".join(sorted(plain.split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What it takes to read the rows of one list, here or in a child process."""

    mapping: ColumnMapping
    catalog: Sequence[Attribute]
    acquired_date: date | None
    now: datetime


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns with the same target and label, by their places among the mapping's columns."""

    target: Target
    attribute: Attribute | None
    places: Sequence[int]
    column: str  # the one to blame


_Found = list[tuple[_Group, Attribute, str]]


class Mapper:
    """Reads rows by a plan. Raises BadInputError at once where mapping and catalog do not fit together."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._mapping = plan.mapping
        self._attributes = {attribute.code: attribute for attribute in plan.catalog}
        self._groups = self._grouped()
        self._columns = tuple(plan.mapping.columns)
        self._known = frozenset(self._columns)
        self._collected_at = None
        if plan.acquired_date is not None:
            collected_at = datetime(*plan.acquired_date.timetuple()[:3], tzinfo=UTC)
            self._collected_at = min(collected_at, plan.now)

    def _grouped(self) -> list[_Group]:
        places: dict[Target, list[int]] = {}
        names = list(self._mapping.columns)
        for place, column in enumerate(names):
            target = self._mapping.columns[column]
            if target.to not in self._attributes and target.to not in CUSTOMER_FIELDS:
                raise BadInputError(
                    _("The mapping fills an attribute that is not declared."),
                    place=target.to,
                    mend=_(
                        "Declare the attribute with its purpose and legal basis first, or map the column otherwise."
                    ),
                )
            places.setdefault(target, []).append(place)
        seen: set[str] = set()
        for target in places:
            attribute = self._attributes.get(target.to)
            if target.to in seen and not (attribute and attribute.many):
                raise BadInputError(
                    _("Two columns fill an attribute that holds one value."),
                    place=target.to,
                    mend=_("Give both the same label to join them, or map one of them otherwise."),
                )
            seen.add(target.to)
        return [
            _Group(target, self._attributes.get(target.to), found, names[found[-1]]) for target, found in places.items()
        ]

    def check_columns(self, columns: Sequence[str], *, open_ended: bool) -> None:
        """BadInputError where the list's header and the mapping do not fit: a list is not half understood.

        Columns that nobody named are given by their place, for a file without a header has persons where names
        should be. `open_ended`: later rows may have other columns than the first.
        """
        fit = self._mapping.fit(columns, open_ended=open_ended)
        if fit.missing:
            raise BadInputError(
                _("The list lacks columns that the mapping names."),
                place=", ".join(fit.missing),
                mend=_("Check that the first row of the list holds the names of its columns."),
            )
        extra = [str(place) for place, column in enumerate(columns, start=1) if column in fit.unnamed]
        if extra:
            raise BadInputError(
                _("The list has columns that the mapping does not name."),
                place="columns " + ", ".join(extra),
                mend=_('Map them to declared attributes, or choose "drop" to leave their values out.'),
            )

    def named(self, column: str) -> str:
        """The column where the mapping names it: any other name may be a person's."""
        return column if column in self._known else ""

    def column_of(self, code: str) -> str:
        """The column to blame for an attribute's value."""
        return next((group.column for group in self._groups if group.target.to == code), "")

    def kind_of(self, code: str) -> ValueKind | None:
        """What kind of value an attribute holds."""
        attribute = self._attributes.get(code)
        return None if attribute is None else attribute.kind

    def cells(self, row: Row) -> Cells | Reject:
        """What of the row is taken on."""
        if self._mapping.undeclared is Undeclared.REFUSE and not row.values.keys() <= self._known:
            return Reject(row.number, "", Refusal.UNDECLARED_COLUMN)
        get = row.values.get
        return tuple([get(column, "") for column in self._columns])

    def read(self, number: int, cells: Cells) -> Taken | Reject:
        """The customer of a row, or why it can't be taken. Values are checked by the register when it adds them."""
        try:
            return self._read(number, cells)
        except _RefusedRowError as refused:
            return Reject(number, refused.column, refused.reason)

    def _read(self, number: int, cells: Cells) -> Taken:
        fields: dict[str, str] = {}
        found: _Found = []
        somebody = False
        for group in self._groups:
            if len(group.places) == 1:
                text = _plain(cells[group.places[0]])
            else:
                text = " ".join([part for place in group.places if (part := _plain(cells[place]))])
            if not text:
                continue
            attribute = group.attribute
            if attribute is None:
                fields[group.target.to] = text
                continue
            if self._mapping.date_format and attribute.kind in _DATES:
                text = self._date(text, group.column).isoformat()
            somebody = somebody or attribute.kind in _IDENTIFYING
            found.append((group, attribute, text))
        if not somebody:
            raise _RefusedRowError("", Refusal.NOBODY)
        return self._taken(number, found, fields)

    def _date(self, text: str, column: str) -> date:
        try:
            if self._mapping.date_format:
                return datetime.strptime(text, self._mapping.date_format).replace(tzinfo=UTC).date()
            return date.fromisoformat(text)
        except ValueError:
            raise _RefusedRowError(column, Refusal.INVALID_DATE) from None

    def _field_date(self, fields: Mapping[str, str], name: str) -> date | None:
        return self._date(fields[name], self.column_of(name)) if name in fields else None

    def _taken(self, number: int, found: _Found, fields: Mapping[str, str]) -> Taken:
        as_of = self._field_date(fields, ":as_of")
        if as_of is not None and as_of > self.plan.now.date():
            raise _RefusedRowError(self.column_of(":as_of"), Refusal.INVALID_DATE)
        at = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC) if as_of else None
        by = ConfirmedBy.FEED if as_of else None
        values = tuple(
            [
                NewValue(attribute.code, text, group.target.label, group.target.shared_line, at, by)
                for group, attribute, text in found
            ]
        )
        kind, language, country, relationship = self._own if not fields else self._told(fields)
        known = as_of or self.plan.acquired_date
        return Taken(
            number,
            NewCustomer(
                kind=kind,
                values=values,
                language=language,
                country=country,
                relationship=relationship,
                collected_at=self._collected_at,
            ),
            _ENCODE([kind.value, [[value.attribute, value.label, value.text] for value in values]]),
            _keys(found),
            known is not None and self._is_stale(found, known),
            known is None,
        )

    @cached_property
    def _own(self) -> tuple[CustomerKind, str, str, Relationship]:
        """What the mapping says of every row."""
        return self._told({})

    def _told(self, fields: Mapping[str, str]) -> tuple[CustomerKind, str, str, Relationship]:
        try:
            kind = CustomerKind(fields.get(":kind", self._mapping.kind))
        except ValueError:
            raise _RefusedRowError(self.column_of(":kind"), Refusal.INVALID_KIND) from None
        relationship = Relationship(
            customer_since=self._field_date(fields, ":customer_since"),
            last_sale_date=self._field_date(fields, ":last_sale_date"),
            product_groups=tuple(part for part in fields.get(":product_group", "").split("|") if part),
        )
        return (
            kind,
            self._code(fields, ":language", self._mapping.language, Refusal.INVALID_LANGUAGE).lower(),
            self._code(fields, ":country", self._mapping.country, Refusal.INVALID_COUNTRY).upper(),
            relationship,
        )

    def _is_stale(self, found: _Found, known: date) -> bool:
        age = (self.plan.now.date() - known).days
        return any(
            attribute.kind in CONTACT_POINTS and age > attribute.fresh_days for _group, attribute, _text in found
        )

    def _code(self, fields: Mapping[str, str], name: str, default: str, refusal: Refusal) -> str:
        code = fields.get(name, default)
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise _RefusedRowError(self.column_of(name), refusal)
        return code


def _plain(cell: str) -> str:
    cell = cell.strip()
    if not cell:
        return cell
    if cell[0] == "'":
        cell = unescape(cell).strip()
    return cell if cell.isascii() else unicodedata.normalize("NFC", cell)


def _keys(found: _Found) -> list[str]:
    """Whom the row is about, by the rule of `chunks`: the same external id, or the same name with the same phone or
    e-mail, or where there is neither with the same birth date.
    """
    name = fold(" ".join([text for _group, attribute, text in found if attribute.kind is _NAME]))
    keys: list[str] = []
    births: list[str] = []
    reachable = False
    for _group, attribute, text in found:
        kind = attribute.kind
        if kind is _EXTERNAL_ID:
            keys.append(f"x|{attribute.code}|{text}")
        elif kind in _REACHABLE:
            reachable = True
            same = text.casefold() if kind is _EMAIL else _digits(text)
            if name:
                keys.append(f"{same}|{name}")
        elif kind is _BIRTH_DATE and name:
            births.append(f"b|{text}|{name}")
    return keys if reachable else keys + births


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))[-_PHONE_TAIL:]
