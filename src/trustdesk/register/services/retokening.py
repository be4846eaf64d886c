"""Headline and tokens of many records made anew after values came, went or came back.

A record whose tokens are of the newest edition keeps those of the kinds in which nothing changed: tokens of two kinds
never meet. Any other is made anew as a whole.
"""

from collections.abc import Iterable, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.contracts import ValueKind
from trustdesk.register.findable import TOKEN_KINDS, tokens_of
from trustdesk.register.headline import SHOWN_IN, compose
from trustdesk.register.places import HEADLINE, SERVICE
from trustdesk.register.services.joining import rejoin
from trustdesk.register.services.reindexing import reindex_many
from trustdesk.register.services.standing import Person, Record, Standing
from trustdesk.register.services.tokens import Pairs, replace
from trustdesk.register.watching import tell_known
from trustdesk.vault.api import Sealer, Tokeniser

_HEADLINES = """
UPDATE register_customer c SET headline = fresh.headline FROM unnest(%s, %s) AS fresh (id, headline)
WHERE c.controller_id = %s AND c.id = fresh.id
"""


def renew(context: AccessContext, people: Iterable[Person]) -> None:
    """Call inside `scoped`, the customers locked, after everything else was written."""
    tokeniser = Tokeniser(context)
    several = {record.customer_id for person in people if len(person.records) > 1 for record in person.records}
    changed = {record.customer_id: record for person in people for record in person.records if _changed(record)}
    whole = [each for each, record in changed.items() if _as_a_whole(record, tokeniser)]
    parts = [changed[each] for each in changed.keys() - set(whole)]
    if whole:
        reindex_many(context, whole)
    if not parts:
        return
    _headlines(context, [record for record in parts if _shows(record)])
    held: Pairs = set()
    wanted: Pairs = set()
    for record in parts:
        kinds = {TOKEN_KINDS[value.attribute.kind] for value in _changed(record) if value.attribute.kind in TOKEN_KINDS}
        values = [value for value in record.values if TOKEN_KINDS.get(value.attribute.kind) in kinds]
        held |= _pairs(tokeniser, record, [value for value in values if value.stood])
        wanted |= _pairs(tokeniser, record, [value for value in values if value.current])
    replace(context, held, wanted)
    if joined := [record.customer_id for record in parts if record.customer_id in several]:
        rejoin(context, joined)
    tell_known(context, ((record.customer_id, record.country, _texts(record)) for record in parts))


def _changed(record: Record) -> list[Standing]:
    return [value for value in record.values if value.stood != value.current]


def _as_a_whole(record: Record, tokeniser: Tokeniser) -> bool:
    """Notes and remarks are not opened for a change; where tokens of their words go or come, they have to be."""
    remarks = any(value.attribute.kind is ValueKind.TEXT for value in _changed(record))
    return remarks or record.edition < tokeniser.edition


def _shows(record: Record) -> bool:
    return any(value.attribute.code in SHOWN_IN for value in _changed(record))


def _headlines(context: AccessContext, records: Sequence[Record]) -> None:
    if not records:
        return
    with Sealer(context) as sealer:
        sealer.prepare([record.customer_id for record in records])
        boxes: list[bytes | None] = []
        for record in records:
            first: dict[str, str] = {}
            for code, _kind, text, _shared in _texts(record):
                first.setdefault(code, text)
            line = compose(record.kind, first, language=record.language, country=record.country)
            boxes.append(sealer.seal(record.customer_id, SERVICE, HEADLINE, line))
    ids = wire.Int8Column([record.customer_id for record in records])
    wire.run(_HEADLINES, ids, wire.ByteaColumn(boxes), context.controller_id)


def _pairs(tokeniser: Tokeniser, record: Record, values: Iterable[Standing]) -> Pairs:
    texts = ((value.attribute.kind, value.text) for value in values if value.text is not None)
    return {(record.customer_id, token) for token in tokens_of(tokeniser, texts, country=record.country)}


def _texts(record: Record) -> list[tuple[str, ValueKind, str, bool]]:
    """All that is current and was opened, the first of each attribute first."""
    current = sorted((value for value in record.values if value.current), key=lambda value: value.order)
    return [
        (value.attribute.code, value.attribute.kind, value.text, value.shared_line)
        for value in current
        if value.text is not None
    ]
