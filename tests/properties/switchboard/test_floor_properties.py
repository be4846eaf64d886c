"""Whatever happens in whatever order on the floor: nobody has two calls, and nobody waits whom somebody could serve.

A small edge follows the floor's commands, as the real one would, so that what is told fits what was commanded.
"""

from datetime import UTC, datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from trustdesk.sipedge.contracts import (
    CallNow,
    Command,
    Connect,
    Deed,
    Happened,
    Registered,
    Requeue,
    Snapshot,
    Told,
    Wait,
    Withdraw,
)
from trustdesk.switchboard.contracts import CallState, Direction, Pause, Presence
from trustdesk.switchboard.distribution import fits
from trustdesk.switchboard.running.acts import SpellOver, WaitOver
from trustdesk.switchboard.running.facts import QueueFacts
from trustdesk.switchboard.running.floor import Commands, Floor
from trustdesk.switchboard.running.hearing import hear
from trustdesk.switchboard.running.people import Agent, Call
from trustdesk.switchboard.running.rebuilding import compare
from trustdesk.switchboard.running.ticking import tick

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
QUEUES = ("main", "complaints")
OPERATORS = range(1, 5)
SKILLS = {"main": {1: 80, 2: 80, 3: 40}, "complaints": {3: 90, 4: 10}}
BUSY = {Presence.RINGING, Presence.TALKING, Presence.WRAP_UP}


