"""Finding customers by blind tokens, and opening just the lines that are shown."""

import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from typing import LiteralString

from django.db import connection
from django.utils.translation import gettext as _

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
    with wire.within(context):
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
    with wire.within(context):
        return _hits(context, wire.fetch(_PAGE, context.controller_id, after, limit), what="register.customers")


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= _MOST:
        raise BadInputError(_("A list shows 1 to 1,000 customers."), place="limit", mend=_("Ask for fewer."))


def _found(context: AccessContext, meanings: Sequence[tuple[int, ...]], most: int) -> list[_Line]:
    """Hits of the likeliest meaning that has any; meanings of one token each are asked together.

    Each mention of a table costs a check of the scope's signature, so a question mentions as few as it can.
    """
    single = [meaning[0] for meaning in meanings if len(meaning) == 1]
    questions: list[tuple[int, ...]] = [meaning for meaning in meanings if len(meaning) > 1]
    if single:
        questions.insert(0 if len(meanings[0]) == 1 else len(questions), ())
    for tokens in questions:
        if lines := _joined(context, tokens, most) if tokens else _alternatives(context, single, most):
            return lines
    return []


def _alternatives(context: AccessContext, tokens: Sequence[int], most: int) -> list[_Line]:
    """Customers with any of the tokens: the same walk along the index for every question, so it is prepared."""
    controller = context.controller_id
    with connection.wrap_database_errors, wire.raw() as cursor:
        parameters = [tokens, controller, controller]
        return cursor.execute(_any_of(most), parameters, binary=True, prepare=True).fetchall()


def _joined(context: AccessContext, tokens: Sequence[int], most: int) -> list[_Line]:
    """Customers with all of the tokens. Which one leads depends on how common each is, so the planner sees them."""
    controller = context.controller_id
    with connection.wrap_database_errors, wire.literal() as cursor:
        return cursor.execute(_all_of(len(tokens), most), [controller, *tokens, controller]).fetchall()


@lru_cache(maxsize=256)
def _any_of(most: int) -> LiteralString:
    return _shown(
        f"""SELECT DISTINCT hit.id FROM unnest(%s::bigint[]) AS asked (token) CROSS JOIN LATERAL (
          SELECT t.customer_id AS id FROM register_token t WHERE t.controller_id = %s AND t.token = asked.token
          ORDER BY t.customer_id DESC LIMIT {most:d}) AS hit ORDER BY hit.id DESC LIMIT {most:d}"""  # noqa: S608 - numbers
    )


@lru_cache(maxsize=256)
def _all_of(tokens: int, most: int) -> LiteralString:
    joins = "".join(
        f" JOIN register_token t{n} ON t{n}.controller_id = t0.controller_id AND t{n}.customer_id = t0.customer_id"
        for n in range(1, tokens)
    )
    equal = "".join(f" AND t{n}.token = %s" for n in range(tokens))
    return _shown(
        f"SELECT t0.customer_id AS id FROM register_token t0{joins} WHERE t0.controller_id = %s{equal}"  # noqa: S608
        f" ORDER BY t0.customer_id DESC LIMIT {most:d}"
    )


def _shown(found: str) -> LiteralString:
    return (
        f"WITH found AS MATERIALIZED ({found}) "
        f"{_LINES} JOIN found ON c.id = found.id WHERE c.controller_id = %s ORDER BY c.id DESC"
    )


def _roots(context: AccessContext, lines: Sequence[_Line]) -> list[_Line]:
    """The customers as which merged ones are shown, each once."""
    missing = {line[4] for line in lines if line[4] is not None} - {line[0] for line in lines}
    roots = {line[0]: line for line in lines}
    if missing:
        roots |= {line[0]: line for line in wire.fetch(_BY_IDS, context.controller_id, list(missing))}
    return list({line[4] or line[0]: roots[line[4] or line[0]] for line in lines}.values())


def _hits(context: AccessContext, lines: Sequence[_Line], *, what: str) -> list[Hit]:
    named, unrestricted = covers_names(context), context.allows("customer:lock")
    readable = [line for line in lines if named and (unrestricted or not line[3])]
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
