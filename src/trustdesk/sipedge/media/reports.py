"""A leg's RTCP: what it says of its stream every five seconds, and what it notes of the far side's word."""

from trustdesk.sipedge.media import rtcp, rtp
from trustdesk.sipedge.media.leg import Address, Leg
from trustdesk.sipedge.media.ports import same_place

_LARGEST = 2048


def hear(leg: Leg, now: float) -> None:
    """One datagram on the control port. Only the host that is heard may say something."""
    if leg.control is None:
        return
    try:
        data, source = leg.control.recvfrom(_LARGEST)
    except OSError:
        return
    if leg.connected and leg.address and same_place((source[0], 0), (leg.address[0], 0)):
        leg.control_address = source
        note(leg, data, now)


def note(leg: Leg, data: bytes, now: float) -> None:
    """What a compound packet says that our next report answers."""
    if middle := rtcp.last_report(data, leg.ssrc):
        leg.sender_report = (middle, now)


def say_when_due(leg: Leg, now: float) -> None:
    if now < leg.report_at:
        return
    leg.report_at = now + rtcp.REPORT_SECONDS
    if leg.room:
        leg.room.carry(leg)
    out = leg.out
    sent = (out.timestamp, out.packets, out.octets) if out.packets > out.reported else None
    out.reported = out.packets
    _send(leg, rtcp.report(out.ssrc, leg.canonical, _heard(leg, now), sent=sent, at=now))


def say_goodbye(leg: Leg) -> None:
    _send(leg, rtcp.goodbye(leg.out.ssrc, leg.canonical))


def _heard(leg: Leg, now: float) -> rtcp.Heard | None:
    if leg.ssrc is None:
        return None
    incoming = leg.incoming
    middle, at = leg.sender_report
    return rtcp.Heard(
        ssrc=leg.ssrc,
        highest=incoming.first + incoming.highest - 1,
        lost=incoming.lost,
        fraction=incoming.fraction_since(),
        jitter=incoming.jitter,
        last_report=middle,
        since=now - at,
    )


def _send(leg: Leg, data: bytes) -> None:
    place: Address | None = leg.control_address
    if place is None and leg.address and not isinstance(leg.address, str):
        place = (leg.address[0], leg.address[1] + 1)
    if leg.control is None or place is None or not place[1] or int(place[1]) > rtp.M16:
        return
    try:
        leg.control.sendto(data, place)
    except OSError:
        return
