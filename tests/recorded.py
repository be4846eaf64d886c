"""Recordings as the edge makes them: sealed second by second with the key that was given, tones for voices."""

from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import NewRecording, RecordingKey
from trustdesk.sipedge.api import RATE, Law, Mark, SealedWriter, tone
from trustdesk.sipedge.contracts import Mode

Samples = NDArray[np.int16]
CALLER_HZ, AGENT_HZ, THIRD_HZ = 440, 1000, 1700
YEAR = timedelta(days=365)


def leg(conversation_id: int, **more: object) -> NewRecording:
    """A caller's leg that may be recorded."""
    now = clock.now()
    plain = NewRecording(
        conversation_id=conversation_id,
        interaction_id=conversation_id + 1,
        call_id=conversation_id + 2,
        leg="a",
        role="customer",
        mode=Mode.NOTICE,
        notice_version=3,
        heard_at=now - timedelta(seconds=5),
        retention_class="service",
        keep_until=now + YEAR,
        copy_days=30,
        rule_ids=("eu-recording",),
        queue="service",
    )
    return replace(plain, **more)  # type: ignore[arg-type]  # fields by name


def spoken(
    key: RecordingKey, *, hertz: float, seconds: int = 3, start_ms: int = 0, pause: tuple[int, int] | None = None
) -> tuple[int, str, int]:
    """Write a voice into the recording's file; chunks, head and length as the edge tells them.

    `pause` names the seconds between which nothing is stored.
    """
    writer = SealedWriter(key.key, key.bound)
    frames = [writer.mark(Mark.BEGAN, start_ms)]
    for second in range(seconds):
        at = start_ms + second * 1000
        if pause and second == pause[0]:
            frames.append(writer.mark(Mark.PAUSED, at))
        if pause and second == pause[1]:
            frames.append(writer.mark(Mark.UNPAUSED, at))
        if not pause or not pause[0] <= second < pause[1]:
            frames.append(writer.sound(Law.A, at, tone(hertz, 1000)))
    frames.append(writer.mark(Mark.ENDED, start_ms + seconds * 1000))
    with key.path.open("ab") as stream:
        stream.write(b"".join(frames))
    return writer.chunks, writer.head, seconds * 1000


def recorded(context: AccessContext, new: NewRecording, *, hertz: float = CALLER_HZ, **voice: object) -> int:
    """A whole recording of one leg; its number."""
    key = recordings.begin(context, new=new, now=clock.now())
    chunks, head, length = spoken(key, hertz=hertz, **voice)  # type: ignore[arg-type]  # as above
    recordings.finish(
        context, recording_id=key.recording_id, chunks=chunks, head=head, milliseconds=length, now=clock.now()
    )
    return key.recording_id


def conversation(
    context: AccessContext, *, customer_id: int | None = None, conversation_id: int | None = None, **voice: object
) -> int:
    """A conversation of two, recorded on both legs; the conversation's number."""
    conversation_id = conversation_id or new_id()
    caller = leg(conversation_id, customer_id=customer_id)
    recorded(context, caller, hertz=CALLER_HZ, **voice)
    recorded(context, replace(caller, leg="b", role="agent", operator_id=7), hertz=AGENT_HZ, **voice)
    return conversation_id


def sides(wav: bytes) -> tuple[Samples, Samples]:
    """Left and right of a WAV file, as samples."""
    both = np.frombuffer(wav[44:], dtype="<i2").reshape(-1, 2)
    return both[:, 0], both[:, 1]


def loudest(samples: Samples) -> int:
    """The frequency that is heard, in hertz; 0 where it is silent."""
    found = np.asarray(samples, dtype=float)
    if not len(found) or np.abs(found).max() < 100:
        return 0
    power = np.abs(np.fft.rfft(found))
    return round(float(np.argmax(power)) * RATE / len(found))


def later(**more: float) -> datetime:
    return clock.now() + timedelta(**more)
