"""Frozen values that cross the door of proof. Only `HitView.place` and `.context` hold anything of a person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from trustdesk.proof.documents import MEDIA_TYPE
from trustdesk.proof.verifier import AGREES, ALTERED, NOT_YOURS, SELF_CONSISTENT, UNREADABLE, Report

__all__ = [
    "AGREES",
    "ALTERED",
    "MEDIA_TYPE",
    "NOT_YOURS",
    "SEARCH",
    "SELF_CONSISTENT",
    "UNREADABLE",
    "CertificateView",
    "Coverage",
    "HandOut",
    "HitState",
    "HitView",
    "PartKind",
    "PartState",
    "PartView",
    "Report",
    "SearchState",
    "SearchView",
]

SEARCH = "proof"
"""What open pages are told of (`live`)."""


class SearchState(StrEnum):
    """Where the proof of one erasure stands."""

    PREPARED = "prepared"  # what is looked for is sealed; nothing is erased yet
    SCANNING = "scanning"
    DECIDING = "deciding"  # everything is read, and somebody decides about what was found
    DECIDED = "decided"
    PROVED = "proved"  # the certificate is issued, and the key of what was looked for destroyed


class PartKind(StrEnum):
    """What is looked through."""

    TABLE = "table"
    SEALED = "sealed"  # sealed texts about others, opened where the person's words or numbers lead
    STORE = "store"  # a folder of files


class PartState(StrEnum):
    WAITING = "waiting"
    READING = "reading"
    READ = "read"


class HitState(StrEnum):
    """What became of something that was found."""

    OPEN = "open"
    CLEARED = "cleared"  # it was removed, and is not found there any more
    JUSTIFIED = "justified"  # it may stay: a reason, and the law


@dataclass(frozen=True, slots=True)
class PartView:
    """One part of a round: a table, a folder, others' notes. `unread` counts what could not be read, by its reason."""

    kind: PartKind
    name: str
    state: PartState
    columns: int
    rows: int
    files: int
    size: int  # bytes
    milliseconds: int
    unread: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a search has reached, added up. `size` is bytes of text and files that were read."""

    tables: int
    columns: int
    rows: int
    sealed: int
    files: int
    size: int
    unread: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchView:
    """The proof of one erasure as it stands. `hits` counts what was found, by what became of it."""

    plan_id: int
    state: SearchState
    variants: int
    prepared_at: datetime
    handed_out_at: datetime | None
    systems: Sequence[Mapping[str, object]]  # connected systems that were erased in, as the certificate says it
    began_at: datetime | None
    ended_at: datetime | None
    milliseconds: int  # spent reading, which is not spent erasing
    parts: Sequence[PartView]
    coverage: Coverage
    hits: Mapping[HitState, int]

    @property
    def parts_read(self) -> int:
        return sum(part.state is PartState.READ for part in self.parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """Something that was found. `what` names a table or folder of ours; `place` and `context` may name the
    person: they are for the screen of who decides, and gone with the certificate.
    """

    hit_id: int
    plan_id: int
    kind: PartKind
    what: str
    state: HitState
    found_at: datetime
    decided_at: datetime | None
    decided_by: int | None
    reason: str
    law: str
    place: str | None = field(default=None, repr=False)
    context: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateView:
    """A certificate. `document` is the file that `verify` takes; `in_log`, whether it holds the log's proof already."""

    plan_id: int
    number: str
    issued_at: datetime
    backup_free_from: date
    in_log: bool
    document: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class HandOut:
    """What the person is given once and nobody keeps: the code to check the certificate with, and the secret of a link
    to it.
    """

    code: str = field(repr=False)
    token: str = field(repr=False)
