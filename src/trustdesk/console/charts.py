"""Small drawings, made on the server; the table stands beneath each."""

from collections.abc import Sequence
from dataclasses import dataclass

from trustdesk.updates.contracts import Band

SIDE = 200
_SMALLEST, _LARGEST = 3.0, 9.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A band: where it lies, and how large by how many decisions. As SVG takes numbers, whatever the language."""

    across: str
    down: str
    radius: str


def reliability(bands: Sequence[Band]) -> list[Dot]:
    """What was said across, what was found upwards, in a square of 200: on the diagonal both are the same."""
    most = max((band.count for band in bands), default=1)
    return [
        Dot(
            across=f"{band.said * SIDE:.1f}",
            down=f"{(1 - band.found) * SIDE:.1f}",
            radius=f"{_SMALLEST + (_LARGEST - _SMALLEST) * (band.count / most) ** 0.5:.1f}",
        )
        for band in bands
    ]
