"""A recording begins only after a notice, ends in the log, and what a crash left is closed by what its file says."""

import functools
import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.disks import small_disk
from tests.integration.recordings.conftest import Company, said
from tests.recorded import CALLER_HZ, later, leg, loudest, recorded, sides, spoken

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings import places
from trustdesk.recordings.contracts import Gap, Integrity, NewRecording, NoRecordingError, Purpose, State
from trustdesk.sipedge.contracts import Mode
from trustdesk.vault import api as vault

LATER = timedelta(minutes=5)

REFUSED: dict[str, tuple[dict[str, object], str]] = {
    "switched off": ({"mode": Mode.OFF}, "off"),
    "no notice": ({"notice_version": 0}, "no-notice"),
    "notice not heard": ({"heard_at": None}, "notice-not-heard"),
    "notice heard in the future": ({"heard_at": later(days=1)}, "notice-not-heard"),
    "law wants it, notice not heard": ({"mode": Mode.MANDATORY, "heard_at": None}, "notice-not-heard"),
    "silence is no consent": ({"mode": Mode.CONSENT}, "no-consent"),
    "refused": ({"mode": Mode.CONSENT, "consent_key": "2"}, "no-consent"),
    "the caller of one of ours has not agreed": (
        {"mode": Mode.CONSENT, "role": "agent", "consent_key": ""},
        "no-consent",
    ),
    "one of ours has not agreed": (
        {"mode": Mode.ALL_PARTY, "role": "agent", "consent_key": "1", "agreed": False},
        "agent-has-not-agreed",
    ),
}
ALLOWED: dict[str, dict[str, object]] = {
    "after the notice": {},
    "the law wants it": {"mode": Mode.MANDATORY},
    "agreed": {"mode": Mode.CONSENT, "consent_key": "1"},
    "agreed by another key": {"mode": Mode.CONSENT, "consent_key": "5", "agree_key": "5"},
    "all agreed": {"mode": Mode.ALL_PARTY, "role": "agent", "consent_key": "1", "agreed": True},
    "the caller agreed": {"mode": Mode.ALL_PARTY, "consent_key": "1"},
}


