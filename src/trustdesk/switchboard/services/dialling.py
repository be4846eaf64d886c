"""Calls out: nobody is rung whom the gate does not permit to be rung now.

The permit is made inside the transaction that writes the call, and the locks of customer and number are held until the
edge has taken the command over: a withdrawal either waits for that, or stops it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NotClearedError, Point, PointKind
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Direction as Way
from trustdesk.conversations.contracts import Kind, NewConversation, NewInteraction
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller
from trustdesk.sipedge.contracts import Plan
from trustdesk.switchboard.contracts import CallbackState, CallState, Certainty, Direction
from trustdesk.switchboard.doors import Line, line
from trustdesk.switchboard.models import Call as Row
from trustdesk.switchboard.models import Callback
from trustdesk.switchboard.plans import plan_out
from trustdesk.switchboard.running.people import Call
from trustdesk.switchboard.services.arriving import facts_of, insert
from trustdesk.switchboard.services.opening import open_number
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import NumberView
from trustdesk.vault.api import normal_value

PLACE = "dial"
SHOWN: Mapping[str, object] = {"number_shown": True}
"""What is known of every call out: it shows a number of the company's own that can be called back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Whom to call, and why: a value of a customer's card, or a number. `use` is a declared purpose."""

    use: str
    customer: int | None = None
    value: int | None = None
    number: str = field(default="", repr=False)
    country: str = ""
    queue: str = ""
    conversation: int | None = None
    callback: int | None = None
    call: int | None = None  # its number, where whoever wants it has given one
    campaign: int | None = None
    line: str = ""  # the number of our own that is shown; empty: one of the queue's
    about: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """A permitted call, written down and not yet dialled. Lives as long as its locks."""

    call: Call
    plan: Plan
    trunk: int
    number: str = field(repr=False)
    shown: str
    name: str


Dialled = Callable[[Ready], None]


def dial(context: AccessContext, wanted: Wanted, hand_over: Dialled, *, now: datetime) -> int:
    """Clear, write and hand over; the call's id. Needs `call:dial` and `customer:contact`.

    NotClearedError with the law where it is not permitted, which is on record then; RefusedError where the destination
    is closed or a cap is reached; ConflictError where the company has no number to show, or the call was made already;
    BadInputError for a number that is none.
    """
    context.check_operation("call:dial")
    with _held(context, wanted):
        with scoped(context.scope):
            ready = _decided(context, wanted, now=now)
        if isinstance(ready, NotClearedError):
            raise ready
        hand_over(ready)
    return ready.call.id


def cleared_outside(
    context: AccessContext, number: str, country: str, use: str, own: NumberView, *, now: datetime
) -> tuple[str, int]:
    """An outside number that is consulted: cleared, counted and inside the allow-list; as E.164, with its trunk."""
    context.check_operation("call:dial")
    with scoped(context.scope):
        text = _read(number, country)
        point = Point(PointKind.PHONE, text)
        trunk = telephony.trunk_out(own.trunk)
        clearance.permit(
            context,
            customer_id=0,
            channel=Channel.CALL_HUMAN,
            purpose=use,
            place="consult",
            now=now,
            point=point,
            about=SHOWN,
        )
        telephony.begin_call_out(context, number=text, trunk=trunk, now=now)
        return text, trunk


@contextmanager
def _held(context: AccessContext, wanted: Wanted) -> Iterator[None]:
    if wanted.customer is None or wanted.value is None:
        yield  # the permit itself holds the number's lock until its transaction ends
        return
    with clearance.contacting(context, customer_id=wanted.customer, value_id=wanted.value):
        yield


def _decided(context: AccessContext, wanted: Wanted, *, now: datetime) -> Ready | NotClearedError:
    """A refusal is given back, not raised: the transaction that records it has to end well."""
    try:
        return _prepared(context, wanted, now=now)
    except NotClearedError as refused:
        return refused


def _prepared(context: AccessContext, wanted: Wanted, *, now: datetime) -> Ready:
    if wanted.call is not None and Row.objects.filter(controller_id=context.controller_id, id=wanted.call).exists():
        raise ConflictError(_("This call was made already."), place="call", mend=_("Load the page again."))
    own = _own(context, wanted)
    by_value = wanted.customer is not None and wanted.value is not None
    text = "" if by_value else _read(wanted.number, wanted.country or own.country)
    permit = clearance.permit(
        context,
        customer_id=wanted.customer or 0,
        channel=Channel.CALL_HUMAN,
        purpose=wanted.use,
        place=PLACE,
        now=now,
        value_id=wanted.value if by_value else None,
        point=None if by_value else Point(PointKind.PHONE, text),
        about={**wanted.about, **SHOWN},
        campaign_id=wanted.campaign,
        contact_id=wanted.call,
    )
    number = open_number(context, permit) if by_value else text
    held = line(context, own, now=now)
    call = _call(context, wanted, held, now)
    call.decision = permit.decision_id
    plan = plan_out(facts_of(held, call.id, "0" * 12, now=now))
    call.mode = plan.terms.mode
    _on_record(context, wanted, call, own, number, now=now)
    insert(context, call)
    if wanted.callback is not None:
        _dialled(context, wanted.callback, now=now)
    trunk = telephony.trunk_out(own.trunk)
    telephony.begin_call_out(context, number=number, trunk=trunk, now=now)
    name = own.display or controller(context.controller_id).name
    return Ready(call=call, plan=plan, trunk=trunk, number=number, shown=own.e164, name=name)


def _dialled(context: AccessContext, callback_id: int, *, now: datetime) -> None:
    """The callback is under way as soon as its call is on record: nobody dials it a second time, whoever is killed."""
    rows = Callback.objects.filter(
        controller_id=context.controller_id,
        id=callback_id,
        state__in=[CallbackState.WAITING, CallbackState.NOT_REACHED],
    )
    rows.update(state=CallbackState.DIALLED, reason="", changed_at=now)
    detail: dict[str, object] = {"callback": callback_id, "state": CallbackState.DIALLED.value}
    context.journal.deed(context, "switchboard.callback.settled", detail=detail)


def _own(context: AccessContext, wanted: Wanted) -> NumberView:
    """As whom we call: a number of our own that can be called back. The one asked for, or that of the queue first."""
    numbers = telephony.numbers(context)
    if wanted.line:
        fitting = [number for number in numbers if number.e164 == wanted.line]
    else:
        fitting = [number for number in numbers if number.queue == wanted.queue] or list(numbers)
    if not fitting:
        raise ConflictError(
            _("The company has no number of its own to call from."),
            place="numbers",
            mend=_("Set one in the console: whoever is called has to be able to call back."),
        )
    return next((number for number in fitting if number.answers), fitting[0])


def _read(number: str, country: str) -> str:
    text = normal_value("phone", number, country=country)
    if not text:
        raise BadInputError(
            _("This is no telephone number."), place="number", mend=_("Write it with its country, +36 …")
        )
    return text


def _call(context: AccessContext, wanted: Wanted, held: Line, now: datetime) -> Call:
    return Call(
        id=wanted.call or new_id(),
        controller=context.controller_id,
        direction=Direction.CALLBACK if wanted.callback else Direction.OUT,
        line=held.number.e164,
        language=held.number.language,
        began_at=now,
        queue=wanted.queue or held.queue.code,
        country=held.number.country,
        sector=held.number.sector,
        notice_version=held.notice.version if held.notice is not None else None,
        state=CallState.RINGING,
        customer=wanted.customer,
        certainty=Certainty.NUMBER_MATCHED if wanted.customer else Certainty.UNIDENTIFIED,
        conversation=wanted.conversation,
        callback=wanted.callback,
        spoke=context.operator_id,
    )


def _on_record(
    context: AccessContext, wanted: Wanted, call: Call, own: NumberView, number: str, *, now: datetime
) -> None:
    """The conversation it belongs to, or a new one; whom we called is sealed in its interaction."""
    if call.conversation is None:
        new = NewConversation(channel=Kind.CALL, queue=call.queue, language=own.language, line=own.e164)
        call.conversation = conversations.open_conversation(context, new=new, now=now).conversation_id
    call.interaction = conversations.begin_interaction(
        context,
        conversation_id=call.conversation,
        new=NewInteraction(
            kind=Kind.CALL,
            direction=Way.OUT,
            started_at=now,
            line=own.e164,
            party=number,
            queue=call.queue,
        ),
        now=now,
    )
    if wanted.customer is not None:
        conversations.note_matches(context, conversation_id=call.conversation, customer_ids=[wanted.customer], now=now)
