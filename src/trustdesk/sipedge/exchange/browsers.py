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
    """Open the browser's leg; our SDP answer. An earlier leg of that name is closed."""
    if command.attachment in edge.attachments:
        await close(edge, command.attachment)
    leg = f"idle.{command.attachment}"
    place = await edge.legs.media.open_leg(leg, call=_NO_CALL, law=Law.A, local=True)
    config = edge.config
    servers = Servers(stun=config.stun, turn=config.turn) if config else Servers()
    try:
        agreed = await edge.browsers.attach(command.attachment, command.offer, media=place, servers=servers)
    except BaseException:
        await edge.legs.media.close_leg(leg)
        raise
    attachment = Attachment(
        command.attachment, command.operator, leg, place, agreed.law, agreed.keys_type, notices=command.steps
    )
    edge.attachments[attachment.name] = attachment
    await edge.legs.media.set_far(leg, attachment.far(place))
    return agreed.sdp


async def opened(edge: Edge, attachment: Attachment) -> None:
    """Audio may flow: the agent hears the notice, once a shift."""
    attachment.open = True
    attachment.heard = await hear(edge, attachment.idle, attachment.notices)


async def hear(edge: Edge, leg: str, notices: tuple[Notice, ...]) -> Heard | None:
    """The last of the notices that came to its end on this leg."""
    heard = None
    for notice in notices:
        if not await edge.legs.play_to_end(leg, notice.clips):
            return None
        heard = Heard(notice.version, edge.now())
    return heard


async def lend(edge: Edge, call: Call, agent: Agent) -> Party:
    """The agent's browser as a party of this call."""
    attachment = free(edge, agent.attachment)
    attachment.call = call.number
    party = Party(
        leg=call.next_leg(),
        role="agent",
        law=attachment.law,
        operator=agent.operator,
        attachment=attachment.name,
        heard=attachment.heard,
        agreed=agent.agreed,
    )
    await point(edge, attachment, party.leg, call.number)
    return party


def free(edge: Edge, name: str) -> Attachment:
    """An attachment that is open and in no call."""
    attachment = edge.attachments.get(name)
    if attachment is None or not attachment.open:
        raise CantError("not-attached")
    if attachment.call:
        raise CantError("busy")
    return attachment


async def point(edge: Edge, attachment: Attachment, leg: str, call: int) -> None:
    """Let the browser's audio go to a leg of this call: all legs of a call live in one media process."""
    place = await edge.legs.media.open_leg(leg, call=call, law=attachment.law, local=True)
    await edge.browsers.redirect(attachment.name, place)
    await edge.legs.media.set_far(leg, attachment.far(place))


async def give_back(edge: Edge, name: str) -> None:
    """Out of the call: its own leg again."""
    attachment = edge.attachments.get(name)
    if attachment is not None:
        attachment.call = _NO_CALL
        await edge.browsers.redirect(name, attachment.idle_place)


async def close(edge: Edge, name: str) -> None:
    attachment = edge.attachments.pop(name, None)
    if attachment is None:
        return
    edge.legs.disown(attachment.idle)
    await edge.browsers.detach(name)
    await edge.legs.media.close_leg(attachment.idle)


def is_open(event: BrowserEvent) -> bool:
    return event.state == "open"
