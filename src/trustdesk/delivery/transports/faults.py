"""What may go wrong on the way, in three kinds: try again, give up, nobody knows. Codes only: no server's own words,
they quote addresses.
"""

import re
from dataclasses import dataclass

_CODE = re.compile(r"[a-z][a-z0-9-]{0,39}")


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has taken it over. `reply` is its status."""

    reply: int | None = None
    status: str = ""


class CarrierError(Exception):
    """It was not handed over, as far as anybody knows. `reason` is a code of ours, `status` one of RFC 3463."""

    def __init__(self, reason: str, *, reply: int | None = None, status: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.reply = reply
        self.status = status


class PutOffError(CarrierError):
    """Not now: it may be tried again later."""


class RejectedError(CarrierError):
    """Never: trying again would meet the same."""


class NoAnswerError(CarrierError):
    """It was handed over and nothing was heard: it may have arrived, or not."""


def code(said: object) -> str:
    """The other side's reason, where it is a code and nothing else; empty where not: words could quote an address."""
    return said if isinstance(said, str) and _CODE.fullmatch(said) else ""
