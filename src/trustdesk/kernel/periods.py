"""Half-open periods: the start belongs to them, the end does not."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Period:
    """From `start_at` until just before `end_at`; no end means it goes on."""

    start_at: datetime
    end_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.end_at is not None and self.end_at <= self.start_at:
            msg = "a period ends after it starts"
            raise ValueError(msg)

    def contains(self, instant: datetime) -> bool:
        return self.start_at <= instant and (self.end_at is None or instant < self.end_at)
