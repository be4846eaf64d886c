"""Cursors: where a list goes on. Sealed, so that nobody reads or makes one, and good for one list of one controller."""

import base64
import binascii
from collections.abc import Sequence

from trustdesk.api.keys import key
from trustdesk.api.problems import ProblemError
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import SealBrokenError
from trustdesk.seal.api import open_sealed, seal

_LONGEST = 400


def cursor(context: AccessContext, listing: str, position: Sequence[int]) -> str:
    """The text for `next`. `listing` names the list and what it is filtered by."""
    text = ".".join(str(number) for number in position)
    box = seal(key("cursor"), text.encode(), bound=_bound(context, listing))
    return base64.urlsafe_b64encode(box).rstrip(b"=").decode()


def position(context: AccessContext, listing: str, text: str) -> Sequence[int]:
    """The position in a cursor of ours; empty for no cursor. ProblemError for any other text."""
    if not text:
        return ()
    try:
        box = base64.b64decode(text[:_LONGEST] + "=" * (-len(text[:_LONGEST]) % 4), altchars=b"-_", validate=True)
        inner = open_sealed(key("cursor"), box, bound=_bound(context, listing))
    except (SealBrokenError, ValueError, binascii.Error):
        raise ProblemError("bad-request", place="cursor") from None
    return [int(number) for number in inner.decode().split(".")]


def _bound(context: AccessContext, listing: str) -> bytes:
    return f"api.cursor|{context.controller_id}|{listing}".encode()
