"""What the edge asks the switchboard, and what it is answered."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from trustdesk.sipedge.words.word import Word


class PlanFor(Word):
    """A call came in on a trunk for a number. `caller` is what the network said (it can be forged), or empty."""

    what: Literal["plan"] = "plan"
    trunk: int
    number: str
    caller: str
    at: datetime


class LookUp(Word):
    """Digits of a reference were typed in this call."""

    what: Literal["look-up"] = "look-up"
    call: int
    digits: str


class KeyFor(Word):
    """A leg may be recorded from now on: its own key is asked for. `heard` is the version that was played to its
    end on this leg, at `heard_at`; `consent_key` the key pressed, empty where the terms want none.
    """

    what: Literal["key"] = "key"
    call: int
    leg: str
    role: Literal["customer", "agent", "third"]
    operator: int = 0
    heard: int
    heard_at: datetime
    consent_key: str = ""


class Sworn(Word):
    """The first words of a connection: a number, and the proof of the other side's number."""

    what: Literal["sworn"] = "sworn"
    side: Literal["edge", "switchboard", "house"]  # house: web, worker
    nonce: str
    proof: str = ""


class Found(Word):
    """The reference is of a case: say the clips, then wait in its queue."""

    kind: Literal["found"] = "found"
    queue: str
    clips: tuple[str, ...] = ()


class NotFound(Word):
    """No case, a wrong check digit, or too many tries: the caller hears the clips and goes on as before."""

    kind: Literal["not-found"] = "not-found"
    clips: tuple[str, ...]


class Key(Word):
    """The key of one leg's recording, and the empty private file it goes to. It lives in memory for the call only."""

    recording: int
    key: str  # hexadecimal, 32 bytes
    bound: str  # what every chunk is bound to, with its number
    path: str


class Done(Word):
    """It was done. `text` is the SDP answer of an attachment, the leg's name of whatever was rung or dialled."""

    text: str = ""


class Refusal(Word):
    """It can't be done. `status` is the SIP status the caller is given where there is no plan."""

    reason: str
    status: int = 0


Ask = Annotated[PlanFor | LookUp | KeyFor, Field(discriminator="what")]
