"""Call notices: whole or refused, rendered or uploaded, and every version there for good."""

import io
import wave
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from tests.companies import Company
from tests.telephoning import notice

from trustdesk.announcements import api
from trustdesk.announcements.contracts import Kind, Made, NewWords
from trustdesk.announcements.sound import from_alaw, loudness
from trustdesk.clearance.api import packs
from trustdesk.decision.api import NoticeElement, RecordingMode, RecordingRule, recording_rule
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.sipedge.api import RATE


def recording(seconds: float = 5, *, level: float = 0.3, rate: int = 16_000) -> bytes:
    """A company's own recording, as a recorder writes it: a voice-like rise and fall."""
    t = np.arange(int(rate * seconds)) / rate
    voice = level * np.sin(2 * np.pi * 220 * t) * (0.6 + 0.4 * np.sin(2 * np.pi * 3 * t))
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(np.clip(np.rint(voice * 32_767), -32_768, 32_767).astype("<i2").tobytes())
    return file.getvalue()


def test_a_notice_is_rendered_as_it_is_saved(south: Company) -> None:
    context = south.context()
    version = api.save_notice(context, new=notice(), now=clock.now())
    held = api.notice(context, "main", "hu", now=clock.now())
    assert held is not None
    assert (held.version, held.number, held.made, held.recorded) == (version, 1, Made.SPOKEN, True)
    (clip,) = held.clips
    assert clip.is_relative_to(Path(settings.TRUSTDESK_HOME.data) / "prompts" / str(south.controller_id))
    assert clip.stat().st_mode & 0o777 == 0o600
    assert held.milliseconds == clip.stat().st_size * 1000 // RATE > 10_000
    assert -22 < loudness(from_alaw(clip.read_bytes())).spoken < -18
    assert held.text.startswith(held.parts[NoticeElement.WHO])


def test_old_versions_stay_and_are_what_they_were(south: Company) -> None:
    context = south.context()
    first = api.save_notice(context, new=notice(), now=clock.now())
    heard = api.version(context, first).clips[0].read_bytes()
    changed = dict(notice().parts) | {NoticeElement.MORE: "A többit írásban is elküldjük."}
    second = api.save_notice(context, new=notice(parts=changed), now=clock.now())
    newest = api.notice(context, "main", "hu")
    assert newest is not None
    assert (newest.version, newest.number) == (second, 2)
    assert api.version(context, first).clips[0].read_bytes() == heard
    assert [one.version for one in api.versions(context, "main", "hu")] == [second, first]
    assert [one.version for one in api.notices(context)] == [second]


def test_a_version_can_not_be_changed_by_hand(south: Company) -> None:
    context = south.context()
    api.save_notice(context, new=notice(), now=clock.now())
    for statement in ("UPDATE announcements_announcement SET text = 'x'", "DELETE FROM announcements_announcement"):
        with pytest.raises(DatabaseError), scoped(context.scope), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_the_file_is_a_copy_that_is_made_again(south: Company) -> None:
    context = south.context()
    version = api.save_notice(context, new=notice(), now=clock.now())
    (clip,) = api.version(context, version).clips
    sound = clip.read_bytes()
    clip.unlink()
    assert api.version(context, version).clips[0].read_bytes() == sound
    clip.write_bytes(sound[:-1])  # cut off by a full disk
    assert api.version(context, version).clips[0].read_bytes() == sound


@pytest.mark.parametrize(
    "element", list(recording_rule(packs(), "HU", "public_service", clock.now()).required_elements)
)
@pytest.mark.parametrize("said", [None, "", " ", "-"])
def test_a_missing_element_is_named(south: Company, element: NoticeElement, said: str | None) -> None:
    new = notice("HU", "public_service")
    parts = {name: text for name, text in new.parts.items() if name is not element}
    if said is not None:
        parts[element] = said
    with pytest.raises(BadInputError) as refused:
        api.save_notice(south.context(), new=notice("HU", "public_service", parts=parts), now=clock.now())
    assert refused.value.place == f"parts.{element}"
    assert "HU-FGYTV-17B" in refused.value.mend
    assert api.notice(south.context(), "main", "hu") is None


def test_each_part_has_to_be_in_what_is_spoken(south: Company) -> None:
    new = notice()
    whole = " ".join(new.parts.values())
    spoken = "Jó napot kívánok! " + whole.replace(". ", " — ") + " Köszönjük."
    version = api.save_notice(south.context(), new=notice(text=spoken), now=clock.now())
    assert api.version(south.context(), version).text == spoken
    silent = whole.replace(new.parts[NoticeElement.FURTHER_USE], "")
    with pytest.raises(BadInputError) as refused:
        api.save_notice(south.context(), new=notice(text=silent), now=clock.now())
    assert refused.value.place == "parts.further_use"


def test_a_recording_of_the_companys_own_is_confirmed_part_by_part(south: Company) -> None:
    context, new = south.context(), notice()
    all_but_one = frozenset(new.parts) - {NoticeElement.RIGHTS}
    with pytest.raises(BadInputError) as refused:
        api.save_notice(context, new=notice(upload=recording(), confirmed=all_but_one), now=clock.now())
    assert refused.value.place == "confirmed"
    assert "rights" in refused.value.mend
    version = api.save_notice(context, new=notice(upload=recording(), confirmed=frozenset(new.parts)), now=clock.now())
    held = api.version(context, version)
    assert held.made is Made.UPLOADED
    assert 4_900 < held.milliseconds < 5_100
    assert -22 < loudness(from_alaw(held.clips[0].read_bytes())).spoken < -18


