"""What a message holds beside its header fields: an offer, a key, a demand."""

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.sdp import CONTENT_TYPE, Description, parse_sdp

CAN = frozenset({"100rel", "timer"})
_KEYS = "0123456789*#ABCD"
_EVENTS = {"10": "*", "11": "#"}


def description_in(message: Request | Response) -> Description | None:
    """The session, where there is a body. BadMessageError: 415 of another kind, 400 or 488 as `parse_sdp` finds."""
    if not message.body.strip():
        return None
    if message.content_type != CONTENT_TYPE or message.headers.first("content-encoding") not in {"", "identity"}:
        raise BadMessageError("a body of another kind", status=415)
    return parse_sdp(message.body)


def key_in(request: Request) -> str:
    """The key that an INFO holds, "" where it holds none."""
    text = request.body[:200].decode("ascii", "replace")
    if request.content_type == "application/dtmf-relay":
        lines = [line.replace(" ", "").partition("=") for line in text.splitlines()]
        key = next((value for name, _, value in lines if name.lower() == "signal"), "")
    elif request.content_type == "application/dtmf":
        key = text.strip()
    else:
        return ""
    key = _EVENTS.get(key, key).upper()
    return key if len(key) == 1 and key in _KEYS else ""


def demanded(request: Request) -> list[str]:
    """What a request requires that we can't (RFC 3261 §8.2.2.3)."""
    return [option for option in request.headers.listed("require") if option.lower() not in CAN]


def takes_sdp(request: Request) -> bool:
    """Whether whoever asks could read our answer (§20.1)."""
    if "accept" not in request.headers:
        return True
    kinds = {kind.partition(";")[0].strip() for kind in request.headers.words("accept")}
    return bool(kinds & {CONTENT_TYPE, "application/*", "*/*"})
