"""From values and queries to the terms that are hashed: (kind of token, its texts). Pure; no key is seen here.

Each kind of token carries its normaliser's version inside the HMAC: tokens of two versions never meet. Whoever changes
what a normaliser gives adds a finder under the next version and an edition that names it, and leaves the old ones:
until the register has made its tokens anew, customers are asked for under both.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from trustdesk.vault.contracts import TOKEN_KINDS, TokenKind
from trustdesk.vault.services import addresses, dates, emails, names, phones
from trustdesk.vault.services.folding import fold, words

Terms = list[tuple[str, list[str]]]


@dataclass(frozen=True, slots=True)
class Finder:
    """By what values of one kind are found: parts of the kind and their texts, from (value, country)."""

    stored: Callable[[str, str], Terms]
    asked: Callable[[str, str], Terms]
    matched: Callable[[str, str], Terms]  # as asked, by a complete value


def _one(part: str, text: str) -> Terms:
    return [(part, [text])] if text else []


def external_id(value: str) -> str:
    """Separators and leading zeros are spoken or not as one likes: 0012-34A is 1234a."""
    joined = "".join(words_in_order(value))
    return joined.lstrip("0") or joined


def words_in_order(value: str) -> list[str]:
    return [part for part in "".join(c if c.isalnum() else " " for c in fold(value)).split() if part]


def _name(value: str, country: str) -> Terms:
    whole, starts = names.stored_words(value, country)
    return [("word", whole), ("start", starts)]


def _asked_name(query: str, _country: str) -> Terms:
    whole, starts = names.asked_words(query, complete=False)
    return [("word", whole), ("start", starts)]


def _matched_name(query: str, _country: str) -> Terms:
    return [("word", names.asked_words(query, complete=True)[0])]


def _email(value: str, _country: str) -> Terms:
    return [*_one("whole", emails.normal_email(value)), ("word", emails.stored_words(value))]


def _asked_email(query: str, _country: str) -> Terms:
    return _one("whole", emails.normal_email(query)) or [("word", emails.asked_words(query))]


def _alike(stored: Callable[[str, str], Terms]) -> Finder:
    """Where a query is read as a value is."""
    return Finder(stored, stored, stored)


FINDERS: dict[TokenKind, dict[int, Finder]] = {
    "name": {1: Finder(_name, _asked_name, _matched_name)},
    "phone": {1: _alike(lambda value, country: _one("tail", phones.tail(value, country)))},
    "email": {1: Finder(_email, _asked_email, _asked_email)},
    "address": {1: _alike(lambda value, _country: [("word", addresses.address_words(value))])},
    "text": {1: _alike(lambda value, _country: [("word", words(value))])},
    "external_id": {1: _alike(lambda value, _country: _one("whole", external_id(value)))},
    "birth_date": {1: _alike(lambda value, country: _one("day", dates.birth_date(value, country)))},
}

EDITIONS: dict[int, Mapping[TokenKind, int]] = {1: dict.fromkeys(TOKEN_KINDS, 1)}
"""Which version of each kind belongs together. All tokens of a customer are of one edition; the newest is made."""


def newest_edition() -> int:
    return max(EDITIONS)


def stored_terms(kind: TokenKind, value: str, country: str, *, edition: int = 0) -> Terms:
    version = EDITIONS[edition or newest_edition()][kind]
    return _labelled(kind, version, FINDERS[kind][version].stored(value, country))


def asked_terms(kind: TokenKind, query: str, country: str, *, complete: bool = False, edition: int = 0) -> Terms:
    version = EDITIONS[edition or newest_edition()][kind]
    finder = FINDERS[kind][version]
    return _labelled(kind, version, (finder.matched if complete else finder.asked)(query, country))


def _labelled(kind: TokenKind, version: int, terms: Terms) -> Terms:
    return [(f"{kind}.{part}/{version}", texts) for part, texts in terms]


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