@pytest.mark.parametrize(
    ("upload", "word"),
    [
        (recording(level=0.002), "quiet"),
        (recording(level=3.0), "loud"),
        (recording(1.0), "1.0 seconds"),
        (recording(121, rate=8_000), "121"),
        (b"", "WAV"),
        (b"OggS" + b"\0" * 1_000, "WAV"),
        (recording()[:20], "broken"),
        (recording().replace(b"data", b"dato"), "no sound"),
        (b"\0" * 30_000_001, "too large"),
    ],
    ids=["quiet", "loud", "short", "long", "empty", "another format", "cut off", "without sound", "huge"],
)
def test_what_nobody_would_understand_is_refused(south: Company, upload: bytes, word: str) -> None:
    with pytest.raises(BadInputError, match=word) as refused:
        api.save_notice(south.context(), new=notice(upload=upload, confirmed=frozenset(NoticeElement)), now=clock.now())
    assert refused.value.place == "upload"
    assert refused.value.mend


def test_without_the_program_a_text_is_refused_with_the_mend_and_an_upload_is_not(
    south: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not api.can_speak()
    with pytest.raises(ConflictError) as refused:
        api.save_notice(south.context(), new=notice(), now=clock.now())
    assert refused.value.place == "espeak-ng"
    assert "upload" in refused.value.mend
    assert api.notice(south.context(), "main", "hu") is None
    uploaded = notice(upload=recording(), confirmed=frozenset(NoticeElement))
    assert api.save_notice(south.context(), new=uploaded, now=clock.now())


@pytest.mark.parametrize("body", ["exit 3", "printf RIFF", "true"])
def test_a_program_that_fails_is_said(
    south: Company, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, body: str
) -> None:
    program = tmp_path / "espeak-ng"
    program.write_text(f"#!/bin/sh\n{body}\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises((ConflictError, BadInputError)) as refused:
        api.save_notice(south.context(), new=notice(), now=clock.now())
    assert refused.value.mend


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"code": "Main"}, "code"),
        ({"code": ""}, "code"),
        ({"code": "../main"}, "code"),
        ({"language": "fr"}, "language"),
        ({"country": "FR"}, "country"),
        ({"sector": "astrology"}, "country"),
    ],
)
def test_what_a_notice_is_called_and_where_it_holds(south: Company, more: dict[str, Any], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        api.save_notice(south.context(), new=replace(notice(), **more), now=clock.now())
    assert refused.value.place == place


def test_a_notice_of_a_call_that_is_not_recorded_needs_less(south: Company) -> None:
    off = RecordingRule(mode=RecordingMode.OFF)
    parts = api.standard_parts(off, "hu", "Alföldi Víz")
    version = api.save_notice(south.context(), new=notice(parts=parts, recorded=False), now=clock.now())
    held = api.version(south.context(), version)
    assert not held.recorded
    assert api.missing(held, recording_rule(packs(), "HU", "general", clock.now()))
    assert not api.missing(held, off)


def test_words_of_the_companys_own(south: Company) -> None:
    new = NewWords(code="menu", language="hu", text="Panasz esetén nyomja meg az egyest.")
    version = api.save_words(south.context(), new=new, now=clock.now())
    held = api.words(south.context(), "menu", "hu")
    assert held is not None
    assert (held.version, held.kind) == (version, Kind.WORDS)
    assert api.notice(south.context(), "menu", "hu") is None
    with pytest.raises(BadInputError):
        api.save_words(south.context(), new=NewWords(code="menu", language="hu", text=" "), now=clock.now())


def test_brackets_are_spoken_as_text(south: Company) -> None:
    """Two brackets would begin espeak-ng's own phonemes."""
    said = api.save_words(
        south.context(), new=NewWords(code="a", language="en", text="Room [[h@l'oU]] two"), now=clock.now()
    )
    assert api.version(south.context(), said).milliseconds > 1_000


def test_a_browser_can_play_it(south: Company) -> None:
    version = api.save_notice(south.context(), new=notice(), now=clock.now())
    with wave.open(io.BytesIO(api.wave_of(south.context(), version))) as played:
        assert played.getframerate() == RATE
        assert played.getnframes() == api.version(south.context(), version).clips[0].stat().st_size
    assert api.preview("fi", "Hyvää päivää")[:4] == b"RIFF"


def test_a_neighbor_and_an_outsider_get_nothing(south: Company, north: Company) -> None:
    version = api.save_notice(south.context(), new=notice(), now=clock.now())
    assert api.notice(north.context(), "main", "hu") is None
    assert api.notices(north.context()) == []
    with pytest.raises(NotFoundError):
        api.version(north.context(), version)
    with pytest.raises(RefusedError):
        api.save_notice(south.context("telephony:read"), new=notice(), now=clock.now())
    for ask in (
        lambda: api.notices(south.context("customer:open")),
        lambda: api.wave_of(south.context("x:y"), version),
    ):
        with pytest.raises(RefusedError):
            ask()
