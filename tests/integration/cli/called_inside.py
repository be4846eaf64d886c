"""What the tests of a demo that is called do and read inside its own processes: run by `program.inside`."""

import io
import json
import sys
import wave
from datetime import datetime

from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import NewCallNotice
from trustdesk.demo.calls import NOTICE, REACHED, parts_of
from trustdesk.demo.companies import COMPANIES
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import system_context
from trustdesk.recordings.models import Recording
from trustdesk.recordings.services.reading import keys_of, reader_of
from trustdesk.sipedge.api import tone
from trustdesk.sipedge.audio.laws import linear
from trustdesk.sipedge.audio.reader import SealedReader
from trustdesk.sipedge.media.contracts import Law

NOTICE_HERTZ = 700.0


def say_little(controller: int) -> None:
    """The notice of the Finnish company lasts two seconds and not half a minute."""
    company, now = COMPANIES[0], clock.now()
    parts = parts_of(company, now=now)
    notice = NewCallNotice(
        code=NOTICE,
        language=REACHED[company.country].language,
        country=company.country,
        parts=parts,
        upload=_wav(2_200),
        confirmed=frozenset(parts),
    )
    announcements.save_notice(_context(controller, now, "service"), new=notice, now=now)


def recordings(controller: int, call: int, hertz: dict[str, float]) -> None:
    """What stands of a call: a line of JSON with the end of each recording, and how much of each of its seconds is the
    voice of its role.
    """
    from tests.integration.sipedge.whole_calls import seconds  # noqa: PLC0415 - the caller's side of the tests

    context = _context(controller, clock.now(), "records")
    with scoped(context.scope):
        rows = list(Recording.objects.filter(controller_id=controller, call_id=call).order_by("id"))
    told = []
    for row, key in keys_of(context, rows, what="recording.recover", fields=["audio"]):
        with _open(row, key) as sound:
            told.append(
                {
                    "role": row.role,
                    "state": row.state,
                    "reason": row.reason,
                    "milliseconds": sound.milliseconds,
                    "agrees": sound.agrees(chunks=row.chunks, head=row.head),
                    "gaps": len(sound.gaps),
                    "voice": seconds(sound, hertz[row.role]),
                }
            )
    sys.stdout.write(json.dumps(told))


def _open(row: Recording, key: object) -> SealedReader:
    reader = reader_of(row, key)  # type: ignore[arg-type]
    assert reader is not None
    return reader


def _context(controller: int, now: datetime, purpose: str) -> AccessContext:
    return system_context(controller, purpose=purpose, now=now, on_behalf_of=0)


def _wav(milliseconds: int) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as stream:
        stream.setnchannels(1)
        stream.setsampwidth(2)
        stream.setframerate(8000)
        stream.writeframes(linear(tone(NOTICE_HERTZ, milliseconds), Law.A).tobytes())
    return made.getvalue()
