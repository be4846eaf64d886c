"""What the rest of the house may ask of the edge: to open a recording. Everything else is said on the link."""

from trustdesk.sipedge.audio.laws import RATE, linear, octets
from trustdesk.sipedge.audio.reader import Chunk, Gap, SealedReader
from trustdesk.sipedge.audio.sealed import Mark, SealedWriter
from trustdesk.sipedge.audio.tones import level, pause_beep, tone
from trustdesk.sipedge.audio.wav import StereoWav
from trustdesk.sipedge.media.contracts import Law

__all__ = [
    "RATE",
    "Chunk",
    "Gap",
    "Law",
    "Mark",
    "SealedReader",
    "SealedWriter",
    "StereoWav",
    "level",
    "linear",
    "octets",
    "pause_beep",
    "tone",
]
