"""One message from the outbox into other hands: permitted, opened, prepared, permitted again, handed over."""

from datetime import datetime

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError

from trustdesk.clearance.contracts import PREPARING, NotClearedError, Permit
from trustdesk.delivery.contracts import Happening, Sender, State
from trustdesk.delivery.services import gate, rows
from trustdesk.delivery.services.backoff import next_attempt
from trustdesk.delivery.services.contexts import Contexts
from trustdesk.delivery.services.opening import CantOpenError, open_message
from trustdesk.delivery.services.pace import Pace
from trustdesk.delivery.services.rows import Because, Row
from trustdesk.delivery.services.wrapping import parcel
from trustdesk.delivery.states import MESSAGE
from trustdesk.delivery.transports.choosing import Carrier
from trustdesk.delivery.transports.faults import CarrierError, NoAnswerError, RejectedError
from trustdesk.delivery.transports.parcel import Parcel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register.api import record_communication

_PACE = Pace(settings.TRUSTDESK_MAIL_PACE)

log = structlog.get_logger(__name__)


class Carrying:
    """What one run of a lane shares: contexts, the carrier, as whom the company writes."""

    def __init__(self, contexts: Contexts, carrier: Carrier, sender: Sender) -> None:
        self._contexts = contexts
        self._carrier = carrier
        self._sender = sender

    def deal_with(self, row: Row) -> None:
        """Bring the message as far as it goes now. Whatever happens is on its row when this returns: one that can't be
        dealt with does not stop those behind it. Only a database that is away is raised.
        """
        try:
            self._deal_with(row)
        except (OperationalError, InterfaceError):
            raise
        except rows.OvertakenError:
            log.warning("delivery-overtaken", message=row.id)
            self._carrier.abandon()
        except Exception:
            log.exception("delivery-mishap", message=row.id)
            self._carrier.abandon()
            self._mishap(row)

    def _deal_with(self, row: Row) -> None:
        now = clock.now()
        if row.not_after <= now:
            self._end(row, Because(happening=Happening.TOO_LATE, reason="too-late"))
            return
        try:
            context = self._contexts.acting(
                operator_id=row.operator_id, mandate_id=row.mandate_id, purpose=row.access_purpose, now=now
            )
            self._carry(context, row)
        except RefusedError:
            self._end(row, Because(happening=Happening.NOT_PERMITTED, reason="mandate-ended"))

    def _mishap(self, row: Row) -> None:
        """A fault of ours: before the hand-over it is tried again, after it nobody knows."""
        house = self._contexts.house(now=clock.now())
        with scoped(house.scope):
            found = rows.fetch(rows.ONE, house.controller_id, row.id)
        if not found:
            return
        if found[0].state is State.HANDING:
            self._end(found[0], Because(happening=Happening.SILENCE, reason="mishap"))
        elif (found[0].state, Happening.PUT_OFF) in MESSAGE:
            next_at = next_attempt(found[0].attempt, now=clock.now())
            self._end(found[0], Because(happening=Happening.PUT_OFF, reason="mishap", next_at=next_at))

    def _carry(self, context: AccessContext, row: Row) -> None:
        cleared = self._clear(context, row)
        if cleared is None:
            return
        row, permit = cleared
        try:
            ready = self._ready(context, row, permit)
            waits_until = _PACE.slot(ready.domain, now=clock.now()) if ready.domain and row.reason != "paced" else None
            if waits_until is not None and waits_until > clock.now():
                self._end(row, Because(happening=Happening.PUT_OFF, reason="paced", next_at=waits_until))
                return
            self._carrier.prepare(ready)
        except CantOpenError as fault:
            self._end(row, Because(happening=Happening.UNSENDABLE, reason=fault.code))
        except BadInputError:
            self._end(row, Because(happening=Happening.UNSENDABLE, reason="address-unusable"))
        except CarrierError as fault:
            self._end(row, _because(fault, row))
        else:
            self._hand_over(context, row)

    def _clear(self, context: AccessContext, row: Row) -> tuple[Row, Permit] | None:
        """The first question. None where the answer is no: that is recorded too."""
        now = clock.now()
        with scoped(context.scope):
            permit = self._ask(context, row, place=PREPARING, now=now)
            if permit is None:
                return None
            because = Because(happening=Happening.PERMITTED, decision_id=permit.decision_id)
            return rows.move(context, row, because, now=now), permit

    def _ready(self, context: AccessContext, row: Row, permit: Permit) -> Parcel:
        opened = open_message(context, row, permit)
        return parcel(context.controller_id, row, opened, self._sender, now=clock.now())

    def _hand_over(self, context: AccessContext, row: Row) -> None:
        """The last question and the point of no return, both under the customer's lock."""
        with gate.contacting(context, row):
            handing = self._last_word(context, row)
            if handing is None:
                self._carrier.abandon()
                return
            because = self._handed(handing)
        self._end(handing, because)
        if because.happening is Happening.ACCEPTED:
            # The first communication ends the time in which the person must have been informed (GDPR Art. 14(3)(b)).
            record_communication(context, customer_id=row.customer_id, now=clock.now())

    def _last_word(self, context: AccessContext, row: Row) -> Row | None:
        """Permitted again, and on record before a byte leaves. None where meanwhile the answer is no."""
        now = clock.now()
        with scoped(context.scope):
            permit = self._ask(context, row, place=gate.PLACE, now=now)
            if permit is None:
                return None
            because = Because(happening=Happening.HANDING, decision_id=permit.decision_id)
            handing = rows.move(context, row, because, now=now)
            detail = {"message": row.id, "channel": row.channel, "decision": permit.decision_id}
            context.journal.deed(context, "delivery.handed", subjects=[row.customer_id], detail=detail)
        return handing

    def _handed(self, row: Row) -> Because:
        try:
            accepted = self._carrier.hand_over()
        except CarrierError as fault:
            return _because(fault, row)
        return Because(happening=Happening.ACCEPTED, reply=accepted.reply, status=accepted.status)

    def _ask(self, context: AccessContext, row: Row, *, place: str, now: datetime) -> Permit | None:
        """Inside the scope. None where the answer is no, or there is nobody left to ask about: both are on the row
        then.
        """
        try:
            return gate.permit(context, row, self._sender, place=place, now=now)
        except NotClearedError as refusal:
            reasons = refusal.verdict.reasons
            reason = reasons[0].rule_id if reasons else refusal.verdict.outcome.value
            because = Because(happening=Happening.NOT_PERMITTED, reason=reason, decision_id=refusal.decision_id)
            rows.move(context, row, because, now=now)
        except NotFoundError:
            rows.move(context, row, Because(happening=Happening.UNSENDABLE, reason="address-gone"), now=now)
        return None

    def _end(self, row: Row, because: Because) -> None:
        """How the attempt ended, under the house's own context: the acting one may be over by now."""
        now = clock.now()
        house = self._contexts.house(now=now)
        with scoped(house.scope):
            rows.move(house, row, because, now=now)


def _because(fault: CarrierError, row: Row) -> Because:
    now = clock.now()
    match fault:
        case NoAnswerError():
            happening, next_at = Happening.SILENCE, None
        case RejectedError():
            happening, next_at = Happening.REJECTED, None
        case _:
            happening = Happening.PUT_OFF
            next_at = min(next_attempt(row.attempt, now=now), max(row.not_after, now))
    return Because(happening=happening, reason=fault.reason, reply=fault.reply, status=fault.status, next_at=next_at)
