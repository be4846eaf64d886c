"""What hangs on conversations and stands above them, their recordings: told whose they are, asked what is kept."""

from datetime import datetime

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext


def identified(context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
    for _name, watch in registries.conversations:
        watch.identified(context, conversation_id=conversation_id, customer_id=customer_id, now=now)


def taken_back(context: AccessContext, *, conversation_id: int, customer_id: int, now: datetime) -> None:
    for _name, watch in registries.conversations:
        watch.taken_back(context, conversation_id=conversation_id, customer_id=customer_id, now=now)


def held(context: AccessContext) -> frozenset[int]:
    """The company's conversations that a living legal hold keeps. Asked with those locked that are to be deleted: who
    places a hold locks them as well.
    """
    return frozenset().union(*(watch.held(context) for _name, watch in registries.conversations))
