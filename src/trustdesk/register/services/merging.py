"""Two customers shown as one, and apart again. Nothing is moved: seals bind values to the customer they were made for,
and what was not moved need not be found again.
"""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Candidate
from trustdesk.register import wire
from trustdesk.register.candidates import IDENTITIES, SUPPRESSIBLE
from trustdesk.register.contracts import ValueKind
from trustdesk.register.findable import NAME_PARTS, TOKEN_KINDS
from trustdesk.register.services.customers import hold, note_event
from trustdesk.register.services.joining import rejoin
from trustdesk.register.services.reindexing import current_texts

_STATE = "SELECT restricted_at IS NOT NULL FROM register_customer WHERE controller_id = %s AND id = ANY(%s)"
_SOURCE = "SELECT source_id, created_at FROM register_customer WHERE controller_id = %s AND id = %s"
_POINT = "UPDATE register_customer SET merged_into = %s WHERE controller_id = %s AND id = ANY(%s)"
_POINT_BACK = """
UPDATE register_customer SET merged_into = %s WHERE controller_id = %s AND id = ANY(%s) AND merged_into = %s
"""
_INSERT = """
INSERT INTO register_merge (controller_id, id, into_id, customer_id, moved, reason, merged_at, merged_by)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s)
"""
_MERGE = (
    "SELECT into_id, customer_id, moved, undone_at FROM register_merge WHERE controller_id = %s AND id = %s FOR UPDATE"
)
_CARRIED = """
SELECT id FROM register_merge
WHERE controller_id = %s AND customer_id = ANY(%s) AND undone_at IS NULL AND %s = ANY(moved)
"""
_UNDO = "UPDATE register_merge SET undone_at = %s, undone_by = %s WHERE controller_id = %s AND id = %s"


def merge(context: AccessContext, *, into: int, customer_id: int, reason: str, now: datetime) -> int:
    """Show `customer_id` as one with `into`; the merge's id. Nothing is moved, so `unmerge` is exact.

    Needs `customer:merge`. `reason` is a code or a sentence without personal data. BadInputError where both are one
    already, ConflictError where one is restricted, RefusedError where an admission gate says no.
    """
    context.check_operation("customer:merge")
    with scoped(context.scope):
        # Held in one order whoever is merged into whom, so that two merges can't wait for each other.
        held = {either: hold(context, either, now=now) for either in sorted((into, customer_id))}
        target, moved = held[into][0], held[customer_id]
        if target == moved[0]:
            raise BadInputError(_("They are shown as one already."), place="customer", mend=_("Choose another one."))
        _check_free(context, [target, moved[0]])
        merge_id = new_id()
        wire.run(
            _INSERT,
            context.controller_id,
            merge_id,
            target,
            moved[0],
            moved[1:],
            reason.strip(),
            now,
            context.operator_id,
        )
        wire.run(_POINT, target, context.controller_id, moved)
        rejoin(context, [target, *moved])
        for either in (target, moved[0]):
            note_event(context, either, "merged", now=now)
        context.journal.deed(context, "register.merged", subjects=[target, moved[0]], detail={"merge": merge_id})
    return merge_id


def unmerge(context: AccessContext, *, merge_id: int, now: datetime) -> int:
    """Undo a merge; the customer with whom the others stay shown. Needs `customer:merge`.

    ConflictError where it was undone already, or where a later merge carried it along: that one is undone first, else
    undoing it later would put back what had been taken apart and merged elsewhere.
    """
    context.check_operation("customer:merge")
    with scoped(context.scope):
        rows = wire.fetch(_MERGE, context.controller_id, merge_id)
        if not rows:
            raise NotFoundError(_("There is no such merge."), place="merge", mend=_("Open the card again."))
        target, customer_id, moved, undone_at = rows[0]
        if undone_at is not None:
            raise ConflictError(_("This merge was undone already."), place="merge", mend=_("Open the card again."))
        held = hold(context, target, now=now)
        root = held[0]
        if wire.fetch(_CARRIED, context.controller_id, held, customer_id):
            raise ConflictError(
                _("A later merge carried this one along."), place="merge", mend=_("Undo the later one first.")
            )
        wire.run(_POINT_BACK, None, context.controller_id, [customer_id], root)
        wire.run(_POINT_BACK, customer_id, context.controller_id, moved, root)
        rejoin(context, [root, customer_id])
        wire.run(_UNDO, now, context.operator_id, context.controller_id, merge_id)
        for either in (target, customer_id):
            note_event(context, either, "unmerged", now=now)
        context.journal.deed(context, "register.unmerged", subjects=[target, customer_id], detail={"merge": merge_id})
    return int(root)


def _check_free(context: AccessContext, ids: list[int]) -> None:
    states = wire.fetch(_STATE, context.controller_id, ids)
    if any(restricted for (restricted,) in states):
        raise ConflictError(
            _("One of the two is restricted to storage."), place="customer", mend=_("Lift the restriction first.")
        )
    gates = [gate for _name, gate in registries.admission]
    if not gates:
        return
    candidates = [_candidate(context, customer_id) for customer_id in ids]
    for gate in gates:
        answers = gate.ask(context, candidates)
        if len(answers) != len(candidates):
            raise RefusedError(_("A gate did not answer."), place="admission", mend=_("Leave them apart."))
        for answer in answers:
            if not answer.admitted:
                raise RefusedError(answer.reason, place=answer.source_of_law, mend=_("Leave them apart."))


def _candidate(context: AccessContext, customer_id: int) -> Candidate:
    """Gates ask for contact points in clear: opened in an entry of their own, shown to nobody."""
    wanted = SUPPRESSIBLE | IDENTITIES
    texts = current_texts(context, [customer_id], what="register.merge", kinds=wanted)[customer_id]
    points = [(TOKEN_KINDS[kind], text) for _code, kind, text, _shared in texts if kind in SUPPRESSIBLE]
    names = [text for code, _kind, text, _shared in texts if code in NAME_PARTS]
    others = [
        (TOKEN_KINDS[kind], text)
        for code, kind, text, _shared in texts
        if kind in IDENTITIES and code not in NAME_PARTS
    ]
    if names:
        others.append((TOKEN_KINDS[ValueKind.NAME], " ".join(names)))
    source_id, created_at = wire.fetch(_SOURCE, context.controller_id, customer_id)[0]
    return Candidate("merge", points, source_id, others, created_at)
