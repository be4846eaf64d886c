"""Cutting somebody who is forgotten out of what was written about others (GDPR Art. 17(1)).

Who is mentioned is found by the words of notes: nothing is opened but the notes that hold them all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.register import wire
from trustdesk.register.findable import NOTE_KIND
from trustdesk.register.home import country_of
from trustdesk.register.places import SERVICE, note_place
from trustdesk.register.selectors.editions import tokenisers
from trustdesk.register.services.customers import hold
from trustdesk.register.services.reindexing import reindex
from trustdesk.vault.api import SealedBox, Sealer, open_many

# Whoever bears the name is not cut out of the own file: two of one name are two people.
_MENTIONED = """
SELECT t.customer_id FROM register_token t
WHERE t.controller_id = %s AND t.token = ANY(%s) AND t.customer_id <> ALL(%s)
GROUP BY t.customer_id HAVING count(*) = %s
"""
_BEARERS = """
SELECT t.customer_id FROM register_token t
WHERE t.controller_id = %s AND t.token = ANY(%s) AND t.customer_id = ANY(%s)
GROUP BY t.customer_id HAVING count(*) = %s
"""
_NOTES = """
SELECT id, sealed, written_at, written_by FROM register_note WHERE controller_id = %s AND customer_id = %s ORDER BY id
"""
# A note is never changed: another one takes its place, with its number, its day and who wrote it.
_TAKE_OUT = "DELETE FROM register_note WHERE controller_id = %s AND customer_id = %s AND id = %s"
_PUT_IN = """
INSERT INTO register_note (controller_id, customer_id, id, sealed, written_at, written_by)
VALUES (%s, %s, %s, %s, %s, %s)
"""

Cut = Callable[[str], str]


def mentioned(context: AccessContext, names: Sequence[str], *, but: Sequence[int]) -> Sequence[int]:
    """The customers in whose notes all the words of one of the names stand, except `but` and whoever bears that name.
    Opens nothing. A name of one word finds nobody: it is too many people's. Needs `customer:search`.
    """
    context.check_operation("customer:search")
    found: set[int] = set()
    with wire.within(context):
        country = country_of(context)
        for tokeniser in tokenisers(context):
            for name in names:
                words = tokeniser.match_tokens(NOTE_KIND, name, country=country)
                if len(words) < 2:
                    continue
                asked = (context.controller_id, wire.Int8Column(words), list(but), len(words))
                alike = [row[0] for row in wire.fetch(_MENTIONED, *asked)]
                if not alike:
                    continue
                bearing = tokeniser.match_tokens("name", name, country=country)
                borne = (context.controller_id, wire.Int8Column(bearing), alike, len(bearing))
                found.update(set(alike) - {row[0] for row in wire.fetch(_BEARERS, *borne)})
    return sorted(found)


def cut_notes(context: AccessContext, *, customer_id: int, cut: Cut, now: datetime) -> int:
    """Put each of the customer's notes through `cut` and seal what it changed again; how many it changed.

    The notes are opened in one entry; that they were cut is a deed. The customer's tokens are made anew. Needs
    `customer:lock`.
    """
    context.check_operation("customer:lock")
    with scoped(context.scope):
        hold(context, customer_id, now=now)
        rows = wire.fetch(_NOTES, context.controller_id, customer_id)
        boxes = [SealedBox(customer_id, SERVICE, note_place(row[0]), row[1]) for row in rows]
        opening = Opening("register.cut", [customer_id], ["note"])
        texts = open_many(context, opening=opening, boxes=boxes) if boxes else []
        written = [(row, text) for row, text in zip(rows, texts, strict=True) if text]
        changed = [(row, fresh) for row, text in written if (fresh := cut(text)) != text]
        with Sealer(context) as sealer:
            for (note_id, _box, written_at, written_by), text in changed:
                box = sealer.seal(customer_id, SERVICE, note_place(note_id), text)
                wire.run(_TAKE_OUT, context.controller_id, customer_id, note_id)
                wire.run(_PUT_IN, context.controller_id, customer_id, note_id, box, written_at, written_by)
        if changed:
            reindex(context, customer_id)
            context.journal.deed(
                context,
                "register.notes.cut",
                subjects=[customer_id],
                detail={"notes": [row[0] for row, _text in changed]},
            )
    return len(changed)
