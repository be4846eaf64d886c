"""What an officer decides of something that was found: it is cleared, and looked for again; or it may stay, by law."""

import json
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.live.api import announce
from trustdesk.live.contracts import Thing
from trustdesk.proof.contracts import SEARCH, HitState, PartKind
from trustdesk.proof.models import Found, Search
from trustdesk.proof.selectors import OPERATION
from trustdesk.proof.services.looking import Looker
from trustdesk.proof.sought import found_place, open_text, opened

_LONGEST = 200


def clear(context: AccessContext, *, hit_id: int, now: datetime) -> None:
    """See `proof.api.clear`."""
    context.check_operation(OPERATION)
    with scoped(context.scope):
        search, row = _held(context, hit_id)
        content = json.loads(open_text(context, search.id, found_place(row.id), row.sealed, what="proof.clear"))
        if Looker(context, {search.id: opened(context, search)}).stands_still(PartKind(row.kind), content["place"]):
            raise ConflictError(
                _("It still stands there."), place="hit", mend=_("Remove it first, or say which law lets it stay.")
            )
        _decide(context, search, row, HitState.CLEARED, now=now)


def justify(context: AccessContext, *, hit_id: int, reason: str, law: str, now: datetime) -> None:
    """See `proof.api.justify`."""
    context.check_operation(OPERATION)
    reason, law = _said(reason, "reason"), _said(law, "law")
    with scoped(context.scope):
        search, row = _held(context, hit_id)
        sought = opened(context, search)
        if any(sought.names(text) for text in (reason, law)):
            raise BadInputError(
                _("This names the person."), place="reason", mend=_("It stands in the certificate: name nobody in it.")
            )
        row.reason, row.law = reason, law
        _decide(context, search, row, HitState.JUSTIFIED, now=now)


def _held(context: AccessContext, hit_id: int) -> tuple[Search, Found]:
    own = {"controller_id": context.controller_id}
    row = Found.objects.select_for_update().filter(**own, id=hit_id).first()
    if row is None:
        raise NotFoundError(_("Nothing of that number was found."), place="hit")
    if row.state != HitState.OPEN:
        raise ConflictError(_("Somebody has decided this already."), place="hit", mend=_("Load the page again."))
    return Search.objects.get(**own, id=row.search_id), row


def _decide(context: AccessContext, search: Search, row: Found, state: HitState, *, now: datetime) -> None:
    row.state, row.decided_at, row.decided_by = state, now, context.operator_id
    row.save(update_fields=["state", "decided_at", "decided_by", "reason", "law"])
    detail: dict[str, object] = {"plan": search.plan_id, "hit": row.id, "where": row.what, "law": row.law}
    context.journal.deed(context, f"proof.hit.{state}", detail=detail)
    announce(context, Thing(SEARCH, search.plan_id))


def _said(text: str, place: str) -> str:
    text = " ".join(text.split())
    if not text or len(text) > _LONGEST:
        raise BadInputError(
            _("Say why it may stay and which law says so, in at most 200 letters each."),
            place=place,
            mend=_("It stands in the certificate: name nobody in it."),
        )
    return text
