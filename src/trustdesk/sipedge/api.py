"""What the rest of the house may ask of the edge: to open a recording, to speak on the link as it does, and which STUN
and TURN servers it can speak to.
"""

from typing import TYPE_CHECKING

from trustdesk.sipedge.audio.disk import disk_word
from trustdesk.sipedge.audio.reader import Chunk, Gap, SealedReader
from trustdesk.sipedge.audio.sealed import Mark, SealedWriter
from trustdesk.sipedge.audio.wav import StereoWav
from trustdesk.sipedge.link.lines import LinkBrokenError, Vocabulary
from trustdesk.sipedge.link.sockets import connect, listen
from trustdesk.sipedge.link.swearing import demand, swear
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.link.vocabulary import EDGE
from trustdesk.sipedge.media.contracts import RATE, Law
from trustdesk.sipedge.webrtc.servers import SHARED_SECRET, Unspoken, UnspokenError, read_server, relay_login
from trustdesk.sipedge.words.word import Word

if TYPE_CHECKING:
    from trustdesk.sipedge.audio.laws import linear, octets
    from trustdesk.sipedge.audio.tones import level, pause_beep, tone

__all__ = [
    "EDGE",
    "RATE",
    "SHARED_SECRET",
    "Chunk",
    "Gap",
    "Law",
    "LinkBrokenError",
    "Mark",
    "SealedReader",
    "SealedWriter",
    "StereoWav",
    "Talk",
    "Unspoken",
    "UnspokenError",
    "Vocabulary",
    "Word",
    "connect",
    "demand",
    "disk_word",
    "level",
    "linear",
    "listen",
    "octets",
    "pause_beep",
    "read_server",
    "relay_login",
    "swear",
    "tone",
]

if not TYPE_CHECKING:  # else any name would be one for the type checker

    def __getattr__(name: str) -> object:
        """Sound comes when it is asked for (PEP 562): numpy is slow to load, and not needed on the link."""
        if name in {"linear", "octets"}:
            from trustdesk.sipedge.audio import laws  # noqa: PLC0415

            return getattr(laws, name)
        if name in {"level", "pause_beep", "tone"}:
            from trustdesk.sipedge.audio import tones  # noqa: PLC0415

            return getattr(tones, name)
        msg = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(msg)
