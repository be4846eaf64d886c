"""Calls out of an agent's hand: the gate is asked in a thread, which holds the locks until the edge has taken over."""

import asyncio
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.sipedge.contracts import Consult, Dial, Happened, Notice, Refusal, Step, Told
from trustdesk.switchboard.contracts import NOT_DIALLED, Presence
from trustdesk.switchboard.running.floor import called
from trustdesk.switchboard.running.people import Agent
from trustdesk.switchboard.services import calling_back
from trustdesk.switchboard.services.dialling import Ready, Wanted, cleared_outside, dial
from trustdesk.switchboard.words import ConsultOutside, DialBack, DialInCampaign, DialOut
from trustdesk.telephony import api as telephony

if TYPE_CHECKING:
    from trustdesk.switchboard.running.switchboard import Switchboard

_HAND_OVER_SECONDS = 10.0
_READY = frozenset({Presence.READY})
_MAY_DIAL = _READY | {Presence.PAUSED, Presence.WRAP_UP}


class Calling:
    """Verbs of calls out. Each gives the text of its answer."""

    def __init__(self, board: "Switchboard") -> None:
        self._board = board

    async def dial(self, context: AccessContext, word: DialOut) -> str:
        wanted = Wanted(
            use=word.use,
            customer=word.customer or None,
            value=word.value or None,
            number=word.number,
            country=word.country,
            queue=word.queue,
            conversation=word.conversation or None,
        )
        return await self._dial(context, wanted)

    async def dial_in_campaign(self, context: AccessContext, word: DialInCampaign) -> str:
        """The agent first, then the gate, then the edge: nobody is rung for whom no agent is free."""
        wanted = Wanted(
            use=word.use,
            customer=word.customer,
            value=word.value,
            queue=word.queue,
            call=word.call,
            campaign=word.campaign,
            line=word.line,
            about=word.about,
        )
        if not self._board.floor.connected:
            raise ConflictError(
                _("The exchange is not running."), place="edge", mend=_("Tell your administrator: nobody can call.")
            )
        return await self._dial(context, wanted, when=_READY if word.released else _MAY_DIAL)

    async def dial_back(self, context: AccessContext, word: DialBack) -> str:
        """Who asked for it, cleared again: since then they may have objected."""
        threads = self._board.threads
        now = clock.now()
        wanted = await threads.run(calling_back.wanted, context, word.callback, use=word.use, now=now)
        try:
            return await self._dial(context, wanted)
        except Exception as fault:
            await threads.run(calling_back.not_dialled, context, word.callback, fault, now=clock.now())
            raise

    async def consult_outside(self, context: AccessContext, word: ConsultOutside) -> str:
        """An outside number hears the notice first where the call is recorded, and is cleared as any other."""
        floor = self._board.floor
        call = floor.calls.get(word.call)
        if call is None or call.controller != context.controller_id or context.operator_id not in call.operators:
            raise ConflictError(_("This call is not in your hand."), place="call")

        def cleared() -> Consult:
            now = clock.now()
            own = telephony.number(context, call.line)
            number, trunk = cleared_outside(context, word.number, word.country, word.use, own, now=now)
            return Consult(
                call=call.id,
                trunk=trunk,
                number=number,
                caller=own.e164,
                name=own.display,
                steps=self._steps(context, call.notice_version),
            )

        answer = await self._board.ask_edge(await self._board.threads.run(cleared))
        if isinstance(answer, Refusal):
            raise ConflictError(_("That does not fit the moment."), place=answer.reason)
        return ""

    def _steps(self, context: AccessContext, version: int | None) -> tuple[Step, ...]:
        if version is None:
            return ()
        clips = calling_back.notice_clips(context, version)
        return (Notice(version=version, clips=clips),) if clips else ()

    async def _dial(self, context: AccessContext, wanted: Wanted, *, when: frozenset[Presence] = _MAY_DIAL) -> str:
        """While the gate is asked the agent is offered nothing else: who is rung finds somebody there."""
        agent = self._agent(context, when)
        loop = asyncio.get_running_loop()

        def hand_over(ready: Ready) -> None:
            asyncio.run_coroutine_threadsafe(self._begin(agent, ready, when), loop).result(_HAND_OVER_SECONDS)

        agent.dialling = True
        try:
            return str(await self._board.threads.run(dial, context, wanted, hand_over, now=clock.now()))
        finally:
            agent.dialling = False
            self._board.obey(self._board.floor.distribute(self._board.now()))

    def _agent(self, context: AccessContext, when: frozenset[Presence]) -> Agent:
        agent = self._board.floor.agents.get(context.operator_id)
        if agent is None or agent.controller != context.controller_id or not agent.reachable:
            raise ConflictError(
                _("There is nothing that could ring at you."),
                place="presence",
                mend=_("Let this page use the microphone, or register your phone."),
            )
        if agent.dialling or agent.state not in when:
            raise ConflictError(_("You are in a call."), place="presence", mend=_("End it, or let it ring out."))
        return agent

    async def _begin(self, agent: Agent, ready: Ready, when: frozenset[Presence]) -> None:
        """On the loop: the agent is reserved, the edge told. Where it refuses, the call has ended before it began."""
        floor, call = self._board.floor, ready.call
        floor.begin(call)
        if agent.state not in when:  # asked by a colleague meanwhile, or gone
            self._over(call.id, "agent-busy")
            raise ConflictError(_("You are in a call."), place="presence", mend=_("Take it first."))
        call.offered, call.offered_at = agent.operator, self._board.now()
        floor.reserve(agent, call, self._board.now())
        self._board.writer.wake()
        answer = await self._board.ask_edge(
            Dial(
                plan=ready.plan,
                agent=called(agent),
                trunk=ready.trunk,
                number=ready.number,
                caller=ready.shown,
                name=ready.name,
            )
        )
        if isinstance(answer, Refusal):
            self._over(call.id, answer.reason)
            raise ConflictError(
                _("The exchange could not dial."), place=answer.reason, mend=_("Try again in a moment.")
            )

    def _over(self, call: int, reason: str) -> None:
        """Nobody was rung."""
        at = self._board.now()
        held = self._board.floor.calls.get(call)
        if held is not None:
            held.result = NOT_DIALLED
        self._board.hear(Told(happened=Happened.ENDED, call=call, at=at, reason=reason, status=500))
