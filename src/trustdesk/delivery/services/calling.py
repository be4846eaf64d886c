"""The lane of calls to other systems: signed after Standard Webhooks, repeated until they are taken, told no more than
the recipient may be told at that moment.

A repetition carries the same `webhook-id`, by which the receiver drops it: so a call, unlike a mail, may be made again
when nobody knows whether it arrived.
"""

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from standardwebhooks import Webhook

from trustdesk.clearance.contracts import NotClearedError
from trustdesk.delivery.contracts import Happening, State
from trustdesk.delivery.models import Call, Endpoint, Try
from trustdesk.delivery.services.backoff import next_attempt
from trustdesk.delivery.services.contexts import Contexts
from trustdesk.delivery.services.disclosing import Told, told
from trustdesk.delivery.services.endpoints import callable_address, living_secrets, switch_off
from trustdesk.delivery.services.locks import lane_held
from trustdesk.delivery.services.waking import WEBHOOK
from trustdesk.delivery.states import CALL, after
from trustdesk.delivery.transports import https
from trustdesk.delivery.transports.faults import CarrierError
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.kernel.ids import new_id, to_public

CHUNK = 25
GIVE_UP = timedelta(days=3)
"""After so long without being taken, a call has failed."""
SWITCH_OFF = timedelta(days=5)
"""After so long in which an endpoint took nothing, it is switched off."""
_WAITING = (State.QUEUED, State.DEFERRED)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Outcome:
    happening: Happening
    reason: str = ""
    status: int | None = None
    milliseconds: int = 0


def run(controller_id: int, *, until: datetime) -> int:
    """Work until nothing is due or the time is over; how many calls were made."""
    done = 0
    while clock.now() < until:
        with lane_held(controller_id, WEBHOOK) as mine:
            worked = _work(controller_id, until=until) if mine else 0
        done += worked
        if not worked:
            break
    return done


def _work(controller_id: int, *, until: datetime) -> int:
    contexts = Contexts(controller_id)
    try:
        house = contexts.house(now=clock.now())
    except RefusedError:
        return 0  # the company's own mandate has ended: nothing of it opens any more
    _take_up(house)
    done = 0
    while clock.now() < until:
        house = contexts.house(now=clock.now())
        with scoped(house.scope):
            due = list(
                Call.objects.filter(controller_id=controller_id, state__in=_WAITING, next_at__lte=clock.now()).order_by(
                    "next_at", "id"
                )[:CHUNK]
            )
        for call in due:
            _deal_with(contexts, call)
        done += len(due)
        if len(due) < CHUNK:
            break
    return done


def _take_up(house: AccessContext) -> None:
    """What a dead worker was calling is called again: the receiver knows it by its id."""
    now = clock.now()
    with scoped(house.scope):
        for call in Call.objects.filter(controller_id=house.controller_id, state=State.HANDING).order_by("id"):
            _move(call, _Outcome(Happening.INTERRUPTED, "interrupted"), next_at=now, now=now)


def _deal_with(contexts: Contexts, call: Call) -> None:
    now = clock.now()
    house = contexts.house(now=now)
    with scoped(house.scope):
        endpoint = Endpoint.objects.get(controller_id=call.controller_id, id=call.endpoint_id)
        if endpoint.disabled_at is not None:
            _move(call, _Outcome(Happening.UNSENDABLE, "endpoint-disabled"), now=now)
            return
        if now - call.occurred_at > GIVE_UP:
            _move(call, _Outcome(Happening.TOO_LATE, "too-late"), now=now)
            return
    try:
        acting = contexts.acting(
            operator_id=call.operator_id, mandate_id=call.mandate_id, purpose=call.access_purpose, now=now
        )
        values = _may_tell(acting, call, endpoint)
    except NotClearedError as refusal:
        reasons = refusal.verdict.reasons
        outcome = _Outcome(Happening.NOT_PERMITTED, reasons[0].rule_id if reasons else "undecided")
    except RefusedError:
        outcome = _Outcome(Happening.NOT_PERMITTED, "mandate-ended")
    else:
        outcome = _call(call, endpoint, values, now=now)
    _record(contexts.house(now=clock.now()), call, endpoint, outcome)


