"""A person's name in the case that a sentence wants, from the written-out forms alone."""

from benchmarks._residual.lexicon import (
    FINNISH_FAMILY,
    HUNGARIAN_GIVEN,
    POLISH_FAMILY,
    POLISH_GIVEN,
    polish_double,
)
from benchmarks._residual.people import Person

_HUNGARIAN = {word.text: word for word in HUNGARIAN_GIVEN}
_FINNISH = {word.text: word for word in FINNISH_FAMILY}
_POLISH_GIVEN = {word.text: word for word in POLISH_GIVEN}
_POLISH_FAMILY = {(word.text, word.sex): word for word in POLISH_FAMILY}
_HISSING = ("s", "ß", "x", "z", "ce")


def inflected(person: Person, case: str) -> str:
    return _BY_COUNTRY[person.country](person, case)


def birth_name_inflected(person: Person, case: str) -> str:
    """Of a Hungarian woman, the name she was born with."""
    *before, last = person.birth_name.split()
    return " ".join([*before, _HUNGARIAN[last].forms[case]])


def _hungarian(person: Person, case: str) -> str:
    """Only the last word changes: Kovács Istvánnak."""
    *before, last = person.given.split()
    return " ".join([person.family, *before, _HUNGARIAN[last].forms[case]])


def _finnish(person: Person, case: str) -> str:
    """Only the surname changes, unless it is said first: Matti Virtaselle, Virtasen Matti."""
    forms = _FINNISH[person.family].forms
    if case == "colloquial":
        return f"{forms['genitive']} {person.first_given}"
    return f"{person.given} {forms[case]}"


def _polish(person: Person, case: str) -> str:
    """Every word changes: Annie Kowalskiej-Nowak."""
    given = [_POLISH_GIVEN[name].forms[case] for name in person.given.split()]
    halves = [_POLISH_FAMILY[half, person.sex] for half in person.family.split("-")]
    family = polish_double(*halves) if len(halves) == 2 else halves[0]
    return " ".join([*given, family.forms[case]])


def _german(person: Person, _case: str) -> str:
    ending = "\u2019" if person.family.endswith(_HISSING) else "s"
    return person.name + ending


_BY_COUNTRY = {"HU": _hungarian, "FI": _finnish, "PL": _polish, "DE": _german, "AT": _german}
