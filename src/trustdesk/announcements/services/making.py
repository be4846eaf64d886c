"""From a text or an upload to the sound that is played."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from trustdesk.announcements.contracts import LONGEST_MS, MOST_UPLOADED, SHORTEST_MS, Made
from trustdesk.announcements.speech import spoken
from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.api import RATE

if TYPE_CHECKING:
    from trustdesk.announcements.sound import Samples

_QUIETEST: Final = -45.0  # decibels: louder made, its noise would be louder than telephones are used to
_CLIPPED: Final = 0.001
_WORDS_SHORTEST_MS: Final = 300


def made_sound(text: str, language: str, upload: bytes | None, *, notice: bool) -> tuple[bytes, Made]:
    """A-law of the upload, or of the text as espeak-ng speaks it. BadInputError where it can't be played."""
    from trustdesk.announcements.sound import to_alaw  # noqa: PLC0415 - numpy takes half a second: who opens no sound does not wait for it

    if upload is None:
        samples, made = spoken(text, language), Made.SPOKEN
    else:
        samples, made = _uploaded(upload), Made.UPLOADED
    length = len(samples) * 1000 // RATE
    shortest = SHORTEST_MS if notice else _WORDS_SHORTEST_MS
    if length < shortest or length > LONGEST_MS:
        raise BadInputError(
            _("This lasts %(seconds)s seconds.") % {"seconds": round(length / 1000, 1)},
            place="upload" if upload is not None else "text",
            mend=_("It may last from %(shortest)s to %(longest)s seconds.")
            % {"shortest": shortest / 1000, "longest": LONGEST_MS // 1000},
        )
    return to_alaw(samples), made


def _uploaded(content: bytes) -> "Samples":
    from trustdesk.announcements.sound import leveled, loudness, resampled, trimmed  # noqa: PLC0415
    from trustdesk.announcements.wave import read_wave  # noqa: PLC0415

    if len(content) > MOST_UPLOADED:
        raise BadInputError(_("The file is too large."), place="upload", mend=_("Two minutes are enough."))
    samples, rate = read_wave(content)
    sound = trimmed(resampled(samples, rate))
    heard = loudness(sound)
    if not len(sound) or heard.spoken < _QUIETEST:
        raise BadInputError(
            _("The recording is too quiet."), place="upload", mend=_("Record it again, nearer to the microphone.")
        )
    if loudness(samples).clipped > _CLIPPED:
        raise BadInputError(
            _("The recording is too loud: its peaks are cut off."),
            place="upload",
            mend=_("Record it again, with the level turned down."),
        )
    return leveled(sound)
