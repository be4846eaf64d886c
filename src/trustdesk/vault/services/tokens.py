"""Terms hashed under a controller's token key."""

from trustdesk.seal.api import TokenKey
from trustdesk.vault.contracts import TokenKind
from trustdesk.vault.services.terms import Terms, asked_terms, stored_terms


def index_tokens(key: TokenKey, kind: TokenKind, value: str, country: str) -> list[int]:
    return _hashed(key, stored_terms(kind, value, country))


def query_tokens(key: TokenKey, kind: TokenKind, query: str, country: str, *, complete: bool = False) -> list[int]:
    return _hashed(key, asked_terms(kind, query, country, complete=complete))


def _hashed(key: TokenKey, terms: Terms) -> list[int]:
    made: list[int] = []
    for label, texts in terms:
        made += key.tokens(label, texts)
    return list(dict.fromkeys(made))
