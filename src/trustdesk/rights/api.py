"""Requests of data subjects: received by every way, known from whom, decided by the company, done in time, told of.

Functions take the access context first and work under its signed scope; `now` is an aware instant. Errors are those of
`kernel.errors` and NoSuchStepError, where the states (`rights.states`) know no such step. Law: GDPR Art. 7(3), 11, 12,
15-22; Regulation (EEC, Euratom) No 1182/71, Art. 3. Operations: `request:take` takes a request in and finds out who
asks, `request:work` works on it, `request:approve` decides for the company: by its own staff, and by a processor's only
where the mandate names it (Art. 28(3)(a), (e)).
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.identity.contracts import Visit
from trustdesk.kernel.context import AccessContext
from trustdesk.rights import selectors as _selectors
from trustdesk.rights.contracts import (
    CODE_LIVES,
    GROUNDS,
    LAW,
    Channel,
    Clock,
    Elsewhere,
    Ground,
    Happened,
    Identity,
    Kind,
    Letter,
    Mailbox,
    NewMailbox,
    NewRequest,
    ProofKind,
    Received,
    RequestView,
    Security,
    Standing,
    State,
    Taken,
    Whole,
    Wish,
    Written,
)
from trustdesk.rights.fulfilment import Fulfilment, ToFulfil, fulfilments
from trustdesk.rights.services import closing as _closing
from trustdesk.rights.services import codes as _codes
from trustdesk.rights.services import deciding as _deciding
from trustdesk.rights.services import extending as _extending
from trustdesk.rights.services import identifying as _identifying
from trustdesk.rights.services import mailing as _mailing
from trustdesk.rights.services import receiving as _receiving
from trustdesk.rights.services import systems as _systems
from trustdesk.rights.services.carrying import elsewhere
from trustdesk.rights.services.mailboxes import (
    mailbox,
    pause_mailbox,
    read_mailbox,
    remove_mailbox,
    resume_mailbox,
    set_mailbox,
    try_mailbox,
)
from trustdesk.rights.services.notifying import received, told
from trustdesk.rights.states import NoSuchStepError

__all__ = [
    "CODE_LIVES",
    "GROUNDS",
    "LAW",
    "Channel",
    "Clock",
    "Elsewhere",
    "Fulfilment",
    "Ground",
    "Happened",
    "Identity",
    "Kind",
    "Letter",
    "Mailbox",
    "NewMailbox",
    "NewRequest",
    "NoSuchStepError",
    "ProofKind",
    "Received",
    "RequestView",
    "Security",
    "Standing",
    "State",
    "Taken",
    "ToFulfil",
    "Whole",
    "Wish",
    "Written",
    "approve",
    "ask_identity",
    "by_external",
    "by_reference",
    "check_code",
    "conclude",
    "doubt",
    "elsewhere",
    "extend",
    "finish",
    "fulfilments",
    "held",
    "identify",
    "identify_in_visit",
    "letters_taken",
    "mailbox",
    "of_customer",
    "of_reference",
    "pause_mailbox",
    "plan",
    "proving_points",
    "read_mailbox",
    "receive",
    "receive_from_system",
    "receive_in_visit",
    "received",
    "refuse",
    "released",
    "remove_mailbox",
    "repeat",
    "request",
    "requests",
    "resume_mailbox",
    "send_code",
    "set_mailbox",
    "specify",
    "standing",
    "suppose",
    "take_mail",
    "told",
    "try_mailbox",
    "whole",
    "withdraw",
    "withdraw_in_visit",
    "written",
]


def receive(context: AccessContext, *, new: NewRequest, now: datetime) -> Received:
    """Take a request in; its id and its reference. Needs `request:take`. The clock runs from `new.received_at`.

    Whose it says to be proves nothing: nobody is identified by it. Where that customer has a contact point that proves
    who they are, the receipt goes there (Art. 12(2)), so that a person learns of a request that somebody else made; an
    older contact point that was changed within thirty days is written to as well. The same `external_id` a second time
    is the first one. BadInputError where it lies in the future, NotFoundError for a customer who is not there.
    """
    return _receiving.receive(context, new=new, now=now)


def receive_from_system(
    context: AccessContext,
    *,
    new: NewRequest,
    identities: Sequence[Identity],
    callbacks: Sequence[str] = (),
    now: datetime,
) -> Received:
    """Take in what another system of the company hands over (OpenDSR); the same number a second time is the first one.
    Needs `request:take`.

    `identities` find a customer where each of them names the same one; that proves nothing. `callbacks` are addresses
    of endpoints that the company has declared for `request.changed`; BadInputError for others.
    """
    return _systems.receive_from_system(context, new=new, identities=identities, callbacks=callbacks, now=now)


def by_external(context: AccessContext, *, external_id: str, now: datetime) -> RequestView:
    """The request that another system handed over under this number. Needs `request:take`; NotFoundError."""
    return _systems.by_external(context, external_id=external_id, now=now)


def receive_in_visit(visit: Visit, *, new: NewRequest, now: datetime) -> Received:
    """Take in the request of a customer who is in the portal: it is theirs, and identified at once where the contact
    point by which they came in has stood for thirty days. Else it waits until they prove it in another way.
    """
    return _receiving.receive_in_visit(visit, new=new, now=now)


def repeat(context: AccessContext, *, request_id: int, words: str, now: datetime) -> None:
    """The person wrote again: it becomes a line of the history, sealed. Needs `request:take`. NoSuchStepError where the
    request is closed.
    """
    _receiving.repeat(context, request_id=request_id, words=words, now=now)


def suppose(context: AccessContext, *, request_id: int, customer_id: int, now: datetime) -> None:
    """Say whose request it may be. Needs `request:take`. It proves nothing; NoSuchStepError where it is proved."""
    _receiving.suppose(context, request_id=request_id, customer_id=customer_id, now=now)


def specify(context: AccessContext, *, request_id: int, wish: Wish, kind: Kind | None = None, now: datetime) -> None:
    """Say what exactly is asked for, as the person does; `kind` where it is another right than was thought. Needs
    `request:work`. ConflictError where it is planned or approved already.
    """
    _receiving.specify(context, request_id=request_id, wish=wish, kind=kind, now=now)


def take_mail(context: AccessContext, *, raw: bytes, now: datetime) -> Letter:
    """Take one message in as it came (RFC 5322): a request of its own, or added to the open one whose reference it
    quotes. Needs `request:take`. The same octets a second time change nothing.

    Its sender identifies nobody. What machines send is ignored (RFC 3834), what can't be read is parked, with a reason.
    Of its right there is a first guess, to be set right by `specify`.
    """
    return _mailing.take_mail(context, raw=raw, now=now)


def letters_taken(context: AccessContext, *, limit: int = 100) -> Sequence[Letter]:
    """What became of the letters of the mailbox, the newest first. Needs `request:take` or `delivery:read`."""
    return _mailing.letters_taken(context, limit=limit)


def ask_identity(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """Who asks is in doubt (Art. 12(6)): the person is asked, in a letter to a contact point that proves, where there
    is one. Needs `request:take`. The clock stands from now on if it is asked within seven days of receipt.
    """
    _identifying.ask_identity(context, request_id=request_id, now=now)


def proving_points(context: AccessContext, *, request_id: int, now: datetime) -> Sequence[tuple[int, str]]:
    """Id and kind (`email`, `phone`) of the contact points that prove who asks. Needs `request:take`. Opens nothing."""
    return _identifying.proving(context, request_id=request_id, now=now)


def send_code(context: AccessContext, *, request_id: int, value_id: int, now: datetime) -> int:
    """Send six digits to a contact point on file, good for fifteen minutes; the message's id. Needs `request:take`.

    RefusedError where that contact point proves nothing; ThrottledError after three codes in an hour to a customer.
    """
    return _codes.send_code(context, request_id=request_id, value_id=value_id, now=now)


def check_code(context: AccessContext, *, request_id: int, code: str, now: datetime) -> None:
    """The person says the code: it is them. Needs `request:take`. ProofRefusedError where it is not the code that is
    good now: nothing says why. A try counts before anything is compared; after five the code is dead.
    """
    _codes.check_code(context, request_id=request_id, code=code, now=now)


def identify(
    context: AccessContext, *, request_id: int, kind: ProofKind, value_id: int | None = None, now: datetime
) -> None:
    """Somebody here vouches for who asks. Needs `request:take`; for a document `request:work`.

    CALLED_BACK: reached on the number `value_id`, RefusedError where that number proves nothing. DOCUMENT: it was shown
    and not copied, not even its number. BadInputError for other kinds, which no person vouches for; ConflictError where
    it is not known whose request it may be.
    """
    _identifying.identify(context, request_id=request_id, kind=kind, value_id=value_id, now=now)


def identify_in_visit(visit: Visit, *, request_id: int, now: datetime) -> None:
    """The customer confirms in the portal that a request that names them is theirs. RefusedError where the contact
    point by which they came in proves nothing; NotFoundError where the request is another's.
    """
    _identifying.identify_in_visit(visit, request_id=request_id, now=now)


def doubt(context: AccessContext, *, request_id: int, reason: str, now: datetime) -> None:
    """The proof is not believed any more, or it was somebody else. Needs `request:work`. Before approval only."""
    _identifying.doubt(context, request_id=request_id, reason=reason, now=now)


def plan(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """Draw what an erasure would do, to be looked at before it is approved. Needs `request:work`."""
    _deciding.plan(context, request_id=request_id, now=now)


def approve(context: AccessContext, *, request_id: int, now: datetime) -> RequestView:
    """The company says yes, and it is done, or begun where it takes longer. Needs `request:approve`.

    NoSuchStepError where nobody has proved who asks, an erasure has not been planned, or it is decided already;
    BadInputError where the request does not say what exactly is asked for (see `specify`); RefusedError where the
    installation can't do it yet. A fault undoes the approval with it.
    """
    return _deciding.approve(context, request_id=request_id, now=now)


def refuse(context: AccessContext, *, request_id: int, ground: Ground, reason: str, now: datetime) -> None:
    """No, for a ground of law, with its reason in plain words; the person is told, and that they can complain to the
    supervisory authority and go to court (Art. 12(4)). Needs `request:approve`.

    BadInputError without a reason, or for a ground that does not fit the right.
    """
    _deciding.refuse(context, request_id=request_id, ground=ground, reason=reason, now=now)


def conclude(context: AccessContext, *, request_id: int, outcome: str, now: datetime) -> None:
    """The outcome of what a person had to look at (Art. 22(3)), as the person is told it. Needs `request:approve`."""
    _closing.conclude(context, request_id=request_id, outcome=outcome, now=now)


def extend(context: AccessContext, *, request_id: int, reason: str, now: datetime) -> None:
    """Two months more, once, for complexity or number of requests (Art. 12(3)); the person is told why in a letter that
    leaves with it. Needs `request:work`. ConflictError where the first month is over, or there is no way to tell them.
    """
    _extending.extend(context, request_id=request_id, reason=reason, now=now)


def withdraw(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """The person does not want it any more. Needs `request:work`."""
    _closing.withdraw(context, request_id=request_id, now=now)


def withdraw_in_visit(visit: Visit, *, request_id: int, now: datetime) -> None:
    """The customer takes the own request back in the portal. NotFoundError where it is another's."""
    _closing.withdraw_in_visit(visit, request_id=request_id, now=now)


