"""An identity as blind tokens: what the index and the ranking know of a person."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.columns import LABELS, SLOTS, WIDTH
from trustdesk.matching.contracts import Address, Identity
from trustdesk.matching.sounds import sound

_BETWEEN = "\x1f"
_FULL_DATE = len("2026-11-26")
_YEAR_MONTH = len("2026-11")
_HALF, _WHOLE = 1 << 63, 1 << 64
_PLACES = {group: (label + _BETWEEN, SLOTS[group]) for group, label in LABELS.items()}


def profile(identity: Identity, digest: Callable[[str], int]) -> NDArray[np.int64]:
    """The tokens of this identity, in the columns of `columns.py`; 0 where nothing is known.

    `digest` is a keyed hash of 64 bits: without its key no token can be made, so none can be guessed.
    """
    tokens = [0] * WIDTH
    for group, texts in _texts(identity).items():
        if texts:
            before, slots = _PLACES[group]
            for column, text in zip(slots, texts, strict=False):
                if text:
                    tokens[column] = _token(digest(before + text))
    return np.array(tokens, np.int64)


def _token(digested: int) -> int:
    """Within int64, and never the 0 that stands for nothing."""
    if -_HALF <= digested < _HALF:
        return digested or 1
    value = digested % _WHOLE
    return (value if value < _HALF else value - _WHOLE) or 1


def _texts(identity: Identity) -> Mapping[str, Sequence[str]]:
    family, homes = identity.family, identity.addresses
    given = [name for name in identity.given if len(name) > 1]
    phones, shared = identity.phones, identity.shared_phones
    houses = [_house(address) for address in homes]
    return {
        "family": family,
        "family_sound": [sound(name) for name in family],
        "given": given,
        "given_sound": [sound(name) for name in given],
        "initial": identity.given[0][:1] if identity.given else "",
        "names": [_BETWEEN.join(sorted((family[0], given[0])))] if family and given else (),
        **_birth(identity.birth_date),
        "phone": [phone for phone in phones if phone not in shared] if shared else phones,
        "phone_shared": shared,
        "email": identity.emails,
        "national_id": [identity.national_id],
        "number": identity.numbers,
        "home": [_home(house, address) for house, address in zip(houses, homes, strict=True)],
        "house": houses,
        "postcode": [_within(address, address.postcode) for address in homes],
        "town": [_within(address, address.town) for address in homes],
    }


def _birth(date: str) -> Mapping[str, Sequence[str]]:
    """A date and its parts, two and two, and its digits in order: whatever one slip leaves standing."""
    if len(date) < _YEAR_MONTH:
        return {}
    month = [date[:_YEAR_MONTH]]
    if len(date) != _FULL_DATE:
        return {"birth_year_month": month}
    return {
        "birth_year_month": month,
        "birth": [date],
        "birth_month_day": [date[5:]],
        "birth_year_day": [date[:4] + date[7:]],
        "birth_digits": ["".join(sorted(date))],
    }


def _within(address: Address, text: str) -> str:
    return address.country + _BETWEEN + text if text else ""


def _house(address: Address) -> str:
    """Where a village has no streets, its houses are counted through."""
    street = address.street or address.town
    return _within(address, street + _BETWEEN + address.house) if street and address.house else ""


def _home(house: str, address: Address) -> str:
    return house + _BETWEEN + address.postcode if house and address.postcode else ""
