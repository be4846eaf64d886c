"""The verbs as words of JSON: read, done, answered. `client.py` says them.

A word is {"id", "verb", its fields}; the answer is {"id", "done"} or {"id", "error": kind, "message"}. An event is
{"event": {the fields of `MediaEvent`}}.
"""

import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from trustdesk.sipedge.media.contracts import Far, Law, Place, Sealing
from trustdesk.sipedge.media.line import Line
from trustdesk.sipedge.media.loop import Loop
from trustdesk.sipedge.media.ports import Ports
from trustdesk.sipedge.media.studio import Studio

ERRORS: Final[dict[str, type[Exception]]] = {"lookup": LookupError, "value": ValueError, "os": OSError}


class Verbs:
    """Listens on the line for a studio and its loop."""

    def __init__(self, line: Line, studio: Studio, loop: Loop) -> None:
        self._line, self._studio, self._loop = line, studio, loop
        self._verbs: dict[str, Callable[[dict[str, Any], float], Any]] = {
            "move": lambda word, _now: studio.move(Ports(word["address"], word["first"], word["last"])),
            "open_leg": self._open,
            "set_far": self._set_far,
            "join": lambda word, now: studio.join(word["legs"], word["listeners"], now),
            "part": lambda word, now: studio.part(word["leg"], now),
            "play": lambda word, now: studio.play(word["leg"], _paths(word["clips"]), loop=word["loop"], now=now),
            "stop": lambda word, now: studio.stop(word["leg"], now),
            "mute": lambda word, now: studio.mute(word["leg"], on=word["on"], now=now),
            "send_digits": lambda word, now: studio.send_digits(word["leg"], word["digits"], now),
            "record": lambda word, now: studio.record(word["leg"], _sealing(word["sealing"]), now),
            "pause": lambda word, now: studio.pause(word["leg"], on=True, now=now),
            "unpause": lambda word, now: studio.pause(word["leg"], on=False, now=now),
            "end_recording": lambda word, now: studio.end_recording(word["leg"], now),
            "close_leg": self._close,
        }
        loop.watch_other(line.fileno(), self._hear)

    def _hear(self, _now: float) -> None:
        for word in self._line.words():
            self._line.say({"id": word["id"], **self._answer(word)})
        if self._line.gone:
            self._loop.going = False

    def _answer(self, word: dict[str, Any]) -> dict[str, Any]:
        try:
            return {"done": self._verbs[word["verb"]](word, time.monotonic())}
        except LookupError as error:
            return {"error": "lookup", "message": str(error)}
        except ValueError as error:
            return {"error": "value", "message": str(error)}
        except OSError as error:
            return {"error": "os", "message": error.strerror or str(error)}

    def _open(self, word: dict[str, Any], now: float) -> dict[str, Any]:
        leg = self._studio.open(word["leg"], call=word["call"], law=Law(word["law"]), local=word["local"], now=now)
        self._loop.watch(leg)
        return asdict(leg.place)

    def _set_far(self, word: dict[str, Any], now: float) -> None:
        said = word["far"]
        far = Far(**{**said, "place": Place(**said["place"]), "law": Law(said["law"])})
        self._studio.set_far(word["leg"], far, now)
        self._loop.learn_again(self._studio.leg(word["leg"]))

    def _close(self, word: dict[str, Any], now: float) -> dict[str, Any]:
        self._loop.forget(self._studio.leg(word["leg"]))
        return asdict(self._studio.close(word["leg"], now))


def _paths(clips: list[str]) -> list[Path]:
    return [Path(clip) for clip in clips]


def _sealing(said: dict[str, Any]) -> Sealing:
    return Sealing(
        recording=said["recording"], key=bytes.fromhex(said["key"]), bound=said["bound"], path=Path(said["path"])
    )
