"""Words on a local socket: one JSON object a line, in an envelope that names the word and says what it answers.

    {"kind": "ask", "number": 7, "name": "PlanFor", "word": {…}}

An ask is answered under its number; whatever is told is not answered.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

import orjson
from pydantic import ValidationError

from trustdesk.sipedge.words.word import Word

LONGEST = 4 * 1_048_576  # a snapshot of ten thousand calls is two


class Kind(StrEnum):
    ASK = "ask"
    ANSWER = "answer"
    TELL = "tell"


class LinkBrokenError(ConnectionError):
    """The other side is gone, or said what nobody can read: the connection is of no more use."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was read."""

    kind: Kind
    number: int
    word: Word


class Vocabulary:
    """The words that may be said on a connection, by their names. What is not among them is not read."""

    def __init__(self, words: Iterable[type[Word]]) -> None:
        self._words = {word.__name__: word for word in words}

    def write(self, line: Line) -> bytes:
        """The line with its end."""
        envelope = {
            "kind": line.kind,
            "number": line.number,
            "name": type(line.word).__name__,
            "word": line.word.model_dump(mode="json"),
        }
        return orjson.dumps(envelope) + b"\n"

    def read(self, raw: bytes) -> Line:
        """LinkBrokenError where it is not a line of ours. What was in it is not repeated: it may hold a number."""
        try:
            envelope = orjson.loads(raw)
            word = self._words[envelope["name"]].model_validate(envelope["word"])
            return Line(Kind(envelope["kind"]), int(envelope["number"]), word)
        except (ValidationError, KeyError, TypeError, ValueError):
            raise LinkBrokenError("a line on the link can't be read") from None


async def next_line(reader: asyncio.StreamReader, vocabulary: Vocabulary) -> Line:
    """The next line; LinkBrokenError at the end of the connection, and where it is too long or not ours."""
    try:
        raw = await reader.readline()
    except ValueError:  # longer than the reader's limit
        raise LinkBrokenError("a line on the link is too long") from None
    except OSError:
        raise LinkBrokenError("the link is broken") from None
    if not raw.endswith(b"\n"):
        raise LinkBrokenError("the link has ended")
    return vocabulary.read(raw)
