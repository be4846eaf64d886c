"""How values become findable, and how a query is understood. Tokens only; the plaintext never reaches SQL."""

import re
from collections.abc import Iterable, Mapping, Sequence

from trustdesk.register.contracts import ValueKind
from trustdesk.register.reading import parse_date
from trustdesk.vault.api import Tokeniser, TokenKind

# Town and name share one space of tokens, so "Mäkelä Tampere" is two equal words of one question.
TOKEN_KINDS: Mapping[ValueKind, TokenKind] = {
    ValueKind.NAME: "name",
    ValueKind.PLACE: "name",
    ValueKind.PHONE: "phone",
    ValueKind.EMAIL: "email",
    ValueKind.ADDRESS: "address",
    ValueKind.HANDLE: "external_id",
    ValueKind.EXTERNAL_ID: "external_id",
    ValueKind.BIRTH_DATE: "birth_date",
    ValueKind.TEXT: "text",
}
NAME_PARTS = ("given_name", "family_name")
NOTE_KIND: TokenKind = "text"
_PHONE_RUN = re.compile(r"(?<!\S)\+?[\d(][\d\s()/.\-]{4,}\d(?!\S)")
_LEAST_DIGITS = 5
_LEAST_LETTERS = 3  # no beginnings of words below that are stored, see ADR 6
_MOST_WORDS = 8
_LONGEST = 200


def tokens_of(tokeniser: Tokeniser, values: Iterable[tuple[ValueKind, str]], *, country: str) -> set[int]:
    """All tokens a customer with these values is found by, each once."""
    found: set[int] = set()
    for kind, text in values:
        if token_kind := TOKEN_KINDS.get(kind):
            found.update(tokeniser.index_tokens(token_kind, text, country=country))
    return found


def question_tokens(tokeniser: Tokeniser, query: str, *, country: str) -> Sequence[tuple[int, ...]]:
    """The ways the query can be meant: each a set of tokens that must all lead to the customer."""
    query = " ".join(query[:_LONGEST].split())
    if not query:
        return ()
    words = query.split()[:_MOST_WORDS]
    meanings = [_as_contact_and_names(tokeniser, query, country)]
    if "@" not in query:
        meanings.append(_all(tokeniser, "address", words, country))
        meanings.append(_all(tokeniser, "text", words, country))
        meanings.append(tuple(tokeniser.query_tokens("external_id", query, country=country)))
    if len(words) > 1 and len(words[-1]) < _LEAST_LETTERS:
        # A word that has just been begun finds nobody yet: until it is longer, the words before it count alone.
        meanings.append(_as_contact_and_names(tokeniser, " ".join(words[:-1]), country))
    return list(dict.fromkeys(meaning for meaning in meanings if meaning))


def _as_contact_and_names(tokeniser: Tokeniser, query: str, country: str) -> tuple[int, ...]:
    tokens: list[int] = []
    words = []
    for word in query.split():
        if "@" in word:
            tokens += tokeniser.query_tokens("email", word, country=country)
        elif day := parse_date(word):
            tokens += tokeniser.query_tokens("birth_date", day.isoformat(), country=country)
        else:
            words.append(word)
    rest = " ".join(words)
    for number in _PHONE_RUN.findall(rest):
        if sum(letter.isdigit() for letter in number) >= _LEAST_DIGITS:
            tokens += tokeniser.query_tokens("phone", number, country=country)
            rest = rest.replace(number, " ")
    names = _all(tokeniser, "name", rest.split()[:_MOST_WORDS], country)
    if rest.split() and not names:
        return ()
    return tuple(dict.fromkeys((*tokens, *names)))


def _all(tokeniser: Tokeniser, kind: TokenKind, words: Sequence[str], country: str) -> tuple[int, ...]:
    """The tokens of all words, asked together: a title or "street" counts only where nothing else is asked."""
    return tuple(tokeniser.query_tokens(kind, " ".join(words), country=country)) if words else ()
