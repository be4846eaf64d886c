"""A call comes in, over real sockets: a plan, an agent, a card, a key, an end; each in its company only."""

import functools
from collections.abc import Iterator

import pytest
from django.urls import reverse
from tests.surfaces import neighbor, seated
from tests.switching import Room, exchange, over, until
from tests.telephoning import notice, number, queue
from tests.world import World

from trustdesk.announcements import api as announcements
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import How
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import RecordingView
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewSource, NewValue, NoticeKind, SourceKind
from trustdesk.register.contracts import Notice as GivenNotice
from trustdesk.sipedge.contracts import (
    Attach,
    Connect,
    Consult,
    Deed,
    Farewell,
    Happened,
    Key,
    KeyFor,
    LookUp,
    NotFound,
    Notice,
    Plan,
    PlanFor,
    Refusal,
    SayReference,
    Wait,
)
from trustdesk.switchboard import api
from trustdesk.switchboard.contracts import CallState, Certainty, Pause, Presence, PresenceView, Verb
from trustdesk.switchboard.doors import said_reference
from trustdesk.telephony import api as telephony

pytestmark = pytest.mark.slow


def made(room: Room, line: str = "", *, plan: Plan | None = None, role: str = "customer") -> RecordingView:
    """The recording for which the edge asks a key."""
    plan = plan or room.edge.rings(line)
    heard = next(step.version for step in plan.steps if isinstance(step, Notice))
    at = clock.now()
    asked = KeyFor(call=plan.call, leg="1.1", role=role, heard=heard, heard_at=at, consent_key="1")  # type: ignore[arg-type]  # one of the words
    key = room.edge.ask(asked)
    assert isinstance(key, Key), key
    return recordings.recording(room.house(), key.recording)


def customer(context: AccessContext) -> int:
    now = clock.now()
    register.seed_catalog(context, now=now)
    source = NewSource(kind=SourceKind.DIRECT, name=f"Desk {new_id()}", legal_basis="eu-gdpr:A6-1-b")
    return register.create_customer(
        context,
        kind=CustomerKind.PERSON,
        values=[NewValue("name", "Anna")],
        source_id=register.create_source(context, source=source, now=now),
        notice=GivenNotice(NoticeKind.ART13, "2026-1", now),
        now=now,
    )


@pytest.fixture
def room(committed: World) -> Iterator[Room]:
    with exchange(committed) as made:
        yield made


def test_the_plan_says_the_notice_then_the_reference_then_waits(room: Room) -> None:
    plan = room.edge.rings(room.line)
    kinds = [type(step) for step in plan.steps]
    assert kinds[:2] == [Notice, SayReference]
    assert kinds[-1] is Wait
    assert plan.language == "hu"
    assert plan.terms.mode != "off"
    view = api.call(room.house(), plan.call)
    assert view.state is CallState.PLAN
    held = conversations.line(room.house(), view.conversation_id or 0)
    assert held.queue == room.code


def test_what_is_changed_is_heard_by_the_next_caller(room: Room) -> None:
    before = room.edge.rings(room.line)
    version = announcements.save_notice(room.house(), new=notice(), now=clock.now())
    after = room.edge.rings(room.line)
    said = [next(step.version for step in plan.steps if isinstance(step, Notice)) for plan in (before, after)]
    assert said[0] != said[1] == version
    telephony.save_queue(room.house(), new=queue("moved", week=[[]] * 7), now=clock.now())
    telephony.save_number(room.house(), new=number(room.line, queue="moved"), now=clock.now())
    assert [type(step) for step in room.edge.rings(room.line).steps] == [Farewell]
    telephony.remove_number(room.house(), number=room.line, now=clock.now())
    asked = PlanFor(trunk=1, number=room.line, caller="", at=clock.now())
    assert room.edge.ask(asked) == Refusal(reason="no-such-number", status=404)


def test_a_rush_of_calls_begins_each_in_its_own_conversation(room: Room) -> None:
    plans = [room.edge.rings(room.line, f"+3630111{caller:04}") for caller in range(12)]
    views = [api.call(room.house(), plan.call) for plan in plans]
    assert len({view.conversation_id for view in views}) == len(views)
    for plan, view in zip(plans, views, strict=True):
        reference = conversations.line(room.house(), view.conversation_id or 0).reference
        step = next(step for step in plan.steps if isinstance(step, SayReference))
        assert said_reference(plan.language, reference) == step.clips


