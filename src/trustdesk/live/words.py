"""What is said on the channel. Whoever can reach the database can listen, so it is numbers and words of ours only."""

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.live.contracts import Thing

CHANNEL = "trustdesk_live"


def changed(controller_id: int, thing: Thing) -> str:
    """Led by the controller: who listens under one company's context can't name another's thing."""
    return f"{controller_id}.{thing.kind}.{to_public(thing.identifier)}"


def ends_of(context: AccessContext) -> frozenset[str]:
    """What ends the streams of this context; the triggers of `ends.py` say the same words."""
    controller, mandate, operator = context.controller_id, context.mandate_id, context.operator_id
    return frozenset(
        {
            f"end.session.{context.session_id}",
            f"end.operator.{operator}",
            f"end.mandate.{controller}.{mandate}",
            f"end.seat.{controller}.{mandate}.{operator}",
        }
    )
