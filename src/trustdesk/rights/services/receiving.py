"""Taking requests in: a reference, the clock, a receipt; and what is said of them until they are decided."""

from dataclasses import replace
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from trustdesk.conversations.api import fresh
from trustdesk.identity.api import visiting
from trustdesk.identity.contracts import Visit
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import request_context
from trustdesk.register.api import proves, proving_points
from trustdesk.rights import content
from trustdesk.rights.contracts import Channel, Happening, Kind, NewRequest, ProofKind, Received, State, Told, Wish
from trustdesk.rights.models import Request
from trustdesk.rights.rows import set_clock
from trustdesk.rights.services import letters
from trustdesk.rights.services.held import hold, move, note
from trustdesk.rights.services.proof import ask, prove
from trustdesk.rights.wishes import specified

_TRIES = 5
_UNDECIDED = frozenset({State.RECEIVED, State.IDENTIFYING, State.IDENTIFIED})
_LONGEST = 20_000
_LONGEST_NAME = 200


def receive(context: AccessContext, *, new: NewRequest, now: datetime) -> Received:
    """Take a request in (see `rights.api`)."""
    context.check_operation("request:take")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row, known = _taken(context, new, now)
        if not known:
            letters.alert(context, row, now=now)
            letters.write(context, row, letters.Letter.RECEIVED, now=now)
    return Received(row.id, row.reference)


def receive_in_visit(visit: Visit, *, new: NewRequest, now: datetime) -> Received:
    """Take in the request of a customer who is in (see `rights.api`)."""
    context = visiting(visit, now=now)
    own = replace(new, customer_id=visit.customer_id, channel=Channel.PORTAL, external_id="")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row, _known = _taken(context, own, now)
        letters.alert(context, row, now=now)
        if proves(context, customer_id=visit.customer_id, value_id=visit.value_id, now=now):
            prove(context, row, ProofKind.PORTAL, now=now)
            letters.write(context, row, letters.Letter.RECEIVED, now=now)
        else:
            ask(context, row, now=now)
    return Received(row.id, row.reference)


def repeat(context: AccessContext, *, request_id: int, words: str, now: datetime) -> None:
    """The person wrote again (see `rights.api`)."""
    context.check_operation("request:take")
    with scoped(context.scope):
        move(context, hold(context, request_id), Happening.REPEATED, now=now, detail=_text(words, "words"))


def suppose(context: AccessContext, *, request_id: int, customer_id: int, now: datetime) -> None:
    """Say whose it may be (see `rights.api`)."""
    context.check_operation("request:take")
    letters.prepare(context, now=now)
    with scoped(context.scope):
        row = hold(context, request_id)
        proving_points(request_context(context), customer_id, now=now)  # NotFoundError for a stranger
        changed = row.customer_id != customer_id
        row.customer_id = customer_id
        move(context, row, Happening.SUPPOSED, now=now)
        if changed:
            letters.alert(context, row, now=now)
            letters.write(context, row, letters.Letter.RECEIVED, now=now)


def specify(context: AccessContext, *, request_id: int, wish: Wish, kind: Kind | None = None, now: datetime) -> None:
    """Say what exactly is asked for (see `rights.api`)."""
    context.check_operation("request:work")
    with scoped(context.scope):
        row = hold(context, request_id)
        if State(row.state) not in _UNDECIDED:
            raise ConflictError(_("It is decided already."), place="request", mend=_("Load the page again."))
        told = content.open_told(context, row, what="rights.specify")
        row.sealed = content.seal(context, row.id, specified(told, wish))
        row.kind = kind or row.kind
        row.changed_at = now
        row.save()
        context.journal.deed(context, "rights.specified", detail={"request": row.id, "right": row.kind})


def _taken(context: AccessContext, new: NewRequest, now: datetime) -> tuple[Request, bool]:
    """The row, and whether it was there before. Inside the scope."""
    if new.received_at > now:
        raise BadInputError(_("It lies in the future."), place="received_at", mend=_("Correct the day."))
    if new.customer_id is not None:
        proving_points(request_context(context), new.customer_id, now=now)  # NotFoundError for a stranger
    if new.external_id:
        own = Request.objects.filter(controller_id=context.controller_id, external_id=new.external_id)
        earlier = own.first()
        if earlier is not None:
            return earlier, True
    row = _row(context, new, now)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as fault:
        raise ConflictError(
            _("A request of this number came at this moment."), place="request", mend=_("Try again.")
        ) from fault
    note(context, row, Happening.RECEIVED, None, now=now, code=row.channel)
    return row, False


def _row(context: AccessContext, new: NewRequest, now: datetime) -> Request:
    request_id = new_id()
    told = Told(
        words=_text(new.words, "words"),
        name=_text(new.name, "name", _LONGEST_NAME),
        reply_to=_text(new.reply_to, "reply_to", _LONGEST_NAME),
        wish=new.wish,
    )
    row = Request(
        controller_id=context.controller_id,
        id=request_id,
        reference=_reference(context),
        kind=new.kind,
        channel=new.channel,
        state=State.RECEIVED,
        language=new.language,
        customer_id=new.customer_id,
        external_id=new.external_id,
        sealed=content.seal(context, request_id, told),
        received_at=new.received_at,
        changed_at=now,
    )
    set_clock(row, now=now)
    return row


def _reference(context: AccessContext) -> str:
    """One that no request of the company has: of 10^11 one is hardly ever met twice."""
    for _try in range(_TRIES):
        reference = fresh()
        if not Request.objects.filter(controller_id=context.controller_id, reference=reference).exists():
            return reference
    raise ConflictError(_("No free reference was found."), place="reference", mend=_("Try again."))


def _text(text: str, place: str, longest: int = _LONGEST) -> str:
    if len(text) > longest or "\0" in text:
        raise BadInputError(_("The text is too long."), place=place, mend=_("Shorten it."))
    return text.strip()
