"""Hearing a recording needs a purpose and an entry; what was altered is named and not played."""

import io
import wave
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tests.integration.recordings.conftest import Company, said
from tests.recorded import AGENT_HZ, CALLER_HZ, THIRD_HZ, conversation, leg, loudest, recorded, sides

from trustdesk.audit import api as audit
from trustdesk.health.checks.recordings import check_recordings
from trustdesk.health.contracts import State
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError, SealBrokenError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings import places
from trustdesk.recordings.contracts import LISTENING_LIVES, Gap, Integrity, Listening, Purpose
from trustdesk.recordings.models import Listening as ListeningRow
from trustdesk.register import api as register
from trustdesk.register.contracts import (
    CustomerKind,
    NewSource,
    NewValue,
    Notice,
    NoticeKind,
    RestrictionGround,
    SourceKind,
)


def listen(context: AccessContext, conversation_id: int, purpose: str = Purpose.COMPLAINT) -> Listening:
    return recordings.listen(context, conversation_id=conversation_id, purpose=purpose, now=clock.now())


def heard(context: AccessContext, listening: Listening, start: int = 0, stop: int | None = None) -> bytes:
    part = recordings.hear(
        context,
        listening_id=listening.listening_id,
        call_id=listening.calls[0].call_id,
        start=start,
        stop=stop,
        now=clock.now(),
    )
    assert part.start == start
    return b"".join(part.pieces)


def paths(context: AccessContext, conversation_id: int) -> list[Path]:
    (call,) = recordings.of_conversation(context, conversation_id)
    return [places.path_of(context.controller_id, one.recording_id) for one in call.recordings]


@pytest.mark.parametrize("purpose", ["", "curiosity", "copy"])
def test_without_a_purpose_nothing_is_heard(context: AccessContext, purpose: str) -> None:
    conversation_id = conversation(context)
    with pytest.raises(BadInputError):
        listen(context, conversation_id, purpose)
    assert said(context, "recording.listen") == []
    with scoped(context.scope):
        assert not ListeningRow.objects.filter(controller_id=context.controller_id).exists()


def test_without_the_right_nothing_is_heard(context: AccessContext) -> None:
    conversation_id = conversation(context)
    listening = listen(context, conversation_id)
    agent = replace(context, operations=context.operations - {"recording:listen"})
    with pytest.raises(RefusedError):
        listen(agent, conversation_id)
    with pytest.raises(RefusedError):
        heard(agent, listening)


def test_both_sides_are_heard_each_on_its_own(context: AccessContext) -> None:
    listening = listen(context, conversation(context, seconds=3))
    content = heard(context, listening)
    with wave.open(io.BytesIO(content)) as file:
        assert (file.getnchannels(), file.getframerate(), file.getsampwidth()) == (2, 8000, 2)
        assert file.getnframes() == 3 * 8000
    left, right = sides(content)
    assert (loudest(left), loudest(right)) == (CALLER_HZ, AGENT_HZ)


def test_a_part_is_the_same_as_in_the_whole(context: AccessContext) -> None:
    listening = listen(context, conversation(context, seconds=3))
    whole = heard(context, listening)
    for start, stop in ((0, 1), (0, 44), (20, 60), (44, 45), (32_044, 64_044), (33_333, 77_777), (95_000, None)):
        assert heard(context, listening, start, stop) == whole[start:stop]
    assert heard(context, listening, 0, 10**9) == whole


def test_what_was_asked_is_in_the_log_before_the_first_octet(context: AccessContext) -> None:
    conversation_id = conversation(context, seconds=3)
    listening = listen(context, conversation_id, Purpose.DISPUTE)
    part = recordings.hear(
        context,
        listening_id=listening.listening_id,
        call_id=listening.calls[0].call_id,
        start=44 + 32_000,
        stop=44 + 96_000,
        now=clock.now(),
    )
    entry, outline = said(context, "recording.listen")
    assert (entry.subjects, entry.reason) == ((conversation_id,), "dispute 0:01-0:03")
    assert outline.reason == "dispute"
    next(part.pieces)
    part.pieces.close()  # type: ignore[attr-defined]  # the listener goes away: a generator is closed
    assert len(said(context, "recording.listen")) == 2


