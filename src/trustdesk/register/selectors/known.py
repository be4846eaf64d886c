"""Who is here already: by equality of tokens, without opening anything."""

from collections.abc import Iterable, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import Attribute, NewCustomer, ValueKind
from trustdesk.register.findable import TOKEN_KINDS
from trustdesk.register.home import country_of
from trustdesk.register.selectors.catalog import by_code
from trustdesk.register.selectors.editions import tokenisers
from trustdesk.vault.api import Tokeniser

_DECISIVE = frozenset({ValueKind.EXTERNAL_ID})
_WITH_NAME = frozenset({ValueKind.PHONE, ValueKind.EMAIL, ValueKind.BIRTH_DATE})

# Who shares a rare token with the row; then, for those, whether all the row's names are theirs too.
_ALIKE = """
SELECT DISTINCT asked.row_number, asked.decisive, coalesce(c.merged_into, c.id), c.id
FROM unnest(%s, %s, %s) AS asked (row_number, token, decisive)
JOIN register_token t ON t.controller_id = %s AND t.token = asked.token
JOIN register_customer c ON c.controller_id = t.controller_id AND c.id = t.customer_id
"""
_NAMED = """
SELECT asked.row_number, asked.customer_id FROM unnest(%s, %s, %s) AS asked (row_number, customer_id, token)
JOIN register_token t ON t.controller_id = %s AND t.token = asked.token AND t.customer_id = asked.customer_id
"""


def known(context: AccessContext, rows: Sequence[NewCustomer]) -> Sequence[int | None]:
    """For each row the customer already here who has the same external id, or the same name together with the same
    phone, e-mail or birth date; else None. Opens nothing: equality of tokens only. Needs `list:preview`.

    An external id decides before the rest. A merged customer is named as the one it is shown as.
    """
    if not context.allows("list:import"):
        context.check_operation("list:preview")
    found: dict[int, int] = {}
    with wire.within(context):
        attributes = by_code(context)
        country = country_of(context)
        for tokeniser in tokenisers(context):
            for number, root in _alike(context, tokeniser, attributes, rows, country):
                found.setdefault(number, root)
    return [found.get(number) for number in range(len(rows))]


def _alike(
    context: AccessContext,
    tokeniser: Tokeniser,
    attributes: Mapping[str, Attribute],
    rows: Sequence[NewCustomer],
    country: str,
) -> Iterable[tuple[int, int]]:
    """Numbers of rows and the customers they are, by tokens of one edition; the first of a row counts."""
    asked: list[tuple[int, int, int]] = []
    names: dict[int, set[int]] = {}
    for number, row in enumerate(rows):
        names[number] = _names(tokeniser, attributes, row, row.country or country)
        asked += _rare(tokeniser, attributes, number, row, row.country or country)
    if not asked:
        return
    numbers, tokens, decisive = (wire.Int8Column(column) for column in zip(*asked, strict=True))
    alike = wire.fetch(_ALIKE, numbers, tokens, decisive, context.controller_id)
    same = _same_names(context, {(row[0], row[3]) for row in alike if not row[1]}, names)
    for number, is_decisive, root, customer_id in sorted(alike, key=lambda row: (row[0], -row[1], row[2], row[3])):
        if is_decisive or (number, customer_id) in same:
            yield number, root


def _rare(
    tokeniser: Tokeniser, attributes: Mapping[str, Attribute], number: int, row: NewCustomer, country: str
) -> Iterable[tuple[int, int, int]]:
    for value in row.values:
        attribute = attributes.get(value.attribute)
        if attribute is None or attribute.kind not in _DECISIVE | _WITH_NAME:
            continue
        decisive = int(attribute.kind in _DECISIVE)
        for token in tokeniser.match_tokens(TOKEN_KINDS[attribute.kind], value.text, country=country)[:1]:
            yield number, token, decisive


def _names(tokeniser: Tokeniser, attributes: Mapping[str, Attribute], row: NewCustomer, country: str) -> set[int]:
    tokens: set[int] = set()
    for value in row.values:
        attribute = attributes.get(value.attribute)
        if attribute is not None and attribute.kind is ValueKind.NAME:
            tokens.update(tokeniser.match_tokens("name", value.text, country=country))
    return tokens


def _same_names(
    context: AccessContext, pairs: set[tuple[int, int]], names: Mapping[int, set[int]]
) -> set[tuple[int, int]]:
    asked = [(number, customer, token) for number, customer in pairs for token in names[number]]
    if not asked:
        return set()
    numbers, customers, tokens = (wire.Int8Column(column) for column in zip(*asked, strict=True))
    held: dict[tuple[int, int], int] = {}
    for number, customer in wire.fetch(_NAMED, numbers, customers, tokens, context.controller_id):
        held[number, customer] = held.get((number, customer), 0) + 1
    return {pair for pair, count in held.items() if count == len(names[pair[0]])}
