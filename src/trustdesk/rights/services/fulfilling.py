"""What the house itself does for a right, through the doors below: correct, restrict, object, withdraw, look again."""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from trustdesk.clearance.api import purposes, record_objection
from trustdesk.clearance.api import withdraw as withdraw_consent
from trustdesk.clearance.contracts import ALL_MARKETING, Method, Scope
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.register.api import correct_value, create_source, lock, sources
from trustdesk.register.contracts import ConfirmedBy, NewSource, SourceKind
from trustdesk.rights.contracts import Channel, Kind
from trustdesk.rights.fulfilment import Fulfilment, ToFulfil
from trustdesk.rights.services import carrying, notifying

_SOURCE = gettext_noop("Requests of customers")
_METHOD: Mapping[Channel, Method] = {
    Channel.PORTAL: Method.WEB_FORM,
    Channel.DESK: Method.TOLD_OPERATOR,
    Channel.CALL: Method.TOLD_OPERATOR,
    Channel.MAIL: Method.REPLY,
    Channel.API: Method.WEB_FORM,
}


def rectify(context: AccessContext, one: ToFulfil, now: datetime) -> bool:
    """Art. 16: the register's correction, which stands against lists and feeds; recipients are told (Art. 19), and
    connected systems put it right too: the request is done when each has.
    """
    if not one.wish.corrections:
        raise _unclear(_("Say which value is wrong, and what is right."))
    source_id = _source(context, now)
    fresh = [
        correct_value(
            context,
            customer_id=one.customer_id,
            value_id=value_id,
            text=text,
            source_id=source_id,
            by=ConfirmedBy.CUSTOMER,
            now=now,
            carried=True,
        )
        for value_id, text in one.wish.corrections
    ]
    notifying.tell(context, one, wrong={value_id for value_id, _text in one.wish.corrections}, fresh=fresh, now=now)
    return not carrying.order(context)


def restrict(context: AccessContext, one: ToFulfil, now: datetime) -> bool:
    """Art. 18: stored only, by one of its four grounds."""
    if one.wish.ground is None:
        raise _unclear(_("Say on which ground of Art. 18(1)."))
    lock(context, customer_id=one.customer_id, ground=one.wish.ground, now=now)
    return True


def object_to(context: AccessContext, one: ToFulfil, now: datetime) -> bool:
    """Art. 21: to one purpose, or to all marketing."""
    wish = one.wish
    record_objection(
        context,
        customer_id=one.customer_id,
        scope=Scope(purpose=wish.purpose, channel=wish.way) if wish.purpose else ALL_MARKETING,
        method=_METHOD[one.channel],
        reference=one.reference,
        now=now,
    )
    return True


def withdraw(context: AccessContext, one: ToFulfil, now: datetime) -> bool:
    """Art. 7(3): of the consent to one purpose, by one way or by all."""
    if one.wish.purpose not in {purpose.code for purpose in purposes(context)}:
        raise _unclear(_("Say which consent is withdrawn: its purpose."))
    withdraw_consent(
        context,
        customer_id=one.customer_id,
        purpose=one.wish.purpose,
        channel=one.wish.way,
        method=_METHOD[one.channel],
        reference=one.reference,
        now=now,
    )
    return True


def review(_context: AccessContext, _one: ToFulfil, _now: datetime) -> bool:
    """Art. 22(3): a case that waits for a person to look at it and to say how it ended (`rights.api.conclude`)."""
    return False


OWN: Mapping[Kind, Fulfilment] = {
    Kind.RECTIFICATION: Fulfilment(rectify),
    Kind.RESTRICTION: Fulfilment(restrict),
    Kind.OBJECTION: Fulfilment(object_to),
    Kind.WITHDRAWAL: Fulfilment(withdraw),
    Kind.HUMAN_REVIEW: Fulfilment(review),
}


def _source(context: AccessContext, now: datetime) -> int:
    """Where corrected values come from: one source a company, made when it is first needed."""
    known = [source.source_id for source in sources(context) if source.name == _SOURCE]
    if known:
        return known[0]
    new = NewSource(kind=SourceKind.DIRECT, name=_SOURCE, legal_basis="eu-gdpr:A6-1-c")
    return create_source(context, source=new, now=now)


def _unclear(mend: str) -> BadInputError:
    return BadInputError(_("The request does not say what exactly is wanted."), place="wish", mend=mend)
