"""The one place where the time of day enters. Everything below the edge takes `now` as an argument."""

from datetime import UTC, datetime


def now() -> datetime:
    """The instant, aware, in UTC."""
    return datetime.now(UTC)


def rfc3339(instant: datetime) -> str:
    """The instant as RFC 3339 in UTC with microseconds and a closing Z."""
    if instant.tzinfo is None:
        msg = "an instant needs a time zone"
        raise ValueError(msg)
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
