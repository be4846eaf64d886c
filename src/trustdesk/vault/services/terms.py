"""From values and queries to the terms that are hashed: (kind of token, its texts). Pure; no key is seen here.

Each kind of token carries its normaliser's version inside the HMAC. Who changes what a normaliser gives raises its
version, and stored tokens are made anew by a job; tokens of two versions never meet.
"""

from collections.abc import Callable

from trustdesk.vault.contracts import TokenKind
from trustdesk.vault.services import addresses, dates, emails, names, phones
from trustdesk.vault.services.folding import fold, words

VERSIONS: dict[TokenKind, int] = {
    "name": 1, "phone": 1, "email": 1, "address": 1, "text": 1, "external_id": 1, "birth_date": 1,
}  # fmt: skip

Terms = list[tuple[str, list[str]]]


def _label(kind: TokenKind, part: str) -> str:
    return f"{kind}.{part}/{VERSIONS[kind]}"


_NAME_WORD, _NAME_START = _label("name", "word"), _label("name", "start")
_PHONE = _label("phone", "tail")
_EMAIL, _EMAIL_WORD = _label("email", "whole"), _label("email", "word")
_ADDRESS_WORD, _TEXT_WORD = _label("address", "word"), _label("text", "word")
_EXTERNAL_ID, _BIRTH_DATE = _label("external_id", "whole"), _label("birth_date", "day")


def _one(label: str, text: str) -> Terms:
    return [(label, [text])] if text else []


def external_id(value: str) -> str:
    """Separators and leading zeros are spoken or not as one likes: 0012-34A is 1234a."""
    joined = "".join(words_in_order(value))
    return joined.lstrip("0") or joined


def words_in_order(value: str) -> list[str]:
    return [part for part in "".join(c if c.isalnum() else " " for c in fold(value)).split() if part]


def _name(value: str, country: str) -> Terms:
    whole, starts = names.stored_words(value, country)
    return [(_NAME_WORD, whole), (_NAME_START, starts)]


def _asked_name(query: str, *, complete: bool) -> Terms:
    whole, starts = names.asked_words(query, complete=complete)
    return [(_NAME_WORD, whole), (_NAME_START, starts)]


def _email(value: str) -> Terms:
    return [*_one(_EMAIL, emails.normal_email(value)), (_EMAIL_WORD, emails.stored_words(value))]


def _asked_email(query: str) -> Terms:
    return _one(_EMAIL, emails.normal_email(query)) or [(_EMAIL_WORD, emails.asked_words(query))]


_STORED: dict[TokenKind, Callable[[str, str], Terms]] = {
    "name": _name,
    "phone": lambda value, country: _one(_PHONE, phones.tail(value, country)),
    "email": lambda value, _country: _email(value),
    "address": lambda value, _country: [(_ADDRESS_WORD, addresses.address_words(value))],
    "text": lambda value, _country: [(_TEXT_WORD, words(value))],
    "external_id": lambda value, _country: _one(_EXTERNAL_ID, external_id(value)),
    "birth_date": lambda value, country: _one(_BIRTH_DATE, dates.birth_date(value, country)),
}


def stored_terms(kind: TokenKind, value: str, country: str) -> Terms:
    return _STORED[kind](value, country)


def asked_terms(kind: TokenKind, query: str, country: str, *, complete: bool = False) -> Terms:
    if kind == "name":
        return _asked_name(query, complete=complete)
    if kind == "email":
        return _asked_email(query)
    return _STORED[kind](query, country)


def _normal_name(value: str, _country: str) -> str:
    return " ".join(sorted(names.asked_words(value, complete=True)[0]))


# Suppression tokens can't be made anew, so a changed normaliser is added under a new number and the old one stays.
NORMALISERS: dict[TokenKind, dict[int, Callable[[str, str], str]]] = {
    "name": {1: _normal_name},
    "phone": {1: phones.e164},
    "email": {1: lambda value, _country: emails.normal_email(value)},
    "address": {1: lambda value, _country: " ".join(addresses.address_words(value))},
    "text": {1: lambda value, _country: " ".join(words(value))},
    "external_id": {1: lambda value, _country: external_id(value)},
    "birth_date": {1: dates.birth_date},
}


def normal_value(kind: TokenKind, value: str, country: str) -> str:
    """See `vault.api.normal_value`."""
    return NORMALISERS[kind][max(NORMALISERS[kind])](value, country)
