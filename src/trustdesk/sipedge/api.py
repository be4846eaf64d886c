"""What the rest of the house may ask of the edge: to open a recording, and to speak on the link as it does."""

from trustdesk.sipedge.audio.laws import RATE, linear, octets
from trustdesk.sipedge.audio.reader import Chunk, Gap, SealedReader
from trustdesk.sipedge.audio.sealed import Mark, SealedWriter
from trustdesk.sipedge.audio.tones import level, pause_beep, tone
from trustdesk.sipedge.audio.wav import StereoWav
from trustdesk.sipedge.link.lines import LinkBrokenError, Vocabulary
from trustdesk.sipedge.link.sockets import connect, listen
from trustdesk.sipedge.link.swearing import demand, swear
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.link.vocabulary import EDGE
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.words.word import Word

__all__ = [
    "EDGE",
    "RATE",
    "Chunk",
    "Gap",
    "Law",
    "LinkBrokenError",
    "Mark",
    "SealedReader",
    "SealedWriter",
    "StereoWav",
    "Talk",
    "Vocabulary",
    "Word",
    "connect",
    "demand",
    "level",
    "linear",
    "listen",
    "octets",
    "pause_beep",
    "swear",
    "tone",
]
