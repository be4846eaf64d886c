"""How numbers are answered, kept while nobody changes it: a rush of calls asks the same of the database."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from trustdesk.switchboard.doors import Line, line
from trustdesk.switchboard.running.work import House
from trustdesk.telephony import api as telephony

_KEPT = timedelta(seconds=2)
"""Rules begin at an instant and mandates end at one, and no serial counts that."""


@dataclass(frozen=True, slots=True)
class _Kept:
    serial: int
    read_at: datetime
    line: Line


class Lines:
    """One look at the serial a call; everything else is read anew where something changed, and every two seconds."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._kept: dict[str, _Kept] = {}

    def find(self, e164: str, *, now: datetime) -> Line | None:
        """None where it is nobody's number, or answers no calls. RefusedError where the company has no living mandate.
        In a thread.
        """
        serial = telephony.serial()  # before: what changes meanwhile is read again
        kept = self._kept.get(e164)
        if kept is not None and kept.serial == serial and now - kept.read_at < _KEPT:
            return kept.line
        number = telephony.find_number(e164, now=now)
        if number is None:
            self._kept.pop(e164, None)
            return None
        context = self._house.context(number.controller_id, now=now)
        kept = self._kept[e164] = _Kept(serial, now, line(context, number, now=now))
        return kept.line
