"""Listening: a purpose is stated, and each part that is asked for is in the log before its first octet leaves.

Nothing is ever written in clear: a part is decrypted a second at a time while it is sent.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, SealBrokenError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings.contracts import (
    LISTENING_LIVES,
    THIRD,
    Gap,
    Heard,
    Listening,
    Purpose,
    Sounding,
    State,
    Voice,
)
from trustdesk.recordings.models import Listening as Row
from trustdesk.recordings.models import Recording
from trustdesk.recordings.outline import outline
from trustdesk.recordings.people import together
from trustdesk.recordings.services.reading import Opened, broken, keys_of, opened, wav
from trustdesk.recordings.services.restricting import check_hearing
from trustdesk.sipedge.api import SealedReader, StereoWav

COPY = "copy"  # the customer's own, in the portal
_HEADER = 44  # octets of the WAV before the first sample
_A_MS = 32  # octets: 8 samples, two channels of two
_SECOND = 1000 * _A_MS


def listen(context: AccessContext, *, conversation_id: int, purpose: str, now: datetime) -> Listening:
    """Begin to listen to a conversation (see `recordings.api`)."""
    context.check_operation("recording:listen")
    if purpose not in list(Purpose):
        raise BadInputError(
            _("Say for what you listen."), place="purpose", mend=_("Choose one of the purposes; it is kept in the log.")
        )
    rows = rows_of(context, conversation_id)
    check_hearing(context, rows)
    return begin(context, rows, purpose=purpose, lives=LISTENING_LIVES, now=now)


def begin(
    context: AccessContext,
    rows: Sequence[Recording],
    *,
    purpose: str,
    lives: timedelta,
    customer_id: int | None = None,
    now: datetime,
) -> Listening:
    """The listening, and how each call of the rows looks; a copy names whose it is. NotFoundError where nothing of them
    can be heard.
    """
    keys = keys_of(context, rows, what="recording.listen", fields=["outline"], reason=purpose) if rows else []
    calls: dict[int, list[Recording]] = {}
    for row, _key in keys:
        calls.setdefault(row.call_id, []).append(row)
    by_row = {row.id: key for row, key in keys}
    soundings = []
    for legs in calls.values():
        try:
            with opened([(leg, by_row[leg.id]) for leg in legs]) as found:
                if found:
                    soundings.append(_sounding(found))
        except SealBrokenError:
            soundings.append(_broken(legs))
    if not soundings:
        raise nothing()
    listening = Row(
        controller_id=context.controller_id,
        id=new_id(),
        conversation_id=rows[0].conversation_id,
        listener=_listener(context),
        customer_id=customer_id,
        purpose=purpose,
        began_at=now,
        expires_at=now + lives,
    )
    with scoped(context.scope):
        listening.save(force_insert=True)
    return Listening(
        listening_id=listening.id,
        conversation_id=listening.conversation_id,
        purpose=purpose,
        expires_at=listening.expires_at,
        calls=soundings,
    )


def hear(
    context: AccessContext, *, listening_id: int, call_id: int, start: int, stop: int | None, now: datetime
) -> Heard:
    """A part of a call's WAV file (see `recordings.api`)."""
    with scoped(context.scope):
        row = Row.objects.filter(
            controller_id=context.controller_id, id=listening_id, listener=_listener(context), expires_at__gt=now
        ).first()
    if row is None:
        raise NotFoundError(_("You do not listen to this any more."), place="listening", mend=_("Begin again."))
    rows = rows_of(context, row.conversation_id)
    if row.customer_id is not None:
        rows = own_of(context, rows, row.customer_id)
    else:
        context.check_operation("recording:listen")
        check_hearing(context, rows)
    legs = [leg for leg in rows if leg.call_id == call_id]
    return part(context, legs, what="recording.listen", reason=row.purpose, start=start, stop=stop)


