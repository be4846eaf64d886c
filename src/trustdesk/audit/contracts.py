"""What leaves the log: frozen values, opened only for whoever may read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

INSTALLATION = 0
"""The controller id of the installation's own log: accounts, sign-ins, upgrades, the controllers' checkpoints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """One entry, opened. `index` is its place in the tree, None while it waits for the sequencer.

    `opened` is false where the month's key is destroyed: then only number, time and kind are left.
    """

    id: int
    index: int | None
    at: datetime
    kind: str
    opened: bool
    what: str = ""
    operator_id: int | None = None
    mandate_id: int | None = None
    purpose: str = ""
    subjects: tuple[int, ...] = ()
    subject_count: int = 0
    fields: tuple[str, ...] = ()
    reason: str = ""
    detail: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VerificationState:
    """How far the log is numbered, signed, handed out and checked. Sizes count entries from the first one on."""

    controller_id: int
    size: int
    waiting: int
    signed_size: int
    signed_at: datetime | None
    handed_out_size: int
    handed_out_at: datetime | None
    checked_size: int
    checked_at: datetime | None
    first_bad: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSummary:
    """What `export` wrote: the file, how many entries, and the origin their checkpoints name."""

    path: Path
    entries: int
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InclusionProof:
    """That one entry stands in the tree under a signed checkpoint (RFC 9162, 2.1.3). Hashes are 32 bytes."""

    index: int
    size: int
    leaf: bytes
    path: tuple[bytes, ...]
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """The line of an entry as the tree commits to it, and where it stands in the tree."""

    line: bytes
    proof: InclusionProof
