"""From a row of a list to a customer about to be added, by the mapping alone: nothing is asked of the database."""

import json
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

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
    Source,
    ValueKind,
)

_DATES = frozenset({ValueKind.DATE, ValueKind.BIRTH_DATE})
_IDENTIFYING = frozenset({ValueKind.NAME, ValueKind.PHONE, ValueKind.EMAIL, ValueKind.EXTERNAL_ID})
_PHONE_TAIL = 8
"""Digits that two notations of one number share, whatever their prefixes."""


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
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(letter if letter.isalnum() else " " for letter in plain if not unicodedata.combining(letter))
    return " ".join(sorted(letters.split()))


class Mapper:
    """Reads rows of one list by one mapping.

    Raises BadInputError at once where mapping, catalog and header do not fit together: a list is not half understood.
    Columns that nobody named are given by their place, for a file without a header has persons where names should be.
    """

    def __init__(
        self,
        mapping: ColumnMapping,
        *,
        columns: Sequence[str],
        open_ended: bool,
        catalog: Sequence[Attribute],
        source: Source,
        now: datetime,
    ) -> None:
        self._mapping = mapping
        self._attributes = {attribute.code: attribute for attribute in catalog}
        self._now = now
        self._list_date = source.acquired_date
        self._collected_at = None
        if source.acquired_date is not None:
            collected_at = datetime(*source.acquired_date.timetuple()[:3], tzinfo=UTC)
            self._collected_at = min(collected_at, now)
        self._groups = self._grouped()
        self._check_columns(columns, open_ended=open_ended)
        self.column_of: Mapping[str, str] = {
            target.to: names[-1] for target, names in reversed(self._groups) if target.to in self._attributes
        }
        """The column to blame for an attribute's value."""

    def _grouped(self) -> list[tuple[Target, list[str]]]:
        groups: dict[Target, list[str]] = {}
        for column, target in self._mapping.columns.items():
            if target.to not in self._attributes and target.to not in CUSTOMER_FIELDS:
                raise BadInputError(
                    "The mapping fills an attribute that is not declared.",
                    place=target.to,
                    mend="Declare the attribute with its purpose and legal basis first, or map the column otherwise.",
                )
            groups.setdefault(target, []).append(column)
        seen: set[str] = set()
        for target in groups:
            attribute = self._attributes.get(target.to)
            if target.to in seen and not (attribute and attribute.many):
                raise BadInputError(
                    "Two columns fill an attribute that holds one value.",
                    place=target.to,
                    mend="Give both the same label to join them, or map one of them otherwise.",
                )
            seen.add(target.to)
        return list(groups.items())

    def _check_columns(self, columns: Sequence[str], *, open_ended: bool) -> None:
        missing = [column for column in self._mapping.columns if column not in columns]
        if missing and not open_ended:
            raise BadInputError(
                "The list lacks columns that the mapping names.",
                place=", ".join(missing),
                mend="Check that the first row of the list holds the names of its columns.",
            )
        extra = [place for place, column in enumerate(columns, start=1) if column not in self._mapping.columns]
        if extra and self._mapping.undeclared is Undeclared.REFUSE:
            raise BadInputError(
                "The list has columns that the mapping does not name.",
                place="columns " + ", ".join(map(str, extra)),
                mend='Map them to declared attributes, or choose "drop" to leave their values out.',
            )

    def named(self, column: str) -> str:
        """The column where the mapping names it: any other name may be a person's."""
        return column if column in self._mapping.columns else ""

    def read(self, row: Row) -> Taken | Reject:
        """The customer of a row, or why it can't be taken. Values are checked by the register when it adds them."""
        try:
            return self._read(row)
        except _RefusedRowError as refused:
            return Reject(row.number, refused.column, refused.reason)

    def _read(self, row: Row) -> Taken:
        if self._mapping.undeclared is Undeclared.REFUSE and not row.values.keys() <= self._mapping.columns.keys():
            raise _RefusedRowError("", Refusal.UNDECLARED_COLUMN)
        fields: dict[str, str] = {}
        found: list[tuple[Attribute, Target, str]] = []
        for target, names in self._groups:
            text = self._joined(row.values, names)
            if not text:
                continue
            attribute = self._attributes.get(target.to)
            if attribute is None:
                fields[target.to] = text
                continue
            if attribute.kind in _DATES and self._mapping.date_format:
                text = self._date(text, names[-1]).isoformat()
            found.append((attribute, target, text))
        if not any(attribute.kind in _IDENTIFYING for attribute, _target, _text in found):
            raise _RefusedRowError("", Refusal.NOBODY)
        return self._taken(row.number, found, fields)

    @staticmethod
    def _joined(values: Mapping[str, str], names: Sequence[str]) -> str:
        cells = (unescape(values.get(name, "").strip()).strip() for name in names)
        return unicodedata.normalize("NFC", " ".join(cell for cell in cells if cell))

    def _date(self, text: str, column: str) -> date:
        try:
            if self._mapping.date_format:
                return datetime.strptime(text, self._mapping.date_format).replace(tzinfo=UTC).date()
            return date.fromisoformat(text)
        except ValueError:
            raise _RefusedRowError(column, Refusal.INVALID_DATE) from None

    def _field_date(self, fields: Mapping[str, str], name: str) -> date | None:
        return self._date(fields[name], self._column(name)) if name in fields else None

    def _column(self, to: str) -> str:
        return next((names[-1] for target, names in self._groups if target.to == to), "")

    def _taken(self, number: int, found: list[tuple[Attribute, Target, str]], fields: Mapping[str, str]) -> Taken:
        as_of = self._field_date(fields, ":as_of")
        if as_of is not None and as_of > self._now.date():
            raise _RefusedRowError(self._column(":as_of"), Refusal.INVALID_DATE)
        confirmed_at = datetime(as_of.year, as_of.month, as_of.day, tzinfo=UTC) if as_of else None
        customer = NewCustomer(
            kind=self._kind(fields),
            values=tuple(
                NewValue(
                    attribute.code,
                    text,
                    label=target.label,
                    shared_line=target.shared_line,
                    confirmed_at=confirmed_at,
                    confirmed_by=ConfirmedBy.FEED if confirmed_at else None,
                )
                for attribute, target, text in found
            ),
            language=self._code(fields, ":language", self._mapping.language, Refusal.INVALID_LANGUAGE).lower(),
            country=self._code(fields, ":country", self._mapping.country, Refusal.INVALID_COUNTRY).upper(),
            relationship=Relationship(
                customer_since=self._field_date(fields, ":customer_since"),
                last_sale_date=self._field_date(fields, ":last_sale_date"),
                product_groups=tuple(part for part in fields.get(":product_group", "").split("|") if part),
            ),
            collected_at=self._collected_at,
        )
        known = as_of or self._list_date
        return Taken(
            number=number,
            customer=customer,
            fingerprint=_fingerprint(customer),
            keys=_keys(found),
            stale=known is not None and self._is_stale(found, known),
            age_unknown=known is None,
        )

    def _is_stale(self, found: list[tuple[Attribute, Target, str]], known: date) -> bool:
        age = (self._now.date() - known).days
        return any(attribute.kind in CONTACT_POINTS and age > attribute.fresh_days for attribute, _to, _text in found)

    def _kind(self, fields: Mapping[str, str]) -> CustomerKind:
        try:
            return CustomerKind(fields.get(":kind", self._mapping.kind))
        except ValueError:
            raise _RefusedRowError(self._column(":kind"), Refusal.INVALID_KIND) from None

    def _code(self, fields: Mapping[str, str], name: str, default: str, refusal: Refusal) -> str:
        code = fields.get(name, default)
        if code and not (len(code) == 2 and code.isascii() and code.isalpha()):
            raise _RefusedRowError(self._column(name), refusal)
        return code