class TheFloor(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.now = NOW
        self.set_by = timedelta()
        self.numbers = 0
        self.floor = Floor()
        self.floor.queues = {
            (1, code): QueueFacts(
                code=code, skills=SKILLS[code], callback_offered=True, overflow="queue", overflow_queue="main"
            )
            for code in QUEUES
        }
        self.edge: dict[int, CallNow] = {}
        everything = Registered(phones=("p3", "p4"), attachments=("b1", "b2"), trunks=())
        for operator in OPERATORS:
            browser = operator < 3
            agent = Agent(operator=operator, controller=1, mandate=1, purpose="service", since=self.now)
            agent.attachment, agent.phone = (f"b{operator}", "") if browser else ("", f"p{operator}")
            self.floor.sit_down(agent, self.now)
        self.obey(self.floor.reached(everything, self.now))
        for operator in OPERATORS:
            self.somebody_is_ready(operator)

    # -- the edge ------------------------------------------------------------------------------------------------------

    def tell(self, happened: Happened, call: int, **words: object) -> None:
        self.now += timedelta(seconds=1)
        self.obey(hear(self.floor, Told(happened=happened, call=call, at=self.now, **words)))  # type: ignore[arg-type]

    def place(self, call: int, **words: object) -> None:
        self.edge[call] = self.edge[call].model_copy(update=words)

    def obey(self, commands: Commands) -> None:
        for command in commands:
            self._obey(command)

    def _obey(self, command: Command) -> None:
        number = getattr(command, "call", 0)
        if number not in self.edge:
            return
        if isinstance(command, Connect):
            self.place(number, place="ringing", operators=(command.agent.operator,))
        elif isinstance(command, Withdraw):
            self.place(number, place="waiting", operators=())
        elif isinstance(command, Requeue) and isinstance(command.steps[-1], Wait):
            self.place(number, place="waiting", operators=())
            self.tell(Happened.QUEUED, number, queue=command.steps[-1].queue)
        elif isinstance(command, Requeue) or (isinstance(command, Deed) and command.verb == "hang-up"):
            del self.edge[number]
            self.tell(Happened.ENDED, number, reason="farewell")

    # -- what may happen -----------------------------------------------------------------------------------------------

    @precondition(lambda self: len(self.edge) < 6)
    @rule(queue=st.sampled_from(QUEUES))
    def somebody_calls(self, queue: str) -> None:
        self.numbers += 1
        number = self.numbers
        self.floor.begin(
            Call(
                id=number,
                controller=1,
                direction=Direction.IN,
                line="+3612345678",
                language="hu",
                began_at=self.now,
                interaction=number,
                answer_within=300,
            )
        )
        self.edge[number] = CallNow(call=number, controller=1, since=self.now, place="waiting", queue=queue)
        self.tell(Happened.QUEUED, number, queue=queue)

    @precondition(lambda self: self.edge)
    @rule(data=st.data(), reason=st.sampled_from(["hung-up", "lost"]))
    def somebody_hangs_up(self, data: st.DataObject, reason: str) -> None:
        number = data.draw(st.sampled_from(sorted(self.edge)))
        for operator in self.edge.pop(number).operators:
            self.tell(Happened.LEFT, number, operator=operator, role="agent", reason="ended")
        self.tell(Happened.ENDED, number, reason=reason)

    @rule(operator=st.sampled_from(OPERATORS))
    def somebody_is_ready(self, operator: int) -> None:
        agent = self.floor.agents[operator]
        if agent.state not in {Presence.RINGING, Presence.TALKING} and agent.reachable:
            self.floor.become(agent, Presence.READY, self.now)
            self.obey(self.floor.distribute(self.now))

    @rule(operator=st.sampled_from(OPERATORS))
    def somebody_takes_it(self, operator: int) -> None:
        agent = self.floor.agents[operator]
        if agent.state is Presence.RINGING and agent.call in self.edge:
            self.place(agent.call, place="talking", operators=(operator,))
            self.tell(Happened.JOINED, agent.call, operator=operator, role="agent")

    @rule(operator=st.sampled_from(OPERATORS))
    def somebody_does_not_come(self, operator: int) -> None:
        agent = self.floor.agents[operator]
        if agent.state is Presence.RINGING and agent.call in self.floor.calls:
            self.obey(self.floor.not_taken(self.floor.calls[agent.call], Pause.REFUSED, self.now))

    @rule(operator=st.sampled_from(OPERATORS), reason=st.sampled_from(["lost", "hung-up"]))
    def an_agent_is_gone(self, operator: int, reason: str) -> None:
        agent = self.floor.agents[operator]
        if agent.state is Presence.TALKING and agent.call in self.edge:
            self.place(agent.call, place="alone", operators=())
            self.tell(Happened.LEFT, agent.call, operator=operator, role="agent", reason=reason)

    @rule(gone=st.sets(st.sampled_from(["b1", "b2", "p3", "p4"])))
    def others_are_reachable(self, gone: set[str]) -> None:
        phones = tuple(sorted({"p3", "p4"} - gone))
        attachments = tuple(sorted({"b1", "b2"} - gone))
        self.obey(self.floor.reached(Registered(phones=phones, attachments=attachments, trunks=()), self.now))

    @precondition(lambda self: self.edge)
    @rule(data=st.data())
    def somebody_wants_to_be_called(self, data: st.DataObject) -> None:
        number = data.draw(st.sampled_from(sorted(self.edge)))
        if self.edge[number].place == "waiting":
            self.tell(Happened.CALLBACK_ASKED, number)

    @rule(seconds=st.sampled_from([1, 25, 400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        self.obey(tick(self.floor, self.now, lambda _language, _place, _minutes: ()))

    @rule(hours=st.sampled_from([-24, -1, 1, 24]))
    def the_clock_is_set(self, hours: int) -> None:
        by = timedelta(hours=hours)
        self.now += by
        self.set_by += by
        self.floor.move(by)

    @rule()
    def the_edge_connects_again(self) -> None:
        word = Snapshot(calls=tuple(self.edge.values()), reachable=self.floor.reachable)
        self.obey(compare(self.floor, word, self.now))

    @rule()
    def what_happened_is_written(self) -> None:
        self.floor.changed()

    # -- what must always hold -----------------------------------------------------------------------------------------

    @invariant()
    def nobody_has_two_calls(self) -> None:
        held = [operator for call in self.floor.calls.values() for operator in call.operators]
        held += [call.offered for call in self.floor.calls.values() if call.offered is not None]
        assert len(held) == len(set(held))

    @invariant()
    def who_rings_or_speaks_has_that_call(self) -> None:
        for call in self.floor.calls.values():
            for operator in call.operators:
                assert self.floor.agents[operator].call == call.id
                assert self.floor.agents[operator].state is Presence.TALKING
            if call.offered is not None:
                assert self.floor.agents[call.offered].call == call.id
                assert self.floor.agents[call.offered].state is Presence.RINGING
        for agent in self.floor.agents.values():
            if agent.state in {Presence.RINGING, Presence.TALKING}:
                assert agent.call in self.floor.calls

    @invariant()
    def nobody_waits_whom_a_free_agent_could_serve(self) -> None:
        assert not [(agent, call) for agent in self.floor.free() for call in self.floor.waiting() if fits(agent, call)]

    @invariant()
    def who_is_ready_has_no_call_and_can_be_rung(self) -> None:
        for agent in self.floor.agents.values():
            if agent.state is Presence.READY:
                assert agent.call is None
                assert agent.reachable

    @invariant()
    def nothing_took_longer_than_there_was_time(self) -> None:
        """Since the beginning so much time has passed, however often the clock was set."""
        passed = self.now - NOW - self.set_by
        for act in self.floor.acts:
            if isinstance(act, WaitOver):
                assert timedelta() <= act.left_at - act.queued_at <= passed
            elif isinstance(act, SpellOver):
                assert timedelta() <= act.ends_at - act.starts_at <= passed

    @invariant()
    def what_has_ended_is_on_nobodys_mind(self) -> None:
        for call in self.floor.gone.values():
            assert call.state is CallState.ENDED
            assert not call.operators
            assert call.offered is None
            assert not call.matches


TheFloor.TestCase.settings = settings(max_examples=120, stateful_step_count=40, deadline=None)
TestTheFloor = TheFloor.TestCase
