"""Terms hashed under a controller's token key."""

from trustdesk.seal.api import TokenKey
from trustdesk.vault.contracts import TokenKind
from trustdesk.vault.services.terms import Terms, asked_terms, stored_terms

# Of no edition: what it stands for is gone and could not be read anew. The label is that of the first such digests.
_DIGEST = "external_id.whole/1"


def index_tokens(key: TokenKey, kind: TokenKind, value: str, country: str, *, edition: int) -> list[int]:
    return _hashed(key, stored_terms(kind, value, country, edition=edition))


def query_tokens(
    key: TokenKey, kind: TokenKind, query: str, country: str, *, edition: int, complete: bool = False
) -> list[int]:
    return _hashed(key, asked_terms(kind, query, country, complete=complete, edition=edition))


def digest(key: TokenKey, text: str) -> int:
    return key.token(_DIGEST, text)


def _hashed(key: TokenKey, terms: Terms) -> list[int]:
    made: list[int] = []
    for label, texts in terms:
        made += key.tokens(label, texts)
    return list(dict.fromkeys(made))
