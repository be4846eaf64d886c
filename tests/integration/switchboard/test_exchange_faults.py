"""What may go wrong around the switchboard: it is killed, the edge is, the database is away, a stranger connects."""

import asyncio
from collections.abc import Iterator

import pytest
from django.conf import settings
from tests.switching import Edge, Room, exchange, no_database, over, until
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.server.cluster import Cluster
from trustdesk.sipedge.contracts import Attach, Connect, Happened, PlanFor, Refusal, Requeue
from trustdesk.sipedge.link.contracts import NoAnswerError
from trustdesk.sipedge.link.lines import LinkBrokenError
from trustdesk.sipedge.link.sockets import connect
from trustdesk.sipedge.link.swearing import Side, swear
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import CallState, Presence, PresenceView
from trustdesk.switchboard.models import Spell, Wait

pytestmark = pytest.mark.slow


@pytest.fixture
def room(committed: World) -> Iterator[Room]:
    with exchange(committed) as made:
        yield made


def test_killed_in_the_middle_it_knows_again_who_speaks_and_who_waits(room: Room) -> None:
    context = room.ready(room.agent())
    spoken, waiting = room.edge.waits(room.line, room.code), room.edge.waits(room.line, room.code, "+36302223344")
    until(lambda: api.my_call(context))
    api.accept(context, call_id=spoken)
    room.edge.speaks(spoken, context.operator_id)
    until(lambda: api.call(context, spoken).state is CallState.TALKING)
    room.process.kill()
    with pytest.raises(NoAnswerError):
        room.edge.rings(room.line)
    room.process.start_again(room.edge)
    room.edge.ends(spoken)
    until(lambda: api.call(context, spoken).result == "answered")
    presence = until(lambda: in_wrap_up(context))
    assert presence.call_id == spoken
    assert api.call(context, waiting).state is CallState.WAITING
    other = room.ready(room.agent("other"))
    assert until(lambda: api.my_call(other)).call_id == waiting


def in_wrap_up(context: AccessContext) -> PresenceView | None:
    seen = api.my_presence(context)
    return seen if seen is not None and seen.state is Presence.WRAP_UP else None


def test_what_ended_while_it_was_dead_is_told_afterwards(room: Room) -> None:
    waiting = room.edge.waits(room.line, room.code)
    until(lambda: api.call(room.house(), waiting).state is CallState.WAITING)
    spoken = room.edge.waits(room.line, room.code)
    context = room.ready(room.agent())
    until(lambda: api.my_call(context))
    room.edge.speaks(waiting, context.operator_id)
    until(lambda: api.call(context, waiting).state is CallState.TALKING)
    room.process.kill()
    room.edge.ends(waiting)
    room.edge.ends(spoken)
    room.process.start()
    until(lambda: api.call(context, spoken).result == "abandoned")
    assert until(lambda: in_wrap_up(context)).call_id == waiting
    ended = over(room.house(), waiting)
    assert ended.result == "answered"


def test_an_edge_that_died_took_its_calls_with_it(room: Room) -> None:
    context = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    room.edge.close()
    room.edge = Edge()
    ended = over(context, call)
    assert ended.state is CallState.ENDED
    with scoped(room.house().scope):
        assert Wait.objects.get(controller_id=room.company.id, call_id=call).ended == "lost"


def test_without_a_database_the_caller_hears_an_apology_and_what_stands_goes_on(room: Room, cluster: Cluster) -> None:
    context = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    api.accept(context, call_id=call)
    room.edge.commanded(Connect)
    with no_database(cluster):
        answer = room.edge.ask(PlanFor(trunk=1, number=room.line, caller="", at=clock.now()))
        assert answer == Refusal(reason="unavailable")
        room.edge.speaks(call, context.operator_id)
        room.edge.tell(Happened.HELD, call)
    until(lambda: api.call(context, call).state is CallState.HELD, seconds=30)
    room.edge.tell(Happened.RESUMED, call)
    room.edge.ends(call)
    until(lambda: api.call(context, call).result == "answered")
    assert isinstance(room.edge.rings(room.line).call, int)


@pytest.mark.parametrize(("side", "key"), [("edge", b"x" * 32), ("house", None)])
def test_who_does_not_swear_is_not_listened_to(room: Room, side: Side, key: bytes | None) -> None:
    home = settings.TRUSTDESK_HOME

    async def tried() -> bytes:
        reader, writer = await connect(home.run / "edge.sock")
        with pytest.raises(LinkBrokenError):
            await swear(reader, writer, key=key or home.secret("exchange.key"), side=side)
        writer.close()
        return await reader.read()

    assert asyncio.run(tried()) == b""
    assert room.edge.rings(room.line).call  # the edge that swore is listened to all the same


def test_a_silent_stranger_is_let_go(room: Room) -> None:
    async def silent() -> bytes:
        reader, writer = await connect(settings.TRUSTDESK_HOME.run / "switchboard.sock")
        writer.write(b'{"kind": "ask", "number": 1, "name": "SettingsChanged", "word": {"what": "settings-changed"}}\n')
        said = await reader.read()
        writer.close()
        return said

    assert asyncio.run(silent()) == b""


def test_without_a_switchboard_it_is_said_so(room: Room) -> None:
    context = room.context(room.agent())
    room.process.stop()
    with pytest.raises(api.UnreachableError):
        api.set_presence(context, state=Presence.PAUSED, reason="break")
    room.process.start()
    api.set_presence(context, state=Presence.PAUSED, reason="break")
    api.set_presence(context, state=Presence.OFFLINE)
    spells = until(lambda: spells_of(room, context.operator_id))
    assert spells == ["paused"]


def test_a_browser_for_which_there_is_no_port_is_told_what_to_do(room: Room) -> None:
    context = room.context(room.agent())
    room.edge.refuses[Attach] = "no-port"
    with pytest.raises(ConflictError) as refused:
        api.attach(context, offer="v=0")
    assert refused.value.place == "ports"
    assert "wider range" in refused.value.mend


def spells_of(room: Room, operator: int) -> list[str]:
    with scoped(room.house().scope):
        return list(
            Spell.objects.filter(controller_id=room.company.id, operator_id=operator)
            .order_by("starts_at")
            .values_list("state", flat=True)
        )


def test_an_agent_whose_browser_dies_leaves_the_caller_to_somebody_else(room: Room) -> None:
    context = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    api.accept(context, call_id=call)
    room.edge.speaks(call, context.operator_id)
    until(lambda: api.call(context, call).state is CallState.TALKING)
    room.edge.place(call, "alone", operators=())
    room.edge.tell(Happened.LEFT, call, operator=context.operator_id, role="agent", reason="lost")
    assert room.edge.commanded(Requeue).call == call


def test_nothing_personal_is_in_its_log(room: Room) -> None:
    room.edge.rings(room.line, "+36209998877")
    room.edge.ask(PlanFor(trunk=1, number="+3619999999", caller="+36209998877", at=clock.now()))
    said = room.process.stop()
    assert b"call-begun" in said
    assert b"209998877" not in said
