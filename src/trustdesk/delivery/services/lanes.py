"""A lane is one company's messages on one channel, worked by one process at a time, in chunks over one connection."""

from datetime import datetime, timedelta

import structlog

from trustdesk.decision.contracts import Channel
from trustdesk.delivery.contracts import Happening, State
from trustdesk.delivery.services import calling, notices, rows
from trustdesk.delivery.services.carrying import Carrying
from trustdesk.delivery.services.contexts import Contexts
from trustdesk.delivery.services.locks import lane_held
from trustdesk.delivery.services.rows import Because
from trustdesk.delivery.services.senders import sender_of
from trustdesk.delivery.services.waking import NOTICE, WEBHOOK
from trustdesk.delivery.services.wrapping import gateway_name
from trustdesk.delivery.transports.choosing import Carrier, carrier_for
from trustdesk.delivery.transports.faults import PutOffError
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError

CHUNK = 25  # small, so that a message of necessity waits for a few others at most
_MOST_LEFT_BEHIND = 1_000
_STILL_ASKED_FOR = timedelta(hours=24)

log = structlog.get_logger(__name__)


def run(controller_id: int, lane: str, *, until: datetime) -> int:
    """Work until nothing is due or the time is over; how many messages were dealt with.

    After the lane is given back it is looked at once more: whoever put a message in meanwhile found it held and went
    away.
    """
    if lane == WEBHOOK:
        return calling.run(controller_id, until=until)
    if lane == NOTICE:
        return notices.run(controller_id, until=until)
    channel = Channel(lane)
    done = 0
    while clock.now() < until:
        with lane_held(controller_id, lane) as mine:
            worked = _work(controller_id, channel, until=until) if mine else 0
        done += worked
        if not worked:
            break
    return done


def _work(controller_id: int, channel: Channel, *, until: datetime) -> int:
    contexts = Contexts(controller_id)
    try:
        house = contexts.house(now=clock.now())
    except RefusedError:
        return 0  # the company's own mandate has ended: nothing of it opens any more
    carrier = carrier_for(channel)
    try:
        _take_up(house, channel, carrier)
        carrying = Carrying(contexts, carrier, sender_of(house))
        return _chunks(contexts, channel, carrier, carrying, until=until)
    finally:
        carrier.close()


def _chunks(contexts: Contexts, channel: Channel, carrier: Carrier, carrying: Carrying, *, until: datetime) -> int:
    done = 0
    while clock.now() < until:
        house = contexts.house(now=clock.now())
        with scoped(house.scope):
            due = rows.fetch(rows.DUE, house.controller_id, channel, clock.now(), CHUNK)
        for row in due:
            try:
                carrier.open()
            except PutOffError as fault:
                # Nobody is there for any of them: they wait as they are, nothing is decided, opened or counted.
                log.warning("delivery-rests", kind=str(channel), code=fault.reason, reply=fault.reply)
                return done
            carrying.deal_with(row)
            done += 1
        if len(due) < CHUNK:
            break
    return done


def _take_up(house: AccessContext, channel: Channel, carrier: Carrier) -> None:
    """What a dead worker left: cleared was not begun, of handing nobody knows. Only a gateway can be asked."""
    now = clock.now()
    with scoped(house.scope):
        for row in rows.fetch(rows.IN_STATE, house.controller_id, channel, State.CLEARED, _MOST_LEFT_BEHIND):
            because = Because(happening=Happening.INTERRUPTED, reason="interrupted", next_at=now)
            rows.move(house, row, because, now=now)
        for row in rows.fetch(rows.IN_STATE, house.controller_id, channel, State.HANDING, _MOST_LEFT_BEHIND):
            rows.move(house, row, Because(happening=Happening.SILENCE, reason="interrupted"), now=now)
        unknown = rows.fetch(rows.IN_STATE, house.controller_id, channel, State.UNKNOWN, _MOST_LEFT_BEHIND)
    for row in unknown:
        if now - row.queued_at < _STILL_ASKED_FOR:
            _ask(house, row, carrier)


def _ask(house: AccessContext, row: rows.Row, carrier: Carrier) -> None:
    known = carrier.look_up(gateway_name(house.controller_id, row.id))
    if known is None:
        return
    now = clock.now()
    because = Because(happening=Happening.ACCEPTED, reason="found") if known else None
    because = because or Because(happening=Happening.MISSING, reason="missing", next_at=now)
    with scoped(house.scope):
        rows.move(house, row, because, now=now)
