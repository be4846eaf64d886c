"""Whose a recording is, how long it is kept, what keeps it longer, and that it is gone afterwards."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.forgetting import forget
from tests.integration.recordings.conftest import Company, said
from tests.recorded import AGENT_HZ, CALLER_HZ, YEAR, conversation, leg, loudest, recorded, sides

from trustdesk.kernel import clock, registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings import places
from trustdesk.recordings.contracts import Because, Ground, Purpose
from trustdesk.recordings.services import destroying
from trustdesk.vault import api as vault


def heard(context: AccessContext, conversation_id: int) -> tuple[int, int]:
    """What is heard on both sides, in hertz."""
    listening = recordings.listen(context, conversation_id=conversation_id, purpose=Purpose.DISPUTE, now=clock.now())
    (call,) = listening.calls
    part = recordings.hear(context, listening_id=listening.listening_id, call_id=call.call_id, now=clock.now())
    left, right = sides(b"".join(part.pieces))
    return loudest(left), loudest(right)


def recording_ids(context: AccessContext, conversation_id: int) -> list[int]:
    return [
        one.recording_id for call in recordings.of_conversation(context, conversation_id) for one in call.recordings
    ]


def hold(context: AccessContext, conversation_id: int) -> int:
    return recordings.hold(
        context, conversation_id=conversation_id, ground=Ground.CLAIM, file_number="12.P.345/2026", now=clock.now()
    )


def erase(context: AccessContext, customer_id: int) -> int:
    """As whoever erases a person does: every capability's own erasure, and the register's key."""
    vault.destroy(context, customer_id, "service", now=clock.now())
    return forget("recordings", context, customer_id)


def test_filed_under_a_customer_it_dies_with_the_customers_key(context: AccessContext) -> None:
    anna, bert = new_id(), new_id()
    hers, his = conversation(context), conversation(context)
    assert heard(context, hers) == (CALLER_HZ, AGENT_HZ)
    assert recordings.file_under(context, conversation_id=hers, customer_id=anna, now=clock.now()) == 2
    assert recordings.file_under(context, conversation_id=hers, customer_id=anna, now=clock.now()) == 0
    assert recordings.file_under(context, conversation_id=his, customer_id=bert, now=clock.now()) == 2
    assert heard(context, hers) == (CALLER_HZ, AGENT_HZ)
    (entry,) = said(context, "recording.filed", subject=anna)
    assert dict(entry.detail or {})["recordings"] == recording_ids(context, hers)
    vault.destroy(context, anna, "service", now=clock.now())
    with pytest.raises(NotFoundError):
        heard(context, hers)
    assert heard(context, his) == (CALLER_HZ, AGENT_HZ)


def test_somebody_else_after_all(context: AccessContext) -> None:
    anna, bert = new_id(), new_id()
    conversation_id = conversation(context, customer_id=anna)
    recordings.file_under(context, conversation_id=conversation_id, customer_id=bert, now=clock.now())
    vault.destroy(context, anna, "service", now=clock.now())
    assert heard(context, conversation_id) == (CALLER_HZ, AGENT_HZ)


def test_an_erasure_takes_files_and_keys_and_leaves_the_other(context: AccessContext) -> None:
    anna, bert = new_id(), new_id()
    hers, his = conversation(context, customer_id=anna), conversation(context, customer_id=bert)
    paths = [places.path_of(context.controller_id, one) for one in recording_ids(context, hers)]
    assert erase(context, anna) == 2
    assert not any(path.exists() for path in paths)
    assert recordings.of_conversation(context, hers) == []
    with pytest.raises(NotFoundError):
        heard(context, hers)
    assert heard(context, his) == (CALLER_HZ, AGENT_HZ)
    assert [tally.recordings for tally in recordings.tallies(context) if tally.because is Because.ERASED] == [2]


def test_what_a_statute_keeps_outlives_an_erasure(context: AccessContext) -> None:
    anna = new_id()
    kept = leg(new_id(), customer_id=anna, retention_class="statutory:hu-call")
    recorded(context, kept)
    assert erase(context, anna) == 0
    assert heard(context, kept.conversation_id)[0] == CALLER_HZ


def test_it_is_destroyed_on_its_day_and_a_number_stays(context: AccessContext) -> None:
    now = clock.now()
    due = leg(new_id(), keep_until=now + timedelta(days=1))
    recording_id = recorded(context, due)
    later = conversation(context)
    (day,) = recordings.due(context, until=now + timedelta(days=2))
    assert (day.recordings, day.milliseconds, day.held) == (1, 3000, 0)
    assert recordings.destroy_due(context, now=now) == 0
    assert recordings.destroy_due(context, now=now + timedelta(days=1)) == 1
    assert recordings.destroy_due(context, now=now + timedelta(days=1)) == 0
    assert not places.path_of(context.controller_id, recording_id).exists()
    with pytest.raises(NotFoundError):
        recordings.recording(context, recording_id)
    (entry,) = said(context, "recording.destroyed")
    assert dict(entry.detail or {})["because"] == Because.DUE
    (tally,) = recordings.tallies(context)
    assert (tally.because, tally.recordings, tally.milliseconds) == (Because.DUE, 1, 3000)
    assert heard(context, later) == (CALLER_HZ, AGENT_HZ)


def test_the_round_goes_through_every_company(company: Company) -> None:
    first, second = company(), company()
    past = clock.now() - timedelta(minutes=1)
    ids = [(context, recorded(context, leg(new_id(), keep_until=past))) for context in (first, second)]
    assert destroying.destroy_due_everywhere(now=clock.now()) >= 2
    for context, recording_id in ids:
        with pytest.raises(NotFoundError):
            recordings.recording(context, recording_id)


def test_one_that_is_being_made_is_not_destroyed(context: AccessContext) -> None:
    past = clock.now() - timedelta(minutes=1)
    key = recordings.begin(context, new=leg(new_id(), keep_until=past), now=clock.now())
    assert recordings.destroy_due(context, now=clock.now()) == 0
    assert key.path.exists()


def test_a_legal_hold_stops_destruction_visibly_and_release_resumes_it(context: AccessContext) -> None:
    past = clock.now() - timedelta(minutes=1)
    new = leg(new_id(), keep_until=past, customer_id=new_id())
    recording_id = recorded(context, new)
    hold_id = hold(context, new.conversation_id)
    second = hold(context, new.conversation_id)
    assert recordings.recording(context, recording_id).held
    assert [one.file_number for one in recordings.holds(context)] == ["12.P.345/2026"] * 2
    (day,) = recordings.due(context, until=clock.now())
    assert (day.recordings, day.held) == (1, 1)
    assert recordings.destroy_due(context, now=clock.now()) == 0
    recordings.release(context, hold_id=hold_id, now=clock.now())
    assert recordings.destroy_due(context, now=clock.now()) == 0, "the other hold still keeps it"
    recordings.release(context, hold_id=second, now=clock.now())
    assert not recordings.recording(context, recording_id).held
    assert recordings.destroy_due(context, now=clock.now()) == 1
    assert len(said(context, "recording.held")) == len(said(context, "recording.released")) == 2
    with pytest.raises(ConflictError):
        recordings.release(context, hold_id=second, now=clock.now())


def test_held_evidence_outlives_the_persons_erasure_until_it_is_released(context: AccessContext) -> None:
    anna = new_id()
    conversation_id = conversation(context, customer_id=anna)
    ids = recording_ids(context, conversation_id)
    hold_id = hold(context, conversation_id)
    assert erase(context, anna) == 0
    assert heard(context, conversation_id) == (CALLER_HZ, AGENT_HZ)
    recordings.release(context, hold_id=hold_id, now=clock.now())
    assert recordings.of_conversation(context, conversation_id) == []
    assert not any(places.path_of(context.controller_id, one).exists() for one in ids)


def test_what_begins_under_a_hold_is_held_too(context: AccessContext) -> None:
    anna = new_id()
    conversation_id = conversation(context, customer_id=anna)
    hold(context, conversation_id)
    again = replace(leg(conversation_id, customer_id=anna), call_id=new_id())
    recorded(context, again)
    vault.destroy(context, anna, "service", now=clock.now())
    listening = recordings.listen(context, conversation_id=conversation_id, purpose=Purpose.DISPUTE, now=clock.now())
    assert len(listening.calls) == 2


def test_a_hold_needs_a_file_a_recording_and_the_right(context: AccessContext) -> None:
    conversation_id = conversation(context)
    for file_number in ("", "  ", "for Anna; she sued us"):
        with pytest.raises(BadInputError):
            recordings.hold(
                context,
                conversation_id=conversation_id,
                ground=Ground.CLAIM,
                file_number=file_number,
                now=clock.now(),
            )
    with pytest.raises(NotFoundError):
        hold(context, new_id())
    agent = replace(context, operations=frozenset({"recording:read", "recording:listen"}))
    with pytest.raises(RefusedError):
        hold(agent, conversation_id)
    with pytest.raises(RefusedError):
        recordings.release(agent, hold_id=1, now=clock.now())


def test_the_export_lists_what_there_is(context: AccessContext) -> None:
    anna = new_id()
    conversation(context, customer_id=anna)
    declared = registries.privacy.get("recordings")
    assert declared.export is not None
    rows = list(declared.export(context, anna))
    assert [row["role"] for row in rows] == ["customer", "agent"]
    assert all(row["keep_until"] > clock.now() + YEAR - timedelta(days=1) for row in rows)  # type: ignore[operator]
    assert list(declared.export(context, new_id())) == []


def test_a_neighbor_holds_destroys_and_files_nothing(context: AccessContext, company: Company) -> None:
    past = clock.now() - timedelta(minutes=1)
    new = leg(new_id(), keep_until=past)
    recorded(context, new)
    neighbor = company()
    assert recordings.destroy_due(neighbor, now=clock.now()) == 0
    assert recordings.file_under(neighbor, conversation_id=new.conversation_id, customer_id=1, now=clock.now()) == 0
    with pytest.raises(NotFoundError):
        hold(neighbor, new.conversation_id)
    assert recordings.due(neighbor, until=clock.now()) == []
    assert recordings.holds(neighbor) == []
    with pytest.raises(NotFoundError):
        heard(neighbor, new.conversation_id)
    assert heard(context, new.conversation_id)[0] == CALLER_HZ
