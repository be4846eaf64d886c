"""The verbs of an agent's call: each asks the context first, then the switchboard, which asks the mandates again."""

from django.utils.translation import get_language

from trustdesk.kernel.context import AccessContext
from trustdesk.switchboard import words
from trustdesk.switchboard.client import ask
from trustdesk.switchboard.contracts import CampaignCall, Presence, ReadyAgent, Verb


def attach(context: AccessContext, *, offer: str) -> str:
    """Open the browser's audio for the shift: our SDP answer (RFC 8829). Needs `call:take`.

    The notice is heard once then, so that the agent too may be recorded. A browser attached before is let go.
    BadInputError where the offer can't be read or has no audio that we speak.
    """
    context.check_operation("call:take")
    return ask(words.AttachBrowser(sitting=_sitting(context), offer=offer))


def detach(context: AccessContext) -> None:
    """Let the browser go; the operator is offline. Needs `call:take`. A call in hand goes back to its queue."""
    context.check_operation("call:take")
    ask(words.DetachBrowser(sitting=_sitting(context)))


def set_presence(context: AccessContext, *, state: Presence, reason: str = "") -> None:
    """Ready, paused with a reason of `contracts.PAUSES`, or offline. Needs `call:take`.

    BadInputError for any other state, or a pause without its reason. ConflictError for "ready" without an attached
    browser or a registered phone, or while a call waits for its disposition (`conversations`), or in a call.
    """
    context.check_operation("call:take")
    ask(words.SetPresence(sitting=_sitting(context), state=state, reason=reason))


def accept(context: AccessContext, *, call_id: int) -> None:
    """Take the call that rings here. Needs `call:take`. ConflictError where it rings no more."""
    context.check_operation("call:take")
    ask(words.AcceptCall(sitting=_sitting(context), call=call_id))


def refuse(context: AccessContext, *, call_id: int) -> None:
    """Let somebody else take it: the operator is paused. Needs `call:take`. ConflictError where it rings no more."""
    context.check_operation("call:take")
    ask(words.RefuseCall(sitting=_sitting(context), call=call_id))


def deed(context: AccessContext, *, call_id: int, verb: Verb, reason: str = "") -> None:
    """Do something with the call in hand. Needs `call:take`. NotFoundError where it is not in this operator's hand,
    ConflictError where it does not fit the moment.
    """
    context.check_operation("call:take")
    ask(words.DoDeed(sitting=_sitting(context), call=call_id, verb=verb, reason=reason))


def send_digits(context: AccessContext, *, call_id: int, digits: str) -> None:
    """Keys to the other side (RFC 4733): digits, star and hash. Needs `call:take`. Errors as for `deed`."""
    context.check_operation("call:take")
    ask(words.SendDigits(sitting=_sitting(context), call=call_id, digits=digits))


def dial(
    context: AccessContext,
    *,
    purpose: str,
    customer_id: int | None = None,
    value_id: int | None = None,
    number: str = "",
    country: str = "",
    queue: str = "",
    conversation_id: int | None = None,
) -> int:
    """Call a number of the customer's card (`value_id`), or one typed by hand; the new call's id. Needs `call:dial`.

    Decided at the moment of dialling (`clearance`, channel call_human, GDPR Art. 6, 21; Dir. 2002/58/EC Art. 13):
    RefusedError with the law where it is not permitted, where the destination is closed or a cap is reached.
    ConflictError without a reachable browser or phone of the operator, or in another call. `country` reads a national
    number. Needs `customer:contact` too.
    """
    context.check_operation("call:dial")
    context.check_operation("customer:contact")
    word = words.DialOut(
        sitting=_sitting(context),
        customer=customer_id or 0,
        value=value_id or 0,
        number=number,
        country=country,
        use=purpose,
        queue=queue,
        conversation=conversation_id or 0,
    )
    return int(ask(word))


