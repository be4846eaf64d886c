"""Calls out: nobody is rung whom the gate does not permit to be rung now, by hand, as callback or to be consulted."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.urls import reverse
from tests.clearing import PURPOSES
from tests.surfaces import customer, seated
from tests.switching import Room, exchange, over, until
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.register import api as register
from trustdesk.sipedge.contracts import Consult, Deed, Dial, Happened, Notice, Requeue
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import (
    CallbackState,
    CallbackView,
    CallState,
    Certainty,
    Direction,
    Ended,
    Presence,
    Verb,
)
from trustdesk.switchboard.models import Callback, Wait
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import NewTrunk, Reach

pytestmark = pytest.mark.slow

PHONE = "+36301234567"


@pytest.fixture
def room(committed: World) -> Iterator[Room]:
    with exchange(committed, callback_offered=True) as made:
        house, now = made.house(), clock.now()
        for purpose in PURPOSES:
            try:
                clearance.declare_purpose(house, purpose=purpose, now=now)
            except ConflictError:
                break
        telephony.set_reach(house, reach=Reach(countries=frozenset({"HU"})), now=now)
        if not telephony.trunk_names():
            new = NewTrunk(name="Calls out", addresses=["203.0.113.251/32"], target="sip:carrier.example:5060")
            telephony.save_trunk(trunk_id=None, new=new, by=None, now=now)
        yield made


def somebody(room: Room, phone: str) -> tuple[int, int]:
    """A customer who has this number, and the number's value."""
    register.seed_catalog(room.house(), now=clock.now())
    number = customer(room.house(), "Ilona", "Kovács", phone=phone)
    card = register.card(room.house(), number, now=clock.now())
    return number, next(value.value_id for value in card.values if value.attribute == "phone")


def test_a_permitted_call_is_dialled_from_our_own_number_with_the_notice_first(room: Room) -> None:
    context = room.ready(room.agent())
    person, value = somebody(room, "+36301110001")
    call = api.dial(context, customer_id=person, value_id=value, purpose="service", queue=room.code)
    command = room.edge.commanded(Dial)
    assert (command.number, command.caller, command.plan.call) == ("+36301110001", room.line, call)
    assert isinstance(command.plan.steps[0], Notice)
    assert command.agent is not None
    assert command.agent.operator == context.operator_id
    view = api.call(context, call)
    assert (view.direction, view.customer_id, view.certainty) == (
        Direction.OUT,
        person,
        Certainty.NUMBER_MATCHED,
    )
    decided = clearance.decisions(room.house(), person, limit=1)[0]
    assert (decided.purpose, decided.channel) == ("service", Channel.CALL_HUMAN)
    room.edge.calls[call] = room.edge.snapshot_of(call, room.company.id)
    room.edge.speaks(call, context.operator_id)
    until(lambda: api.call(context, call).state is CallState.TALKING)
    room.edge.ends(call)
    until(lambda: api.call(context, call).result == "answered")


def test_who_objected_is_not_rung_and_the_law_is_named(room: Room) -> None:
    context = room.ready(room.agent())
    person, value = somebody(room, "+36301110002")
    clearance.record_objection(
        room.house(),
        customer_id=person,
        scope=Scope(channel=Channel.CALL_HUMAN),
        method=Method.TOLD_OPERATOR,
        now=clock.now(),
    )
    with pytest.raises(RefusedError) as refused:
        api.dial(context, customer_id=person, value_id=value, purpose="offers")
    assert refused.value.place != "clearance"
    presence = api.my_presence(context)
    assert presence is not None
    assert presence.state is Presence.READY
    assert room.edge.commands.empty() or not any(isinstance(one, Dial) for one in list(room.edge.commands.queue))


@pytest.mark.parametrize("number", ["+3690123456", "+4915112345678"])
def test_premium_and_foreign_destinations_are_closed(room: Room, number: str) -> None:
    context = room.ready(room.agent())
    with pytest.raises(RefusedError):
        api.dial(context, number=number, purpose="service")


def test_nobody_dials_without_something_that_rings_or_in_another_call(room: Room) -> None:
    context = room.context(room.agent())
    with pytest.raises(ConflictError):
        api.dial(context, number=PHONE, purpose="service")
    reading = room.context(room.agent("reader", skill=0, role="officer"))
    with pytest.raises(RefusedError):
        api.dial(reading, number=PHONE, purpose="service")


def test_a_busy_number_is_a_result_and_the_agent_is_free_again(room: Room) -> None:
    context = room.ready(room.agent())
    call = api.dial(context, number="+36301110003", purpose="service", queue=room.code)
    room.edge.commanded(Dial)
    room.edge.tell(Happened.NOT_ANSWERED, call, role="customer", reason="not-answered", status=486)
    room.edge.tell(Happened.ENDED, call, reason="not-answered", status=0)
    until(lambda: api.call(context, call).result == "busy")
    until(lambda: is_ready(context))