def held(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """A legal hold stops it; for whoever carries it out."""
    _closing.held(context, request_id=request_id, now=now)


def released(context: AccessContext, *, request_id: int, now: datetime) -> None:
    """The hold is gone; for whoever carries it out."""
    _closing.released(context, request_id=request_id, now=now)


def finish(context: AccessContext, *, request_id: int, code: str = "", now: datetime) -> None:
    """It is done, and the person is told; for whoever carries it out. `code`: a word of ours on how it ended."""
    _closing.finish(context, request_id=request_id, code=code, now=now)


def requests(
    context: AccessContext,
    *,
    states: Sequence[State] = (),
    kind: Kind | None = None,
    customer_id: int | None = None,
    limit: int = 100,
    now: datetime,
) -> Sequence[RequestView]:
    """Requests by their clock, the most urgent first; open ones, where no state is named. Needs `request:take`."""
    return _selectors.requests(context, states=states, kind=kind, customer_id=customer_id, limit=limit, now=now)


def request(context: AccessContext, *, request_id: int, now: datetime) -> RequestView:
    """One request as it stands; opens nothing. Needs `request:take`. NotFoundError where there is none."""
    return _selectors.request(context, request_id=request_id, now=now)


def whole(context: AccessContext, *, request_id: int, now: datetime) -> Whole:
    """One request with the person's words and its history; one opening. Needs `request:work`."""
    return _selectors.whole(context, request_id=request_id, now=now)


def by_reference(context: AccessContext, *, digits: str, asker: str, now: datetime) -> RequestView | None:
    """The request of a reference, typed or said; None where it is none of the company's. Needs `request:take`. It finds
    a case and identifies nobody. ThrottledError for whoever guesses, as for references of conversations.
    """
    return _selectors.by_reference(context, digits=digits, asker=asker, now=now)


def of_reference(context: AccessContext, reference: str, *, now: datetime) -> RequestView | None:
    """The request of twelve digits that were read and passed the throttle already: inside the `find` of
    `conversations.api.by_any_reference`, for a box that takes references of both.
    """
    return _selectors.of_reference(context, reference, now=now)


def of_customer(context: AccessContext, *, customer_id: int, now: datetime) -> Sequence[RequestView]:
    """All requests of a customer, the newest first, for the portal and the card: proved ones, and those that merely
    name them, which somebody else may have made. Needs `request:take`.
    """
    return _selectors.of_customer(context, customer_id=customer_id, now=now)


def written(context: AccessContext, *, request_id: int) -> Sequence[Written]:
    """The letters to the person about a request, the oldest first, for the portal; what they said is not kept here, and
    nothing is opened. Not those to whom it was thought to be before, nor to replaced contact points, which may be
    somebody else's. Needs `request:take`.
    """
    return _selectors.written(context, request_id=request_id)


def standing(context: AccessContext, *, now: datetime) -> Standing:
    """Counts for the console and the examination of the installation. Needs `request:take`."""
    return _selectors.standing(context, now=now)
