"""What the edge and the process of the browsers say to each other: a JSON object a line, over a socket pair."""

from typing import Annotated, Final, Literal

from pydantic import Field, TypeAdapter

from trustdesk.sipedge.words.word import Word

LONGEST_LINE: Final = 1 << 18  # an offer has a quarter of that at most, and escapes


class Attach(Word):
    """Answered by `Answered` or `Refused` with the same number."""

    what: Literal["attach"] = "attach"
    number: int
    attachment: str
    offer: str
    path: str  # of the media's datagram socket
    ports: tuple[int, int]
    advertised: str = ""
    stun: tuple[str, ...] = ()
    turn: tuple[tuple[str, str, str], ...] = ()


class Redirect(Word):
    """From now on the audio of this attachment is that of another leg of the media."""

    what: Literal["redirect"] = "redirect"
    number: int
    attachment: str
    path: str


class Detach(Word):
    what: Literal["detach"] = "detach"
    number: int
    attachment: str


class Answered(Word):
    """It was done. Only an attached leg has an SDP."""

    what: Literal["answered"] = "answered"
    number: int
    sdp: str = ""
    law: int = 0
    keys_type: int | None = None


class Refused(Word):
    """It was not. `code` is that of the error, of which nothing else crosses."""

    what: Literal["refused"] = "refused"
    number: int
    code: str
    message: str
    place: str = ""
    mend: str = ""


class State(Word):
    what: Literal["state"] = "state"
    attachment: str
    state: Literal["open", "gone"]


ASKED: Final[TypeAdapter[Attach | Redirect | Detach]] = TypeAdapter(
    Annotated[Attach | Redirect | Detach, Field(discriminator="what")]
)
SAID: Final[TypeAdapter[Answered | Refused | State]] = TypeAdapter(
    Annotated[Answered | Refused | State, Field(discriminator="what")]
)


def line(word: Word) -> bytes:
    return word.model_dump_json().encode() + b"\n"
