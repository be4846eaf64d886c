"""Killed between what happened at the edge and its writing: nothing of it is lost, and nothing happens twice.

The database lets nobody in while it happens, so that not a word of it can be written; then the switchboard is killed.
"""

from collections.abc import Iterator

import pytest
from tests.switching import Room, exchange, no_database, over, until
from tests.world import World

from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Result
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import api as recordings
from trustdesk.server.cluster import Cluster
from trustdesk.sipedge.contracts import Farewell, Happened, LookUp, PlanFor, Refusal, Requeue
from trustdesk.sipedge.link.contracts import NoAnswerError
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import APOLOGISED, CallState, Presence, PresenceView
from trustdesk.switchboard.models import Call, Callback, Spell, Wait

pytestmark = pytest.mark.slow


@pytest.fixture
def room(committed: World) -> Iterator[Room]:
    with exchange(committed, callback_offered=True) as made:
        yield made


def waits_of(room: Room, call: int) -> list[str]:
    with scoped(room.house().scope):
        rows = Wait.objects.filter(controller_id=room.company.id, call_id=call)
        return list(rows.order_by("queued_at").values_list("ended", flat=True))


def spells_of(room: Room, operator: int) -> list[str]:
    with scoped(room.house().scope):
        rows = Spell.objects.filter(controller_id=room.company.id, operator_id=operator)
        return list(rows.order_by("starts_at", "ends_at").values_list("state", flat=True))


def in_wrap_up(context: AccessContext) -> PresenceView | None:
    seen = api.my_presence(context)
    return seen if seen is not None and seen.state is Presence.WRAP_UP else None


def test_a_whole_conversation_that_nobody_could_write_stands_afterwards(room: Room, cluster: Cluster) -> None:
    context, house = room.ready(room.agent()), room.house()
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    with no_database(cluster):
        room.edge.speaks(call, context.operator_id)
        room.edge.tell(Happened.NOT_RECORDED, call, reason="no-consent")
        room.edge.tell(Happened.HELD, call)
        room.edge.tell(Happened.RESUMED, call)
        room.edge.ends(call)
        room.process.kill()
    room.process.start_again(room.edge)
    view = over(house, call)
    assert (view.result, view.operator_id, view.held) == ("answered", context.operator_id, False)
    assert waits_of(room, call) == ["answered"]
    (interaction,) = conversations.interactions(house, view.conversation_id or 0)
    assert interaction.result is Result.ANSWERED
    assert [(one.operator_id, one.left_at is not None) for one in interaction.operators] == [
        (context.operator_id, True)
    ]
    assert [one.interaction_id for one in conversations.pending_wrap_up(house, context.operator_id)] == [
        view.interaction_id
    ]
    presence = until(lambda: in_wrap_up(context))
    assert presence.call_id == call
    assert spells_of(room, context.operator_id)[-2:] == ["ringing", "talking"]
    unwritten = [one for one in recordings.unrecorded(house) if one.call_id == call]
    assert [one.reason for one in unwritten] == ["no-consent"]


def test_killed_again_and_again_it_happened_once(room: Room, cluster: Cluster) -> None:
    context, house = room.ready(room.agent()), room.house()
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    room.edge.speaks(call, context.operator_id)
    room.edge.tell(Happened.NOT_RECORDED, call, reason="no-consent")
    until(lambda: api.call(context, call).unrecorded)
    for _time in range(2):
        room.process.kill()
        room.process.start_again(room.edge)
    until(lambda: api.call(context, call).state is CallState.TALKING)
    room.edge.ends(call)
    view = over(house, call)
    assert waits_of(room, call) == ["answered"]
    (interaction,) = conversations.interactions(house, view.conversation_id or 0)
    assert len(interaction.operators) == 1
    assert len([one for one in recordings.unrecorded(house) if one.call_id == call]) == 1
    assert spells_of(room, context.operator_id).count("talking") == 1


def test_who_hung_up_or_asked_for_a_callback_meanwhile_did_so(room: Room, cluster: Cluster) -> None:
    house = room.house()
    gone, wants = room.edge.waits(room.line, room.code), room.edge.waits(room.line, room.code, "+36302223344")
    until(lambda: api.call(house, wants).state is CallState.WAITING and api.call(house, gone).queued_at)
    with no_database(cluster):
        room.edge.ends(gone)
        room.edge.tell(Happened.CALLBACK_ASKED, wants)
        farewell = room.edge.commanded(Requeue)  # said, and not written
        assert isinstance(farewell.steps[0], Farewell)
        room.process.kill()
    room.process.start_again(room.edge)
    view = over(house, gone)
    assert (view.result, waits_of(room, gone)) == ("abandoned", ["abandoned"])
    with scoped(house.scope):
        until(lambda: Callback.objects.filter(controller_id=room.company.id, call_id=wants).count() == 1)
    # At this edge the caller stands in the queue still: the last words are said, and nobody is put through.
    farewell = room.edge.commanded(Requeue)
    assert (farewell.call, isinstance(farewell.steps[0], Farewell)) == (wants, True)
    room.edge.ends(wants, reason="farewell")
    assert over(house, wants).result == "callback"
    assert waits_of(room, wants) == ["callback"]


