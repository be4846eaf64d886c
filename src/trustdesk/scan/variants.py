"""All spellings of a person, each that the search tells apart once."""

from collections.abc import Iterator

from trustdesk.scan.contracts import Kind, Person, Strength, Variant
from trustdesk.scan.patterns import Key, key_of
from trustdesk.scan.spelling.addresses import addresses
from trustdesk.scan.spelling.dates import birth_dates
from trustdesk.scan.spelling.mailboxes import emails, handles
from trustdesk.scan.spelling.names import spellings
from trustdesk.scan.spelling.numbers import identifiers, phones


def variants(person: Person, *, number: int = 0) -> tuple[Variant, ...]:
    """The spellings in which this person may stand somewhere, the ones that are enough alone first.

    `number` tells the person apart from others in the same automaton. Nothing is guessed from what is empty.
    """
    known: dict[Key, Variant] = {}
    for variant in sorted(_all(person), key=lambda one: one.strength is not Strength.ALONE):
        key = key_of(variant)
        if key is not None:
            one = known.setdefault(key, variant._replace(person=number))
            if one.about == variant.about and one.names != variant.names:
                # The same part of two names, as the given one of a name at birth and of today's.
                known[key] = one._replace(names=tuple(sorted({*one.names, *variant.names})))
    return tuple(known.values())


def _all(person: Person) -> Iterator[Variant]:
    for phone in person.phones:
        yield from phones(phone, person.country)
    for email in person.emails:
        yield from emails(email)
    for handle in person.handles:
        yield from handles(handle)
    for text in person.ids:
        yield from identifiers(text, Kind.ID)
    for text in person.references:
        yield from identifiers(text, Kind.REFERENCE)
    for which, name in enumerate(person.names):
        for variant in spellings(name, person.country, person.shared):
            yield variant._replace(names=(which,))
    for address in person.addresses:
        yield from addresses(address)
    for day in person.birth_dates:
        yield from birth_dates(day)
