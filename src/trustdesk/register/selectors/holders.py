"""On whose file a number or address is: by equality of tokens, without opening anything."""

from collections.abc import Sequence

from trustdesk.isolation.api import ask
from trustdesk.kernel.context import AccessContext
from trustdesk.register.selectors.editions import tokenisers
from trustdesk.register.selectors.search import FOUND
from trustdesk.vault.api import normal_value

MOST = 20


def holders(context: AccessContext, number: str, *, country: str) -> Sequence[int]:
    """The customers of the context's company who have this phone number on file, each as whom they are shown; the
    newest 20. Opens nothing and leaves no entry: identifiers only. Needs `customer:search`.

    A number can be forged: it is a hint, and identifies nobody. `country` (ISO 3166-1 alpha-2) reads a national number.
    """
    context.check_operation("customer:search")
    normal = normal_value("phone", number, country=country)
    if not normal:
        return ()
    found: dict[int, None] = {}
    for tokeniser in tokenisers(context):
        tokens = tokeniser.match_tokens("phone", normal, country=country)[:1]
        rows = ask(context.scope, FOUND, context.controller_id, tokens, [len(tokens)], MOST) if tokens else []
        found |= {row[4] or row[0]: None for row in rows}
    return sorted(found, reverse=True)[:MOST]
