"""The call in an agent's hand: taken, refused, held, passed on; and listened to."""

from typing import TYPE_CHECKING, get_args

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.recordings import api as recordings
from trustdesk.sipedge.contracts import (
    Connect,
    Consult,
    Deed,
    Digits,
    Overhear,
    Refile,
    Refusal,
    Requeue,
)
from trustdesk.switchboard.contracts import Certainty, Direction, Ended, Pause, Presence
from trustdesk.switchboard.running.floor import called
from trustdesk.switchboard.running.people import Agent, Call
from trustdesk.switchboard.selectors.overhearing import may_overhear
from trustdesk.switchboard.words import (
    AcceptCall,
    ConsultAgent,
    CustomerKnown,
    DoDeed,
    MoveToQueue,
    OverhearCall,
    RefuseCall,
    SendDigits,
)

if TYPE_CHECKING:
    from trustdesk.switchboard.running.switchboard import Switchboard

VERBS = frozenset(get_args(Deed.model_fields["verb"].annotation))
_OWN = frozenset({"mute", "unmute", "leave"})  # of the operator's own leg
_KEYS = frozenset("0123456789*#")
_MOST_KEYS = 32


class Handling:
    """Verbs of a call. Each gives the text of its answer."""

    def __init__(self, board: "Switchboard") -> None:
        self._board = board

    async def accept(self, context: AccessContext, word: AcceptCall) -> str:
        """The caller is brought to the agent who accepted; nobody else can any more."""
        agent, call = self._ringing(context, word.call)
        if agent.accepted or not agent.by_browser:
            return ""
        agent.accepted = True
        answer = await self._board.ask_edge(Connect(call=call.id, agent=called(agent)))
        if isinstance(answer, Refusal):
            agent.accepted = False
            floor, now = self._board.floor, self._board.now()
            gone = answer.reason in {"not-waiting", "LookupError"} or call.id not in floor.calls
            self._board.obey(floor.release_offered(call, now) if gone else floor.not_taken(call, Pause.LOST, now))
            raise _refused(answer)
        return ""

    async def refuse(self, context: AccessContext, word: RefuseCall) -> str:
        """Somebody else takes it; who refused is paused, so that it does not come back at once."""
        agent, call = self._ringing(context, word.call)
        if agent.accepted:
            raise ConflictError(_("You have taken this call."), place="call")
        self._board.obey(self._board.floor.not_taken(call, Pause.REFUSED, self._board.now()))
        return ""

    async def deed(self, context: AccessContext, word: DoDeed) -> str:
        call = self._dialled(context, word) or self._mine(context, word.call)
        if word.verb not in VERBS:
            raise BadInputError(_("This can't be done with a call."), place="verb")
        # Where another of ours goes on, whoever ends it only leaves; nobody hangs up on two who speak.
        verb = "leave" if word.verb == "hang-up" and len(call.operators) > 1 else word.verb
        asked = {"call": call.id, "verb": verb, "reason": word.reason}
        await self._ask(Deed.model_validate(asked | ({"operator": context.operator_id} if verb in _OWN else {})))
        return ""

    async def send_digits(self, context: AccessContext, word: SendDigits) -> str:
        call = self._mine(context, word.call)
        if not word.digits or len(word.digits) > _MOST_KEYS or not set(word.digits) <= _KEYS:
            raise BadInputError(_("Keys are digits, star and hash."), place="digits")
        await self._ask(Digits(call=call.id, leg="", digits=word.digits))
        return ""

    async def consult(self, context: AccessContext, word: ConsultAgent) -> str:
        """A colleague of the same company who is ready."""
        call = self._mine(context, word.call)
        floor, now = self._board.floor, self._board.now()
        other = floor.agents.get(word.agent)
        if other is None or other.controller != call.controller or other.state is not Presence.READY:
            raise ConflictError(_("This colleague is not ready."), place="agent", mend=_("Choose another one."))
        call.consulted = other.operator
        floor.reserve(other, call, now)
        self._board.writer.wake()
        try:
            await self._ask(Consult(call=call.id, agent=called(other)))
        except ConflictError:
            call.consulted = None
            floor.rest(other, self._board.now())
            self._board.obey(floor.distribute(self._board.now()))
            raise
        return ""

    async def requeue(self, context: AccessContext, word: MoveToQueue) -> str:
        """A blind transfer: the agent is free, the caller waits for the other queue."""
        call = self._mine(context, word.call)
        if (call.controller, word.queue) not in self._board.floor.queues:
            raise NotFoundError(_("There is no such queue."), place="queue", mend=_("Choose one from the list."))
        facts = self._board.floor.queue(call.controller, word.queue)
        call.leaving = Ended.MOVED
        try:
            await self._ask(Requeue(call=call.id, steps=(facts.wait(call.language),)))
        finally:
            call.leaving = ""
        return ""

    async def customer_known(self, context: AccessContext, word: CustomerKnown) -> str:
        """What was recorded goes under the customer's keys, and what is being recorded too; or it is nobody's again."""
        call = self._mine(context, word.call)
        call.customer, call.matches = word.customer or None, ()
        call.certainty = Certainty.IDENTIFIED if word.customer else Certainty.UNIDENTIFIED
        self._board.floor.touch(call)
        if not word.customer:
            return ""

        def filed() -> None:
            if call.conversation is not None:
                recordings.file_under(
                    context, conversation_id=call.conversation, customer_id=word.customer, now=clock.now()
                )

        await self._board.threads.run(filed)
        self._board.obey([Refile(call=call.id, leg=leg) for leg in call.recordings.values() if leg])
        return ""

    async def overhear(self, context: AccessContext, word: OverhearCall) -> str:
        """Logged before the first sound; where pack or notice do not allow it, refused with the reason."""
        board = self._board
        call, agent = board.floor.calls.get(word.call), board.floor.agents.get(context.operator_id)
        if call is None or call.controller != context.controller_id:
            raise NotFoundError(_("There is no such call."), place="call", mend=_("Load the page again."))
        if agent is None or agent.controller != context.controller_id or not agent.attachment or not agent.reachable:
            raise ConflictError(
                _("Your browser's audio is not connected."), place="attachment", mend=_("Connect it first.")
            )
        if word.on:
            await self._begin_overhearing(context, word, agent)
        await self._ask(Overhear(call=call.id, attachment=agent.attachment, on=word.on))
        if word.on:
            agent.overhearing = call.id  # its end is told by the edge, whoever ends it
        return ""

    async def _begin_overhearing(self, context: AccessContext, word: OverhearCall, agent: Agent) -> None:
        if not word.reason.strip():
            raise BadInputError(_("Say why you listen in: it is in the log."), place="reason")
        if agent.state in {Presence.RINGING, Presence.TALKING}:
            raise ConflictError(_("You are in a call."), place="presence", mend=_("End it, or let it ring out."))

        def logged() -> None:
            with scoped(context.scope):
                answer = may_overhear(context, word.call)
                if not answer.allowed:
                    raise RefusedError(answer.reason, place=answer.law or "overhear")
                context.journal.deed(
                    context,
                    "switchboard.overhearing.begun",
                    detail={"call": word.call, "reason": word.reason.strip()},
                )

        await self._board.threads.run(logged)

    # -- whose call ----------------------------------------------------------------------------------------------------

    def _ringing(self, context: AccessContext, call_id: int) -> tuple[Agent, Call]:
        """ConflictError where it does not ring at this operator, in this company."""
        floor = self._board.floor
        agent, call = floor.agents.get(context.operator_id), floor.calls.get(call_id)
        if (
            agent is None
            or call is None
            or call.controller != context.controller_id
            or call.offered != context.operator_id
        ):
            raise ConflictError(
                _("It does not ring at you any more."), place="call", mend=_("Somebody took it, or the caller left.")
            )
        return agent, call

    def _dialled(self, context: AccessContext, word: DoDeed) -> Call | None:
        """A call out that still rings at the other end: whoever dialled it may give it up, and nothing else."""
        call = self._board.floor.calls.get(word.call)
        if call is None or call.controller != context.controller_id or call.direction is Direction.IN:
            return None
        return call if call.offered == context.operator_id and word.verb == "hang-up" else None

    def _mine(self, context: AccessContext, call_id: int) -> Call:
        """NotFoundError where it is not in this operator's hand: it is not said whether there is such a call."""
        call = self._board.floor.calls.get(call_id)
        if call is None or call.controller != context.controller_id or context.operator_id not in call.operators:
            raise NotFoundError(
                _("This call is not in your hand."), place="call", mend=_("It may have ended: load the page again.")
            )
        return call

    async def _ask(self, command: Deed | Digits | Consult | Requeue | Overhear) -> None:
        answer = await self._board.ask_edge(command)
        if isinstance(answer, Refusal):
            raise _refused(answer)


def _refused(answer: Refusal) -> ConflictError:
    if answer.reason == "edge-away":
        return ConflictError(
            _("The exchange is not running."), place="edge", mend=_("Tell your administrator: nobody can call.")
        )
    return ConflictError(
        _("That does not fit the moment."), place=answer.reason, mend=_("Look at the call as it stands now.")
    )
