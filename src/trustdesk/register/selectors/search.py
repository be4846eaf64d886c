"""Finding customers by blind tokens, and opening just the lines that are shown."""

import unicodedata
from collections.abc import Sequence
from typing import LiteralString, NamedTuple

from django.utils.translation import gettext as _

from trustdesk.isolation.api import ask
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import BadInputError
from trustdesk.register import wire
from trustdesk.register.contracts import SHOWN, CustomerKind, Hit, SearchResult
from trustdesk.register.findable import question_tokens
from trustdesk.register.headline import parse
from trustdesk.register.home import country_of
from trustdesk.register.places import HEADLINE, SERVICE
from trustdesk.register.selectors.catalog import covers_names
from trustdesk.register.selectors.editions import tokenisers
from trustdesk.vault.api import SealedBox, open_many

_MOST = 1_000
_KINDS = {kind.value: kind for kind in CustomerKind}


class _Line(NamedTuple):
    """A customer as a list shows it. The wrapped key comes along where the statement brought it."""

    id: int
    kind: str
    headline: bytes
    restricted: bool
    merged_into: int | None
    key_version: int | None = None
    key_box: bytes | None = None

    def sealed(self) -> SealedBox:
        return SealedBox(self.id, SERVICE, HEADLINE, self.headline, self.key_version, self.key_box)


FOUND = "SELECT * FROM register_found($1::text, $2::int4, $3::int8[], $4::int4[], $5::int4)"
_LINES: LiteralString = (
    "SELECT c.id, c.kind, c.headline, c.restricted_at IS NOT NULL, c.merged_into FROM register_customer c"
)
_BY_IDS = _LINES + " WHERE c.controller_id = %s AND c.id = ANY(%s)"
_PAGE = _LINES + " WHERE c.controller_id = %s AND c.id > %s AND c.merged_into IS NULL ORDER BY c.id LIMIT %s"


def search(context: AccessContext, query: str, *, limit: int = SHOWN, country: str = "") -> SearchResult:
    """Customers found by phone, e-mail, birth date, external id or words of name, town, address and notes.

    Needs `customer:search`. At most `limit` (1 to 1,000) are shown, and only those shown are opened, in one entry.
    All in order of name where they fit, else the newest. `country` reads national phone numbers (the controller's
    where empty).
    """
    context.check_operation("customer:search")
    _check_limit(limit)
    country = country or country_of(context)
    asked = dict.fromkeys(tuple(question_tokens(each, query, country=country)) for each in tokenisers(context))
    lines = _newest([_found(context, meanings, limit + 1) for meanings in asked if meanings], limit + 1)
    rows = _hits(context, _roots(context, lines[:limit]), what="register.search")
    truncated = len(lines) > limit
    if not truncated:
        rows.sort(key=lambda hit: (_sorting(hit.name), hit.customer_id))
    return SearchResult(rows, len(rows) + truncated, truncated, "newest" if truncated else "name")


def customers(context: AccessContext, *, after: int = 0, limit: int = 50) -> Sequence[Hit]:
    """Customers by id, those after the given one; one opening. Needs `customer:search`."""
    context.check_operation("customer:search")
    _check_limit(limit)
    with wire.within(context):
        lines = [_Line(*row) for row in wire.fetch(_PAGE, context.controller_id, after, limit)]
        return _hits(context, lines, what="register.customers")


def offered(context: AccessContext, customer_ids: Sequence[int]) -> Sequence[Hit]:
    """These customers as a list shows them, merged ones as the one they are shown as; one opening. Needs
    `customer:search`. Who is not to be seen from here is left out.
    """
    context.check_operation("customer:search")
    with wire.within(context):
        lines = [_Line(*row) for row in wire.fetch(_BY_IDS, context.controller_id, list(customer_ids))]
    return _hits(context, _roots(context, lines), what="register.offered")


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= _MOST:
        raise BadInputError(_("A list shows 1 to 1,000 customers."), place="limit", mend=_("Ask for fewer."))


def _found(context: AccessContext, meanings: Sequence[tuple[int, ...]], most: int) -> list[_Line]:
    """Hits of the likeliest meaning that has any; meanings of one token each are asked together."""
    single = [meaning[0] for meaning in meanings if len(meaning) == 1]
    joined = [meaning for meaning in meanings if len(meaning) > 1]
    tokens = [token for meaning in joined for token in meaning]
    sizes = [len(meaning) for meaning in joined]
    if single and len(meanings[0]) == 1:
        tokens, sizes = single + tokens, [-len(single), *sizes]
    elif single:
        tokens, sizes = tokens + single, [*sizes, -len(single)]
    return [_Line(*row) for row in ask(context.scope, FOUND, context.controller_id, tokens, sizes, most)]


def _newest(found: Sequence[list[_Line]], most: int) -> list[_Line]:
    """The newest of what was found under each edition of the normalisers, each once."""
    if len(found) <= 1:
        return found[0] if found else []
    lines = {line.id: line for part in found for line in part}
    return [lines[customer_id] for customer_id in sorted(lines, reverse=True)[:most]]


def _roots(context: AccessContext, lines: Sequence[_Line]) -> list[_Line]:
    """The customers as which merged ones are shown, each once."""
    roots = {line.id: line for line in lines}
    missing = {line.merged_into for line in lines if line.merged_into is not None} - roots.keys()
    if missing:
        with wire.within(context):
            roots |= {row[0]: _Line(*row) for row in wire.fetch(_BY_IDS, context.controller_id, list(missing))}
    return list({root: roots[root] for root in (line.merged_into or line.id for line in lines)}.values())


def _hits(context: AccessContext, lines: Sequence[_Line], *, what: str) -> list[Hit]:
    named, unrestricted = covers_names(context), context.allows("customer:lock")
    readable = [line for line in lines if named and (unrestricted or not line.restricted)]
    texts: dict[int, str | None] = {}
    if readable:
        subjects = [line.id for line in readable]
        boxes = [line.sealed() for line in readable]
        opened = open_many(context, opening=Opening(what, subjects, ("name", "town")), boxes=boxes)
        texts = dict(zip(subjects, opened, strict=True))
    return [_hit(line, texts) for line in lines]


def _hit(line: _Line, texts: dict[int, str | None]) -> Hit:
    name, detail = parse(texts.get(line.id))
    erased = line.id in texts and texts[line.id] is None
    return Hit(line.id, _KINDS[line.kind], name, detail, restricted=line.restricted, erased=erased)


def _sorting(name: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(letter)
    )
