"""The agents' browsers come and go, and lend their legs to calls."""

from trustdesk.sipedge.exchange.attachments import Attachment
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.edge import CantError, Edge
from trustdesk.sipedge.exchange.parties import Heard, Party
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.webrtc.contracts import BrowserEvent, Servers
from trustdesk.sipedge.words.commands import Agent, Attach
from trustdesk.sipedge.words.plan import Notice

_NO_CALL = 0


async def attach(edge: Edge, command: Attach) -> str:
    """Open the browser's leg; our SDP answer. An earlier leg of that name is closed.

    NoPortError where every port for sound is taken.
    """
    if command.attachment in edge.attachments:
        await close(edge, command.attachment)
    leg = _idle(command.attachment)
    place = await edge.legs.media.open_leg(leg, call=_NO_CALL, law=Law.A, local=True)
    config = edge.config
    servers = Servers()
    if config is not None:
        ports = (config.rtp_first, config.rtp_last)
        servers = Servers(ports=ports, advertised=config.advertised, stun=config.stun, turn=config.turn)
    try:
        agreed = await edge.browsers.attach(command.attachment, command.offer, media=place, servers=servers)
    except BaseException:
        await edge.legs.media.close_leg(leg)
        raise
    attachment = Attachment(
        command.attachment, command.operator, leg, agreed.law, agreed.keys_type, notices=command.steps
    )
    edge.attachments[attachment.name] = attachment
    await edge.legs.media.set_far(leg, attachment.far(place))
    return agreed.sdp


async def opened(edge: Edge, attachment: Attachment) -> None:
    """Audio may flow: the agent hears the notice, once a shift."""
    attachment.open = True
    attachment.heard = await hear(edge, attachment.leg, attachment.notices)


async def hear(edge: Edge, leg: str, notices: tuple[Notice, ...]) -> Heard | None:
    """The last of the notices that came to its end on this leg."""
    heard = None
    for notice in notices:
        if not await edge.legs.play_to_end(leg, notice.clips):
            return None
        heard = Heard(notice.version)
    return heard


async def lend(edge: Edge, call: Call, agent: Agent) -> Party:
    """The agent's browser as a party of this call."""
    attachment = free(edge, agent.attachment)
    leg = call.next_leg()
    await take(edge, attachment, leg, call.number)
    return Party(
        leg=leg,
        role="agent",
        law=attachment.law,
        operator=agent.operator,
        attachment=attachment.name,
        heard=attachment.heard,
        agreed=agent.agreed,
    )


def free(edge: Edge, name: str) -> Attachment:
    """An attachment that is open and in no call."""
    attachment = edge.attachments.get(name)
    if attachment is None or not attachment.open:
        raise CantError("not-attached")
    if attachment.call:
        raise CantError("busy")
    return attachment


async def take(edge: Edge, attachment: Attachment, leg: str, call: int) -> None:
    """Into a call: all legs of a call live in one media process, so the browser's audio goes to a new one."""
    attachment.call = call
    idle = attachment.leg
    try:
        await _point(edge, attachment, leg, call)
    except BaseException:
        attachment.call = _NO_CALL
        raise
    edge.legs.disown(idle)
    await edge.legs.media.close_leg(idle)


async def give_back(edge: Edge, name: str) -> None:
    """Out of the call: a leg of its own again. Whoever calls this closes that of the call."""
    attachment = edge.attachments.get(name)
    if attachment is not None:
        await _point(edge, attachment, _idle(name), _NO_CALL)
        attachment.call = _NO_CALL


async def _point(edge: Edge, attachment: Attachment, leg: str, call: int) -> None:
    """A socket of the file system hears one other only: so each leg is a new one."""
    place = await edge.legs.media.open_leg(leg, call=call, law=attachment.law, local=True)
    await edge.browsers.redirect(attachment.name, place)
    await edge.legs.media.set_far(leg, attachment.far(place))
    attachment.leg = leg


def _idle(name: str) -> str:
    return f"idle.{name}"


async def close(edge: Edge, name: str) -> None:
    attachment = edge.attachments.pop(name, None)
    if attachment is None:
        return
    await edge.browsers.detach(name)
    if not attachment.call:
        edge.legs.disown(attachment.leg)
        await edge.legs.media.close_leg(attachment.leg)


def is_open(event: BrowserEvent) -> bool:
    return event.state == "open"