def dial_in_campaign(context: AccessContext, *, call: CampaignCall, agent: ReadyAgent | None = None) -> None:
    """Call somebody in the course of a campaign, which the gate asks at that moment whether it runs, and whether it
    waits for this call. Without `agent` the operator of the context presses it: needs `call:dial`. With it the campaign
    released it: needs `call:supervise`; the seat is the agent's, who has to be ready, and nobody is dialled otherwise.

    Errors as for `dial`. A call of this number that there is already is not begun again: ConflictError.
    """
    context.check_operation("call:dial" if agent is None else "call:supervise")
    sitting = _sitting(context)
    if agent is not None:
        seat = {"operator": agent.operator_id, "mandate": agent.mandate_id, "purpose": agent.purpose}
        sitting = sitting.model_copy(update=seat)
    word = words.DialInCampaign.model_validate(
        {
            "sitting": sitting,
            "call": call.call_id,
            "campaign": call.campaign_id,
            "customer": call.customer_id,
            "value": call.value_id,
            "use": call.purpose,
            "queue": call.queue,
            "line": call.line,
            "about": dict(call.about),
            "released": agent is not None,
        }
    )
    ask(word)


def dial_back(context: AccessContext, *, callback_id: int, purpose: str = "") -> int:
    """Ring back whoever asked for it; the new call's id. Needs `call:dial`. Cleared again now: errors as for `dial`.

    `purpose` empty: the company's own purpose of service, the oldest.
    """
    context.check_operation("call:dial")
    context.check_operation("customer:contact")
    return int(ask(words.DialBack(sitting=_sitting(context), callback=callback_id, use=purpose)))


def consult(context: AccessContext, *, call_id: int, operator_id: int) -> None:
    """Hold the caller and ring a colleague. Needs `call:take`. ConflictError where that one is not ready."""
    context.check_operation("call:take")
    ask(words.ConsultAgent(sitting=_sitting(context), call=call_id, agent=operator_id))


def consult_outside(context: AccessContext, *, call_id: int, number: str, purpose: str, country: str = "") -> None:
    """Hold the caller and ring an outside number, which is cleared as any other. Needs `call:take`, `call:dial`.

    It hears the notice first, where the call is recorded. Errors as for `dial`.
    """
    context.check_operation("call:take")
    context.check_operation("call:dial")
    word = words.ConsultOutside(sitting=_sitting(context), call=call_id, number=number, country=country, use=purpose)
    ask(word)


def requeue(context: AccessContext, *, call_id: int, queue: str) -> None:
    """Give the caller to a queue: a blind transfer. Needs `call:take`. NotFoundError where there is no such queue."""
    context.check_operation("call:take")
    ask(words.MoveToQueue(sitting=_sitting(context), call=call_id, queue=queue))


def overhear(context: AccessContext, *, call_id: int, on: bool, reason: str = "") -> None:
    """Listen in with one's own attached browser, unheard; `on` false ends it. Needs `call:supervise`. Logged.

    RefusedError where `may_overhear` says no, BadInputError without a reason.
    """
    context.check_operation("call:supervise")
    ask(words.OverhearCall(sitting=_sitting(context), call=call_id, on=on, reason=reason))


def identified(context: AccessContext, *, call_id: int, customer_id: int | None) -> None:
    """It is known now who speaks (after `conversations.identify`): recordings go under the customer's keys from now on.
    None: that was taken back (after `conversations.take_back`).

    Needs `call:take`. NotFoundError where the call is not in this operator's hand.
    """
    context.check_operation("call:take")
    ask(words.CustomerKnown(sitting=_sitting(context), call=call_id, customer=customer_id or 0))


def settings_changed() -> None:
    """Numbers, queues, trunks or phones are others now: the switchboard reads them again. UnreachableError without one;
    it reads them at every start.
    """
    ask(words.SettingsChanged())


def _sitting(context: AccessContext) -> words.Sitting:
    return words.Sitting(
        operator=context.operator_id,
        controller=context.controller_id,
        mandate=context.mandate_id,
        purpose=context.purpose,
        language=get_language() or "en",
    )
