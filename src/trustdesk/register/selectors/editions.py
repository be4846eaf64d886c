"""Under which editions of the normalisers a company's customers are found.

Tokens are made under the newest edition. Where the program brings a new one, customers stand under an earlier one until
their tokens are made anew (`services/renewing.py`). Until then everybody is asked for under all editions still here.
"""

import time
from collections.abc import Sequence
from typing import LiteralString

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.vault.api import Tokeniser, token_editions

_KEPT_SECONDS = 60.0
_kept: dict[int, tuple[float, frozenset[int]]] = {}


def tokenisers(context: AccessContext) -> Sequence[Tokeniser]:
    """One for each edition under which customers of this company stand, oldest first; nearly always one.

    Whoever asks in several statements asks in this order: a customer moves from an older edition to the newest, so that
    one who is moved meanwhile is met at the latest by the last question.
    """
    *older, newest = token_editions()
    asked = [edition for edition in older if edition in _held(context)] if older else []
    return [Tokeniser(context, edition=edition) for edition in (*asked, newest)]


def tokens_to_renew(context: AccessContext) -> int:
    """How many customers stand under an older edition of the normalisers; opens nothing."""
    with wire.within(context):
        counted = wire.fetch(older_than_newest("SELECT count(*) FROM register_customer"), context.controller_id)
    return int(counted[0][0])


def older_than_newest(statement: LiteralString, then: LiteralString = "") -> LiteralString:
    """The statement on the customers of a controller (its parameter) who stand under an older edition.

    The edition is written into it: the index of those customers is found by no parameter.
    """
    return f"{statement} WHERE controller_id = %s AND token_edition < {token_editions()[-1]:d} {then}"


def _held(context: AccessContext) -> frozenset[int]:
    """The older editions that stand here, asked once a minute: none is ever added, so at worst one asks too much."""
    now = time.monotonic()
    until, held = _kept.get(context.controller_id, (0.0, frozenset()))
    if now >= until:
        with wire.within(context):
            statement = older_than_newest("SELECT DISTINCT token_edition FROM register_customer")
            held = frozenset(row[0] for row in wire.fetch(statement, context.controller_id))
        _kept[context.controller_id] = (now + _KEPT_SECONDS, held)
    return held
