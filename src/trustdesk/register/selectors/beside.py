"""Who stands beside a customer: those whose data a text about the customer may hold too (GDPR Art. 15(4))."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import LiteralString

from trustdesk.isolation.api import ask
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Hit, ValueKind
from trustdesk.register.findable import TOKEN_KINDS
from trustdesk.register.home import country_of
from trustdesk.register.selectors.editions import tokenisers
from trustdesk.register.selectors.named import named
from trustdesk.register.selectors.search import FOUND
from trustdesk.register.selectors.values import shown_as_one
from trustdesk.register.selectors.words import borne

_SHARED = (ValueKind.PHONE, ValueKind.EMAIL, ValueKind.ADDRESS)
_MOST = 50  # at one address or number
_TIED: LiteralString = """
SELECT employer_id FROM register_customer
WHERE controller_id = %s AND id = ANY(%s) AND employer_id IS NOT NULL
UNION SELECT id FROM register_customer WHERE controller_id = %s AND employer_id = ANY(%s)
"""
_KNOWN: LiteralString = """
SELECT asked.token FROM unnest(%s::bigint[]) AS asked (token) WHERE EXISTS (
  SELECT FROM register_token t
  WHERE t.controller_id = %s AND t.token = asked.token AND t.customer_id <> ALL(%s::bigint[]))
"""


def companions(
    context: AccessContext, customer_id: int, *, points: Iterable[tuple[ValueKind, str]], now: datetime
) -> Sequence[Hit]:
    """Customers who share one of these numbers or addresses with this one, and those who work where they do or for
    them: by name, in one opening. Needs `customer:search`. `points` are the customer's own, in clear.
    """
    context.check_operation("customer:search")
    country, ids = country_of(context), shown_as_one(context, customer_id)
    shared = [(TOKEN_KINDS[kind], text) for kind, text in dict.fromkeys(points) if kind in _SHARED]
    found: set[int] = set()
    for tokeniser in tokenisers(context):
        for kind, text in shared:
            tokens = tokeniser.match_tokens(kind, text, country=country)
            if tokens:
                rows = ask(context.scope, FOUND, context.controller_id, tokens, [len(tokens)], _MOST)
                found.update(row[0] for row in rows)
    with wire.within(context):
        tied = wire.fetch(_TIED, context.controller_id, ids, context.controller_id, ids)
        found.update(row[0] for row in tied)
        return named(context, sorted(found - set(ids)), what="register.companions", now=now)


def known_names(context: AccessContext, words: Iterable[str], *, besides: int) -> frozenset[str]:
    """Those of the words that stand in the name or town of some other customer than `besides`; opens nothing.

    Needs `customer:search`.
    """
    context.check_operation("customer:search")
    country, asked = country_of(context), list(dict.fromkeys(words))
    meant: dict[int, set[str]] = {}
    for tokeniser in tokenisers(context):
        for word in asked:
            for token in tokeniser.match_tokens("name", word, country=country):
                meant.setdefault(token, set()).add(word)
    if not meant:
        return frozenset()
    with wire.within(context):
        ids = shown_as_one(context, besides)
        rows = wire.fetch(_KNOWN, list(meant), context.controller_id, ids)
    return frozenset(word for row in rows for word in meant[row[0]])


def names_of_others(
    context: AccessContext, persons: Sequence[tuple[Sequence[int], Iterable[str]]], *, country: str
) -> list[frozenset[str]]:
    """Of each person, given as all records shown as one and the names to ask for: the names all of whose words some
    other customer bears; opens nothing.

    Needs `customer:search`.
    """
    context.check_operation("customer:search")
    with wire.within(context):
        asked = [(name, people) for people, names in persons for name in names]
        found = borne(context, asked, country=country)
    return [frozenset(name for name in names if (name, tuple(people)) in found) for people, names in persons]
