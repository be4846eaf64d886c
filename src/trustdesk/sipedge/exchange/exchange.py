"""The exchange: takes calls from the signalling, commands from the switchboard, and brings both together."""

from collections.abc import Awaitable, Callable
from typing import Any

import structlog

from trustdesk.kernel.errors import TrustdeskError
from trustdesk.sipedge.exchange import browsers
from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.consulting import Consulting
from trustdesk.sipedge.exchange.edge import CantError, Edge
from trustdesk.sipedge.exchange.incoming import UNAVAILABLE, Incoming
from trustdesk.sipedge.exchange.outgoing import Outgoing
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.ringing import PartyEvents, Ringing
from trustdesk.sipedge.exchange.talking import Talking
from trustdesk.sipedge.exchange.verbs import Verbs
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.sip.contracts import CallEvents, Invitation, SipCall
from trustdesk.sipedge.words.asks import Done, Refusal
from trustdesk.sipedge.words.commands import (
    Attach,
    Command,
    Config,
    Connect,
    Consult,
    Deed,
    Detach,
    Dial,
    Digits,
    Overhear,
    Refile,
    Requeue,
    Say,
    Withdraw,
)
from trustdesk.sipedge.words.plan import Plan
from trustdesk.sipedge.words.told import APOLOGY, Happened, Registered, Snapshot, Told

_log = structlog.get_logger(__name__)
Configure = Callable[[Config], Awaitable[None]]


class Exchange:
    """`configure` takes a new configuration to the signalling."""

    def __init__(self, edge: Edge, *, configure: Configure, ringback: str) -> None:
        self._edge = edge
        self._configure = configure
        self.talking = Talking(edge)
        ringing = Ringing(edge, self.talking)
        consulting = Consulting(edge, self.talking, ringing)
        self._incoming = Incoming(edge, self.talking)
        self._outgoing = Outgoing(edge, self.talking, ringing, ringback)
        self._consulting = consulting
        self._verbs = Verbs(edge, self.talking, ringing, consulting)

    # -- from the signalling -------------------------------------------------------------------------------------------

    async def invited(self, call: SipCall, invitation: Invitation) -> CallEvents:
        party = Party(leg="", role="customer", law=Law.A, sip=call)
        events = PartyEvents(self._edge, self.talking, party)
        self._edge.spawn(self._incoming.receive(call, invitation, party, events))
        return events

    async def reachable_changed(self) -> None:
        self._edge.link.tell(self.reachable())

    # -- from the browsers ---------------------------------------------------------------------------------------------

    async def watch_browsers(self) -> None:
        async for event in self._edge.browsers.events():
            attachment = self._edge.attachments.get(event.attachment)
            if attachment is None:
                continue
            if browsers.is_open(event):
                self._edge.spawn(self._opened(attachment.name))
            else:
                self._edge.spawn(self._gone(attachment.name))

    async def _opened(self, name: str) -> None:
        attachment = self._edge.attachments[name]
        await browsers.opened(self._edge, attachment)
        self._edge.link.tell(self.reachable())

    async def _gone(self, name: str) -> None:
        """Whoever spoke with this browser is told within seconds; the caller waits for somebody else."""
        attachment = self._edge.attachments.get(name)
        call = self._edge.calls.get(attachment.call) if attachment is not None else None
        if call is not None:
            for leg in [leg for leg, owner in call.overhearing.items() if owner == name]:
                await self.talking.stop_overhearing(call, leg)
            party = next((party for party in call.parties.values() if party.attachment == name), None)
            if party is not None:
                await self.talking.leave(call, party, reason="lost")
        await browsers.close(self._edge, name)
        self._edge.link.tell(self.reachable())

    # -- from the switchboard ------------------------------------------------------------------------------------------

    async def command(self, command: Command) -> Done | Refusal:
        """Carry it out. What can't be done as things stand is refused with a word; nothing is half done."""
        try:
            return Done(text=await self._carry_out(command))
        except CantError as reason:
            return Refusal(reason=str(reason))
        except TrustdeskError as error:
            return Refusal(reason=error.code)
        except (LookupError, ConnectionError, TimeoutError):
            return Refusal(reason="edge-fault")
        except (OSError, ValueError) as error:
            # A port that is taken, a certificate that can't be read: what was before goes on.
            _log.warning("edge.refused", command=type(command).__name__, fault=str(error))
            return Refusal(reason="can-not-be-set")

    async def _carry_out(self, command: Command) -> str:
        deeds: dict[type, Callable[[Any], Awaitable[str | None]]] = {
            Config: self._reconfigure,
            Attach: self._attach,
            Detach: lambda word: self._gone(word.attachment),
            Connect: self._verbs.connect,
            Withdraw: self._verbs.withdraw,
            Dial: self._outgoing.dial,
            Consult: lambda word: self._consulting.begin(self._edge.call(word.call), word),
            Deed: self._verbs.deed,
            Requeue: self._verbs.requeue,
            Say: self._verbs.say,
            Digits: self._verbs.digits,
            Overhear: self._verbs.overhear,
            Refile: self._verbs.refile,
        }
        return await deeds[type(command)](command) or ""

    async def _reconfigure(self, config: Config) -> None:
        await self._configure(config)
        self._edge.config = config

    async def _attach(self, word: Attach) -> str:
        if word.attachment in self._edge.attachments:
            await self._gone(word.attachment)
        return await browsers.attach(self._edge, word)

    # -- to the switchboard --------------------------------------------------------------------------------------------

    def reachable(self) -> Registered:
        phones, trunks = self._edge.signalling.reachable() if self._edge.signalling else (frozenset(), frozenset())
        opened = sorted(name for name, attachment in self._edge.attachments.items() if attachment.open)
        return Registered(phones=tuple(sorted(phones)), attachments=tuple(opened), trunks=tuple(sorted(trunks)))

    def snapshot(self) -> Snapshot:
        calls = tuple(call.as_now(self._who_overhears(call)) for call in self._edge.calls.values())
        return Snapshot(calls=calls, reachable=self.reachable())

    def _who_overhears(self, call: Call) -> list[int]:
        attached = self._edge.attachments
        return [attached[name].operator for name in call.overhearing.values() if name in attached]

    def too_late(self, plan: Plan) -> None:
        """Its caller has heard the apology: the call was never anybody's, and has to be put away."""
        over = Told(happened=Happened.ENDED, call=plan.call, at=self._edge.now(), reason=APOLOGY, status=UNAVAILABLE)
        self._edge.link.tell(over)

    async def close(self) -> None:
        """Every call ends, every file is closed."""
        for call in list(self._edge.calls.values()):
            await self.talking.end(call, reason="shutting-down", status=503)
