"""The prompts that come with the product: raw A-law files, rendered once by `scripts/prompts.py`."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Final

from trustdesk.announcements.texts import LANGUAGES
from trustdesk.kernel.errors import NotFoundError

FOLDER: Final = Path(__file__).with_name("prompts")
ANY: Final = "any"
"""The folder of what needs no language."""
SOUNDS: Final = ("beep", "chime", "hold", "pause")
NUMBERS: Final = (*range(21), 30, 40, 50, 60)
"""Numbers that are words of their own; others are said digit by digit."""
_GROUP: Final = 3


@cache
def prompt(language: str, name: str) -> Path:
    """The file of a prompt or sound. NotFoundError where there is none of this name and language.

    They come with the product: what was found once is there as long as the process lives.
    """
    folder = ANY if name in SOUNDS else language
    path = FOLDER / folder / f"{name}.alaw"
    if folder not in (*LANGUAGES, ANY) or "/" in name or not path.is_file():
        raise NotFoundError("There is no such prompt.", place=f"{language}: {name}", mend="scripts/prompts.py")
    return path


def digits(language: str, text: str) -> list[Path]:
    """The clips of a row of digits, in groups of three with a pause after each but the last; all else is left out."""
    kept = [letter for letter in text if letter in "0123456789"]
    clips: list[Path] = []
    for first in range(0, len(kept), _GROUP):
        if clips:
            clips.append(prompt(language, "pause"))
        clips += [prompt(language, letter) for letter in kept[first : first + _GROUP]]
    return clips


def spoken_number(language: str, number: int) -> Sequence[Path]:
    """The clips of a number that is not negative: as a word where it is one of `NUMBERS`, else digit by digit."""
    if number < 0:
        msg = "only numbers from nought on are said"
        raise ValueError(msg)
    if number in NUMBERS:
        return [prompt(language, str(number))]
    return [prompt(language, letter) for letter in str(number)]
