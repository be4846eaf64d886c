"""What others may ask of announcements: prompts of the product, and call notices of a company, version by version.

No notice, no recording: `notice` answers None where there is none, and then nothing may be recorded. Law: GDPR Art. 5,
12, 13, 21(4); what each country adds stands in its rule pack. Errors are those of `kernel.errors`; `now` is an aware
instant. Sound is raw A-law, 8,000 octets a second (ITU-T G.711).
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from trustdesk.announcements import prompts as _prompts
from trustdesk.announcements import selectors as _selectors
from trustdesk.announcements import speech as _speech
from trustdesk.announcements import texts as _texts
from trustdesk.announcements.contracts import CallNotice, Kind, NewCallNotice, NewWords
from trustdesk.announcements.services import making as _making
from trustdesk.announcements.services import saving as _saving
from trustdesk.decision.api import Keep, NoticeElement, RecordingRule
from trustdesk.kernel.context import AccessContext

__all__ = [
    "can_speak",
    "digits",
    "keep_words",
    "missing",
    "needed",
    "notice",
    "notices",
    "preview",
    "prompt",
    "prompt_names",
    "save_notice",
    "save_words",
    "spoken_number",
    "standard_parts",
    "version",
    "versions",
    "wave_of",
    "words",
]


def prompt(language: str, name: str) -> Path:
    """The file of a prompt that comes with the product. NotFoundError where there is none of this name and language.

    `beep`, `chime`, `hold` (music that loops) and `pause` are the same in every language.
    """
    return _prompts.prompt(language, name)


def prompt_names() -> Sequence[str]:
    """The names of all prompts and sounds, numbers left out."""
    return sorted([*_texts.prompt_texts(), *_prompts.SOUNDS])


def digits(language: str, text: str) -> list[Path]:
    """The clips of a row of digits, such as a reference: in groups of three, with a pause between two groups."""
    return _prompts.digits(language, text)


def spoken_number(language: str, n: int) -> list[Path]:
    """The clips of a number from nought on: up to twenty and whole tens up to sixty as words, others digit by digit.

    ValueError where it is negative.
    """
    return list(_prompts.spoken_number(language, n))


def save_notice(context: AccessContext, *, new: NewCallNotice, now: datetime) -> int:
    """Save a new version of a call notice and render it; its `version`. From now on this one is played. Needs
    `telephony:manage`.

    BadInputError where an element that the rules ask for is missing, or is not in the text that is spoken, where an
    upload is not confirmed part by part, or is too short, too long, too quiet, too loud or no WAV file. ConflictError
    where the text can't be spoken because espeak-ng is missing.
    """
    return _saving.save_notice(context, new=new, now=now)


def save_words(context: AccessContext, *, new: NewWords, now: datetime) -> int:
    """Save and render words of the company's own, such as a menu's. Needs `telephony:manage`; errors as above."""
    return _saving.save_words(context, new=new, now=now)


def notice(context: AccessContext, code: str, language: str, *, now: datetime | None = None) -> CallNotice | None:
    """The version that is played now; None where there is none: then nothing is recorded.

    The newest counts at once, whatever `now`: an older one is found by its `version`.
    """
    del now
    return _selectors.notice(context, code, language)


def words(context: AccessContext, code: str, language: str) -> CallNotice | None:
    """The newest words of this code and language; None where there are none."""
    return _selectors.words(context, code, language)


def notices(context: AccessContext, *, kind: Kind = Kind.NOTICE) -> Sequence[CallNotice]:
    """The versions that are played now, by code and language. Needs `telephony:read`."""
    return _selectors.notices(context, kind=kind)


def versions(context: AccessContext, code: str, language: str, *, kind: Kind = Kind.NOTICE) -> Sequence[CallNotice]:
    """All versions of a code and language, the newest first. Needs `telephony:read`."""
    return _selectors.versions(context, code, language, kind=kind)


def version(context: AccessContext, version_id: int) -> CallNotice:
    """One version, also an old one: what somebody heard then. NotFoundError where the company has none of this id."""
    return _selectors.version(context, version_id)


def wave_of(context: AccessContext, version_id: int) -> bytes:
    """A version's sound as a WAV file that browsers play. Needs `telephony:read`."""
    return _selectors.wave_of(context, version_id)


def missing(held: CallNotice, rule: RecordingRule) -> tuple[NoticeElement, ...]:
    """What the rule asks for and the notice does not say. With anything in it nothing may be recorded."""
    return _selectors.missing(held, rule)


def needed(rule: RecordingRule) -> tuple[NoticeElement, ...]:
    """The elements of a notice under this rule, in the order in which they are said."""
    return _texts.needed(rule)


def standard_parts(rule: RecordingRule, language: str, company: str) -> dict[NoticeElement, str]:
    """Words to begin a notice with, element by element. The company corrects what does not fit."""
    return _texts.standard_parts(rule, language, company)


def keep_words(keep: Keep, language: str) -> str:
    """A time in words: `90 days`, `5 lat`."""
    return _texts.keep_words(keep, language)


def can_speak() -> bool:
    """Whether texts can be rendered here; uploads always can."""
    return _speech.can_speak()


def preview(language: str, text: str) -> bytes:
    """The text as it would sound, as a WAV file. Errors as those of `save_notice`; nothing is saved."""
    from trustdesk.announcements.wave import write_wave  # noqa: PLC0415 - numpy takes half a second: who opens no sound does not wait for it

    return write_wave(_making.made_sound(text, language, None, notice=False)[0])