def test_nobodys_number_is_not_found(room: Room) -> None:
    answer = room.edge.ask(PlanFor(trunk=1, number="+3619999999", caller="", at=clock.now()))
    assert answer == Refusal(reason="no-such-number", status=404)


def test_a_call_rings_at_the_agent_who_takes_it(room: Room) -> None:
    context = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    rung = until(lambda: api.my_call(context))
    assert (rung.call_id, rung.state, rung.offered_to) == (call, CallState.RINGING, context.operator_id)
    api.accept(context, call_id=call)
    command = room.edge.commanded(Connect)
    assert (command.call, command.agent.operator) == (call, context.operator_id)
    room.edge.speaks(call, context.operator_id)
    until(lambda: api.call(context, call).state is CallState.TALKING)
    presence = api.my_presence(context)
    assert presence is not None
    assert (presence.state, presence.call_id) == (Presence.TALKING, call)
    api.deed(context, call_id=call, verb=Verb.HOLD)
    assert room.edge.commanded(Deed) == Deed(call=call, verb="hold")
    room.edge.ends(call)
    ended = over(context, call)
    assert (ended.result, ended.state) == ("answered", CallState.ENDED)
    assert until(lambda: conversations.pending_wrap_up(room.house(), context.operator_id))
    with pytest.raises(ConflictError):
        api.set_presence(context, state=Presence.READY)  # what came of it is not said yet


def test_what_an_agent_did_stands_when_it_is_answered(room: Room) -> None:
    context = room.attached(room.agent())
    for state, reason in ((Presence.PAUSED, "break"), (Presence.READY, ""), (Presence.PAUSED, "lunch")):
        api.set_presence(context, state=state, reason=reason)
        seen = api.my_presence(context)
        assert seen is not None
        assert (seen.state, seen.reason) == (state, reason)


def test_who_is_ready_while_the_browser_hears_the_notice_is_so_after_it(room: Room) -> None:
    context = room.context(room.agent())
    api.attach(context, offer="v=0 offer")
    api.set_presence(context, state=Presence.READY)
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.call(context, call).state is CallState.WAITING)
    assert api.my_call(context) is None
    room.edge.reach(attachments=[room.edge.commanded(Attach).attachment])
    until(lambda: (mine := api.my_call(context)) and mine.call_id == call)
    assert presence_of(context).state is Presence.RINGING


def test_who_goes_while_the_browser_hears_the_notice_is_not_ready_after_it(room: Room) -> None:
    context = room.context(room.agent())
    api.attach(context, offer="v=0 offer")
    api.set_presence(context, state=Presence.READY)
    api.set_presence(context, state=Presence.PAUSED, reason=Pause.LUNCH)
    room.edge.reach(attachments=[room.edge.commanded(Attach).attachment])
    until(lambda: presence_of(context).reachable)
    assert presence_of(context).state is Presence.PAUSED


def presence_of(context: AccessContext) -> PresenceView:
    seen = api.my_presence(context)
    assert seen is not None
    return seen


def test_who_does_not_answer_is_paused_and_the_next_one_is_asked(room: Room) -> None:
    best, other = room.ready(room.agent("best", skill=90)), room.ready(room.agent("other", skill=10))
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(best))
    api.refuse(best, call_id=call)
    until(lambda: api.my_call(other))
    presence = api.my_presence(best)
    assert presence is not None
    assert (presence.state, presence.reason) == (Presence.PAUSED, Pause.REFUSED)
    with pytest.raises(ConflictError):
        api.accept(best, call_id=call)


def test_a_caller_who_hangs_up_is_counted_as_abandoned(room: Room) -> None:
    call = room.edge.waits(room.line, room.code)
    room.edge.ends(call)
    until(lambda: api.call(room.house(), call).result == "abandoned")


def test_a_browser_that_is_gone_rings_no_more(room: Room) -> None:
    context = room.ready(room.agent())
    room.edge.reach(attachments=[])
    until(lambda: (seen := api.my_presence(context)) and seen.reason == Pause.LOST)
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.call(context, call).state is CallState.WAITING)
    with pytest.raises(ConflictError):
        api.set_presence(context, state=Presence.READY)


