"""What the telephone asks of the switchboard and of conversations: the one place that knows what comes from where."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from trustdesk.accounts import api as accounts
from trustdesk.campaigns import api as campaigning
from trustdesk.campaigns.contracts import CallOfCampaign
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import ConversationLine, Disposition, How, Interaction
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import CallView, Certainty, Direction, Presence


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could be asked, or given the call."""

    operator_id: int
    name: str


@dataclass(frozen=True, slots=True)
class WrapUp:
    """A call that waits for this operator to say what came of it, with what may be said in its queue."""

    interaction: Interaction
    reference: str
    dispositions: Sequence[Disposition]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An agent's telephone just now. Nothing in it was opened. `how` it is known who speaks, where it is known."""

    presence: Presence
    reason: str
    since: datetime | None
    reachable: bool
    wrap_up_until: datetime | None
    call: CallView | None
    campaign: CallOfCampaign | None
    reference: str
    how: How | None
    wrap_up: WrapUp | None
    queues: Sequence[str]
    colleagues: Sequence[Colleague]


def moment(context: AccessContext) -> Moment:
    """Needs `call:take`. What only a call in hand, or no call, can need is asked for only then."""
    stands = switchboard.my_presence(context)
    call = switchboard.my_call(context)
    in_hand = call is not None and call.operator_id == context.operator_id
    line = _line(context, call) if call else None
    return Moment(
        presence=stands.state if stands else Presence.OFFLINE,
        reason=stands.reason if stands else "",
        since=stands.since if stands else None,
        reachable=stands is not None and stands.reachable,
        wrap_up_until=stands.wrap_up_until if stands else None,
        call=call,
        campaign=campaigning.of_call(context, call.call_id) if call and call.direction is Direction.OUT else None,
        reference=line.reference if line else "",
        how=_how(call, line) if call else None,
        wrap_up=None if call else _wrap_up(context),
        queues=[queue.queue for queue in switchboard.queues_now(context)] if in_hand else [],
        colleagues=_ready(context) if in_hand else [],
    )


def tell_who(context: AccessContext, *, conversation_id: int, customer_id: int | None) -> None:
    """It is known now who speaks in the call in hand, if it is of this conversation, or (None) it was taken back. Where
    the exchange can't be told its screen is behind; whose the recordings are stands with the conversation.
    """
    if not context.allows("call:take"):
        return
    call = switchboard.my_call(context)
    if call is not None and call.conversation_id == conversation_id and call.operator_id == context.operator_id:
        with suppress(switchboard.UnreachableError, NotFoundError, ConflictError):
            switchboard.identified(context, call_id=call.call_id, customer_id=customer_id)


def _line(context: AccessContext, call: CallView) -> ConversationLine | None:
    if call.conversation_id is None or not context.allows("conversation:read"):
        return None
    return conversing.line(context, call.conversation_id)


def _how(call: CallView, line: ConversationLine | None) -> How | None:
    """As the conversation has it, where both speak of the same customer: one of the two may be told a moment later."""
    known = call.certainty is Certainty.IDENTIFIED and line is not None and line.customer_id == call.customer_id
    return line.how if known and line is not None and line.how.identifies else None


def _wrap_up(context: AccessContext) -> WrapUp | None:
    """The oldest that waits."""
    if not context.allows("conversation:work"):
        return None
    waiting = next(iter(conversing.pending_wrap_up(context, context.operator_id)), None)
    if waiting is None:
        return None
    line = conversing.line(context, waiting.conversation_id)
    return WrapUp(waiting, line.reference, conversing.dispositions(context, waiting.queue))


def _ready(context: AccessContext) -> Sequence[Colleague]:
    ready = [row.operator_id for row in switchboard.agents_now(context) if row.state is Presence.READY]
    others = set(ready) - {context.operator_id}
    named = [Colleague(operator, name) for operator, name in accounts.names(others).items()] if others else []
    return sorted(named, key=lambda colleague: (colleague.name.casefold(), colleague.operator_id))
