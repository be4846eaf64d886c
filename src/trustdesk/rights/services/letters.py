"""Letters about a request, through `delivery` and its gate, in the person's language, in words the company may change.

They go to a contact point that proves who somebody is, and nowhere else: whoever changed one yesterday reads none of
them. Where there is none, that stands in the history and somebody here writes. Contact points that were replaced
lately are told that a request was made.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from enum import StrEnum

from django.conf import settings
from django.utils import formats, translation
from django.utils.translation import gettext as _

from trustdesk.conversations.api import grouped
from trustdesk.delivery.api import send_mail, send_sms, sender_of
from trustdesk.delivery.contracts import NewMessage
from trustdesk.identity.api import RIGHTS, declare_missing
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates.api import ControllerView, controller, request_context
from trustdesk.register.api import former_points, proving_points
from trustdesk.register.contracts import ProvingPoint, ValueKind
from trustdesk.rights.contracts import LAW, Happening, Kind
from trustdesk.rights.models import Request
from trustdesk.rights.services.held import move

Send = Callable[..., int]


class Letter(StrEnum):
    """By its code a wording is found: the company's own, else the product's (`delivery.standard`)."""

    RECEIVED = "request-received"
    IDENTITY = "request-identity"
    CODE = "request-code"
    EXTENDED = "request-extended"
    DONE = "request-done"
    ERASING = "request-erasing"
    ANSWERED = "request-answer"
    REFUSED = "request-refused"
    ALERT = "request-alert"


def prepare(context: AccessContext, *, now: datetime) -> None:
    """The purpose that letters are sent for, declared where the company has not declared it itself."""
    declare_missing(request_context(context), now=now)


def reachable(context: AccessContext, row: Request, *, now: datetime) -> Sequence[ProvingPoint]:
    """The contact points by which the person can be written to; none where it is not known whose request it may be."""
    if row.customer_id is None:
        return ()
    house, ways = request_context(context), _ways(context)
    try:
        return [point for point in proving_points(house, row.customer_id, now=now) if point.kind in ways]
    except NotFoundError:
        return ()  # erased meanwhile


def write(
    context: AccessContext, row: Request, letter: Letter, *, now: datetime, more: Mapping[str, str] | None = None
) -> bool:
    """Put the letter into the outbox and say so in the history; false, said there too, where nobody can be reached."""
    for point in reachable(context, row, now=now):
        try:
            row.told_id = send(context, row, letter, point, now=now, more=more)
        except NotFoundError:
            continue  # restricted or contested: nobody writes there
        move(context, row, Happening.TOLD, now=now, code=letter)
        return True
    move(context, row, Happening.NOT_TOLD, now=now, code=letter)
    return False


def alert(context: AccessContext, row: Request, *, now: datetime) -> int:
    """Tell the contact points that were replaced within thirty days that somebody makes a request; how many."""
    if row.customer_id is None:
        return 0
    house, ways = request_context(context), _ways(context)
    points = [point for point in former_points(house, row.customer_id, now=now) if point.kind in ways]
    for point in points:
        send(context, row, Letter.ALERT, point, now=now, former=True)
        move(context, row, Happening.TOLD, now=now, code=Letter.ALERT)
    return len(points)


def send(
    context: AccessContext,
    row: Request,
    letter: Letter,
    point: ProvingPoint,
    *,
    now: datetime,
    more: Mapping[str, str] | None = None,
    former: bool = False,
) -> int:
    """The message's id. NotFoundError where the contact point can't be written to."""
    company = controller(context.controller_id)
    language = language_of(row, company)
    house = request_context(context)
    message = NewMessage(
        customer_id=row.customer_id or 0,
        value_id=point.value_id,
        purpose=RIGHTS,
        template=letter,
        language=language,
        parameters=_parameters(row, letter, company, language) | dict(more or {}),
        key=f"{letter}|{to_public(row.id)}|{to_public(new_id())}",
        former=former,
    )
    return _ways(context)[point.kind](house, message=message, now=now)


def language_of(row: Request, company: ControllerView) -> str:
    """The person's, where the house speaks it; else the company's first."""
    return row.language if row.language in dict(settings.LANGUAGES) else company.languages[0]


def right_named(kind: Kind) -> str:
    """The right in plain words, in the language that is spoken now."""
    names = {
        Kind.ACCESS: _("to know what is held about you"),
        Kind.RECTIFICATION: _("to have your data corrected"),
        Kind.ERASURE: _("to have your data erased"),
        Kind.RESTRICTION: _("to have your data stored only"),
        Kind.PORTABILITY: _("to take your data along"),
        Kind.OBJECTION: _("to object to the use of your data"),
        Kind.WITHDRAWAL: _("to withdraw your consent"),
        Kind.HUMAN_REVIEW: _("to have a decision looked at by a person"),
    }
    return names[kind]


def _ways(context: AccessContext) -> Mapping[ValueKind, Send]:
    """By what the company writes: what nobody has set up is no way."""
    sender = sender_of(context)
    ways: dict[ValueKind, Send] = {}
    if sender.mail_address:
        ways[ValueKind.EMAIL] = send_mail
    if sender.sms_name:
        ways[ValueKind.PHONE] = send_sms
    return ways


_ASKS_FOR_DAY = frozenset({Letter.RECEIVED, Letter.EXTENDED})
_NAMES_RIGHT = frozenset(Letter) - {Letter.CODE, Letter.ANSWERED}


def _parameters(row: Request, letter: Letter, company: ControllerView, language: str) -> dict[str, str]:
    given = {"reference": grouped(row.reference), "company": company.name}
    with translation.override(language):
        if letter in _NAMES_RIGHT:
            given["right"] = f"{right_named(Kind(row.kind))} ({LAW[Kind(row.kind)]})"
        if letter in _ASKS_FOR_DAY:
            given["day"] = formats.date_format(row.due_date, "DATE_FORMAT")
    return given
