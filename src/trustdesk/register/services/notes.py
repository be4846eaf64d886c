"""Notes of operators about customers."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.register import wire
from trustdesk.register.findable import NOTE_KIND
from trustdesk.register.home import country_of
from trustdesk.register.places import SERVICE, note_place
from trustdesk.register.services.customers import hold
from trustdesk.register.services.joining import rejoin
from trustdesk.register.services.reindexing import reindex, stands_under_newest
from trustdesk.vault.api import Sealer, Tokeniser

_LONGEST = 10_000
_INSERT = """
INSERT INTO register_note (controller_id, customer_id, id, sealed, written_at, written_by)
VALUES (%s, %s, %s, %s, %s, %s)
"""
_TOKENS = """
INSERT INTO register_token (controller_id, token, customer_id) SELECT %s, token, %s FROM unnest(%s) AS fresh (token)
ON CONFLICT DO NOTHING
"""


def add_note(context: AccessContext, *, customer_id: int, text: str, now: datetime) -> int:
    """Write a note (at most 10,000 characters), sealed and findable by its words; its id. Needs `customer:note`."""
    context.check_operation("customer:note")
    text = text.replace("\0", "").strip()
    if not text or len(text) > _LONGEST:
        raise BadInputError(_("A note has 1 to 10,000 characters."), place="note", mend=_("Shorten it."))
    with scoped(context.scope):
        owner = hold(context, customer_id, now=now)[0]
        note_id = new_id()
        with Sealer(context) as sealer:
            box = sealer.seal(owner, SERVICE, note_place(note_id), text)
        wire.run(_INSERT, context.controller_id, owner, note_id, box, now, context.operator_id)
        if stands_under_newest(context, owner):
            tokens = Tokeniser(context).index_tokens(NOTE_KIND, text, country=country_of(context))
            wire.run(_TOKENS, context.controller_id, owner, wire.Int8Column(sorted(set(tokens))))
            rejoin(context, [owner])
        else:
            reindex(context, owner)
        context.journal.deed(context, "register.note.added", subjects=[owner], detail={"note": note_id})
    return note_id
