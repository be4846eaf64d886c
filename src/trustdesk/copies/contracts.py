"""Frozen values that cross the door of copies. None of them holds anything of what a copy says."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Kind(StrEnum):
    """What a copy is for, and so what is in it."""

    ACCESS = "access"  # GDPR Art. 15(1)-(3): everything, with what the law wants said about it
    PORTABILITY = "portability"  # GDPR Art. 20: what the person provided, machine-readable


class State(StrEnum):
    ORDERED = "ordered"
    MAKING = "making"
    READY = "ready"
    FAILED = "failed"  # `reason` says why; it may be ordered again
    DESTROYED = "destroyed"  # its time is over, or somebody ended it: key and file are gone


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyView:
    """One copy, from its order to its end. `progress` is of 1; `reason` a word of ours where it failed or was not sent.

    `ordered_by` is an operator's id, 0 where the customer or a request asked. `sha256` is of the whole file.
    """

    copy_id: int
    customer_id: int
    kind: Kind
    language: str
    state: State
    progress: float
    reason: str
    ordered_at: datetime
    ordered_by: int
    made_at: datetime | None
    expires_at: datetime | None
    size: int
    sha256: str
    masked: int  # places where other people's data were blacked out
    sent_at: datetime | None
    missing: Sequence[str]  # connected systems that did not answer; what they hold follows in another copy
    downloads: int
    downloaded_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """The file as it leaves: its name says nothing of the person."""

    name: str
    media_type: str
    size: int
    pieces: Iterator[bytes] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Part:
    """One kind of thing in a copy: what a capability handed out, other people's data blacked out. `system` names the
    connected system that it is from.
    """

    capability: str
    kind: str
    rows: list[Mapping[str, object]] = field(repr=False)
    system: str = ""


@dataclass(frozen=True, slots=True)
class HeldFile:
    """One file of a copy as a connected system handed it out: a mail, an object, an answer."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Topic:
    """One thing that the law wants said with a copy."""

    title: str
    paragraphs: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """Everything that a copy says, ready to be written in each of its forms."""

    kind: Kind
    language: str
    company: str
    controller_id: int
    zone: ZoneInfo
    customers: Sequence[str]  # public ids: all who are shown as one
    made_at: datetime
    topics: Sequence[Topic]
    parts: Sequence[Part] = field(repr=False)
    purposes: Mapping[str, str]  # the company's declared purposes, by code, in this language
    masked: int
    files: Sequence[HeldFile] = field(default=(), repr=False)
    missing: Sequence[str] = ()  # connected systems that did not answer
