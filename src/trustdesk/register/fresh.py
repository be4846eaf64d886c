"""For how long a confirmation counts. One look at the company's rules answers for any number of values. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from trustdesk.register.contracts.kinds import ConfirmedBy


@dataclass(frozen=True, slots=True)
class Rules:
    """A company's rules: days by attribute and confirmation, and by attribute and source."""

    by_confirmation: Mapping[tuple[int, str], int]
    by_source: Mapping[tuple[int, int], int]

    def days(self, attribute_id: int, fresh_days: int, *, by: str | None, source_id: int) -> int:
        """The named source's own rule where the value stands on it (as it came, or as a feed confirmed it); else that
        of the confirmation; else what the attribute says.
        """
        if by is None or by == ConfirmedBy.FEED:
            named = self.by_source.get((attribute_id, source_id))
            if named is not None:
                return named
        return self.by_confirmation.get((attribute_id, by or ""), fresh_days)


def is_stale(fresh_from: datetime, days: int, now: datetime) -> bool:
    return now - fresh_from > timedelta(days=days)
