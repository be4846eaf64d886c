"""Frozen values of several records shown as one; they cross the register's door by its `api`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.register.contracts import Hit


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge:
    """`customer_id` is shown as one with `into_id`; `moved` were shown as one with `customer_id` before.

    `carried_by` is a later merge that carried this one along and is undone before it.
    """

    merge_id: int
    into_id: int
    customer_id: int
    moved: Sequence[int]
    reason: str
    merged_at: datetime
    merged_by: int
    carried_by: int | None


@dataclass(frozen=True, slots=True)
class Record:
    """One of several records shown as one, and how much was recorded for it: current values, notes."""

    hit: Hit
    created_at: datetime
    values: int
    notes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Parting:
    """What comes apart when a merge is undone; each side's first record is the one as which it is shown then."""

    merge: Merge
    staying: Sequence[Record]
    leaving: Sequence[Record]


@dataclass(frozen=True, slots=True)
class MergeRecord:
    """Two customers shown as one: `customer_id` as `into_id`. `undone_at` is set where they are apart again."""

    merge_id: int
    into_id: int
    customer_id: int
    reason: str
    merged_at: datetime
    merged_by: int
    undone_at: datetime | None
    undone_by: int | None