def _may_tell(acting: AccessContext, call: Call, endpoint: Endpoint) -> Sequence[Told]:
    """What goes along in clear; from here on the call is under way. NotClearedError: not even an identifier may."""
    now = clock.now()
    with scoped(acting.scope):
        values = told(acting, call, endpoint, now=now)
        _move(call, _Outcome(Happening.HANDING), now=now)
    return values


def signed(name: str, body: str, secrets: Iterable[str], *, now: datetime) -> dict[str, str]:
    """The headers of a call, signed with each secret (Standard Webhooks)."""
    return {
        "Content-Type": "application/json",
        "User-Agent": "trustdesk",
        "webhook-id": name,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": " ".join(Webhook(secret).sign(name, now, body) for secret in secrets),
    }


def _call(call: Call, endpoint: Endpoint, values: Sequence[Told], *, now: datetime) -> _Outcome:
    body = _body(call, values)
    headers = signed(f"msg_{to_public(call.id)}", body, living_secrets(endpoint, now=now), now=now)
    began = time.monotonic()
    try:
        answer = https.request(
            "POST",
            endpoint.url,
            headers=headers,
            body=body.encode(),
            seconds=settings.EMAIL_TIMEOUT,
            allowed=callable_address,
        )
    except CarrierError as fault:
        return _Outcome(Happening.PUT_OFF, fault.reason, None, _since(began))
    if 200 <= answer.status <= 299:
        return _Outcome(Happening.ACCEPTED, "", answer.status, _since(began))
    reason = "gone" if answer.status == 410 else "not-taken"
    return _Outcome(Happening.PUT_OFF, reason, answer.status, _since(began))


def _body(call: Call, values: Sequence[Told]) -> str:
    data: dict[str, object] = dict(call.facts)
    if call.customer_id is not None:
        data["customer"] = to_public(call.customer_id)
    if values:
        data["values"] = [{"attribute": value.attribute, "text": value.text} for value in values]
    said = {"type": call.event, "timestamp": rfc3339(call.occurred_at), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _record(house: AccessContext, call: Call, endpoint: Endpoint, outcome: _Outcome) -> None:
    now = clock.now()
    next_at = next_attempt(call.attempt, now=now) if outcome.happening is Happening.PUT_OFF else None
    with scoped(house.scope):
        _move(call, outcome, next_at=next_at, now=now)
        if outcome.happening is Happening.NOT_PERMITTED:
            return
        Try.objects.create(
            controller_id=call.controller_id,
            call_id=call.id,
            id=new_id(),
            at=now,
            reason=outcome.reason,
            status=outcome.status,
            milliseconds=outcome.milliseconds,
        )
        held = Endpoint.objects.filter(controller_id=call.controller_id, id=endpoint.id)
        if outcome.happening is Happening.ACCEPTED:
            held.exclude(failing_since=None).update(failing_since=None)
            return
        held.filter(failing_since=None).update(failing_since=now)
        if outcome.reason == "gone":
            switch_off(house, endpoint.id, "gone", now=now)
        elif endpoint.failing_since is not None and now - endpoint.failing_since > SWITCH_OFF:
            switch_off(house, endpoint.id, "failing", now=now)


def _move(call: Call, outcome: _Outcome, *, now: datetime, next_at: datetime | None = None) -> None:
    """The call in its next state, by the table, inside the scope."""
    call.state = after(CALL, State(call.state), outcome.happening)
    call.reason = outcome.reason
    call.attempt += outcome.happening is Happening.HANDING
    call.next_at = next_at
    call.changed_at = now
    call.save(update_fields=["state", "reason", "attempt", "next_at", "changed_at"])


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1_000)