def test_another_queue_and_another_agent_meanwhile(room: Room, cluster: Cluster) -> None:
    first, second = room.ready(room.agent("first", skill=90)), room.ready(room.agent("second", skill=10))
    house = room.house()
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(first))
    room.edge.speaks(call, first.operator_id)
    until(lambda: api.call(house, call).state is CallState.TALKING)
    with no_database(cluster):
        room.edge.tell(Happened.LEFT, call, operator=first.operator_id, role="agent", reason="transferred")
        room.edge.place(call, "waiting", queue="elsewhere", operators=())
        room.edge.tell(Happened.QUEUED, call, queue="elsewhere")
        room.edge.speaks(call, second.operator_id)
        room.process.kill()
    room.process.start_again(room.edge)
    until(lambda: api.call(house, call).operator_id == second.operator_id)
    view = api.call(house, call)
    assert (view.queue, view.state) == ("elsewhere", CallState.TALKING)
    assert until(lambda: len(waits_of(room, call)) > 1 and waits_of(room, call)) == ["answered", "answered"]
    room.edge.ends(call)
    ended = over(house, call)
    (interaction,) = conversations.interactions(house, ended.conversation_id or 0)
    assert [one.operator_id for one in interaction.operators] == [first.operator_id, second.operator_id]
    assert until(lambda: in_wrap_up(first)).call_id == call


def test_a_call_that_the_edge_does_not_know_is_over(room: Room) -> None:
    """Killed while it handed a call over: the tables know of it, and nobody else."""
    plan = room.edge.rings(room.line)
    room.process.kill()
    del room.edge.calls[plan.call]
    room.process.start_again(room.edge)
    view = over(room.house(), plan.call)
    assert view.result == APOLOGISED
    until(lambda: conversations.line(room.house(), view.conversation_id or 0).state == "closed")


def test_what_was_brought_to_a_case_is_known_again(room: Room) -> None:
    """Conversations moved the call, and the row of the call was not written any more."""
    house = room.house()
    case = api.call(house, room.edge.rings(room.line).call).conversation_id or 0
    call = room.edge.waits(room.line, room.code)
    own = api.call(house, call).conversation_id
    room.edge.ask(LookUp(call=call, digits=conversations.line(house, case).reference))
    until(lambda: api.call(house, call).conversation_id == case)
    room.process.kill()
    with scoped(house.scope):
        rows = Call.objects.filter(controller_id=room.company.id, id=call)
        rows.update(conversation_id=own, case_id=None)
    room.process.start_again(room.edge)
    room.edge.ends(call)
    view = over(house, call)
    assert (view.conversation_id, view.case_id) == (case, case)


def test_a_plan_that_comes_too_late_leaves_nothing_open(room: Room, cluster: Cluster) -> None:
    """The caller has heard the apology: call, call of the conversation and conversation are closed as that."""
    house = room.house()
    before = newest(room)
    with cluster.connect("trustdesk") as mighty:
        mighty.autocommit = False
        mighty.execute("LOCK TABLE conversations_event IN ACCESS EXCLUSIVE MODE")
        try:
            answer = room.edge.ask(PlanFor(trunk=1, number=room.line, caller="+36301112233", at=clock.now()))
            assert answer == Refusal(reason="unavailable")
        except NoAnswerError:
            pass  # on a busy machine the edge's patience ended first
        mighty.rollback()
    call = until(lambda: (found := newest(room)) != before and found)
    view = over(house, call)
    assert view.result == APOLOGISED
    (interaction,) = conversations.interactions(house, view.conversation_id or 0)
    assert interaction.result is Result.FAILED
    until(lambda: conversations.line(house, view.conversation_id or 0).state == "closed")
    assert room.edge.rings(room.line).call  # the next one is answered


def newest(room: Room) -> int:
    with scoped(room.house().scope):
        row = Call.objects.filter(controller_id=room.company.id).order_by("-id").first()
    return row.id if row is not None else 0
