"""Agents come and go: a browser attached for the shift, ready, paused, offline."""

import secrets
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.sipedge.contracts import Attach, Detach, Notice, Refusal
from trustdesk.switchboard.contracts import PAUSES, Pause, Presence
from trustdesk.switchboard.doors import agent_of
from trustdesk.switchboard.running.people import Agent
from trustdesk.switchboard.words import AttachBrowser, DetachBrowser, SetPresence

if TYPE_CHECKING:
    from trustdesk.switchboard.running.switchboard import Switchboard

_IN_A_CALL = frozenset({Presence.RINGING, Presence.TALKING})


class Sitting:
    """Verbs of an agent's shift. Each gives the text of its answer."""

    def __init__(self, board: "Switchboard") -> None:
        self._board = board

    async def attach(self, context: AccessContext, word: AttachBrowser) -> str:
        """A browser's audio for the shift; the notice is heard once on it."""
        agent, notice = await self._agent(context)
        name = f"{context.operator_id}-{secrets.token_hex(8)}"
        answer = await self._board.ask_edge(
            Attach(
                attachment=name,
                operator=context.operator_id,
                offer=word.offer,
                steps=(notice,) if notice is not None else (),
            )
        )
        if isinstance(answer, Refusal):
            raise _not_attached(answer)
        old = agent.attachment
        agent.attachment, agent.arriving = name, True
        self._board.floor.dirty_agents[agent.operator] = agent
        self._board.obey(self._board.floor.reached(self._board.floor.reachable, self._board.now()))
        if old:
            self._board.obey([Detach(attachment=old)])
        return answer.text

    async def detach(self, context: AccessContext, word: DetachBrowser) -> str:  # noqa: ARG002 - one shape for all
        """The browser goes, and the agent with it; what is in hand the edge gives back."""
        agent, _notice = await self._agent(context)
        board = self._board
        if agent.attachment:
            board.obey([Detach(attachment=agent.attachment)])
            agent.attachment, agent.arriving = "", False
        if agent.state not in _IN_A_CALL:
            board.floor.become(agent, Presence.OFFLINE, board.now())
        board.obey(board.floor.reached(board.floor.reachable, board.now()))
        return ""

    async def set_presence(self, context: AccessContext, word: SetPresence) -> str:
        """Ready, paused with its reason, or offline. Whose browser still hears the notice is ready after it."""
        state, reason = _wanted(word)
        agent, _notice = await self._agent(context)
        board = self._board
        if state is Presence.READY and await board.threads.run(
            board.loader.pending, context.controller_id, context.operator_id
        ):
            raise ConflictError(
                _("A call still waits for what came of it."), place="disposition", mend=_("Say what came of it first.")
            )
        # Asked after the last wait: meanwhile it may have rung.
        if agent.state in _IN_A_CALL:
            raise ConflictError(_("You are in a call."), place="presence", mend=_("End it, or let it ring out."))
        if state is Presence.READY and not agent.reachable and agent.arriving:
            agent.willing = True
            return ""
        if state is Presence.READY and not agent.reachable:
            raise ConflictError(
                _("There is nothing that could ring at you."),
                place="presence",
                mend=_("Let this page use the microphone, or register your phone."),
            )
        now = board.now()
        board.floor.become(agent, state, now, reason=reason)
        board.obey(board.floor.distribute(now))
        return ""

    async def _agent(self, context: AccessContext) -> tuple[Agent, Notice | None]:
        """The operator at this company's desk; ConflictError in a call of another one."""
        now = self._board.now()
        phone, agreed, notice = await self._board.threads.run(agent_of, context, context.operator_id, now=now)
        agent = Agent(
            operator=context.operator_id,
            controller=context.controller_id,
            mandate=context.mandate_id,
            purpose=context.purpose,
            since=now,
            phone=phone,
            agreed=agreed,
            notice=notice,
        )
        return self._board.floor.sit_down(agent, now), notice


def _wanted(word: SetPresence) -> tuple[Presence, str]:
    if word.state not in {Presence.OFFLINE, Presence.READY, Presence.PAUSED}:
        raise BadInputError(_("This state can't be chosen."), place="state", mend=_("Choose ready, paused or offline."))
    state = Presence(word.state)
    if state is not Presence.PAUSED:
        return state, ""
    if word.reason not in PAUSES:
        raise BadInputError(_("A pause has a reason."), place="reason", mend=_("Choose one."))
    return state, Pause(word.reason)


def _not_attached(answer: Refusal) -> Exception:
    if answer.reason == "edge-away":
        return ConflictError(
            _("The exchange is not running."), place="edge", mend=_("Tell your administrator: nobody can call.")
        )
    if answer.reason == "no-port":
        return ConflictError(
            _("No port for sound is free at the exchange."),
            place="ports",
            mend=_("Try again when a call has ended, or ask your administrator for a wider range of ports."),
        )
    return BadInputError(
        _("Your browser's audio could not be connected."),
        place="offer",
        mend=_("Allow the microphone and load the page again."),
    )
