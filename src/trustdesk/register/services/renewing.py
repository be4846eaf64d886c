"""Tokens made anew after a normaliser changed: a chunk of customers a transaction, until none stands under an old one.

There is no record of progress but the customers' own rows: whatever is killed goes on with those that are left.
"""

from collections.abc import Mapping

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Renewal, RestrictionGround
from trustdesk.register.findable import tokens_of
from trustdesk.register.home import country_of
from trustdesk.register.selectors.editions import older_than_newest, tokens_to_renew
from trustdesk.register.services.joining import rejoin
from trustdesk.register.services.reindexing import current_texts
from trustdesk.register.services.tokens import Pairs, held_tokens, replace
from trustdesk.register.watching import tell_known
from trustdesk.vault.api import Tokeniser

# Whoever is being changed at this moment is passed over and taken later: two who wait for each other never end.
_OLD = "SELECT id, country, restriction_ground FROM register_customer"
_SOME = "ORDER BY id LIMIT %s FOR UPDATE SKIP LOCKED"
_RENEWED = "UPDATE register_customer SET token_edition = %s WHERE controller_id = %s AND id = ANY(%s)"


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
            wanted = _wanted(context, tokeniser, findable)
            replace(context, held_tokens(context, list(findable)), wanted)
            rejoin(context, list(findable))
            ids = [row[0] for row in rows]
            wire.run(_RENEWED, tokeniser.edition, context.controller_id, ids)
            detail: dict[str, object] = {"customers": len(ids), "edition": tokeniser.edition}
            context.journal.deed(context, "register.tokens.renewed", detail=detail)
        return Renewal(done=len(rows), left=tokens_to_renew(context))


def _wanted(context: AccessContext, tokeniser: Tokeniser, countries: Mapping[int, str]) -> Pairs:
    """The tokens of all of them; whoever keeps something else of what people are known by is told of it too."""
    texts = current_texts(context, list(countries), what="register.reindex")
    home = country_of(context)
    tell_known(context, ((each, country or home, texts[each]) for each, country in countries.items()))
    return {
        (customer_id, token)
        for customer_id, country in countries.items()
        for token in tokens_of(
            tokeniser, ((kind, text) for _code, kind, text, _shared in texts[customer_id]), country=country or home
        )
    }
