"""espeak-ng, an outside program under the GPL: run, never linked. Text in, samples out."""

import shutil
import subprocess
from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from trustdesk.kernel.errors import BadInputError, ConflictError

if TYPE_CHECKING:
    from trustdesk.announcements.sound import Samples

PROGRAM: Final = "espeak-ng"
VOICES: Final[Mapping[str, tuple[str, int]]] = {
    "en": ("en-gb", 155),
    "hu": ("hu", 165),
    "fi": ("fi", 165),
    "pl": ("pl", 160),
    "de": ("de", 155),
}
"""Voice and words a minute: slower than the program's own choice, somebody hears it once."""
LONGEST: Final = 4_000  # characters
_SECONDS: Final = 30
_HEAD: Final = 44  # octets of a WAV file before its sound, as the program writes it


def can_speak() -> bool:
    """Whether the program is there."""
    return shutil.which(PROGRAM) is not None


def spoken(text: str, language: str) -> "Samples":
    """The text at 8,000 samples a second, leveled, without silence around it.

    ConflictError where the program is missing or fails, BadInputError where the language has no voice or the text is
    empty or too long.
    """
    from trustdesk.announcements.sound import leveled, resampled, trimmed  # noqa: PLC0415 - numpy takes half a second: who opens no sound does not wait for it
    from trustdesk.announcements.wave import read_wave  # noqa: PLC0415

    if language not in VOICES:
        raise BadInputError(_("There is no such language."), place="language", mend=_("Use en, hu, fi, pl or de."))
    if not text.strip() or len(text) > LONGEST:
        raise BadInputError(_("The text is empty or too long to be spoken."), place="text")
    samples, rate = read_wave(_said(text, *VOICES[language]))
    return leveled(trimmed(resampled(samples, rate)))


def _said(text: str, voice: str, speed: int) -> bytes:
    program = shutil.which(PROGRAM)
    if program is None:
        raise ConflictError(
            _("The program that speaks texts is not installed."),
            place=PROGRAM,
            mend=_("Install espeak-ng (on Debian: apt install espeak-ng), or upload a recording of your own."),
        )
    order = [program, "-v", voice, "-s", str(speed), "-b", "1", "--stdin", "--stdout"]
    # Two brackets begin phonemes in espeak-ng: a text is a text.
    plain = text.replace("[[", "[ [").encode()
    try:
        done = subprocess.run(order, input=plain, capture_output=True, timeout=_SECONDS, check=True)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        raise _failed() from None
    if len(done.stdout) <= _HEAD:
        raise _failed()
    return _with_length(done.stdout)


def _failed() -> ConflictError:
    return ConflictError(
        _("The program that speaks texts failed."),
        place=PROGRAM,
        mend=_("Look whether `espeak-ng` speaks at all, or upload a recording of your own."),
    )


def _with_length(wave: bytes) -> bytes:
    """Into a pipe the program writes a length it can't know: put right, or the sound would seem to go on."""
    whole, sound = len(wave) - 8, len(wave) - _HEAD
    return b"".join(
        (wave[:4], whole.to_bytes(4, "little"), wave[8 : _HEAD - 4], sound.to_bytes(4, "little"), wave[_HEAD:])
    )
