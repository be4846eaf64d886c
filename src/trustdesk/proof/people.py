"""The person whose erasure is proved, as the scan looks for them: everything the register has ever had of them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.conversations import api as conversations
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.mandates.api import controller
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Person as Elsewhere
from trustdesk.proof.verifier import normal
from trustdesk.register import api as register
from trustdesk.register.contracts import CardValue, ValueKind
from trustdesk.scan.contracts import Name, Person
from trustdesk.vault.api import TokenKind, normal_value

_REFERENCES = """
SELECT customer_id, reference FROM conversations_conversation
WHERE controller_id = %(controller)s AND customer_id = ANY(%(people)s)
UNION
SELECT customer_id, number FROM conversations_complaint
WHERE controller_id = %(controller)s AND customer_id = ANY(%(people)s)
"""
_COUNTRIES = "SELECT id, country FROM register_customer WHERE controller_id = %s AND id = ANY(%s)"
_CHECKED = {
    ValueKind.NAME: "name",
    ValueKind.PHONE: "phone",
    ValueKind.EMAIL: "email",
    ValueKind.BIRTH_DATE: "birth_date",
}
OWN: dict[str, TokenKind] = {"name": "name", "phone": "phone", "email": "email", "address": "address"}
"""What a household or a namesake may have in common with the person, by the kind of the search's variants."""
_MOST_CHECKED = 12
_LEAST_WORDS = 2  # a name of one word is too many people's

People = Sequence[int]
"""All the customer records that are shown as one person, the one as which they are shown first."""


@dataclass(frozen=True, slots=True)
class Known:
    """`own` are the person's values by kind of token, `checked` their data as the certificate's check takes them.

    `elsewhere` is by what connected systems may know them. `heard` are others' conversations in which a number of
    theirs took part, `mentioned` customers whose notes name them: once they are cut out of those, nothing leads there.
    """

    person: Person
    country: str
    own: dict[TokenKind, list[str]] = field(repr=False)
    checked: list[str] = field(repr=False)
    elsewhere: Elsewhere = field(repr=False)
    heard: list[int] = field(default_factory=list)
    mentioned: list[int] = field(default_factory=list)


def known(context: AccessContext, persons: Sequence[People], *, now: datetime) -> list[Known]:
    """All values of each person, superseded ones too, all in one opening; and which of their names others bear.

    NotFoundError where one of them is not in the register.
    """
    countries = _countries(context, persons)
    histories = [[one for one in held if one.text] for held in register.histories(context, persons, now=now)]
    names = [_names(values) for values in histories]
    shared = _shared(context, persons, names, countries)
    references = _references(context, persons)
    heard = conversations.took_part(context, persons)
    mentioned = _mentioned(context, persons, names, countries)
    return [
        Known(
            person=_person(values, names[number], shared[number], countries[number], references[number]),
            country=countries[number],
            own={kind: [str(one.text) for one in values if one.kind.value == said] for said, kind in OWN.items()},
            checked=_checked(values, countries[number]),
            elsewhere=outside.person_read(persons[number], values),
            heard=heard[number],
            mentioned=mentioned[number],
        )
        for number, values in enumerate(histories)
    ]


def _person(
    values: Sequence[CardValue],
    names: tuple[Name, ...],
    shared: tuple[Name, ...],
    country: str,
    references: tuple[str, ...],
) -> Person:
    return Person(
        country=country,
        names=names,
        shared=shared,
        phones=_texts(values, ValueKind.PHONE),
        emails=_texts(values, ValueKind.EMAIL),
        handles=_texts(values, ValueKind.HANDLE),
        addresses=_texts(values, ValueKind.ADDRESS),
        birth_dates=_dates(values),
        ids=_texts(values, ValueKind.EXTERNAL_ID),
        references=references,
    )


def _countries(context: AccessContext, persons: Sequence[People]) -> list[str]:
    shown = [people[0] for people in persons]
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_COUNTRIES, [context.controller_id, shown])
        found = dict(cursor.fetchall())
    if any(one not in found for one in shown):
        raise NotFoundError(_("There is no such customer."), place="customer")
    home = controller(context.controller_id).country
    return [found[one] or home for one in shown]


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


def _shared(
    context: AccessContext, persons: Sequence[People], names: Sequence[Sequence[Name]], countries: Sequence[str]
) -> list[tuple[Name, ...]]:
    """Of each person those that another customer bears too, also with the first given name alone, by their tokens;
    opens nothing.
    """
    asked = [{whole(one): one for name in own for one in (name, _short(name))} for own in names]
    found: list[tuple[Name, ...]] = [()] * len(persons)
    for country, numbers in _by_country(countries).items():
        borne = register.names_of_others(
            context, [(persons[number], list(asked[number])) for number in numbers], country=country
        )
        for number, texts in zip(numbers, borne, strict=True):
            found[number] = tuple(one for text, one in asked[number].items() if text in texts)
    return found


def _mentioned(
    context: AccessContext, persons: Sequence[People], names: Sequence[Sequence[Name]], countries: Sequence[str]
) -> list[list[int]]:
    """Of each person the other customers in whose notes one of their whole names stands; opens nothing."""
    found: list[list[int]] = [[] for _ in persons]
    for country, numbers in _by_country(countries).items():
        texts = {
            number: [text for text in map(whole, names[number]) if len(text.split()) >= _LEAST_WORDS]
            for number in numbers
        }
        led = register.mentioning(context, texts=[text for some in texts.values() for text in some], country=country)
        for number, some in texts.items():
            own = frozenset[int]().union(*(led.get(text, frozenset()) for text in some))
            found[number] = sorted(own - set(persons[number]))
    return found


def _by_country(countries: Sequence[str]) -> Mapping[str, list[int]]:
    """Which persons are read by which country's notation."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, country in enumerate(countries):
        found[country].append(number)
    return found


def whole(name: Name) -> str:
    """As it is said in one."""
    return f"{name.given} {name.family}".strip()


def _short(name: Name) -> Name:
    return Name(name.given.split(maxsplit=1)[0] if name.given else "", name.family)


def _dates(values: Sequence[CardValue]) -> tuple[date, ...]:
    return tuple(dict.fromkeys(date.fromisoformat(text) for text in _texts(values, ValueKind.BIRTH_DATE)))


def _references(context: AccessContext, persons: Sequence[People]) -> list[tuple[str, ...]]:
    place = {one: number for number, people in enumerate(persons) for one in people}
    found: list[set[str]] = [set() for _ in persons]
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_REFERENCES, {"controller": context.controller_id, "people": list(place)})
        for customer_id, reference in cursor.fetchall():
            found[place[customer_id]].add(reference)
    return [tuple(sorted(some)) for some in found]


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
