"""The frozen values of announcements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from trustdesk.decision.api import NoticeElement

SHORTEST_MS = 2_000
LONGEST_MS = 120_000
"""What a notice may last: shorter is none, longer is heard by nobody."""
MOST_UPLOADED = 30_000_000
"""Bytes: two minutes as any recorder writes them."""


class Kind(StrEnum):
    NOTICE = "notice"  # before a recording, or saying that there is none
    WORDS = "words"  # a menu, or closed: whatever a company says in its own words


class Made(StrEnum):
    SPOKEN = "spoken"  # rendered from the text
    UPLOADED = "uploaded"  # a recording of the company's own


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCallNotice:
    """A version to be saved. `country` and `sector` say by whose rules it is written; `recorded` whether it tells of a
    recording.

    `parts`: each element's own words. `text`: all that is spoken, with every part in it; empty: the parts in a row.
    `upload`: the company's own recording as WAV; then `confirmed` names the elements that somebody heard in it.
    """

    code: str
    language: str
    country: str
    sector: str = "general"
    recorded: bool = True
    parts: Mapping[NoticeElement, str] = field(default_factory=dict)
    text: str = ""
    upload: bytes | None = field(default=None, repr=False)
    confirmed: frozenset[NoticeElement] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWords:
    """Words of the company's own, such as those of a menu. As a notice, without elements."""

    code: str
    language: str
    text: str
    upload: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNotice:
    """A version as it is played. `version` names it for good, `number` counts those of its code and language."""

    version: int
    number: int
    kind: Kind
    code: str
    language: str
    country: str
    sector: str
    recorded: bool
    clips: Sequence[Path]
    parts: Mapping[NoticeElement, str]
    text: str
    milliseconds: int
    made: Made
    saved_at: datetime
    saved_by: int

    @property
    def elements(self) -> frozenset[NoticeElement]:
        return frozenset(self.parts)
