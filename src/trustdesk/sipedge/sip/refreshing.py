"""Session timers (RFC 4028): a call whose other end has died without a word ends by itself."""

from dataclasses import dataclass

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.headers import Headers, small_number
from trustdesk.sipedge.sip.message import Message
from trustdesk.sipedge.sip.uri import parse_params

LEAST_SECONDS = 90  # RFC 4028 §5
MOST_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Refresh:
    """How long a session lives without being refreshed, and by whom it is. Who can't, is refreshed by us."""

    seconds: int
    ours: bool = True

    @property
    def due(self) -> float:
        """When we refresh, or when we give up waiting for it (§10)."""
        return self.seconds / 2 if self.ours else self.seconds - min(32, self.seconds / 3)


def said(headers: Headers) -> tuple[int, str] | None:
    """Seconds and refresher of a Session-Expires."""
    value = headers.first("session-expires")
    if not value:
        return None
    seconds = small_number(value, most=2**31)
    if seconds is None:
        raise BadMessageError("a Session-Expires")
    _, semicolon, params = value.partition(";")
    return min(seconds, MOST_SECONDS), parse_params(f"{semicolon}{params}").get("refresher", "").lower()


def agreed_by_receiver(request: Message, ours: int) -> tuple[Refresh, list[tuple[str, str]]]:
    """What we say to an INVITE or UPDATE, and the header fields that say it. BadMessageError (422): too short."""
    able = "timer" in request.headers.words("supported") | request.headers.words("require")
    asked = said(request.headers)
    if asked is None:
        seconds, refresher = (
            max(ours, LEAST_SECONDS, small_number(request.headers.first("min-se"), most=86_400) or 0),
            "",
        )
    else:
        seconds, refresher = asked
    if seconds < LEAST_SECONDS:
        raise BadMessageError("a session interval that is too small", status=422)
    theirs = able and refresher != "uas" and (asked is not None)
    headers = [("session-expires", f"{seconds};refresher={'uac' if theirs else 'uas'}")] if able or asked else []
    if theirs:
        headers.append(("require", "timer"))
    return Refresh(seconds, ours=not theirs), headers


def agreed_by_sender(answer: Message, ours: int) -> Refresh:
    """What the answer to our request makes of it: silent about it, they leave it to us."""
    try:
        asked = said(answer.headers)
    except BadMessageError:
        asked = None
    if asked is None:
        return Refresh(max(ours, LEAST_SECONDS))
    seconds, refresher = asked
    return Refresh(max(seconds, LEAST_SECONDS), ours=refresher != "uas")
