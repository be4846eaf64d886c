"""What the edge tells the switchboard."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from trustdesk.sipedge.words.word import Word


class Happened(StrEnum):
    """What can happen in a call. In brackets: which fields of `Told` it fills."""

    ANSWERED = "answered"  # we answered the caller, or somebody answered us [leg, number]
    KEY_PRESSED = "key-pressed"  # in a menu [digits]
    NOTICE_HEARD = "notice-heard"  # to its end [leg, version]
    REFERENCE_SAID = "reference-said"
    CONSENT = "consent"  # [digits: the key, empty for silence]
    QUEUED = "queued"  # [queue]
    CALLBACK_ASKED = "callback-asked"
    RINGING = "ringing"  # somebody of ours, or whom we called [leg]
    NOT_ANSWERED = "not-answered"  # [leg, reason, status]
    JOINED = "joined"  # speaks now with the others [leg, operator]
    LEFT = "left"  # [leg, reason]
    HELD = "held"
    RESUMED = "resumed"
    RECORDING = "recording"  # audio of this leg is stored from here on [leg, recording]
    PAUSED = "paused"
    UNPAUSED = "unpaused"
    RECORDED = "recorded"  # the file is closed [leg, recording, chunks, head, milliseconds, reason]
    NOT_RECORDED = "not-recorded"  # and why, as a word [leg, reason]
    SILENT = "silent"  # a leg sends nothing [leg, milliseconds]
    OVERHEARING_ENDED = "overhearing-ended"  # a supervisor listens no more [operator]
    ENDED = "ended"  # the last one left [reason, status]


APOLOGY = "apology"
"""The reason of an end: the plan came too late, and the caller has heard that nobody can be reached."""


class Told(Word):
    """One thing that happened, in order within a call: `nth` is its place in the call's story, from 1. It is told again
    at every connection until the call's end is written; what has no place (0) is told once.
    """

    what: Literal["happened"] = "happened"
    happened: Happened
    call: int
    at: datetime
    leg: str = ""
    role: str = ""
    operator: int = 0
    number: str = ""
    digits: str = ""
    version: int = 0
    queue: str = ""
    recording: int = 0
    chunks: int = 0
    head: str = ""
    milliseconds: int = 0
    reason: str = ""
    status: int = 0
    nth: int = 0


class Registered(Word):
    """Phones that are reachable, attachments that are open, trunks that answer: all of them, at every change."""

    what: Literal["reachable"] = "reachable"
    phones: tuple[str, ...]
    attachments: tuple[str, ...]
    trunks: tuple[int, ...]


class CallNow(Word):
    """One call as it stands, for a switchboard that has just begun. `outsiders` speak with us and are not the caller;
    `overhearing` are operators who listen in.
    """

    call: int
    controller: int
    since: datetime
    place: Literal["plan", "waiting", "ringing", "talking", "held", "alone"]
    queue: str = ""
    operators: tuple[int, ...] = ()
    outsiders: int = 0
    overhearing: tuple[int, ...] = ()
    recordings: tuple[int, ...] = ()
    paused: bool = False


class Snapshot(Word):
    """All that the edge knows, at every connection, after the stories of its calls."""

    what: Literal["snapshot"] = "snapshot"
    calls: tuple[CallNow, ...]
    reachable: Registered


Tell = Annotated[Told | Registered | Snapshot, Field(discriminator="what")]
