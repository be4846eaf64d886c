"""A call that can be heard, for the eye: outlines as paths of an SVG, gaps in words, and the file in parts."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _

from trustdesk.design.files import Pieces
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import Gap, Heard, Sounding

WIDTH, HALF = 480, 24  # units of the drawing; each side has half of its height
_RANGE = re.compile(r"bytes=(\d{1,15})-(\d{0,15})\Z")
PARTIAL, UNSATISFIABLE = 206, 416


@dataclass(frozen=True, slots=True)
class Rest:
    """A gap: where it is drawn, and how it is said."""

    x: float
    width: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """All that the player's template needs of a call."""

    address: str
    download: str
    seconds: float
    length: str
    upper: str
    lower: str
    rests: Sequence[Rest]


def drawing(sounding: Sounding, *, address: str, download: str = "") -> Drawing:
    """A call as it is drawn; `address` is that of its WAV file."""
    sides: Mapping[str, Sequence[float]] = {voice.side: voice.peaks for voice in sounding.voices}
    return Drawing(
        address=address,
        download=download,
        seconds=sounding.milliseconds / 1000,
        length=spoken(sounding.milliseconds),
        upper=_path(sides.get("customer", ()), -1),
        lower=_path(sides.get("agent", ()), 1),
        rests=[_rest(gap, sounding.milliseconds) for gap in sounding.gaps],
    )


def spoken(milliseconds: int) -> str:
    """A length of time as a clock says it: 1:05:09 or 5:09."""
    seconds = round(milliseconds / 1000)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def audio(
    request: HttpRequest, context: AccessContext, *, listening_id: int, call_id: int, name: str, download: bool = False
) -> HttpResponseBase:
    """A call's WAV file, or the part of it that the browser asks for (RFC 9110, 14): never kept, by nobody."""
    asked = _RANGE.match(request.headers.get("Range", ""))
    start, stop = (int(asked[1]), int(asked[2]) + 1 if asked[2] else None) if asked else (0, None)
    heard = recordings.hear(
        context, listening_id=listening_id, call_id=call_id, start=start, stop=stop, now=clock.now()
    )
    if start >= heard.size:
        return HttpResponse(status=UNSATISFIABLE, headers={"Content-Range": f"bytes */{heard.size}"})
    response = handed(heard, name=name, download=download)
    if asked:
        response.status_code = PARTIAL
        response.headers["Content-Range"] = f"bytes {heard.start}-{heard.stop - 1}/{heard.size}"
    return response


def handed(heard: Heard, *, name: str, download: bool) -> StreamingHttpResponse:
    """The answer that carries a WAV file, decrypted while it is sent. `name` is ours: letters, digits, dots."""
    response = StreamingHttpResponse(Pieces(heard.pieces), content_type="audio/wav")
    response.headers["Content-Length"] = str(heard.stop - heard.start)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Disposition"] = f'{"attachment" if download else "inline"}; filename="{name}"'
    return response


def _path(peaks: Sequence[float], side: int) -> str:
    """Filled from the middle line outwards, up for whoever called, down for ours."""
    if not peaks:
        return ""
    step = WIDTH / len(peaks)
    points = [f"M0 {HALF}"]
    for number, peak in enumerate(peaks):
        y = HALF + side * (HALF - 2) * peak**0.5  # speech is quiet: its root is what one sees
        points.append(f"V{y:.1f}H{(number + 1) * step:.1f}")
    return "".join(points) + f"V{HALF}Z"


def _rest(gap: Gap, length: int) -> Rest:
    end = length if gap.end_ms is None else gap.end_ms
    words = _("Not recorded from %(start)s to %(end)s (%(length)s)") % {
        "start": spoken(gap.start_ms),
        "end": spoken(end),
        "length": spoken(end - gap.start_ms),
    }
    scale = WIDTH / max(1, length)
    return Rest(x=round(gap.start_ms * scale, 1), width=round((end - gap.start_ms) * scale, 1), words=words)