def _fingerprint(customer: NewCustomer) -> str:
    said = [customer.kind.value, [[value.attribute, value.label, value.text] for value in customer.values]]
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def _keys(found: Sequence[tuple[Attribute, Target, str]]) -> list[str]:
    """Whom the row is about, by the rule of `chunks`: the same external id, or the same name with the same phone or
    e-mail, or where there is neither with the same birth date.
    """
    name = fold(" ".join(text for attribute, _target, text in found if attribute.kind is ValueKind.NAME))
    keys: list[str] = []
    births: list[str] = []
    for attribute, _target, text in found:
        match attribute.kind:
            case ValueKind.EXTERNAL_ID:
                keys.append(f"x|{attribute.code}|{text}")
            case ValueKind.PHONE if name:
                digits = "".join(letter for letter in text if letter.isdigit())[-_PHONE_TAIL:]
                keys.append(f"p|{digits}|{name}")
            case ValueKind.EMAIL if name:
                keys.append(f"e|{text.casefold()}|{name}")
            case ValueKind.BIRTH_DATE:
                births.append(f"b|{text}|{name}")
            case _:
                pass
    reachable = any(attribute.kind in (ValueKind.PHONE, ValueKind.EMAIL) for attribute, _target, _text in found)
    return keys if reachable or not name else keys + births