def test_a_key_is_given_to_who_heard_the_notice_of_this_call(room: Room) -> None:
    plan = room.edge.rings(room.line)
    heard = next(step.version for step in plan.steps if isinstance(step, Notice))
    asked = KeyFor(call=plan.call, leg="1.1", role="customer", heard=heard, heard_at=clock.now(), consent_key="1")
    key = room.edge.ask(asked)
    assert isinstance(key, Key), key
    assert len(bytes.fromhex(key.key)) == 32
    for wrong in (
        asked.model_copy(update={"heard": 0}),
        asked.model_copy(update={"heard": heard + 1}),
        asked.model_copy(update={"call": plan.call + 1}),
    ):
        assert isinstance(room.edge.ask(wrong), Refusal)
    room.edge.tell(Happened.RECORDED, plan.call, recording=key.recording, leg="1.1", chunks=0, head="", milliseconds=0)
    room.edge.ends(plan.call)
    until(lambda: api.call(room.house(), plan.call).ended_at)


def test_a_recording_has_the_days_for_a_copy_of_its_numbers_sector(room: Room) -> None:
    """A bank in Hungary has 25 days (Hpt 288§), other companies a month."""
    house, now = room.house(), clock.now()
    announcements.save_notice(house, new=notice(sector="bank", code="bank"), now=now)
    bank = f"+3672{room.line[5:]}"
    telephony.save_number(house, new=number(bank, queue=room.code, sector="bank", notice="bank"), now=now)
    api.settings_changed()
    days = [made(room, line).copy_days for line in (room.line, bank)]
    assert days == [30, 25]


def test_a_third_party_and_who_was_taken_back_are_filed_under_nobody(room: Room) -> None:
    """The conversation says whose a leg is, when its key is asked for; what the floor remembers may be behind."""
    house = room.house()
    anna = customer(house)
    plan = room.edge.rings(room.line)
    conversation = api.call(house, plan.call).conversation_id or 0
    conversations.identify(house, conversation_id=conversation, customer_id=anna, how=How.QUESTIONS, now=clock.now())
    assert made(room, plan=plan).customer_id == anna
    assert made(room, plan=plan, role="third").customer_id is None
    conversations.take_back(house, conversation_id=conversation, now=clock.now())
    assert made(room, plan=plan).customer_id is None


def test_a_typed_reference_takes_the_caller_to_its_queue_and_the_call_into_the_case(room: Room) -> None:
    house = room.house()
    case = api.call(house, room.edge.rings(room.line).call).conversation_id or 0
    said = conversations.line(house, case).reference
    second = room.edge.rings(room.line, "+36305556677")
    began = api.call(house, second.call)
    own = conversations.line(house, began.conversation_id or 0).reference
    found = room.edge.ask(LookUp(call=second.call, digits=said))
    assert getattr(found, "queue", "") == room.code
    until(lambda: api.call(house, second.call).case_id)
    view = api.call(house, second.call)
    assert (view.case_id, view.conversation_id, view.interaction_id) == (case, case, began.interaction_id)
    assert (view.certainty, view.customer_id) == (began.certainty, None)  # it says nothing of who calls
    assert conversations.by_reference(house, digits=own, asker="desk", now=clock.now()) == case
    assert isinstance(room.edge.ask(LookUp(call=second.call, digits="123456789012")), NotFound)


def test_what_is_recorded_after_a_reference_is_of_the_case(room: Room) -> None:
    house, context = room.house(), room.ready(room.agent())
    case = api.call(house, room.edge.rings(room.line).call).conversation_id or 0
    second = room.edge.rings(room.line, "+36305556677")
    first = key_of(room, second)
    room.edge.ask(LookUp(call=second.call, digits=conversations.line(house, case).reference))
    then = key_of(room, second)
    legs = [leg.recording_id for one in recordings.of_conversation(house, case) for leg in one.recordings]
    assert legs == [first.recording, then.recording]
    room.edge.place(second.call, "waiting", queue=room.code)
    room.edge.tell(Happened.QUEUED, second.call, queue=room.code)
    until(lambda: api.my_call(context))
    room.edge.speaks(second.call, context.operator_id)
    room.edge.ends(second.call)
    pending = until(lambda: conversations.pending_wrap_up(house, context.operator_id))
    assert pending[0].conversation_id == case
    for one in (first, then):
        room.edge.tell(
            Happened.RECORDED, second.call, recording=one.recording, leg="1.1", chunks=0, head="", milliseconds=0
        )


