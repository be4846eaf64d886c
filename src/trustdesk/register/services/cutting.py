"""Cutting somebody who is forgotten out of what was written about others (GDPR Art. 17(1)).

Who is mentioned is found by the words of notes: nothing is opened but the notes that hold them all.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import LiteralString

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

# Each name with its tokens, as two columns: who has all the tokens of one. All names are asked in one statement.
_HAVE_ALL: LiteralString = """
SELECT asked.name, t.customer_id FROM unnest(%s::bigint[], %s::bigint[]) AS asked (name, token)
JOIN register_token t ON t.controller_id = %s AND t.token = asked.token
GROUP BY asked.name, t.customer_id
HAVING count(*) = (%s::bigint[])[asked.name + 1]
"""
# Whoever bears the name is not cut out of the own file: two of one name are two people.
_BEARERS: LiteralString = """
SELECT t.customer_id FROM register_token t
WHERE t.controller_id = %s AND t.token = ANY(%s) AND t.customer_id = ANY(%s)
GROUP BY t.customer_id HAVING count(*) = %s
"""
_LEAST_WORDS = 2
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


def mentioned(
    context: AccessContext, names: Sequence[Sequence[str]], *, but: Sequence[Sequence[int]]
) -> Sequence[Sequence[int]]:
    """For each person, by the person's names, the customers in whose notes all the words of one of them stand, except
    those of `but` in the same place and whoever bears that name. Opens nothing, and asks once for all. A name of one
    word finds nobody: it is too many people's. Needs `customer:search`.
    """
    context.check_operation("customer:search")
    found: list[set[int]] = [set() for _person in names]
    with wire.within(context):
        country = country_of(context)
        for tokeniser in tokenisers(context):
            asked = [
                (person, name, words)
                for person, theirs in enumerate(names)
                for name in theirs
                if len(words := tokeniser.match_tokens(NOTE_KIND, name, country=country)) >= _LEAST_WORDS
            ]
            for number, alike in _having_all(context, [words for _person, _name, words in asked]).items():
                person, name, _words = asked[number]
                others = sorted(alike - set(but[person]))
                if others:
                    bearing = tokeniser.match_tokens("name", name, country=country)
                    borne = (context.controller_id, wire.Int8Column(bearing), others, len(bearing))
                    found[person].update(set(others) - {row[0] for row in wire.fetch(_BEARERS, *borne)})
    return [sorted(each) for each in found]


def _having_all(context: AccessContext, asked: Sequence[Sequence[int]]) -> dict[int, set[int]]:
    """By the place of a name those who have all its tokens."""
    having: dict[int, set[int]] = {}
    if asked:
        numbers = wire.Int8Column([number for number, words in enumerate(asked) for _word in words])
        tokens = wire.Int8Column([word for words in asked for word in words])
        many = wire.Int8Column([len(words) for words in asked])
        for number, customer_id in wire.fetch(_HAVE_ALL, numbers, tokens, context.controller_id, many):
            having.setdefault(number, set()).add(customer_id)
    return having


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
