"""Frozen values that cross the door of retention. Nothing of a person is in any of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

RUN = "retention"
"""What open pages are told of (`live`)."""
LONGEST_MONTHS = 1_200


class Start(StrEnum):
    """From when the months are counted."""

    EVENT = "event"  # from what began its time
    YEAR_END = "year_end"  # from the end of the calendar year in which that was (HGB section 257(5), BAO section 132)


class Ground(StrEnum):
    """Why a rule says so."""

    POLICY = "policy"  # the company's own: the most special one counts
    STATUTE = "statute"  # a law: nothing goes before it


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRule:
    """How long one kind of data is kept. Without a purpose or a country it is meant for all of them."""

    kind: str
    purpose: str = ""
    country: str = ""
    months: int
    counted_from: Start = Start.EVENT
    ground: Ground = Ground.POLICY
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule in force. `source` is the law, or the company's own reason."""

    rule_id: int
    kind: str
    purpose: str
    country: str
    months: int
    counted_from: Start
    ground: Ground
    source: str
    set_at: datetime
    set_by: int


@dataclass(frozen=True, slots=True)
class Due:
    """What would go of one kind: how many, and since when the oldest is there. `counted_to` is where counting stopped,
    where there was more than is counted.
    """

    kind: str
    count: int
    oldest: datetime | None
    more: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do at an instant. `digest` names the rules it was counted by."""

    at: datetime
    digest: str
    due: Sequence[Due]

    @property
    def total(self) -> int:
        return sum(one.count for one in self.due)


class RunState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    FULL = "full"  # the limit was reached: the rest is due still
    STOPPED = "stopped"  # by hand, or because the rules changed under it


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A run and how far it is. `started_by` 0 is the night's."""

    run_id: int
    state: RunState
    most: int
    planned: int
    dropped: int
    kind: str
    started_at: datetime
    started_by: int
    ended_at: datetime | None
    by_kind: Sequence[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Tally:
    """What went, by the month in which its time had begun: a number that says nothing of anybody."""

    month: date
    kind: str
    count: int
