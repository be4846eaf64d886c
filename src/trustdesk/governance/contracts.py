"""Frozen values that cross governance's door. None of them says anything of a person but that a breach touched them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

HOURS = timedelta(hours=72)
"""So long the company has to tell the authority, from when it became aware (GDPR Art. 33(1))."""


class Kind(StrEnum):
    """What was broken (EDPB Guidelines 9/2022, 16)."""

    CONFIDENTIALITY = "confidentiality"
    INTEGRITY = "integrity"
    AVAILABILITY = "availability"


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BreachView:
    """A breach as it was taken down. `people` counts those whom it touched, also who was erased since; `customer_ids`
    are those who are still known.
    """

    breach_id: int
    kind: Kind
    cause: str
    about: str
    people: int
    customer_ids: Sequence[int]
    happened_at: datetime
    found_at: datetime
    opened_by: int
    state: State

    def left(self, now: datetime) -> timedelta:
        """What is left of the seventy-two hours; negative when they are over."""
        return self.found_at + HOURS - now


@dataclass(frozen=True, slots=True)
class Standing:
    """Open breaches, and what is left of the hours of the one found first; None where there is none."""

    open: int
    least_left: timedelta | None