def test_no_entry_no_sound(context: AccessContext, monkeypatch: pytest.MonkeyPatch) -> None:
    listening = listen(context, conversation(context))

    def away(*_args: object) -> None:
        raise ConnectionError("the log is away")

    monkeypatch.setattr(type(context.journal), "opening", away)
    with pytest.raises(ConnectionError):
        heard(context, listening)


def test_a_pause_is_a_gap_of_provable_length(context: AccessContext) -> None:
    listening = listen(context, conversation(context, seconds=6, pause=(2, 5), start_ms=40_000))
    (call,) = listening.calls
    assert call.milliseconds == 6000
    assert call.gaps == [Gap("paused", 2000, 5000)]
    left, right = sides(heard(context, listening))
    for side, hertz in ((left, CALLER_HZ), (right, AGENT_HZ)):
        assert loudest(side[: 2 * 8000]) == hertz
        assert not np.abs(side[2 * 8000 : 5 * 8000]).any()
        assert loudest(side[5 * 8000 :]) == hertz
    for voice in call.voices:
        assert max(voice.peaks) > 0.1
        quiet = voice.peaks[len(voice.peaks) * 2 // 6 + 1 : len(voice.peaks) * 5 // 6 - 1]
        assert max(quiet) == 0


def test_legs_are_on_one_clock(context: AccessContext) -> None:
    conversation_id = new_id()
    caller = leg(conversation_id)
    recorded(context, caller, seconds=4, start_ms=10_000)
    recorded(context, replace(caller, leg="c", role="third"), hertz=THIRD_HZ, seconds=1, start_ms=12_000)
    recorded(context, replace(caller, leg="b", role="agent"), hertz=AGENT_HZ, seconds=2, start_ms=13_000)
    left, right = sides(heard(context, listen(context, conversation_id)))
    assert len(left) == 5 * 8000
    assert not np.abs(right[: 3 * 8000]).any()
    assert loudest(right[3 * 8000 :]) == AGENT_HZ
    assert loudest(left[:8000]) == CALLER_HZ
    assert np.abs(left[2 * 8000 : 3 * 8000]).max() > np.abs(left[:8000]).max() * 1.3, "two voices on one side"


def test_a_listening_is_its_listeners_and_ends(context: AccessContext) -> None:
    listening = listen(context, conversation(context))
    colleague = replace(context, operator_id=4711)
    with pytest.raises(NotFoundError):
        heard(colleague, listening)
    with pytest.raises(NotFoundError):
        recordings.hear(
            context,
            listening_id=listening.listening_id,
            call_id=listening.calls[0].call_id,
            now=clock.now() + LISTENING_LIVES,
        )


def test_a_neighbor_hears_nothing(context: AccessContext, company: Company) -> None:
    conversation_id = conversation(context)
    listening = listen(context, conversation_id)
    neighbor = company()
    with pytest.raises(NotFoundError):
        listen(neighbor, conversation_id)
    with pytest.raises(NotFoundError):
        heard(neighbor, listening)
    assert said(neighbor, "recording.listen") == []


def _flip(content: bytes) -> bytes:
    return content[:200] + bytes([content[200] ^ 1]) + content[201:]


def _swap(content: bytes) -> bytes:
    """The first two chunks of sound change places: behind the opening mark they have the same length."""
    begun = 4 + int.from_bytes(content[:4])
    frame = 4 + int.from_bytes(content[begun : begun + 4])
    first, second = content[begun : begun + frame], content[begun + frame : begun + 2 * frame]
    return content[:begun] + second + first + content[begun + 2 * frame :]


def _last_frame(content: bytes) -> int:
    place = 0
    while place + 4 + int.from_bytes(content[place : place + 4]) < len(content):
        place += 4 + int.from_bytes(content[place : place + 4])
    return place


HARM: dict[str, tuple[Callable[[bytes], bytes], Integrity]] = {
    "altered": (_flip, Integrity.ALTERED),
    "moved": (_swap, Integrity.ALTERED),
    "cut": (lambda content: content[: _last_frame(content)], Integrity.CUT),
    "cut in a frame": (lambda content: content[:-3], Integrity.CUT),
    "emptied": (lambda _content: b"", Integrity.CUT),
    "lengthened": (lambda content: content + content[_last_frame(content) :], Integrity.LONGER),
    "lengthened by half a frame": (lambda content: content + b"\x00\x00", Integrity.LONGER),
    "no recording": (lambda _content: b"\xff" * 500, Integrity.ALTERED),
}


@pytest.mark.parametrize("harm", HARM)
def test_what_was_done_to_a_file_is_named(context: AccessContext, harm: str) -> None:
    recording_id = recorded(context, leg(new_id()))
    path = places.path_of(context.controller_id, recording_id)
    sound = recordings.verify(context, recording_id=recording_id, now=clock.now())
    assert (sound.integrity, sound.same_in_log) == (Integrity.SOUND, True)
    assert (sound.chunks, sound.head) == (sound.logged_chunks, sound.logged_head)
    change, named = HARM[harm]
    path.write_bytes(change(path.read_bytes()))
    assert recordings.verify(context, recording_id=recording_id, now=clock.now()).integrity is named
    path.unlink()
    assert recordings.verify(context, recording_id=recording_id, now=clock.now()).integrity is Integrity.MISSING


def test_verifying_opens_nothing_and_points_into_the_tree(context: AccessContext) -> None:
    new = leg(new_id())
    recording_id = recorded(context, new)
    audit.sequence_once(clock.now())
    found = recordings.verify(context, recording_id=recording_id, now=clock.now())
    assert found.log_index is not None
    assert found.entry_id == said(context, "recording.ended")[0].id
    assert said(context, "recording.listen") == []
    unread = replace(context, operations=context.operations - {"log:read"})
    with pytest.raises(RefusedError):
        recordings.verify(unread, recording_id=recording_id, now=clock.now())


def test_a_row_that_was_rewritten_does_not_agree_with_the_log(context: AccessContext) -> None:
    recording_id = recorded(context, leg(new_id()))
    from trustdesk.recordings.models import Recording  # noqa: PLC0415 - past the door, as an attacker would

    with scoped(context.scope):
        Recording.objects.filter(controller_id=context.controller_id, id=recording_id).update(head="0" * 64)
    found = recordings.verify(context, recording_id=recording_id, now=clock.now())
    assert (found.integrity, found.same_in_log) == (Integrity.ALTERED, False)


@pytest.mark.parametrize("harm", ["altered", "moved"])
def test_what_was_altered_is_not_played(context: AccessContext, harm: str) -> None:
    conversation_id = conversation(context)
    sound = listen(context, conversation_id)
    path = paths(context, conversation_id)[0]
    path.write_bytes(HARM[harm][0](path.read_bytes()))
    (call,) = listen(context, conversation_id).calls
    assert call.broken
    with pytest.raises(SealBrokenError):
        heard(context, sound)


def test_a_file_of_another_recording_opens_nowhere(context: AccessContext) -> None:
    first, second = conversation(context), conversation(context)
    listening = listen(context, first)
    (mine, *_rest), (other, *_more) = paths(context, first), paths(context, second)
    mine.write_bytes(other.read_bytes())
    with pytest.raises(SealBrokenError):
        heard(context, listening)


def test_what_may_only_be_stored_is_not_heard(context: AccessContext) -> None:
    now = clock.now()
    register.seed_catalog(context, now=now)
    source = NewSource(kind=SourceKind.DIRECT, name="Desk", legal_basis="eu-gdpr:A6-1-b")
    customer_id = register.create_customer(
        context,
        kind=CustomerKind.PERSON,
        values=[NewValue("name", "Aino Mäkelä")],
        source_id=register.create_source(context, source=source, now=now),
        notice=Notice(NoticeKind.ART13, "2026-1", now),
        now=now,
    )
    conversation_id = conversation(context, customer_id=customer_id)
    register.lock(context, customer_id=customer_id, ground=RestrictionGround.ACCURACY_CONTESTED, now=now)
    agent = replace(context, operations=context.operations - {"customer:lock"})
    with pytest.raises(RefusedError):
        listen(agent, conversation_id)
    assert listen(context, conversation_id).calls, "who may lift it may hear"


def test_the_doctor_counts_what_is_missing(context: AccessContext) -> None:
    conversation_id = conversation(context)
    before = check_recordings(clock.now())
    paths(context, conversation_id)[0].unlink()
    found = check_recordings(clock.now())
    assert found.state is State.BROKEN
    assert int(found.values["count"]) == int(before.values.get("count", 0) if before.state is State.BROKEN else 0) + 1