def test_whoever_dialled_can_give_up_while_it_rings(room: Room) -> None:
    """There was no way out of a number that nobody answers: a minute of ringing, each time."""
    context = room.ready(room.agent())
    call = api.dial(context, number="+36301110033", purpose="service", queue=room.code)
    room.edge.commanded(Dial)
    with pytest.raises(NotFoundError):
        api.deed(room.ready(room.agent("beside")), call_id=call, verb=Verb.HANG_UP)
    with pytest.raises(NotFoundError):
        api.deed(context, call_id=call, verb=Verb.HOLD)
    api.deed(context, call_id=call, verb=Verb.HANG_UP)
    assert room.edge.commanded(Deed).verb == "hang-up"
    room.edge.tell(Happened.NOT_ANSWERED, call, role="customer", reason="not-answered", status=487)
    room.edge.tell(Happened.ENDED, call, reason="hung-up", status=200)
    until(lambda: api.call(context, call).result == "no-answer")
    until(lambda: is_ready(context))


def test_who_was_not_reached_can_be_called_again(room: Room) -> None:
    waiting = room.edge.waits(room.line, room.code, "+36301110044")
    room.edge.tell(Happened.CALLBACK_ASKED, waiting)
    assert room.edge.commanded(Requeue).call == waiting
    room.edge.ends(waiting, reason="farewell")
    context = room.ready(room.agent())
    asked = until(
        lambda: next((one for one in api.callbacks(context, now=clock.now()) if one.call_id == waiting), None)
    )
    for _time in range(2):
        call = api.dial_back(context, callback_id=asked.callback_id)
        room.edge.commanded(Dial)
        assert not listed(context, asked)
        room.edge.tell(Happened.NOT_ANSWERED, call, role="customer", reason="not-answered", status=480)
        room.edge.tell(Happened.ENDED, call, reason="not-answered", status=0)
        until(lambda: state_of(room, asked.callback_id) == CallbackState.NOT_REACHED)
        until(lambda: is_ready(context))
        assert listed(context, asked)
    assert not listed(context, asked, later=timedelta(days=4))


def asked_in(context: AccessContext, call: int) -> CallbackView:
    """The callback that was asked for in this call, as soon as it stands."""
    return until(lambda: next((one for one in api.callbacks(context, now=clock.now()) if one.call_id == call), None))


def listed(context: AccessContext, asked: CallbackView, *, later: timedelta = timedelta()) -> bool:
    return any(one.callback_id == asked.callback_id for one in api.callbacks(context, now=clock.now() + later))


def is_ready(context: AccessContext) -> bool:
    seen = api.my_presence(context)
    return seen is not None and seen.state is Presence.READY


def test_a_callback_is_cleared_again_when_it_is_dialled(room: Room) -> None:
    waiting = room.edge.waits(room.line, room.code, "+36301110004")
    room.edge.tell(Happened.CALLBACK_ASKED, waiting)
    assert room.edge.commanded(Requeue).call == waiting
    room.edge.ends(waiting, reason="farewell")
    context = room.ready(room.agent())
    asked = until(
        lambda: next((one for one in api.callbacks(context, now=clock.now()) if one.call_id == waiting), None)
    )
    until(lambda: waits_of(room, waiting) == [Ended.CALLBACK])
    call = api.dial_back(context, callback_id=asked.callback_id)
    assert room.edge.commanded(Dial).number == "+36301110004"
    assert api.call(context, call).conversation_id == asked.conversation_id
    with pytest.raises(ConflictError):
        api.dial_back(context, callback_id=asked.callback_id)
    room.edge.calls[call] = room.edge.snapshot_of(call, room.company.id)
    room.edge.speaks(call, context.operator_id)
    until(lambda: state_of(room, asked.callback_id) == CallbackState.REACHED)
    room.edge.ends(call)


def waits_of(room: Room, call: int) -> list[str]:
    with scoped(room.house().scope):
        return list(Wait.objects.filter(controller_id=room.company.id, call_id=call).values_list("ended", flat=True))


def test_a_callback_is_there_for_the_agents_to_see_and_press(room: Room) -> None:
    """It stood on the supervisors' page only: whoever is free to call back did not know of it."""
    waiting = room.edge.waits(room.line, room.code, "+36301110055")
    room.edge.tell(Happened.CALLBACK_ASKED, waiting)
    assert room.edge.commanded(Requeue).call == waiting
    room.edge.ends(waiting, reason="farewell")
    person = room.agent()
    context = room.ready(person)
    asked = until(
        lambda: next((one for one in api.callbacks(context, now=clock.now()) if one.call_id == waiting), None)
    )
    agent = seated(person, room.company)
    address = reverse("desk:call-back", args=[asked.callback_id])
    assert address in agent.get(reverse("desk:to-call")).content.decode()
    assert agent.post(address).status_code == 302
    assert room.edge.commanded(Dial).number == "+36301110055"
    shown = agent.get(reverse("desk:phone-bar")).content.decode()
    assert "Callback" in shown
    assert "Accept" not in shown, "whoever dialled is brought by itself"
    assert address not in agent.get(reverse("desk:to-call")).content.decode()


