"""The plan of a call: what the edge does by itself, step by step, until somebody speaks with the caller."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from trustdesk.sipedge.words.word import Word


class Mode(StrEnum):
    """Whether a call is recorded, by the rule of the number's country and sector."""

    OFF = "off"
    NOTICE = "notice"  # whoever heard the notice is recorded
    CONSENT = "consent"  # and pressed the key of agreement
    ALL_PARTY = "all-party"  # and whoever answers has agreed for good (StGB § 201)
    MANDATORY = "mandatory"  # the law wants it: nobody is asked; not recorded means the call ends


class Menu(Word):
    """Keys before anything else. `choices` maps a key to a queue; who presses nothing comes to `otherwise`."""

    kind: Literal["menu"] = "menu"
    clips: tuple[str, ...]
    choices: dict[str, str]
    otherwise: str
    wait_seconds: float = 8.0


class Notice(Word):
    """The notice of recording, in one version. Heard means: played to its end on that leg."""

    kind: Literal["notice"] = "notice"
    version: int
    clips: tuple[str, ...]


class SayReference(Word):
    """The reference in groups; the star key says it again."""

    kind: Literal["reference"] = "reference"
    clips: tuple[str, ...]
    repeat_key: str = "*"


class AskConsent(Word):
    """Silence, and any other key, is no consent: after `times` the call goes on unrecorded."""

    kind: Literal["consent"] = "consent"
    clips: tuple[str, ...]
    agree_key: str = "1"
    refuse_key: str = "2"
    times: int = 2
    wait_seconds: float = 6.0


class Wait(Word):
    """In the queue, until the switchboard connects somebody. `queue` is what the menu or a reference did not change."""

    kind: Literal["wait"] = "wait"
    queue: str
    music: tuple[str, ...]
    callback_key: str = ""  # pressing it asks the switchboard for a callback; empty: none is offered


class Farewell(Word):
    """The last words: closed, or nobody is there. Then the edge hangs up."""

    kind: Literal["farewell"] = "farewell"
    clips: tuple[str, ...]


Step = Annotated[Menu | Notice | SayReference | AskConsent | Wait | Farewell, Field(discriminator="kind")]


class Terms(Word):
    """What the edge must keep to while it records."""

    mode: Mode
    beep: str = ""  # what both hear while it is paused, and every `beep_seconds` again
    beep_seconds: float = 10.0
    lost: tuple[str, ...] = ()  # what the caller is told where recording is mandatory and fails


class Plan(Word):
    """What is to be done with one call. `reference_length` digits typed in a row are a reference."""

    call: int
    controller: int
    language: str
    steps: tuple[Step, ...]
    terms: Terms
    reference_length: int = 12
    most_seconds: int = 14_400
