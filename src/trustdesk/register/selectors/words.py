"""Who has all the words of a text, for many texts in one statement: by blind tokens, nothing is opened.

The rarest word of each text leads, so that a common name with a rare one costs what the rare one does. Most texts that
are asked for have a word that stands nowhere: they cost one look-up a word.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import LiteralString

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.selectors.editions import tokenisers
from trustdesk.vault.api import TokenKind

# Counted to the bound only: past it a word is common, and which of two common ones leads is all one.
_MANY: LiteralString = """
SELECT asked.token, (
  SELECT count(*) FROM (
    SELECT FROM register_token t WHERE t.controller_id = %s AND t.token = asked.token LIMIT 1000
  ) AS counted
) FROM unnest(%s) AS asked (token)
"""
# OFFSET 0 keeps one walk along the index a question: without statistics the planner would read every token instead.
_HOLDING: LiteralString = """
SELECT asked.number, held.customer_id FROM unnest(%s, %s, %s) AS asked (number, lead, others)
CROSS JOIN LATERAL (
  SELECT t.customer_id FROM register_token t WHERE t.controller_id = %s AND t.token = asked.lead AND NOT EXISTS (
    SELECT FROM unnest(asked.others::bigint[]) AS other (token) WHERE NOT EXISTS (
      SELECT FROM register_token o
      WHERE o.controller_id = t.controller_id AND o.token = other.token AND o.customer_id = t.customer_id
    )
  ) OFFSET 0
) AS held
"""
_BORNE: LiteralString = """
SELECT asked.number FROM unnest(%s, %s, %s, %s) AS asked (number, lead, others, besides) WHERE EXISTS (
  SELECT FROM register_token t
  WHERE t.controller_id = %s AND t.token = asked.lead AND t.customer_id <> ALL(asked.besides::bigint[]) AND NOT EXISTS (
    SELECT FROM unnest(asked.others::bigint[]) AS other (token) WHERE NOT EXISTS (
      SELECT FROM register_token o
      WHERE o.controller_id = t.controller_id AND o.token = other.token AND o.customer_id = t.customer_id
    )
  ) OFFSET 0
)
"""


class Asked:
    """Texts as the tokens that they need, those left out of which a word stands nowhere."""

    def __init__(self, context: AccessContext, asks: Mapping[int, Sequence[int]]) -> None:
        distinct = list({token for tokens in asks.values() for token in tokens})
        many = dict(wire.fetch(_MANY, context.controller_id, wire.Int8Column(distinct))) if distinct else {}
        rarest_first = {number: sorted(tokens, key=lambda one: (many[one], one)) for number, tokens in asks.items()}
        self._led = {number: tokens for number, tokens in rarest_first.items() if tokens and many[tokens[0]]}
        self.numbers = list(self._led)

    def columns(self) -> tuple[wire.Column, wire.Column, wire.Column]:
        """Number, leading token and the others of each, side by side."""
        return (
            wire.Int8Column(self.numbers),
            wire.Int8Column([tokens[0] for tokens in self._led.values()]),
            wire.TextColumn(array_of(tokens[1:]) for tokens in self._led.values()),
        )


def array_of(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array: arrays of several lengths can't be the rows of one."""
    return f"{{{','.join(map(str, numbers))}}}"


def holding(context: AccessContext, kind: TokenKind, texts: Iterable[str], *, country: str) -> dict[str, set[int]]:
    """For each text the customers who have all its words; without those that nobody has. Inside the scope."""
    asked = list(dict.fromkeys(texts))
    found: dict[str, set[int]] = {}
    for tokeniser in tokenisers(context):
        asks = {
            number: list(dict.fromkeys(tokeniser.match_tokens(kind, text, country=country)))
            for number, text in enumerate(asked)
        }
        led = Asked(context, asks)
        if led.numbers:
            for number, customer_id in wire.fetch(_HOLDING, *led.columns(), context.controller_id):
                found.setdefault(asked[number], set()).add(customer_id)
    return found


def borne(
    context: AccessContext, names: Sequence[tuple[str, Sequence[int]]], *, country: str
) -> set[tuple[str, tuple[int, ...]]]:
    """Those of the names all of whose words somebody bears besides the customers beside each. Inside the scope."""
    asked = list(dict.fromkeys((name, tuple(besides)) for name, besides in names))
    found: set[tuple[str, tuple[int, ...]]] = set()
    for tokeniser in tokenisers(context):
        asks = {
            number: list(dict.fromkeys(tokeniser.match_tokens("name", name, country=country)))
            for number, (name, _besides) in enumerate(asked)
        }
        led = Asked(context, asks)
        if led.numbers:
            besides = wire.TextColumn(array_of(asked[number][1]) for number in led.numbers)
            rows = wire.fetch(_BORNE, *led.columns(), besides, context.controller_id)
            found.update(asked[number] for (number,) in rows)
    return found