def test_a_trunk_that_only_brings_calls_carries_none_out(room: Room) -> None:
    """Of two trunks the first by name has no way out: the call was dialled over it, reached nobody, and was over."""
    now = clock.now()
    new = NewTrunk(name="A way in", addresses=["198.51.100.1/32"])
    way_in = telephony.save_trunk(trunk_id=None, new=new, by=None, now=now)
    try:
        context = room.ready(room.agent())
        person, value = somebody(room, "+36301110077")
        api.dial(context, customer_id=person, value_id=value, purpose="service", queue=room.code)
        command = room.edge.commanded(Dial)
        assert command.trunk == telephony.trunk_out(None) != way_in
        with pytest.raises(ConflictError) as nowhere:
            telephony.trunk_out(way_in)
        assert "where its calls out go to" in nowhere.value.mend
    finally:
        telephony.remove_trunk(trunk_id=way_in, by=None, now=now)


def test_a_cap_counts_also_where_the_number_names_no_trunk(room: Room) -> None:
    carrier = next(one for one in telephony.trunks(by=None) if one.trunk_id == telephony.trunk_out(None))
    plain = NewTrunk(name=carrier.name, addresses=carrier.addresses, target=carrier.target)
    try:
        telephony.save_trunk(trunk_id=carrier.trunk_id, new=replace(plain, per_day=0), by=None, now=clock.now())
        context = room.ready(room.agent())
        person, value = somebody(room, "+36301110078")
        with pytest.raises(RefusedError) as refused:
            api.dial(context, customer_id=person, value_id=value, purpose="service", queue=room.code)
        assert refused.value.place == "trunk"
    finally:
        telephony.save_trunk(trunk_id=carrier.trunk_id, new=plain, by=None, now=clock.now())


def state_of(room: Room, callback: int) -> str:
    with scoped(room.house().scope):
        return Callback.objects.get(controller_id=room.company.id, id=callback).state


def test_a_callback_whose_number_is_suppressed_is_refused_with_its_reason(room: Room) -> None:
    waiting = room.edge.waits(room.line, room.code, "+36301110005")
    room.edge.tell(Happened.CALLBACK_ASKED, waiting)
    room.edge.ends(waiting, reason="farewell")
    context = room.ready(room.agent())
    asked = until(
        lambda: next((one for one in api.callbacks(context, now=clock.now()) if one.call_id == waiting), None)
    )
    with pytest.raises(RefusedError):
        api.dial_back(context, callback_id=asked.callback_id, purpose="news")
    assert state_of(room, asked.callback_id) == CallbackState.REFUSED
    stranger = room.world.context(room.world.agent_north, room.world.north)
    with pytest.raises(NotFoundError):
        api.dial_back(stranger, callback_id=asked.callback_id)


def test_an_outside_number_is_cleared_and_hears_the_notice(room: Room) -> None:
    context = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(context))
    api.accept(context, call_id=call)
    room.edge.speaks(call, context.operator_id)
    until(lambda: api.call(context, call).state is CallState.TALKING)
    with pytest.raises(RefusedError):
        api.consult_outside(context, call_id=call, number="+4915112345678", purpose="service")
    api.consult_outside(context, call_id=call, number="+36301110006", purpose="service")
    command = room.edge.commanded(Consult)
    assert command.number == "+36301110006"
    assert isinstance(command.steps[0], Notice)


def test_who_has_the_number_is_offered_and_never_guessed(room: Room) -> None:
    first, _value = somebody(room, "+36301110007")
    second, _value = somebody(room, "+36301110007")
    plan = room.edge.rings(room.line, "+36301110007")
    view = api.call(room.house(), plan.call)
    assert view.certainty is Certainty.NUMBER_MATCHED
    assert set(view.matches) == {first, second}
    assert view.customer_id is None
    room.edge.ends(plan.call)
    ended = over(room.house(), plan.call)
    assert tuple(ended.matches) == ()


def test_a_customer_who_is_forgotten_leaves_no_call_behind(room: Room) -> None:
    context = room.ready(room.agent())
    person, value = somebody(room, "+36301110008")
    call = api.dial(context, customer_id=person, value_id=value, purpose="service", queue=room.code)
    room.edge.tell(Happened.ENDED, call, reason="hung-up", status=200)
    until(lambda: api.call(context, call).ended_at)
    declaration = registries.privacy.get("switchboard")
    assert declaration.export is not None
    assert declaration.erase is not None
    assert [line["kind"] for line in declaration.export(room.house(), person)] == ["call"]
    assert declaration.erase(room.house(), [(person,)]) == [1]
    assert list(declaration.export(room.house(), person)) == []
    assert api.call(context, call).customer_id is None
