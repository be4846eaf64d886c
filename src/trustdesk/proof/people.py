"""The person whose erasure is proved, as the scan looks for them: everything the register has ever had of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controller
from trustdesk.proof.verifier import normal
from trustdesk.register.api import history, names_of_others
from trustdesk.register.contracts import CardValue, ValueKind
from trustdesk.scan.contracts import Name, Person
from trustdesk.vault.api import TokenKind, normal_value

_REFERENCES = """
SELECT reference FROM conversations_conversation WHERE controller_id = %(controller)s AND customer_id = ANY(%(people)s)
UNION
SELECT number FROM conversations_complaint WHERE controller_id = %(controller)s AND customer_id = ANY(%(people)s)
"""
_COUNTRY = "SELECT country FROM register_customer WHERE controller_id = %s AND id = %s"
_CHECKED = {
    ValueKind.NAME: "name",
    ValueKind.PHONE: "phone",
    ValueKind.EMAIL: "email",
    ValueKind.BIRTH_DATE: "birth_date",
}
OWN: dict[str, TokenKind] = {"name": "name", "phone": "phone", "email": "email", "address": "address"}
"""What a household or a namesake may have in common with the person, by the kind of the search's variants."""
_MOST_CHECKED = 12


@dataclass(frozen=True, slots=True)
class Known:
    """`own` are the person's values by kind of token, `checked` their data as the certificate's check takes them."""

    person: Person
    country: str
    own: dict[TokenKind, list[str]] = field(repr=False)
    checked: list[str] = field(repr=False)


def known(context: AccessContext, people: Sequence[int], *, now: datetime) -> Known:
    """All values of the person, superseded ones too, in one opening; and which of their names others bear."""
    country = _country(context, people[0])
    values = [value for value in history(context, people[0], now=now) if value.text]
    names = _names(values)
    person = Person(
        country=country,
        names=names,
        shared=_shared(context, names, besides=people[0], country=country),
        phones=_texts(values, ValueKind.PHONE),
        emails=_texts(values, ValueKind.EMAIL),
        handles=_texts(values, ValueKind.HANDLE),
        addresses=_texts(values, ValueKind.ADDRESS),
        birth_dates=_dates(values),
        ids=_texts(values, ValueKind.EXTERNAL_ID),
        references=_references(context, people),
    )
    own = {kind: [str(value.text) for value in values if value.kind.value == said] for said, kind in OWN.items()}
    return Known(person, country, own, _checked(values, country))


def _country(context: AccessContext, customer_id: int) -> str:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTRY, [context.controller_id, customer_id])
        row = cursor.fetchone()
    return (row[0] if row else "") or controller(context.controller_id).country


def _texts(values: Sequence[CardValue], kind: ValueKind) -> tuple[str, ...]:
    return tuple(dict.fromkeys(str(value.text) for value in values if value.kind is kind))


def _names(values: Sequence[CardValue]) -> tuple[Name, ...]:
    """Whole names, and of each record the family names with the given one that belongs to them."""
    found: list[Name] = []
    for record in dict.fromkeys(value.customer_id for value in values):
        by_code: dict[str, list[CardValue]] = {}
        for value in values:
            if value.kind is ValueKind.NAME and value.customer_id == record:
                by_code.setdefault(value.attribute, []).append(value)
        given, family = by_code.pop("given_name", []), by_code.pop("family_name", [])
        found += _in_parts(given, family)
        found += [Name("", str(value.text)) for some in by_code.values() for value in some]
    return tuple(dict.fromkeys(found))


def _in_parts(given: Sequence[CardValue], family: Sequence[CardValue]) -> list[Name]:
    """Today's given name with every family name (people marry); a former one with the family name of its time.

    Both are newest first. What never stood together is nobody's name, or somebody else's.
    """
    if not given or not family:
        return [Name("", str(value.text)) for value in (*given, *family)]
    names = [Name(str(given[0].text), str(last.text)) for last in family]
    for first in given[1:]:
        then = next((last for last in family if last.recorded_at <= first.recorded_at), family[-1])
        names.append(Name(str(first.text), str(then.text)))
    return names


def _shared(context: AccessContext, names: Sequence[Name], *, besides: int, country: str) -> tuple[Name, ...]:
    """Those that another customer bears too, also with the first given name alone, by their tokens; opens nothing."""
    asked = {f"{one.given} {one.family}".strip(): one for name in names for one in (name, _short(name))}
    others = names_of_others(context, asked, besides=besides, country=country)
    return tuple(asked[text] for text in asked if text in others)


def _short(name: Name) -> Name:
    return Name(name.given.split(maxsplit=1)[0] if name.given else "", name.family)


def _dates(values: Sequence[CardValue]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(date.fromisoformat(text) for text in _texts(values, ValueKind.BIRTH_DATE)))


def _references(context: AccessContext, people: Sequence[int]) -> tuple[str, ...]:
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_REFERENCES, {"controller": context.controller_id, "people": list(people)})
        return tuple(sorted(row[0] for row in cursor.fetchall()))


def _checked(values: Sequence[CardValue], country: str) -> list[str]:
    """The newest data that the person would think of, each once."""
    found = []
    for value in values:
        text = str(value.text)
        if value.kind in {ValueKind.PHONE, ValueKind.EMAIL, ValueKind.BIRTH_DATE}:
            kind: TokenKind = _CHECKED[value.kind]  # type: ignore[assignment]  # of the three
            text = normal_value(kind, text, country=country) or text
        if value.kind in _CHECKED:
            found.append(normal(text))
    return [text for text in dict.fromkeys(found) if text][:_MOST_CHECKED]