def key_of(room: Room, plan: Plan) -> Key:
    heard = next(step.version for step in plan.steps if isinstance(step, Notice))
    asked = KeyFor(call=plan.call, leg="1.1", role="customer", heard=heard, heard_at=clock.now(), consent_key="1")
    key = room.edge.ask(asked)
    assert isinstance(key, Key), key
    return key


def test_the_reference_that_was_just_said_changes_nothing(room: Room) -> None:
    plan = room.edge.rings(room.line)
    own = api.call(room.house(), plan.call).conversation_id or 0
    room.edge.ask(LookUp(call=plan.call, digits=conversations.line(room.house(), own).reference))
    view = api.call(room.house(), plan.call)
    assert (view.case_id, view.conversation_id) == (None, own)


def test_an_unknown_number_matches_nobody(room: Room) -> None:
    plan = room.edge.rings(room.line, "")
    view = api.call(room.house(), plan.call)
    assert (view.certainty, tuple(view.matches)) == (Certainty.UNIDENTIFIED, ())


def test_of_several_who_speak_each_has_the_call(room: Room) -> None:
    first = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(first))
    api.accept(first, call_id=call)
    room.edge.commanded(Connect)
    room.edge.speaks(call, first.operator_id)
    colleague = room.agent("second")
    second = room.ready(colleague)
    api.consult(first, call_id=call, operator_id=second.operator_id)
    room.edge.commanded(Consult)
    asked = until(lambda: api.my_call(second))
    assert (asked.call_id, asked.operator_id, asked.offered_to) == (call, first.operator_id, None)
    shown = seated(colleague, room.company).get(reverse("desk:phone-bar")).content.decode()
    assert "A colleague asks you" in shown
    assert "phone/calls" not in shown.split("callbar-verbs")[1].split("</div>")[0], (
        "nothing to press: it is heard at once"
    )
    room.edge.speaks(call, second.operator_id)
    for context in (first, second):
        until(functools.partial(has_it, context))
    api.deed(second, call_id=call, verb=Verb.MUTE)
    assert room.edge.commanded(Deed) == Deed(call=call, verb="mute", operator=second.operator_id)
    api.deed(first, call_id=call, verb=Verb.HANG_UP)
    assert room.edge.commanded(Deed) == Deed(call=call, verb="leave", operator=first.operator_id)


def has_it(context: AccessContext) -> bool:
    """The operator speaks in a call."""
    view = api.my_call(context)
    return view is not None and view.operator_id == context.operator_id


def test_outsider_and_neighbor_reach_nothing(room: Room) -> None:
    mine = room.ready(room.agent())
    call = room.edge.waits(room.line, room.code)
    until(lambda: api.my_call(mine))
    colleague = room.context(room.agent("colleague", skill=0))
    stranger = room.world.context(room.world.agent_north, room.world.north)
    for context in (colleague, stranger):
        assert api.my_call(context) is None
        with pytest.raises(ConflictError):
            api.accept(context, call_id=call)
        with pytest.raises(ConflictError):
            api.refuse(context, call_id=call)
        for verb in Verb:
            with pytest.raises(NotFoundError):
                api.deed(context, call_id=call, verb=verb)
        with pytest.raises(NotFoundError):
            api.send_digits(context, call_id=call, digits="1")
        with pytest.raises(NotFoundError):
            api.requeue(context, call_id=call, queue=room.code)
        with pytest.raises(NotFoundError):
            api.consult(context, call_id=call, operator_id=mine.operator_id)
        with pytest.raises(NotFoundError):
            api.identified(context, call_id=call, customer_id=1)
        with pytest.raises(RefusedError):
            api.overhear(context, call_id=call, on=True, reason="curious")
    with pytest.raises(NotFoundError):
        api.call(stranger, call)
    boss = neighbor(room.world)
    there = room.world.context(room.world.supervisor_north, room.world.north)
    with pytest.raises(NotFoundError):
        api.overhear(there, call_id=call, on=True, reason="curious")
    assert call not in {view.call_id for view in api.calls_now(there)}
    assert call in {view.call_id for view in api.calls_now(room.world.context(boss, room.world.south))}
