"""Which of two values of one attribute counts: what stands, or what a feed says (GDPR Art. 5(1)(d), 16, 18).

The newer one wins. What the customer gave outranks a feed for a while, what was rectified for good: it is for somebody
to look at, never for a machine to overwrite. What is restricted is stored, and nothing else is done with it.
"""

from datetime import datetime, timedelta

from trustdesk.register.contracts import KeptFor
from trustdesk.register.services.standing import Standing


def kept_for(held: Standing, *, as_of: datetime, outranked_for: timedelta) -> KeptFor:
    """Why the value stays as it is; NOTHING where the feed's takes its place."""
    if held.restricted:
        return KeptFor.RESTRICTED
    if held.rectified:
        return KeptFor.RECTIFIED
    if held.given_at is not None and as_of < held.given_at + outranked_for:
        return KeptFor.CUSTOMER
    return KeptFor.NEWER if held.since > as_of else KeptFor.NOTHING


def confirmed_already(held: Standing, *, as_of: datetime, outranked_for: timedelta) -> KeptFor:
    """Why a feed that says the same adds nothing; NOTHING where it does. What the customer confirmed stays the
    customer's word for as long as that outranks a feed: else a feed could first agree and then overwrite it.
    """
    if held.confirmed_at is not None and held.confirmed_at >= as_of:
        return KeptFor.NEWER
    if held.on_their_word and held.confirmed_at is not None and as_of < held.confirmed_at + outranked_for:
        return KeptFor.CUSTOMER
    return KeptFor.NOTHING


def alike(one: str, other: str) -> bool:
    """Whether both say the same, but for capitals, spaces and commas. Other letters are another name."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return " ".join(text.casefold().replace(",", " ").split())
