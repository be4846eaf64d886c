"""Tokens made anew after a normaliser changed: a chunk of customers a transaction, until none stands under an old one.

There is no record of progress but the customers' own rows: whatever is killed goes on with those that are left.
"""

from collections.abc import Mapping, Sequence

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Renewal, RestrictionGround
from trustdesk.register.findable import tokens_of
from trustdesk.register.home import country_of
from trustdesk.register.selectors.editions import older_than_newest, tokens_to_renew
from trustdesk.register.services.insertion import insert_tokens
from trustdesk.register.services.joining import rejoin
from trustdesk.register.services.reindexing import current_texts
from trustdesk.vault.api import Tokeniser

# Whoever is being changed at this moment is passed over and taken later: two who wait for each other never end.
_OLD = "SELECT id, country, restriction_ground FROM register_customer"
_SOME = "ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
_HELD = "SELECT customer_id, token FROM register_token WHERE controller_id = %s AND customer_id = ANY(%s)"
_DROP = """
DELETE FROM register_token AS held USING unnest(%s, %s) AS gone (token, customer_id)
WHERE held.controller_id = %s AND held.token = gone.token AND held.customer_id = gone.customer_id
"""
_RENEWED = "UPDATE register_customer SET token_edition = %s WHERE controller_id = %s AND id = ANY(%s)"
_Pairs = set[tuple[int, int]]


def renew_tokens(context: AccessContext, *, chunk: int) -> Renewal:
    """Make the tokens of up to `chunk` customers (1,000 to 10,000) anew, in one transaction; how far it is.

    Opens their current values and notes in one entry, and shows them to nobody. Call it until nobody is `left`: a call
    after a crash goes on where the last one ended. ConflictError where the keys are not here.
    """
    if chunk < 1:
        raise ValueError("a chunk holds at least one customer")
    with scoped(context.scope):
        tokeniser = Tokeniser(context)
        rows = wire.fetch(older_than_newest(_OLD, _SOME), context.controller_id, chunk)
        if rows:
            # Who is kept by law only is found by nothing any more, and that stays so (GDPR Art. 17(3)(b)).
            findable = {row[0]: row[1] for row in rows if row[2] != RestrictionGround.KEPT_BY_LAW.value}
            _replace(context, _held(context, list(findable)), _wanted(context, tokeniser, findable))
            rejoin(context, list(findable))
            ids = [row[0] for row in rows]
            wire.run(_RENEWED, tokeniser.edition, context.controller_id, ids)
            detail: dict[str, object] = {"customers": len(ids), "edition": tokeniser.edition}
            context.journal.deed(context, "register.tokens.renewed", detail=detail)
        return Renewal(done=len(rows), left=tokens_to_renew(context))


def _wanted(context: AccessContext, tokeniser: Tokeniser, countries: Mapping[int, str]) -> _Pairs:
    texts = current_texts(context, list(countries), what="register.reindex")
    home = country_of(context)
    return {
        (customer_id, token)
        for customer_id, country in countries.items()
        for token in tokens_of(
            tokeniser, ((kind, text) for _code, kind, text in texts[customer_id]), country=country or home
        )
    }


def _held(context: AccessContext, ids: Sequence[int]) -> _Pairs:
    return {(row[0], row[1]) for row in wire.fetch(_HELD, context.controller_id, list(ids))}


def _replace(context: AccessContext, held: _Pairs, wanted: _Pairs) -> None:
    gone, fresh = list(held - wanted), list(wanted - held)
    if gone:
        tokens, owners = [token for _id, token in gone], [customer_id for customer_id, _token in gone]
        wire.run(_DROP, wire.Int8Column(tokens), wire.Int8Column(owners), context.controller_id)
    insert_tokens(context, [token for _id, token in fresh], [customer_id for customer_id, _token in fresh])
