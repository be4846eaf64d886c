"""What the call bar asks of the switchboard and of conversations: the one place that knows where it comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.accounts import api as accounts
from trustdesk.design.surface import address
from trustdesk.kernel.context import AccessContext
from trustdesk.switchboard import api as switchboard
from trustdesk.switchboard.contracts import CallView, Presence


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who could be asked, or given the call."""

    operator_id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """An agent's telephone just now. Nothing in it was opened."""

    presence: Presence
    reason: str
    since: datetime | None
    reachable: bool
    wrap_up_until: datetime | None
    call: CallView | None
    queues: Sequence[str]
    colleagues: Sequence[Colleague]


def moment(context: AccessContext) -> Moment:
    """Needs `call:take`. Queues and colleagues are asked for only while there is a call to give on."""
    stands = switchboard.my_presence(context)
    call = switchboard.my_call(context)
    in_hand = call is not None and call.operator_id == context.operator_id
    return Moment(
        presence=stands.state if stands else Presence.OFFLINE,
        reason=stands.reason if stands else "",
        since=stands.since if stands else None,
        reachable=stands is not None and stands.reachable,
        wrap_up_until=stands.wrap_up_until if stands else None,
        call=call,
        queues=[queue.queue for queue in switchboard.queues_now(context)] if in_hand else [],
        colleagues=_ready(context) if in_hand else [],
    )


def wrap_up_address() -> str:
    """Where conversations ask what came of a call; empty where that page is not mounted."""
    return address("desk:wrap-up")


def _ready(context: AccessContext) -> Sequence[Colleague]:
    ready = [row.operator_id for row in switchboard.agents_now(context) if row.state is Presence.READY]
    others = set(ready) - {context.operator_id}
    named = [Colleague(operator, name) for operator, name in accounts.names(others).items()] if others else []
    return sorted(named, key=lambda colleague: (colleague.name.casefold(), colleague.operator_id))
