"""The floor: who waits, who is free, who rings at whom. No database and no socket: what happens goes in, commands for
the edge and acts for the tables come out. One thread.

A browser is offered a call and accepts it; a phone is rung by the edge. Whoever does not answer is paused, and the next
one is asked.
"""

from collections import OrderedDict, deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id
from trustdesk.sipedge.contracts import Agent as Called
from trustdesk.sipedge.contracts import Command, Connect, Registered, Requeue, Withdraw
from trustdesk.switchboard.contracts import CallState, Ended, Pause, Presence
from trustdesk.switchboard.distribution import Free, Waiting, offers
from trustdesk.switchboard.running.acts import Act, SpellOver, WaitOver
from trustdesk.switchboard.running.facts import QueueFacts, unknown
from trustdesk.switchboard.running.measured import Measured
from trustdesk.switchboard.running.people import Agent, Call

RING = timedelta(seconds=20)
_REMEMBERED = 2_000
Commands = list[Command]


class Floor:
    """All companies' calls and agents. Every method that lets something happen returns what the edge is to do."""

    def __init__(self) -> None:
        self.calls: dict[int, Call] = {}
        self.agents: dict[int, Agent] = {}
        self.gone: OrderedDict[int, Call] = OrderedDict()
        self.queues: Mapping[tuple[int, str], QueueFacts] = {}
        self.acts: deque[Act] = deque()
        self.dirty_calls: dict[int, Call] = {}
        self.dirty_agents: dict[int, Agent] = {}
        self.measured = Measured()
        self.reachable = Registered(phones=(), attachments=(), trunks=())
        self.connected = True  # to the edge: without it nothing is offered

    # -- what is known -------------------------------------------------------------------------------------------------

    def queue(self, controller: int, code: str) -> QueueFacts:
        return self.queues.get((controller, code)) or unknown(code)

    def waiting(self) -> list[Waiting]:
        """Those who are offered to nobody yet."""
        return [
            Waiting(call.id, call.controller, call.queue, call.waiting_since or call.began_at)
            for call in self.calls.values()
            if call.state is CallState.WAITING and call.offered is None and call.queued_at is not None
        ]

    def free(self) -> list[Free]:
        return [
            Free(agent.operator, agent.controller, agent.since, self.skills(agent))
            for agent in self.agents.values()
            if agent.state is Presence.READY and agent.reachable and not agent.dialling
        ]

    def skills(self, agent: Agent) -> Mapping[str, int]:
        return {
            code: facts.skills[agent.operator]
            for (controller, code), facts in self.queues.items()
            if controller == agent.controller and facts.skills.get(agent.operator, 0) > 0
        }

    @property
    def has_to_ring(self) -> bool:
        """Whether it rings at somebody whose page was not told of it yet."""
        return any(agent.state is Presence.RINGING for agent in self.dirty_agents.values())

    # -- calls ---------------------------------------------------------------------------------------------------------

    def begin(self, call: Call, *, written: bool = False) -> None:
        """A call there was none of. `written`: its row stands already as it is now."""
        self.calls[call.id] = call
        if not written:
            self.touch(call)

    def touch(self, call: Call) -> None:
        self.dirty_calls[call.id] = call

    def distribute(self, now: datetime) -> Commands:
        """Offer what waits to who is free."""
        commands: Commands = []
        if not self.connected:
            return commands
        for offer in offers(self.waiting(), self.free()):
            commands += self._offer(self.calls[offer.call], self.agents[offer.operator], now)
        return commands

    def _offer(self, call: Call, agent: Agent, now: datetime) -> Commands:
        call.offered, call.offered_at, call.state = agent.operator, now, CallState.RINGING
        self.touch(call)
        agent.accepted = False
        self.become(agent, Presence.RINGING, now, call=call)
        return [] if agent.by_browser else [Connect(call=call.id, agent=called(agent))]

    def end_wait(self, call: Call, ended: Ended, now: datetime) -> None:
        """The stay in the queue is over."""
        if call.queued_at is None:
            return
        self.acts.append(
            WaitOver(
                controller=call.controller,
                id=new_id(),
                call=call.id,
                queue=call.queue,
                queued_at=call.queued_at,
                left_at=max(now, call.queued_at),
                ended=ended,
            )
        )
        call.queued_at = None
        self.touch(call)

    def take_back(self, call: Call) -> None:
        """It rings at nobody any more; the caller waits on."""
        call.offered = call.offered_at = None
        if call.state is CallState.RINGING:
            call.state = CallState.WAITING
        self.touch(call)

    def forget(self, call: Call) -> None:
        """It has ended: what is told of it later still finds its company."""
        self.calls.pop(call.id, None)
        self.gone[call.id] = call
        while len(self.gone) > _REMEMBERED:
            self.gone.popitem(last=False)

    def requeue(self, call: Call, code: str, ended: Ended, now: datetime) -> Commands:
        """To this queue, at its end of the way; who has waited already is not put behind others."""
        call.leaving = ended
        return [
            *self.release_offered(call, now),
            Requeue(call=call.id, steps=(self.queue(call.controller, code).wait(call.language),)),
        ]

    def move(self, by: timedelta) -> None:
        """The clock was set by so much: by the new one everybody has waited, spoken and rested as long as before."""
        for call in self.calls.values():
            call.move(by)
            self.touch(call)
        for agent in self.agents.values():
            agent.move(by)
            self.dirty_agents[agent.operator] = agent

    # -- agents --------------------------------------------------------------------------------------------------------

    def become(
        self,
        agent: Agent,
        state: Presence,
        now: datetime,
        *,
        reason: str = "",
        call: Call | None = None,
        until: datetime | None = None,
    ) -> None:
        """Another state from now on; the one before is written down."""
        if agent.call is not None and agent.state in {Presence.TALKING, Presence.WRAP_UP}:
            self.measured.add(agent.controller, agent.queue, agent.call, max(now - agent.since, timedelta()))
        if agent.state is not Presence.OFFLINE:
            self.acts.append(
                SpellOver(
                    controller=agent.controller,
                    id=new_id(),
                    operator=agent.operator,
                    state=agent.state,
                    reason=agent.reason,
                    call=agent.call,
                    queue=agent.queue,
                    starts_at=agent.since,
                    ends_at=max(now, agent.since),
                )
            )
        agent.state, agent.reason, agent.since = state, reason, now
        agent.call = call.id if call is not None else None
        agent.queue = call.queue if call is not None else ""
        agent.wrap_up_until = until
        agent.willing = False
        self.dirty_agents[agent.operator] = agent

    def sit_down(self, agent: Agent, now: datetime) -> Agent:
        """The operator works for this company from now on. ConflictError in a call for another one."""
        held = self.agents.get(agent.operator)
        if held is not None and held.controller == agent.controller:
            held.mandate, held.purpose = agent.mandate, agent.purpose
            held.phone, held.agreed, held.notice = agent.phone, agent.agreed, agent.notice
            self._look(held)
            return held
        if held is not None and held.state in {Presence.RINGING, Presence.TALKING, Presence.WRAP_UP}:
            raise ConflictError("This operator is in a call of another company.", place="presence")
        if held is not None:
            self.become(held, Presence.OFFLINE, now)
            agent.attachment = held.attachment
        self.agents[agent.operator] = agent
        self._look(agent)
        self.dirty_agents[agent.operator] = agent
        return agent

    def reserve(self, agent: Agent, call: Call, now: datetime) -> None:
        """The agent is for this call alone, and hears it ring: a call out, or a colleague who is asked."""
        agent.paused_before = agent.reason if agent.state is Presence.PAUSED else ""
        agent.accepted = True
        self.become(agent, Presence.RINGING, now, call=call)
        self.touch(call)

    def wrap_up(self, agent: Agent, call: Call, now: datetime) -> None:
        """The call is over for this agent; so long to write down what came of it."""
        seconds = self.queue(call.controller, call.queue).wrap_up_seconds
        self.become(agent, Presence.WRAP_UP, now, call=call, until=now + timedelta(seconds=seconds))

    def rest(self, agent: Agent, now: datetime) -> None:
        """After a call, or after an offer that came to nothing: ready, where there is something to ring at."""
        if agent.paused_before:
            self.become(agent, Presence.PAUSED, now, reason=agent.paused_before)
            agent.paused_before = ""
        elif agent.reachable:
            self.become(agent, Presence.READY, now)
        else:
            self.become(agent, Presence.PAUSED, now, reason=Pause.LOST)

    def release_offered(self, call: Call, now: datetime) -> Commands:
        """Whoever it rings at is asked no more, and is free again."""
        agent = self.agents.get(call.offered) if call.offered is not None else None
        self.take_back(call)
        if agent is None or agent.call != call.id or agent.state is not Presence.RINGING:
            return []
        self.rest(agent, now)
        return [] if agent.by_browser else [Withdraw(call=call.id)]

    def not_taken(self, call: Call, reason: Pause, now: datetime) -> Commands:
        """Who was asked does not come: paused, and the next one is asked."""
        agent = self.agents.get(call.offered) if call.offered is not None else None
        self.take_back(call)
        commands: Commands = []
        if agent is not None and agent.call == call.id and agent.state is Presence.RINGING:
            self.become(agent, Presence.PAUSED, now, reason=reason)
            commands = [] if agent.by_browser else [Withdraw(call=call.id)]
        return [*commands, *self.distribute(now)]

    def reached(self, word: Registered, now: datetime) -> Commands:
        """Browsers and phones that can be rung now: all of them."""
        self.reachable = word
        commands: Commands = []
        for agent in list(self.agents.values()):
            was = agent.reachable
            self._look(agent)
            if agent.reachable == was:
                continue
            self.dirty_agents[agent.operator] = agent
            agent.arriving = agent.arriving and not agent.reachable
            if agent.reachable and agent.willing:
                self.become(agent, Presence.READY, now)
            elif not agent.reachable and agent.state is Presence.READY:
                self.become(agent, Presence.PAUSED, now, reason=Pause.LOST)
            elif not agent.reachable and agent.state is Presence.RINGING and agent.call in self.calls:
                commands += self.not_taken(self.calls[agent.call], Pause.LOST, now)
        return [*commands, *self.distribute(now)]

    def _look(self, agent: Agent) -> None:
        agent.reachable = (
            agent.attachment in self.reachable.attachments
            if agent.attachment
            else bool(agent.phone) and agent.phone in self.reachable.phones
        )

    def changed(self) -> tuple[Sequence[Call], Sequence[Agent], Sequence[Act]]:
        """What is to be written, taken away from here."""
        calls, agents, acts = list(self.dirty_calls.values()), list(self.dirty_agents.values()), list(self.acts)
        self.dirty_calls, self.dirty_agents = {}, {}
        self.acts.clear()
        return calls, agents, acts

    def put_back(self, calls: Iterable[Call], agents: Iterable[Agent], acts: Sequence[Act]) -> None:
        """It could not be written now: again with what comes next, in order."""
        self.dirty_calls = {call.id: call for call in calls} | self.dirty_calls
        self.dirty_agents = {agent.operator: agent for agent in agents} | self.dirty_agents
        self.acts.extendleft(reversed(acts))


def called(agent: Agent) -> Called:
    """The agent as the edge brings it."""
    return Called(
        operator=agent.operator,
        attachment=agent.attachment,
        phone="" if agent.attachment else agent.phone,
        agreed=agent.agreed,
        notice=None if agent.attachment else agent.notice,
        ring_seconds=int(RING.total_seconds()),
    )
