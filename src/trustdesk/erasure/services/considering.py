"""Whether anything else carries a customer's data when a basis fell: another purpose with a basis, a relationship, a
law, something that is not over yet (GDPR Art. 6(1), 17(1)(a), (b), (c)).
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.conversations import api as conversations
from trustdesk.erasure.contracts import Cause, Considered
from trustdesk.erasure.services import drawing
from trustdesk.erasure.services.moving import alike
from trustdesk.erasure.services.reading import OPERATION
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register import api as register

_CONTRACT = "eu-gdpr:A6-1-b"
_INTEREST = "eu-gdpr:A6-1-f"
_DUTIES = ("eu-gdpr:A6-1-c", "eu-gdpr:A6-1-d", "eu-gdpr:A6-1-e")


def consider(context: AccessContext, *, customer_id: int, cause: Cause, about: str, now: datetime) -> Considered:
    """See `erasure.api.consider`."""
    with scoped(context.scope):
        carried = consider_all(context, customer_ids=[customer_id], cause=cause, about=about, now=now)
        if customer_id not in carried:
            raise NotFoundError(_("There is no such customer."), place="customer", mend=_("Search again."))
        if carried[customer_id]:
            return Considered(None, carried[customer_id])
        return Considered(drawing.draw(context, customer_id=customer_id, cause=cause, about=about, now=now))


def consider_all(
    context: AccessContext, *, customer_ids: Sequence[int], cause: Cause, about: str, now: datetime
) -> Mapping[int, tuple[str, ...]]:
    """The same for many, in one transaction: of each whom the register knows what carries the data, as codes. Where
    nothing does there is a plan then.
    """
    context.check_operation(OPERATION)
    with scoped(context.scope):
        there = register.hold_persons(context, customer_ids)
        carried = {each: tuple(sorted(_carried(context, each, now))) for each in there}
        for codes, some in alike(there, carried.__getitem__):
            if codes:
                detail: dict[str, object] = {"cause": cause.value, "about": about, "carried_by": list(codes)}
                context.journal.deed(context, "erasure.carried", subjects=some, detail=detail)
            else:
                drawing.draw_all(context, customer_ids=some, cause=cause, about=about, now=now)
    return carried


def _carried(context: AccessContext, customer_id: int, now: datetime) -> Iterator[str]:
    """What carries, as codes: `consent:<purpose>`, `relationship`, …"""
    for purpose in clearance.consented(context, customer_id, now=now):
        yield f"consent:{purpose}"
    held = register.bases(context, customer_id)
    if held.related:
        yield "relationship"
    if held.employs:
        yield "employees"
    if not held.related and not held.parted and any(basis.startswith(_CONTRACT) for basis in held.sources):
        yield "contract"  # nobody has said that it ended
    if any(basis.startswith(_DUTIES) for basis in held.sources):
        yield "duty"
    if any(basis.startswith(_INTEREST) for basis in held.sources) and not clearance.objected_to_all(
        context, customer_id, now=now
    ):
        yield "interest"
    waiting = conversations.pending(context, customer_id)
    if waiting.conversations:
        yield "conversation"
    if waiting.complaints:
        yield "complaint"
