"""What readers give beside changes, and what they are told."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from zoneinfo import ZoneInfo

from trustdesk.updates.contracts import Change


class FaultCode(StrEnum):
    """Why one record is parked. Those of tables (`too-few-cells`, …) are `batch.contracts.Reason`."""

    NO_KIND = "no-kind"
    UNKNOWN_KIND = "unknown-kind"
    NO_PERSON = "no-person"
    NOTHING_CHANGES = "nothing-changes"
    NO_DATE = "no-date"
    BAD_DATE = "bad-date"
    FUTURE = "in-the-future"
    NO_POSITION = "no-position"
    TWO_PEOPLE = "two-people"
    NOT_JSON = "not-json"
    NOT_AN_OBJECT = "not-an-object"
    BAD_NUMBER = "bad-number"  # a national number or postcode that can't be one
    TOO_LONG = "record-too-long"
    WRONG_WIDTH = "wrong-width"
    UNKNOWN_RECORD = "unknown-record"
    WRONG_ENCODING = "wrong-encoding"
    TRUNCATED = "truncated"
    IMPOSSIBLE = "impossible-value"
    TAKEN_BACK = "taken-back"  # the source says that what it said was not so


class Fault(NamedTuple):
    """One record that can't be taken: where it stands and why, never what it held.

    `place` is a column's or a field's name as the format or the feed's own mapping has it, or a byte; empty where none
    is to blame. `code` is one of `FaultCode` or of `batch.contracts.Reason`.
    """

    position: str
    place: str
    code: str


Record = Change | Fault
Records = Iterator[Record]

STANDARD_KINDS: Mapping[str, str] = {
    "name": "name", "given_name": "name", "family_name": "name", "phone": "phone", "email": "email",
    "address": "address", "town": "place", "postcode": "place", "birth_date": "birth_date",
    "national_id": "external_id", "customer_number": "external_id",
}  # fmt: skip
"""Kinds of the attributes that every feed may know somebody by."""

_ZONES = {
    "FI": "Europe/Helsinki", "AX": "Europe/Helsinki", "HU": "Europe/Budapest", "PL": "Europe/Warsaw",
    "DE": "Europe/Berlin", "AT": "Europe/Vienna", "SE": "Europe/Stockholm", "EE": "Europe/Tallinn",
}  # fmt: skip
_SKEW = timedelta(days=1)
_EARLIEST = datetime(1900, 1, 1, tzinfo=UTC)


def zone_of(country: str) -> ZoneInfo:
    """Where a date without a time begins."""
    return ZoneInfo(_ZONES.get(country, "UTC"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """How a feed is read: whose customs, when, and of which kind each attribute of the company is.

    `received_at` is when the delivery came in, the same whenever it is read again: of records without a date of their
    own, in formats that have none.
    """

    country: str
    now: datetime
    received_at: datetime | None = None
    kinds: Mapping[str, str] = field(default_factory=lambda: STANDARD_KINDS)

    def date_fault(self, as_of: datetime) -> FaultCode | None:
        """A clock that is a day ahead is a zone or a slip; more is a record nobody should act on yet."""
        if as_of > self.now + _SKEW:
            return FaultCode.FUTURE
        return FaultCode.BAD_DATE if as_of < _EARLIEST else None
