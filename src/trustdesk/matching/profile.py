"""An identity as blind tokens: what the index and the ranking know of a person."""

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import LABELS, SLOTS, WIDTH
from trustdesk.matching.contracts import Address, Identity
from trustdesk.matching.sounds import sound

_BETWEEN = "\x1f"
_FULL_DATE = len("2026-11-26")
_YEAR_MONTH = len("2026-11")
_HALF, _WHOLE = 1 << 63, 1 << 64


def profile(identity: Identity, digest: Callable[[str], int]) -> NDArray[np.int64]:
    """The tokens of this identity, in the columns of `columns.py`; 0 where nothing is known.

    `digest` is a keyed hash of 64 bits: without its key no token can be made, so none can be guessed.
    """
    tokens = np.zeros(WIDTH, np.int64)
    for group, texts in _texts(identity):
        label = LABELS[group]
        for column, text in zip(SLOTS[group], texts, strict=False):
            if text:
                tokens[column] = _token(digest(label + _BETWEEN + text))
    return tokens


def _token(digested: int) -> int:
    """Within int64, and never the 0 that stands for nothing."""
    value = digested % _WHOLE
    return (value if value < _HALF else value - _WHOLE) or 1


def _texts(identity: Identity) -> Iterable[tuple[str, list[str]]]:
    given = [name for name in identity.given if len(name) > 1]
    shared = set(identity.shared_phones)
    yield "family", list(identity.family)
    yield "family_sound", [sound(name) for name in identity.family]
    yield "given", given
    yield "given_sound", [sound(name) for name in given]
    yield "initial", [name[0] for name in identity.given[:1] if name]
    if identity.family and given:
        yield "names", [_BETWEEN.join(sorted((identity.family[0], given[0])))]
    yield from _birth(identity.birth_date)
    yield "phone", [phone for phone in identity.phones if phone not in shared]
    yield "phone_shared", list(identity.shared_phones)
    yield "email", list(identity.emails)
    yield "national_id", [identity.national_id]
    yield "number", list(identity.numbers)
    yield "home", [_home(address) for address in identity.addresses]
    yield "house", [_house(address) for address in identity.addresses]
    yield "postcode", [_within(address, address.postcode) for address in identity.addresses]
    yield "town", [_within(address, address.town) for address in identity.addresses]


def _birth(date: str) -> Iterable[tuple[str, list[str]]]:
    """A date and its parts, two and two, and its digits in order: whatever one slip leaves standing."""
    if len(date) >= _YEAR_MONTH:
        yield "birth_year_month", [date[:_YEAR_MONTH]]
    if len(date) == _FULL_DATE:
        yield "birth", [date]
        yield "birth_month_day", [date[5:]]
        yield "birth_year_day", [date[:4] + date[7:]]
        yield "birth_digits", ["".join(sorted(date))]


def _within(address: Address, text: str) -> str:
    return address.country + _BETWEEN + text if text else ""


def _house(address: Address) -> str:
    """Where a village has no streets, its houses are counted through."""
    street = address.street or address.town
    return _within(address, street + _BETWEEN + address.house) if street and address.house else ""


def _home(address: Address) -> str:
    house = _house(address)
    return house + _BETWEEN + address.postcode if house and address.postcode else ""