def files(context: AccessContext) -> list[Path]:
    folder = places.home() / str(context.controller_id)
    return sorted(folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize("case", REFUSED)
def test_what_does_not_fit_the_mode_leaves_nothing(context: AccessContext, case: str) -> None:
    changed, reason = REFUSED[case]
    new = leg(new_id(), **changed)
    with pytest.raises(NoRecordingError) as refused:
        recordings.begin(context, new=new, now=clock.now())
    assert refused.value.place == reason
    assert files(context) == []
    assert recordings.newest(context) == []
    assert said(context, "recording.begun") == []


def test_on_a_disk_that_takes_no_file_nothing_begins(
    context: AccessContext, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And when there is room again it does."""
    with small_disk(tmp_path, 64 * 1024, files=4) as disk:
        monkeypatch.setattr(places, "home", lambda: disk)
        filler = [disk / "one", disk / "two", disk / "three"]
        for path in filler:
            path.touch()
        with pytest.raises(NoRecordingError) as refused:
            recordings.begin(context, new=leg(new_id()), now=clock.now())
        assert refused.value.place == "disk-full"
        assert recordings.newest(context) == []
        assert said(context, "recording.begun") == []
        for path in filler:
            path.unlink()
        assert recordings.begin(context, new=leg(new_id()), now=clock.now()).path.exists()


@pytest.mark.parametrize("case", ALLOWED)
def test_what_fits_begins_with_an_entry(context: AccessContext, case: str) -> None:
    new = leg(new_id(), **ALLOWED[case])
    key = recordings.begin(context, new=new, now=clock.now())
    assert len(key.key) == 32
    assert key.path.stat().st_mode & 0o777 == 0o600
    assert key.path.parent.stat().st_mode & 0o777 == 0o700
    assert key.path.read_bytes() == b""
    assert "key=" not in repr(key)
    (entry,) = said(context, "recording.begun")
    assert entry.subjects == (new.conversation_id,)
    detail = dict(entry.detail or {})
    assert detail["recording"] == key.recording_id
    assert (detail["notice"], detail["consent_key"], detail["role"]) == (3, new.consent_key, new.role)
    assert detail["rules"] == ["eu-recording"]


def test_a_transaction_that_fails_leaves_neither_row_nor_file(
    context: AccessContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_args: object, **_more: object) -> None:
        raise ConnectionError("the log is away")

    monkeypatch.setattr(type(context.journal), "deed", away)
    with pytest.raises(ConnectionError):
        recordings.begin(context, new=leg(new_id()), now=clock.now())
    assert files(context) == []
    assert recordings.newest(context) == []


def test_the_end_is_in_the_log_once(context: AccessContext) -> None:
    key = recordings.begin(context, new=leg(new_id()), now=clock.now())
    chunks, head, length = spoken(key, hertz=CALLER_HZ, pause=(1, 2))
    told = functools.partial(
        recordings.finish,
        context,
        recording_id=key.recording_id,
        chunks=chunks,
        milliseconds=length,
        gaps=[Gap("paused", 1000, 2000)],
        now=clock.now(),
    )
    told(head=head)
    told(head=head)
    with pytest.raises(ConflictError):
        told(head="0" * 64)
    (entry,) = said(context, "recording.ended")
    detail = dict(entry.detail or {})
    assert (detail["chunks"], detail["head"], detail["milliseconds"]) == (chunks, head, 3000)
    assert detail["gaps"] == [["paused", 1000, 2000]]
    view = recordings.recording(context, key.recording_id)
    assert (view.state, view.head, view.gaps) == (State.WHOLE, head, (Gap("paused", 1000, 2000),))


def test_a_fault_is_kept_and_nothing_stored_is_nothing_kept(context: AccessContext) -> None:
    key = recordings.begin(context, new=leg(new_id()), now=clock.now())
    chunks, head, length = spoken(key, hertz=CALLER_HZ)
    recordings.finish(
        context,
        recording_id=key.recording_id,
        chunks=chunks,
        head=head,
        milliseconds=length,
        reason="disk-full",
        now=clock.now(),
    )
    view = recordings.recording(context, key.recording_id)
    assert (view.state, view.reason) == (State.FAILED, "disk-full")
    empty = recordings.begin(context, new=leg(new_id()), now=clock.now())
    recordings.finish(context, recording_id=empty.recording_id, chunks=0, head="", milliseconds=0, now=clock.now())
    with pytest.raises(NotFoundError):
        recordings.recording(context, empty.recording_id)
    assert files(context) == [key.path]


def test_a_crash_loses_the_running_second_only(context: AccessContext) -> None:
    new = leg(new_id())
    key = recordings.begin(context, new=new, now=clock.now())
    spoken(key, hertz=CALLER_HZ, seconds=3)
    whole = key.path.read_bytes()
    # kill -9 while the last frames were being written: the end is missing, and a frame is cut in half.
    os.truncate(key.path, len(whole) - 4_000)
    recordings.recover(alive={key.recording_id}, now=clock.now() + LATER)
    recordings.recover(now=clock.now())
    assert recordings.recording(context, key.recording_id).state is State.OPEN, "alive, and then too young"
    assert recordings.recover(now=clock.now() + LATER) >= 1
    view = recordings.recording(context, key.recording_id)
    assert (view.state, view.chunks, view.milliseconds) == (State.LOST, 3, 2000)
    verified = recordings.verify(context, recording_id=key.recording_id, now=clock.now())
    assert (verified.integrity, verified.same_in_log) == (Integrity.SOUND, True)
    listening = recordings.listen(
        context, conversation_id=new.conversation_id, purpose=Purpose.DISPUTE, now=clock.now()
    )
    heard = recordings.hear(context, listening_id=listening.listening_id, call_id=new.call_id, now=clock.now())
    left, _right = sides(b"".join(heard.pieces))
    assert len(left) == 2 * 8000
    assert loudest(left) == CALLER_HZ
    assert len(said(context, "recording.recover")) == 1


def test_what_is_no_recording_is_kept_and_named(context: AccessContext) -> None:
    key = recordings.begin(context, new=leg(new_id()), now=clock.now())
    key.path.write_bytes(b"\xff" * 100)
    gone = recordings.begin(context, new=leg(new_id()), now=clock.now())
    gone.path.unlink()
    assert recordings.recover(now=clock.now() + LATER) >= 2
    view = recordings.recording(context, key.recording_id)
    assert (view.state, view.reason) == (State.LOST, "unreadable")
    assert key.path.exists()
    with pytest.raises(NotFoundError):
        recordings.recording(context, gone.recording_id)


def test_files_and_rows_without_each_other_are_counted(context: AccessContext) -> None:
    recording_id = recorded(context, leg(new_id()))
    lost = recorded(context, leg(new_id()))
    stray = places.empty_file(context.controller_id, new_id())
    old = (clock.now() - timedelta(hours=1)).timestamp()
    os.utime(stray, (old, old))
    places.delete(context.controller_id, lost)
    found = recordings.strays(context, now=clock.now())
    assert (found.files_without_row, found.rows_without_file) == (1, 1)
    assert places.path_of(context.controller_id, recording_id).exists()


def test_a_call_that_is_not_recorded_says_why(context: AccessContext) -> None:
    conversation_id = new_id()
    recordings.not_recorded(
        context,
        conversation_id=conversation_id,
        interaction_id=1,
        call_id=2,
        reason="no-consent",
        queue="service",
        now=clock.now(),
    )
    (found,) = recordings.unrecorded(context, conversation_id=conversation_id)
    assert (found.reason, found.queue) == ("no-consent", "service")
    assert said(context, "recording.not-made")


def test_a_neighbor_finds_and_ends_nothing(context: AccessContext, company: Company) -> None:
    key = recordings.begin(context, new=leg(new_id()), now=clock.now())
    neighbor = company()
    assert recordings.newest(neighbor) == []
    with pytest.raises(NotFoundError):
        recordings.recording(neighbor, key.recording_id)
    with pytest.raises(NotFoundError):
        recordings.finish(neighbor, recording_id=key.recording_id, chunks=1, head="x", milliseconds=1, now=clock.now())


def test_who_was_forgotten_is_not_recorded_under_the_old_key(context: AccessContext) -> None:
    customer_id = new_id()
    new: NewRecording = leg(new_id(), customer_id=customer_id)
    recorded(context, new)
    vault.destroy(context, customer_id, "service", now=clock.now())
    before = files(context)
    with pytest.raises(Exception, match="destroyed"):
        recordings.begin(context, new=replace(new, conversation_id=new_id()), now=clock.now())
    assert files(context) == before
