"""Numbers as they stand in SIP addresses: who calls, and whom."""

import re
from collections.abc import Collection

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.message import Request
from trustdesk.sipedge.sip.uri import Uri, parse_address

_SEPARATORS = re.compile(r"[\s().-]")
_E164 = re.compile(r"\+[1-9][0-9]{4,14}")
WITHHELD = frozenset({"", "anonymous", "unavailable", "unknown", "restricted", "private"})


def number_in(uri: Uri) -> str:
    """E.164 where it can be read so, else as it stands."""
    text = uri.name.partition(";")[0]
    bare = _SEPARATORS.sub("", text)
    if bare.startswith("00"):
        bare = f"+{bare[2:]}"
    return bare if _E164.fullmatch(bare) else text


def called(request: Request, numbers: Collection[str]) -> str:
    """Whom the caller wants. Many carriers leave the plus away: one of our numbers is known without it."""
    number = number_in(request.uri)
    if number not in numbers and f"+{number}" in numbers:
        return f"+{number}"
    return number


def caller(request: Request, *, believed: bool) -> str:
    """Who calls, as the network says: asserted by a carrier (RFC 3325), else From. "" where it is withheld."""
    privacy = request.headers.words("privacy")
    if believed and "p-asserted-identity" in request.headers:
        try:
            address = parse_address(request.headers.listed("p-asserted-identity")[0])
        except (BadMessageError, IndexError):
            address = request.from_
    else:
        address = request.from_
    number = number_in(address.uri)
    if address.uri.host == "anonymous.invalid" or number.lower() in WITHHELD:
        return ""
    hidden = any(word in {"id", "user", "header"} for value in privacy for word in value.split(";"))
    return "" if hidden else number
