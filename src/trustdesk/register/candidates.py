"""A row on its way in: read, checked against the catalog, and asked about at the admission gates."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils.translation import gettext as _

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.registries import Candidate
from trustdesk.register.contracts import (
    Attribute,
    CustomerKind,
    NewCustomer,
    NewValue,
    NoticeKind,
    Rejection,
    ValueKind,
)
from trustdesk.register.findable import NAME_PARTS, TOKEN_KINDS
from trustdesk.register.reading import read_value
from trustdesk.vault.api import phone_country

IDENTITIES = frozenset({ValueKind.NAME, ValueKind.BIRTH_DATE, ValueKind.EXTERNAL_ID})
SUPPRESSIBLE = frozenset({ValueKind.PHONE, ValueKind.EMAIL, ValueKind.ADDRESS, ValueKind.HANDLE})


@dataclass(slots=True)  # not frozen: seven of them a customer, and frozen ones cost four times as much to make
class ReadValue:
    """A value as it will be stored."""

    attribute: Attribute
    text: str = field(repr=False)
    given: NewValue = field(repr=False)


@dataclass(slots=True)
class Readied:
    """A row that can be read. `home` is where the customer is, as far as the row tells; `country` the same, else the
    controller's: by it spellings go.
    """

    row: NewCustomer = field(repr=False)
    country: str
    home: str
    values: Sequence[ReadValue] = field(repr=False)

    def first_texts(self) -> Mapping[str, str]:
        first: dict[str, str] = {}
        for value in self.values:
            first.setdefault(value.attribute.code, value.text)
        return first


def read_row(catalog: Mapping[str, Attribute], row: NewCustomer, *, country: str, today: date) -> Readied | Rejection:
    """The row as it will be stored, or why it can't be."""
    read_in = row.country or country
    values: list[ReadValue] = []
    seen: set[str] = set()
    for given in row.values:
        value = _read(catalog.get(given.attribute), given, seen, country=read_in, today=today)
        if isinstance(value, Rejection):
            return value
        seen.add(value.attribute.code)
        values.append(value)
    if not values:
        return Rejection("bad-input", _("There is nothing in it."))
    if row.kind is CustomerKind.NAMED_EMPLOYEE and row.employer_id is None:
        return Rejection("bad-input", _("A named employee needs the company."), "employer")
    home = row.country.upper() or _country_of_phone(values)
    return Readied(row, home or country, home, values)


def _country_of_phone(values: Sequence[ReadValue]) -> str:
    phone = next((value.text for value in values if value.attribute.kind is ValueKind.PHONE), "")
    return phone_country(phone)


def _read(
    attribute: Attribute | None, given: NewValue, seen: AbstractSet[str], *, country: str, today: date
) -> ReadValue | Rejection:
    if attribute is None:
        return Rejection("undeclared", _("This attribute is not declared."), given.attribute)
    if attribute.code in seen and not attribute.many:
        return Rejection("bad-input", _("This attribute holds one value only."), attribute.code)
    if (given.confirmed_at is None) != (given.confirmed_by is None):
        return Rejection("bad-input", _("A confirmation needs its time and by what."), attribute.code)
    try:
        return ReadValue(attribute, read_value(attribute, given.text, country=country, today=today), given)
    except BadInputError as error:
        return Rejection("bad-input", error.message, attribute.code)


def ask_gates(
    context: AccessContext, rows: Sequence[Readied | Rejection], *, source_id: int, place: str
) -> list[Readied | Rejection]:
    """The rows after every registered gate was asked. What a gate can't decide is not admitted."""
    answered = list(rows)
    for name, gate in registries.admission:
        asked = [(number, row) for number, row in enumerate(answered) if isinstance(row, Readied)]
        if not asked:
            break
        answers = gate.ask(context, [candidate(row, source_id=source_id, place=place) for _number, row in asked])
        if len(answers) != len(asked):
            msg = f"admission gate {name!r} did not answer for every candidate"
            raise RuntimeError(msg)
        for (number, _row), answer in zip(asked, answers, strict=True):
            if not answer.admitted:
                reason = answer.reason or _("Not admitted.")
                answered[number] = Rejection(answer.code, reason, source_of_law=answer.source_of_law, by_gate=True)
    return answered


def candidate(row: Readied, *, source_id: int, place: str) -> Candidate:
    return Candidate(
        place=place,
        suppression_values=[
            (TOKEN_KINDS[value.attribute.kind], value.text)
            for value in row.values
            if value.attribute.kind in SUPPRESSIBLE
        ],
        source_id=source_id,
        identity_values=_identity(row),
        as_of=_collected(row.row),
    )


def _identity(row: Readied) -> list[tuple[str, str]]:
    """Numbers, birth date and names; a name that is given in parts as a whole."""
    found: list[tuple[str, str]] = [
        (TOKEN_KINDS[value.attribute.kind], value.text)
        for value in row.values
        if value.attribute.kind in IDENTITIES and value.attribute.code not in NAME_PARTS
    ]
    parts = {value.attribute.code: value.text for value in row.values if value.attribute.code in NAME_PARTS}
    whole = " ".join(parts[part] for part in NAME_PARTS if part in parts)
    return [*found, (TOKEN_KINDS[ValueKind.NAME], whole)] if whole else found


def _collected(row: NewCustomer) -> datetime | None:
    """When the data were collected; who gave them in person did so with the notice (GDPR Art. 13)."""
    if row.collected_at is None and row.notice is not None and row.notice.kind is NoticeKind.ART13:
        return row.notice.given_at
    return row.collected_at
