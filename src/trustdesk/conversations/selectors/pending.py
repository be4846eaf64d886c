"""What is not over yet with a customer: whoever would forget the customer waits for it."""

from dataclasses import dataclass

from trustdesk.conversations.contracts import State
from trustdesk.conversations.models import Complaint, Conversation
from trustdesk.conversations.people import person
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext


@dataclass(frozen=True, slots=True)
class Pending:
    """Conversations that are not closed, and complaints that nobody has answered."""

    conversations: int
    complaints: int


def pending(context: AccessContext, customer_id: int) -> Pending:
    """Of the customer and all who are shown as one. Opens nothing. Needs `conversation:find`. NotFoundError for a
    stranger.
    """
    context.check_operation("conversation:find")
    with scoped(context.scope):
        own = {"controller_id": context.controller_id, "customer_id__in": person(context, customer_id).ids}
        going = Conversation.objects.filter(**own).exclude(state=State.CLOSED)
        return Pending(going.count(), Complaint.objects.filter(**own, replied_at__isnull=True).count())