def part(
    context: AccessContext, legs: Sequence[Recording], *, what: str, reason: str, start: int, stop: int | None
) -> Heard:
    """From octet `start` to `stop` of the call's WAV, after the log's entry, which names the span that was asked."""
    span = f"{_clock(start)}-{_clock(stop) if stop is not None else ''}"
    keys = keys_of(context, legs, what=what, fields=["audio"], reason=f"{reason} {span}") if legs else []
    stack = ExitStack()
    try:
        sound = _sound(stack.enter_context(opened(keys)))
        until = sound.size if stop is None else min(stop, sound.size)
        first = sound.read(start, min(start + _SECOND, until))  # what is broken is said now, not within the stream
    except SealBrokenError:
        stack.close()
        raise broken() from None
    except BaseException:
        stack.close()
        raise
    return Heard(size=sound.size, start=start, stop=until, pieces=_pieces(stack, sound, first, start, until))


def rows_of(context: AccessContext, conversation_id: int) -> list[Recording]:
    """The closed recordings of a conversation that hold something, in the order in which they began."""
    with scoped(context.scope):
        found = Recording.objects.filter(
            controller_id=context.controller_id, conversation_id=conversation_id, chunks__gt=0
        )
        return list(found.exclude(state=State.OPEN).order_by("began_at", "id"))


def own_of(context: AccessContext, rows: Sequence[Recording], customer_id: int) -> list[Recording]:
    """Those that are a customer's own: the conversation's without third parties' voices; of who took part as a third
    party, the own voice alone.
    """
    ids = together(context, [customer_id]).ids
    mine = [row for row in rows if row.customer_id in ids]
    return [row for row in mine if row.role != THIRD] or mine


def nothing() -> NotFoundError:
    """There is nothing to be heard; it is not said why."""
    return NotFoundError(_("There is nothing to be heard here."), place="recording")


def _sound(found: Sequence[Opened]) -> StereoWav:
    if not found:
        raise nothing()
    return wav(found)


def _pieces(stack: ExitStack, sound: StereoWav, first: bytes, start: int, stop: int) -> Iterator[bytes]:
    with stack:
        yield first
        for place in range(start + len(first), stop, _SECOND):
            yield sound.read(place, min(place + _SECOND, stop))


def _sounding(found: Sequence[Opened]) -> Sounding:
    sound = wav(found)
    sides: dict[str, list[SealedReader]] = {"customer": [], "agent": []}
    for one in found:
        sides["agent" if one.row.role == "agent" else "customer"].append(one.reader)
    bounds = {"start_ms": sound.start_ms, "end_ms": sound.end_ms}
    return Sounding(
        call_id=found[0].row.call_id,
        began_at=min(one.row.began_at for one in found),
        milliseconds=sound.milliseconds,
        voices=(
            Voice(side="customer", peaks=outline(sides["customer"], **bounds)),
            Voice(side="agent", peaks=outline(sides["agent"], **bounds)),
        ),
        gaps=gaps(found, start_ms=sound.start_ms, end_ms=sound.end_ms),
    )


def gaps(found: Iterable[Opened], *, start_ms: int, end_ms: int) -> list[Gap]:
    """Where nothing of the call was stored, once each, on a clock that begins with the first sound.

    Pauses and holds stop every leg at once: one leg's mark stands for all. Who was muted is silent alone.
    """
    marked = {(gap.why, gap.start_ms, gap.end_ms) for one in found for gap in one.reader.gaps if gap.why == "paused"}
    merged: list[list[int]] = []
    for _why, start, end in sorted(marked, key=lambda gap: gap[1]):
        until = end_ms if end is None else end
        if merged and start <= merged[-1][1] + 1000:
            merged[-1][1] = max(merged[-1][1], until)
        else:
            merged.append([start, until])
    return [Gap("paused", start - start_ms, until - start_ms) for start, until in merged]


def _broken(legs: Sequence[Recording]) -> Sounding:
    return Sounding(
        call_id=legs[0].call_id,
        began_at=min(leg.began_at for leg in legs),
        milliseconds=max(leg.milliseconds for leg in legs),
        voices=(),
        gaps=(),
        broken=True,
    )


def _listener(context: AccessContext) -> str:
    """Who listens: an operator, or a customer's visit, which the session names."""
    return f"operator:{context.operator_id}" if context.operator_id else context.session_id


def _clock(octet: int) -> str:
    seconds = max(0, octet - _HEADER) // _SECOND
    return f"{seconds // 60}:{seconds % 60:02}"
