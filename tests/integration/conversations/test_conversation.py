"""A conversation from the first ring to the last word, and who sees nothing of it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.clearing import person
from tests.companies import NOW, Company
from tests.conversing import NUMBER, QUEUE, ask, call, sector

from trustdesk.audit import api as audit
from trustdesk.conversations import api as conversing
from trustdesk.conversations import references
from trustdesk.conversations.contracts import (
    Direction,
    Given,
    How,
    Kind,
    NewConversation,
    NewFollowUp,
    NewInteraction,
    Opened,
    Result,
    State,
)
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
AGENT, COLLEAGUE = 4_701, 4_702


def opened(company: Company, subject_id: int) -> list[tuple[str, tuple[str, ...]]]:
    """What the log says was opened of a subject."""
    entries = audit.entries(company.context(), subject=subject_id)
    return [(entry.what, tuple(entry.fields)) for entry in entries if entry.what.startswith("conversations.")]


def test_what_comes_in_is_sealed_and_shown_to_whoever_opens_it(north: Company) -> None:
    one = call(north)
    one.note("Asks for the meter reading of May.")
    whole = conversing.conversation(north.context(), one.id)
    assert [party.text for party in whole.parties] == [NUMBER]
    assert [note.text for note in whole.notes] == ["Asks for the meter reading of May."]
    assert [each.kind for each in whole.happenings] == ["noted", "began", "opened"]
    assert whole.line.talking
    assert not whole.line.how.identifies
    stored = ask(north, "SELECT encode(sealed, 'escape') FROM conversations_note WHERE conversation_id = %s", one.id)
    assert "meter" not in stored[0][0]


def begun_at_once(company: Company, *matches: int) -> Opened:
    opened, _interaction = conversing.begin_conversation(
        company.context(),
        new=NewConversation(channel=Kind.CALL, queue=QUEUE, language="en", line="+358 9 1234"),
        first=NewInteraction(kind=Kind.CALL, direction=Direction.IN, party=NUMBER, started_at=NOW),
        matches=matches,
        now=NOW,
    )
    return opened


def deeds(company: Company) -> int:
    count: int = ask(company, "SELECT count(*) FROM audit_entry WHERE kind = 'deed'")[0][0]
    return count


def test_begun_at_once_it_is_as_if_begun_step_by_step(north: Company) -> None:
    step_by_step, before = call(north), deeds(north)
    at_once = begun_at_once(north)
    assert deeds(north) == before + 2  # that it was opened, and that the call began
    first, second = (
        conversing.conversation(north.context(), one) for one in (step_by_step.id, at_once.conversation_id)
    )
    assert [party.text for party in second.parties] == [NUMBER]
    assert [each.kind for each in second.happenings] == [each.kind for each in first.happenings]
    assert replace(first.line, conversation_id=0, reference="") == replace(second.line, conversation_id=0, reference="")


def test_who_has_the_number_is_noted_at_once(north: Company) -> None:
    anna = person(north, phone=NUMBER)
    begun = begun_at_once(north, anna, anna)
    whole = conversing.conversation(north.context(), begun.conversation_id)
    assert (whole.line.how, whole.matches) == (How.NUMBER_MATCHED, (anna,))
    assert [each.kind for each in whole.happenings] == ["matched", "began", "opened"]


def test_a_reference_that_somebody_has_is_not_given_twice(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    taken, free = call(north).opened.reference, references.fresh()
    drawn = iter([taken, taken, free])
    monkeypatch.setattr(references, "fresh", lambda: next(drawn))
    assert begun_at_once(north).reference == free
    monkeypatch.setattr(references, "fresh", lambda: taken)
    with pytest.raises(ConflictError):
        begun_at_once(north)
    assert conversing.by_reference(north.context(), digits=free, asker="anna", now=NOW)


def test_opening_is_in_the_log_and_a_list_is_none(north: Company) -> None:
    one = call(north)
    conversing.conversations(north.context())
    assert opened(north, one.id) == []
    conversing.conversation(north.context(), one.id)
    assert opened(north, one.id) == [("conversations.conversation", ("party",))]


def test_operators_join_and_leave_and_the_last_one_wraps_up(north: Company) -> None:
    one = call(north)
    context = north.context()
    conversing.join(context, interaction_id=one.interaction_id, operator_id=AGENT, now=NOW + MINUTE)
    conversing.join(context, interaction_id=one.interaction_id, operator_id=AGENT, now=NOW + 2 * MINUTE)
    conversing.join(context, interaction_id=one.interaction_id, operator_id=COLLEAGUE, now=NOW + 3 * MINUTE)
    conversing.leave(context, interaction_id=one.interaction_id, operator_id=AGENT, now=NOW + 4 * MINUTE)
    one.end(at=NOW + 5 * MINUTE)
    (interaction,) = conversing.conversation(context, one.id).interactions
    assert [(each.operator_id, each.left_at) for each in interaction.operators] == [
        (AGENT, NOW + 4 * MINUTE),
        (COLLEAGUE, NOW + 5 * MINUTE),
    ]
    assert interaction.answered_at == NOW + MINUTE
    assert interaction.open
    assert [each.interaction_id for each in conversing.pending_wrap_up(context, COLLEAGUE)] == [one.interaction_id]
    assert conversing.pending_wrap_up(context, AGENT) == []


def test_ended_twice_it_ended_once(north: Company) -> None:
    one = call(north).end(at=NOW + MINUTE)
    one.end(at=NOW + DAY, result=Result.FAILED)
    (interaction,) = conversing.conversation(north.context(), one.id).interactions
    assert (interaction.ended_at, interaction.result) == (NOW + MINUTE, Result.ANSWERED)
    with pytest.raises(ConflictError):
        conversing.join(north.context(), interaction_id=one.interaction_id, operator_id=AGENT, now=NOW + DAY)


@pytest.mark.parametrize("result", [Result.ABANDONED, Result.NO_ANSWER, Result.BUSY])
def test_nobody_wraps_up_what_nobody_spoke_in(north: Company, result: Result) -> None:
    call(north).end(operator_id=AGENT, result=result)
    assert conversing.pending_wrap_up(north.context(), AGENT) == []


def test_an_interaction_stays_open_until_what_came_of_it_is_said(north: Company) -> None:
    one = call(north).end(operator_id=AGENT)
    with pytest.raises(ConflictError):
        conversing.close(north.context(), conversation_id=one.id, now=NOW + MINUTE)
    conversing.dispose(
        north.context(), interaction_id=one.interaction_id, disposition="done", note="Told the date.", now=NOW + MINUTE
    )
    line = conversing.line(north.context(), one.id)
    assert (line.state, line.wrap_up, line.talking) == (State.CLOSED, False, False)
    assert conversing.pending_wrap_up(north.context(), AGENT) == []
    with pytest.raises(ConflictError):
        conversing.dispose(north.context(), interaction_id=one.interaction_id, disposition="done", now=NOW + 2 * MINUTE)


def test_where_none_is_asked_for_none_is_waited_for(north: Company) -> None:
    sector(north, "", required=False)
    one = call(north).end(operator_id=AGENT)
    assert conversing.pending_wrap_up(north.context(), AGENT) == []
    conversing.close(north.context(), conversation_id=one.id, now=NOW + MINUTE)
    assert conversing.line(north.context(), one.id).state is State.CLOSED


def test_a_callback_is_followed_up_and_the_conversation_waits(north: Company) -> None:
    one = call(north).end(operator_id=AGENT)
    context = north.context()
    given = Given(due_at=NOW + DAY, owner_id=AGENT)
    conversing.dispose(context, interaction_id=one.interaction_id, disposition="callback", given=given, now=NOW)
    assert conversing.line(context, one.id).state is State.WAITING
    (due,) = conversing.follow_ups_due(context, until=NOW + 2 * DAY, owner_id=AGENT)
    assert (due.conversation_id, due.due_at, due.text) == (one.id, NOW + DAY, None)
    assert conversing.follow_ups_due(context, until=NOW + DAY - MINUTE) == []
    assert conversing.follow_ups_due(context, until=NOW + 2 * DAY, owner_id=COLLEAGUE) == []
    conversing.follow_up_done(context, follow_up_id=due.follow_up_id, now=NOW + DAY)
    conversing.follow_up_done(context, follow_up_id=due.follow_up_id, now=NOW + 2 * DAY)
    conversing.close(context, conversation_id=one.id, now=NOW + DAY)
    (done,) = conversing.conversation(context, one.id).follow_ups
    assert done.done_at == NOW + DAY


def test_again_waits_its_own_time_where_nobody_names_a_day(north: Company) -> None:
    one = call(north).end(operator_id=AGENT)
    conversing.dispose(north.context(), interaction_id=one.interaction_id, disposition="again", now=NOW)
    (due,) = conversing.follow_ups_due(north.context(), until=NOW + 2 * DAY)
    assert (due.due_at, due.owner_id, due.queue) == (NOW + DAY, None, QUEUE)


def test_what_a_disposition_misses_undoes_all_of_it(north: Company) -> None:
    one = call(north).end(operator_id=AGENT)
    context = north.context()
    for code in ("nonsense", "complaint"):
        with pytest.raises(BadInputError):
            conversing.dispose(context, interaction_id=one.interaction_id, disposition=code, note="Half.", now=NOW)
    past = Given(due_at=NOW - MINUTE)
    with pytest.raises(BadInputError):
        conversing.dispose(context, interaction_id=one.interaction_id, disposition="again", given=past, now=NOW)
    assert conversing.conversation(context, one.id).notes == []
    assert len(conversing.pending_wrap_up(context, AGENT)) == 1


def test_a_closed_one_is_open_again_when_somebody_calls(north: Company) -> None:
    one = call(north).end()
    context = north.context()
    conversing.close(context, conversation_id=one.id, now=NOW)
    new = NewInteraction(kind=Kind.EMAIL, direction=Direction.IN, party="anna@example.com", started_at=NOW + DAY)
    conversing.begin_interaction(context, conversation_id=one.id, new=new, now=NOW + DAY)
    assert conversing.line(context, one.id).state is State.OPEN


def test_lists_are_narrowed(north: Company) -> None:
    first, second = call(north, at=NOW), call(north, queue="faults", at=NOW + MINUTE)
    context = north.context()
    conversing.assign(context, conversation_id=first.id, operator_id=AGENT, now=NOW + 2 * MINUTE)
    conversing.wait(context, conversation_id=second.id, now=NOW + 3 * MINUTE)
    mine = {one.conversation_id for one in conversing.conversations(context, assigned_to=AGENT)}
    assert first.id in mine
    assert second.id not in mine
    faults = [one.conversation_id for one in conversing.conversations(context, queue="faults", state=State.WAITING)]
    assert faults == [second.id]
    newest = conversing.conversations(context, limit=1)
    assert [one.conversation_id for one in newest] == [second.id]
    older = conversing.conversations(context, before=newest[-1].changed_at)
    assert second.id not in {one.conversation_id for one in older}
    conversing.requeue(context, conversation_id=first.id, queue="faults", now=NOW + 4 * MINUTE)
    moved = conversing.line(context, first.id)
    assert (moved.queue, moved.assigned_to) == ("faults", None)
    assert "faults" in conversing.queues(context)


def test_an_outsider_is_refused(north: Company) -> None:
    one = call(north)
    outsider = north.context("customer:search")
    reads = (
        lambda: conversing.conversation(outsider, one.id),
        lambda: conversing.conversations(outsider),
        lambda: conversing.dispositions(outsider),
        lambda: conversing.complaints(outsider),
        lambda: conversing.viewers(outsider, one.id, now=NOW),
        lambda: conversing.pending_wrap_up(outsider, AGENT),
        lambda: conversing.follow_ups_due(outsider, until=NOW),
        lambda: conversing.add_note(outsider, conversation_id=one.id, text="x", now=NOW),
        lambda: conversing.dispose(outsider, interaction_id=one.interaction_id, disposition="done", now=NOW),
        lambda: conversing.take_back(outsider, conversation_id=one.id, now=NOW),
        lambda: conversing.save_dispositions(outsider, dispositions=[], now=NOW),
        lambda: conversing.close(outsider, conversation_id=one.id, now=NOW),
    )
    for look in reads:
        with pytest.raises(RefusedError):
            look()


def test_a_neighbor_finds_nothing(north: Company, south: Company) -> None:
    one = call(north)
    due = conversing.follow_up(
        north.context(), conversation_id=one.id, new=NewFollowUp(due_at=NOW + DAY, text="Call."), now=NOW
    )
    neighbor = south.context()
    tries = (
        lambda: conversing.conversation(neighbor, one.id),
        lambda: conversing.line(neighbor, one.id),
        lambda: conversing.add_note(neighbor, conversation_id=one.id, text="x", now=NOW),
        lambda: conversing.assign(neighbor, conversation_id=one.id, operator_id=1, now=NOW),
        lambda: conversing.dispose(neighbor, interaction_id=one.interaction_id, disposition="done", now=NOW),
        lambda: conversing.join(neighbor, interaction_id=one.interaction_id, operator_id=1, now=NOW),
        lambda: conversing.end_interaction(
            neighbor, interaction_id=one.interaction_id, result=Result.ANSWERED, ended_at=NOW, now=NOW
        ),
        lambda: conversing.follow_up_done(neighbor, follow_up_id=due, now=NOW),
        lambda: conversing.look(neighbor, conversation_id=one.id, writing=True, now=NOW),
        lambda: conversing.take_back(neighbor, conversation_id=one.id, now=NOW),
    )
    for look in tries:
        with pytest.raises(NotFoundError):
            look()
    assert one.id not in {line.conversation_id for line in conversing.conversations(neighbor)}


def test_who_looks_and_who_writes(north: Company) -> None:
    one = call(north)
    colleague = replace(north.context(), operator_id=COLLEAGUE)
    me = replace(north.context(), operator_id=AGENT)
    conversing.look(me, conversation_id=one.id, writing=False, now=NOW)
    conversing.look(colleague, conversation_id=one.id, writing=True, now=NOW)
    assert [(each.operator_id, each.writing) for each in conversing.viewers(me, one.id, now=NOW)] == [(COLLEAGUE, True)]
    later = conversing.viewers(me, one.id, now=NOW + timedelta(seconds=20))
    assert [each.writing for each in later] == [False]
    assert conversing.viewers(me, one.id, now=NOW + MINUTE) == []
    conversing.leave_page(colleague, conversation_id=one.id)
    assert conversing.viewers(me, one.id, now=NOW) == []
