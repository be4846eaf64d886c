"""Finding customers by blind tokens, and opening just the lines that are shown."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import LiteralString

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import BadInputError
from trustdesk.register import wire
from trustdesk.register.contracts import CustomerKind, Hit, SearchResult
from trustdesk.register.findable import question_tokens
from trustdesk.register.headline import parse
from trustdesk.register.home import country_of
from trustdesk.register.places import HEADLINE, SERVICE
from trustdesk.register.selectors.catalog import covers_names
from trustdesk.vault.api import SealedBox, Tokeniser, open_many

_MOST = 1_000
_Line = tuple[int, str, bytes, bool, int | None]

_LINES: LiteralString = (
    "SELECT c.id, c.kind, c.headline, c.restricted_at IS NOT NULL, c.merged_into FROM register_customer c"
)
_BY_IDS = _LINES + " WHERE c.controller_id = %s AND c.id = ANY(%s)"
_PAGE = _LINES + " WHERE c.controller_id = %s AND c.id > %s AND c.merged_into IS NULL ORDER BY c.id LIMIT %s"


def search(context: AccessContext, query: str, *, limit: int = 50, country: str = "") -> SearchResult:
    """Customers found by phone, e-mail, birth date, external id or words of name, town, address and notes.

    Needs `customer:search`. At most `limit` (1 to 1,000) are shown, and only those shown are opened, in one entry.
    All in order of name where they fit, else the newest. `country` reads national phone numbers (the controller's
    where empty).
    """
    context.check_operation("customer:search")
    _check_limit(limit)
    with scoped(context.scope):
        meanings = question_tokens(Tokeniser(context), query, country=country or country_of(context))
        lines = _found(context, meanings, limit + 1) if meanings else []
        shown = _roots(context, lines[:limit])
        rows = _hits(context, shown, what="register.search")
    truncated = len(lines) > limit
    if not truncated:
        rows.sort(key=lambda hit: (_sorting(hit.name), hit.customer_id))
    return SearchResult(rows, len(rows) + truncated, truncated, "newest" if truncated else "name")


def customers(context: AccessContext, *, after: int = 0, limit: int = 50) -> Sequence[Hit]:
    """Customers by id, those after the given one; one opening. Needs `customer:search`."""
    context.check_operation("customer:search")
    _check_limit(limit)
    with scoped(context.scope):
        return _hits(context, wire.fetch(_PAGE, context.controller_id, after, limit), what="register.customers")


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= _MOST:
        raise BadInputError(_("A list shows 1 to 1,000 customers."), place="limit", mend=_("Ask for fewer."))


def _found(context: AccessContext, meanings: Sequence[tuple[int, ...]], most: int) -> list[_Line]:
    controller = context.controller_id
    parameters: list[object] = []
    for tokens in meanings:
        parameters += [controller, *tokens, most]
    # One token: the same plan whatever the token, so it is prepared. Several: which one leads depends on how
    # common each is, so every question gets its own plan (what `force_custom_plan` asks for, without asking).
    alike = all(len(tokens) == 1 for tokens in meanings)
    statement = _statement(tuple(len(tokens) for tokens in meanings))
    with wire.raw() as cursor:
        return cursor.execute(statement, [*parameters, most, controller], binary=True, prepare=alike).fetchall()


@lru_cache(maxsize=256)
def _statement(shape: tuple[int, ...]) -> LiteralString:
    """The question for meanings of so many tokens each: equality on whole key columns, which row-level security
    lets the index answer.
    """
    found = " UNION ".join(f"({_meaning(tokens)})" for tokens in shape)
    return (
        f"WITH found AS MATERIALIZED (SELECT id FROM ({found}) AS meant ORDER BY id DESC LIMIT %s) "  # noqa: S608 - no value
        f"{_LINES} JOIN found ON c.id = found.id WHERE c.controller_id = %s ORDER BY c.id DESC"
    )


def _meaning(tokens: int) -> LiteralString:
    joins = "".join(
        f" JOIN register_token t{n} ON t{n}.controller_id = t0.controller_id AND t{n}.customer_id = t0.customer_id"
        for n in range(1, tokens)
    )
    equal = "".join(f" AND t{n}.token = %s" for n in range(tokens))
    return (
        f"SELECT t0.customer_id AS id FROM register_token t0{joins} WHERE t0.controller_id = %s{equal}"  # noqa: S608 - no value
        " ORDER BY t0.customer_id DESC LIMIT %s"
    )


def _roots(context: AccessContext, lines: Sequence[_Line]) -> list[_Line]:
    """The customers as which merged ones are shown, each once."""
    missing = {line[4] for line in lines if line[4] is not None} - {line[0] for line in lines}
    roots = {line[0]: line for line in lines}
    if missing:
        roots |= {line[0]: line for line in wire.fetch(_BY_IDS, context.controller_id, list(missing))}
    return list({line[4] or line[0]: roots[line[4] or line[0]] for line in lines}.values())


def _hits(context: AccessContext, lines: Sequence[_Line], *, what: str) -> list[Hit]:
    readable = [line for line in lines if covers_names(context) and (not line[3] or context.allows("customer:lock"))]
    texts: dict[int, str | None] = {}
    if readable:
        subjects = [line[0] for line in readable]
        boxes = [SealedBox(line[0], SERVICE, HEADLINE, line[2]) for line in readable]
        opened = open_many(context, opening=Opening(what, subjects, ("name", "town")), boxes=boxes)
        texts = dict(zip(subjects, opened, strict=True))
    return [_hit(line, texts) for line in lines]


def _hit(line: _Line, texts: dict[int, str | None]) -> Hit:
    name, detail = parse(texts.get(line[0]))
    erased = line[0] in texts and texts[line[0]] is None
    return Hit(line[0], CustomerKind(line[1]), name, detail, restricted=line[3], erased=erased)


def _sorting(name: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(letter)
    )
