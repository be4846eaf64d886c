"""Calls and messages of a conversation: begun, joined, ended. Told twice, they happened once."""

from datetime import datetime
from functools import cache

from django.db import connection
from django.db.models import Q, Value
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from trustdesk.conversations import places
from trustdesk.conversations.contracts import Again, Kind, NewInteraction, Result, State
from trustdesk.conversations.models import Conversation, Interaction, Party
from trustdesk.conversations.services.held import happened, hold, hold_interaction, rules_of, subjects, tell
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller
from trustdesk.vault.api import Sealer, Tokeniser, TokenKind, normal_value

_TOKENS: dict[Kind, TokenKind] = {Kind.CALL: "phone", Kind.SMS: "phone", Kind.EMAIL: "email"}
_LONGEST = 320  # RFC 5321: the longest address
_SPOKEN = frozenset({Result.ANSWERED, Result.RECEIVED, Result.SENT})
"""After these somebody has something to say about it."""
_ALL_LEFT = """
UPDATE conversations_party SET left_at = %s WHERE controller_id = %s AND interaction_id = %s AND left_at IS NULL
"""


def begin_interaction(context: AccessContext, *, conversation_id: int, new: NewInteraction, now: datetime) -> int:
    """A call or message begins; its id. Needs `conversation:work`. The other side's number is sealed, and findable by
    a blind token. A closed conversation is open again.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row = hold(context, conversation_id)
        one = add_interaction(context, row, new)
        if row.state != State.OPEN:
            row.state, row.closed_at = State.OPEN, None
            row.save(update_fields=["state", "closed_at"])
        happened(context, row, "began", now=now, detail=f"{new.kind} {new.direction}")
    return one.id


def add_interaction(context: AccessContext, row: Conversation, new: NewInteraction) -> Interaction:
    """Its row, that of the other side, and the deed; inside the scope, the conversation held."""
    one = Interaction(
        controller_id=context.controller_id,
        id=new_id(),
        conversation_id=row.id,
        kind=new.kind,
        direction=new.direction,
        queue=new.queue or row.queue,
        line=new.line or row.line,
        started_at=new.started_at,
    )
    one.save(force_insert=True)
    if new.party:
        _add_party(context, row, one, new.party, at=new.started_at)
    context.journal.deed(
        context,
        "conversations.interaction.begun",
        subjects=subjects(row),
        detail={"interaction": one.id, "kind": new.kind.value, "direction": new.direction.value},
    )
    return one


def join(context: AccessContext, *, interaction_id: int, operator_id: int, now: datetime) -> None:
    """An operator takes part from now on; the first one answers. Needs `conversation:work`. ConflictError where it is
    over. Whoever is in already stays in; told twice, the operator joined once.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row, one = hold_interaction(context, interaction_id)
        if one.ended_at is not None:
            raise ConflictError(_("It is over already."), place="interaction", mend=_("Load the page again."))
        own = {"controller_id": context.controller_id, "interaction_id": one.id, "operator_id": operator_id}
        if Party.objects.filter(Q(left_at=None) | Q(joined_at=now), **own).exists():
            return
        Party.objects.create(
            controller_id=context.controller_id,
            id=new_id(),
            conversation_id=row.id,
            interaction_id=one.id,
            operator_id=operator_id,
            joined_at=now,
        )
        if one.answered_at is None:
            one.answered_at = now
            one.save(update_fields=["answered_at"])
        if row.assigned_to is None:
            row.assigned_to = operator_id
            row.save(update_fields=["assigned_to"])
        happened(context, row, "joined", now=now, by=operator_id)


def leave(context: AccessContext, *, interaction_id: int, operator_id: int, now: datetime) -> None:
    """An operator leaves an interaction that goes on, as after a transfer. Needs `conversation:work`."""
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row, one = hold_interaction(context, interaction_id)
        Party.objects.filter(
            controller_id=context.controller_id, interaction_id=one.id, operator_id=operator_id, left_at=None
        ).update(left_at=now)
        tell(context, row.id)


def end_interaction(
    context: AccessContext,
    *,
    interaction_id: int,
    result: Result,
    ended_at: datetime,
    now: datetime,
    again: Again | None = None,
) -> None:
    """It is over. Needs `conversation:work`. Where the queue asks for a disposition and an operator spoke, it stays
    open until that operator gives one (`pending_wrap_up`). A second time it changes nothing. `again`: when it began,
    where the clock was set meanwhile.
    """
    context.check_operation("conversation:work")
    with scoped(context.scope):
        row, one = hold_interaction(context, interaction_id)
        if one.ended_at is not None:
            return
        if again is not None:
            one.started_at, one.answered_at = again.started_at, again.answered_at
        one.ended_at, one.result = max(ended_at, one.started_at), result
        if result in _SPOKEN and not one.disposition and rules_of(context, one.queue).required:
            one.wrap_up_by = _last_operator(context, one.id)
        one.save(update_fields=["started_at", "answered_at", "ended_at", "result", "wrap_up_by"])
        if again is not None:
            within = Least(Greatest("joined_at", Value(one.started_at)), Value(one.ended_at))
            Party.objects.filter(controller_id=context.controller_id, interaction_id=one.id).update(joined_at=within)
        with connection.cursor() as cursor:
            cursor.execute(_ALL_LEFT, [one.ended_at, context.controller_id, one.id])
        happened(context, row, "ended", now=now, detail=result.value)
        context.journal.deed(
            context,
            "conversations.interaction.ended",
            subjects=subjects(row),
            detail={"interaction": one.id, "result": result.value},
        )


def party_tokens(context: AccessContext, kind: Kind, party: str) -> list[int]:
    """The blind token of a number or address; none where it can't be read."""
    token_kind = _TOKENS.get(kind)
    if token_kind is None:
        return []
    country = _country(context.controller_id)
    normal = normal_value(token_kind, party, country=country)
    return Tokeniser(context).index_tokens(token_kind, normal, country=country)[:1] if normal else []


@cache
def _country(controller_id: int) -> str:
    """Where a company is at home; no act changes it."""
    return controller(controller_id).country


def _last_operator(context: AccessContext, interaction_id: int) -> int | None:
    """Who joined last of those who stayed to the end; where nobody did, who left last."""
    took_part = Party.objects.filter(
        controller_id=context.controller_id, interaction_id=interaction_id, operator_id__isnull=False
    )
    ranked = sorted(took_part, key=lambda one: (one.left_at is None, one.left_at or one.joined_at, one.id))
    return ranked[-1].operator_id if ranked else None


def _add_party(context: AccessContext, row: Conversation, one: Interaction, text: str, *, at: datetime) -> None:
    text = text.replace("\0", "").strip()
    if len(text) > _LONGEST:
        raise BadInputError(_("A number or address has at most 320 characters."), place="party", mend=_("Shorten it."))
    party_id = new_id()
    tokens = party_tokens(context, Kind(one.kind), text)
    with Sealer(context) as sealer:
        box = sealer.seal(row.subject_id, places.SERVICE, places.party_place(party_id), text)
    Party.objects.create(
        controller_id=context.controller_id,
        id=party_id,
        conversation_id=row.id,
        interaction_id=one.id,
        sealed=box,
        token=tokens[0] if tokens else None,
        joined_at=at,
    )
