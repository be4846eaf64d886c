"""The rights as customers read them: what each means, how long it takes, how a request stands, what is waited for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trustdesk.design.requesting import STATE_TONES, Deadline, deadline, ground_label, state_label
from trustdesk.identity.api import Visit
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register.contracts import RestrictionGround
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import CLOSED, LAW, Channel, Kind, RequestView, State

_UNDECIDED = frozenset({State.RECEIVED, State.IDENTIFYING, State.IDENTIFIED, State.PLANNED})
_ASKING = frozenset({State.RECEIVED, State.IDENTIFYING})
_MEANS: Mapping[Kind, tuple[str, str]] = {
    Kind.ACCESS: (
        gettext_noop("A copy of my data"),
        gettext_noop("You get everything we hold of you, where it is from, what it is used for and who got it."),
    ),
    Kind.RECTIFICATION: (
        gettext_noop("Put my data right"),
        gettext_noop("Something is wrong or missing. We correct it, and tell everybody to whom we gave it."),
    ),
    Kind.ERASURE: (
        gettext_noop("Delete my data"),
        gettext_noop("We delete everything that no law has us keep, in every system, and prove it to you."),
    ),
    Kind.OBJECTION: (
        gettext_noop("Stop using my data for something"),
        gettext_noop("Advertising stops without a reason. Anything else stops unless our grounds outweigh yours."),
    ),
    Kind.WITHDRAWAL: (
        gettext_noop("Take back a consent"),
        gettext_noop("What you once agreed to ends, as easily as it began."),
    ),
    Kind.RESTRICTION: (
        gettext_noop("Keep my data, but don't use them"),
        gettext_noop("Nobody works with your data while something is cleared up, or while you need them."),
    ),
    Kind.PORTABILITY: (
        gettext_noop("Take my data along"),
        gettext_noop("You get what you gave us in a form that another company's systems can read."),
    ),
    Kind.HUMAN_REVIEW: (
        gettext_noop("Have a person decide"),
        gettext_noop("A machine decided something about you. A person looks at it and hears you."),
    ),
}


@dataclass(frozen=True, slots=True)
class Right:
    """A right that can be exercised. `shortcut`: a page where it is done at once, and what that is called."""

    kind: Kind
    name: str
    means: str
    law: str
    shortcut: tuple[str, str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MyRequest:
    """A request of the customer's own. `strange`: it names the customer, and somebody else may have made it."""

    view: RequestView
    name: str
    state: str
    tone: str
    deadline: Deadline
    waits: str
    refused: str
    strange: bool
    unproven: bool
    open: bool
    undecided: bool


def everything() -> list[Right]:
    """All rights, in the order in which people ask for them."""
    return [right_of(kind) for kind in _MEANS]


def right_of(kind: Kind) -> Right:
    name, means = _MEANS[kind]
    return Right(kind, _(name), _(means), LAW[kind], _shortcuts().get(kind))


def my_requests(context: AccessContext, visit: Visit, *, now: datetime) -> list[MyRequest]:
    """All of the customer's, the newest first."""
    found = rights.of_customer(context, customer_id=visit.customer_id, now=now)
    return [_mine(view, now) for view in found]


def my_request(context: AccessContext, visit: Visit, request_id: int, *, now: datetime) -> MyRequest:
    """One of the customer's. NotFoundError for anybody else's: it is looked for among the own ones only."""
    found = next((each for each in my_requests(context, visit, now=now) if each.view.request_id == request_id), None)
    if found is None:
        raise NotFoundError(_("There is no such request."), place="request", mend=_("Open your requests again."))
    return found


def letters(context: AccessContext, request_id: int) -> list[tuple[datetime, str]]:
    """What was written to the customer about one of the own requests: when, and what it was."""
    labels = _letters()
    return [(each.at, labels.get(each.code, each.code)) for each in rights.written(context, request_id=request_id)]


def grounds() -> Sequence[tuple[str, str]]:
    """Of Art. 18(1), as the person says them."""
    return [
        (RestrictionGround.ACCURACY_CONTESTED.value, _("Something is wrong, and is to be checked first")),
        (RestrictionGround.UNLAWFUL_BUT_KEEP.value, _("You may not use them, but I want them kept")),
        (RestrictionGround.NEEDED_FOR_CLAIMS.value, _("I need them for a legal claim")),
        (RestrictionGround.OBJECTION_PENDING.value, _("I objected, and you are still weighing it")),
    ]


def _mine(view: RequestView, now: datetime) -> MyRequest:
    unproven = view.proved is None and view.state in _ASKING
    return MyRequest(
        view=view,
        name=right_of(view.kind).name,
        state=state_label(view.state),
        tone=STATE_TONES[view.state],
        deadline=deadline(view, now),
        waits=_waits(view),
        refused=ground_label(view.refused) if view.refused else "",
        strange=unproven and view.channel is not Channel.PORTAL,
        unproven=unproven,
        open=view.state not in CLOSED,
        undecided=view.state in _UNDECIDED,
    )


def _waits(view: RequestView) -> str:
    """What happens next, and who has to do it."""
    return {
        State.RECEIVED: _("We have to know first that it is you who asks."),
        State.IDENTIFYING: _("We wait until you show us that it is you. Meanwhile the time stands still."),
        State.IDENTIFIED: _("It is known that it is you. Now we decide about it."),
        State.PLANNED: _("We have drawn up what is deleted and what a law has us keep. Now we decide about it."),
        State.APPROVED: _("We said yes. It is being done."),
        State.RUNNING: _("We said yes. It is being done."),
        State.HELD: _("Part of it has to be kept for a legal case for now. We go on as soon as that is over."),
        State.DONE: _("It is done."),
        State.REFUSED: _("We don't do it. In our letter stands why."),
        State.WITHDRAWN: _("You took it back. Nothing is done."),
    }[view.state]


def _letters() -> Mapping[str, str]:
    return {
        "request-received": _("That we have your request"),
        "request-identity": _("The question who you are"),
        "request-code": _("A code that shows that it is you"),
        "request-extended": _("That it takes longer, and why"),
        "request-erasing": _("That your data are about to be deleted"),
        "request-done": _("That it is done"),
        "request-answer": _("What came of it"),
        "request-refused": _("That we don't do it, and why"),
    }


def _shortcuts() -> dict[Kind, tuple[str, str]]:
    return {
        Kind.RECTIFICATION: ("portal:held", _("Correct it yourself, at once")),
        Kind.WITHDRAWAL: ("portal:held", _("Take a consent back yourself, at once")),
        Kind.OBJECTION: ("portal:choices", _("Stop advertising yourself, at once")),
    }
