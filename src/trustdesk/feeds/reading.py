"""The door to the readers: a sealed delivery becomes changes and faults, as the feed's reading has it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from io import BufferedReader
from typing import Literal, NamedTuple

from trustdesk.feeds.completing import completed
from trustdesk.feeds.readers.formats import FORMATS, check, read
from trustdesk.feeds.readers.values import Fault, FaultCode, Setting
from trustdesk.updates.contracts import Change
from trustdesk.vault.api import SealedFile

__all__ = ["FORMATS", "Fault", "FaultCode", "check", "one_a_line", "records"]


class _Stat(NamedTuple):
    st_size: int
    st_mtime_ns: int


@dataclass(frozen=True, slots=True)
class SealedDelivery:
    """A delivery as the readers take it (`batch.contracts.ListFile`): in clear in their memory only."""

    sealed: SealedFile

    @property
    def suffix(self) -> str:
        return ""  # what it is, the feed says, and not a name

    def open(self, _mode: Literal["rb"] = "rb", /) -> BufferedReader:
        return self.sealed.open()

    def stat(self) -> _Stat:
        """Size of the content, time of the file."""
        return _Stat(self.sealed.size, self.sealed.path.stat().st_mtime_ns)


def records(
    sealed: SealedFile,
    *,
    format_code: str,
    reading: Mapping[str, object],
    country: str,
    kinds: Mapping[str, str],
    received_at: datetime,
    now: datetime,
) -> Iterator[Change | Fault]:
    """The records, one by one; the same ones in the same order whenever it is read again. `kinds`: of which kind each
    attribute of the company is. Addresses that say a part only are completed where the post's files leave no doubt.
    """
    setting = Setting(country=country, now=now, received_at=received_at, kinds=kinds)
    return completed(read(format_code, SealedDelivery(sealed), reading, setting))


def one_a_line(format_code: str) -> bool:
    """Whether a list of records is stored one a line."""
    return format_code == "jsonl"
