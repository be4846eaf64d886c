"""What the switchboard asks of telephony, announcements, recordings and conversations, as facts for its own rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.announcements import api as announcements
from trustdesk.clearance.api import packs
from trustdesk.decision.api import NoticeElement, recording_rule
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.sipedge.contracts import Menu, Mode, Notice
from trustdesk.switchboard.running.facts import Clips, QueueFacts
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import CALLBACK_KEY, MenuView, NumberView, QueueView, RecordingTerms

LANGUAGES = ("en", "hu", "fi", "pl", "de")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A number as calls are begun on it: whose rules hold, and what is heard. `person_key`: whether a key of the menu
    leads to a human at once.
    """

    number: NumberView
    queue: QueueView
    terms: RecordingTerms
    answer_within: int | None
    menu: Menu | None
    person_key: bool
    closed: Clips

    @property
    def mode(self) -> Mode:
        return Mode(str(self.terms.mode))

    @property
    def notice(self) -> Notice | None:
        """What is played. One that tells that nothing is recorded is played too, and nothing is."""
        held = self.terms.notice
        if held is None or (self.mode is Mode.OFF and held.recorded):
            return None
        return Notice(version=held.version, clips=tuple(str(clip) for clip in held.clips))


def line(context: AccessContext, number: NumberView, *, now: datetime) -> Line:
    """All that a plan needs to know of a number. NotFoundError where its queue is gone."""
    queue = telephony.queue(context, number.queue)
    terms = telephony.recording_terms(context, number, now=now)
    menu, person_key = _menu_of(context, number)
    return Line(
        number=number,
        queue=queue,
        terms=terms,
        answer_within=terms.rule.answer_within_seconds or telephony.alarm_after(queue, terms.rule),
        menu=menu,
        person_key=person_key,
        closed=_closed_words(context, queue, number.language),
    )


def _menu_of(context: AccessContext, number: NumberView) -> tuple[Menu | None, bool]:
    """The number's menu as it is said, and whether one of its keys leads to a human at once."""
    if not number.menu:
        return None, False
    try:
        held = telephony.menu(context, number.menu)
    except NotFoundError:
        return None, False
    clips = _menu_clips(context, held, number.language)
    if not clips:
        return None, False
    menu = Menu(
        clips=clips,
        choices={choice.key: choice.queue for choice in held.choices},
        otherwise=held.otherwise,
        wait_seconds=held.wait_seconds,
    )
    return menu, any(choice.person for choice in held.choices)


def _menu_clips(context: AccessContext, held: MenuView, language: str) -> Clips:
    """The company's own words, else the product's, which know a person and anything else."""
    if held.words:
        said = announcements.words(context, held.words, language)
        return tuple(str(clip) for clip in said.clips) if said is not None else ()
    clips: list[str] = []
    for choice in held.choices:
        clips += prompts(language, "menu-person" if choice.person else "menu-other")
        clips += [str(clip) for clip in announcements.digits(language, choice.key)]
    return tuple(clips)


def prompts(language: str, *names: str) -> Clips:
    """Clips that come with the product, in the language or in English."""
    spoken = language if language in LANGUAGES else "en"
    return tuple(str(announcements.prompt(spoken, name)) for name in names)


def said_reference(language: str, reference: str) -> Clips:
    """The reference in groups, and that the star says it again."""
    spoken = language if language in LANGUAGES else "en"
    digits = tuple(str(clip) for clip in announcements.digits(spoken, reference))
    return (*prompts(spoken, "reference"), *digits, *prompts(spoken, "reference-repeat"))


def said_place(language: str, place: int, minutes: int | None) -> Clips:
    """The caller's place, and the wait where it can be estimated."""
    spoken = language if language in LANGUAGES else "en"
    if place == 1:
        clips = prompts(spoken, "you-are-next")
    else:
        number = tuple(str(clip) for clip in announcements.spoken_number(spoken, place))
        clips = (*prompts(spoken, "your-place"), *number)
    if minutes is None:
        return clips
    return (
        *clips,
        *prompts(spoken, "estimated-wait"),
        *(str(clip) for clip in announcements.spoken_number(spoken, minutes)),
    )


def _closed_words(context: AccessContext, queue: QueueView, language: str) -> Clips:
    """What who calls hears when nobody is there."""
    said = announcements.words(context, queue.closed_words, language) if queue.closed_words else None
    return tuple(str(clip) for clip in said.clips) if said is not None else prompts(language, "closed")


def queue_facts(context: AccessContext) -> list[QueueFacts]:
    """The company's queues, as the floor knows them."""
    return [_facts(context, queue) for queue in telephony.queues(context)]


def _facts(context: AccessContext, queue: QueueView) -> QueueFacts:
    return QueueFacts(
        code=queue.code,
        skills=dict(telephony.agents_for(context, queue.code)),
        wrap_up_seconds=queue.wrap_up_seconds,
        longest_wait_seconds=queue.longest_wait_seconds,
        overflow=str(queue.overflow),
        overflow_after_seconds=queue.overflow_after_seconds,
        overflow_queue=queue.overflow_queue,
        callback_offered=queue.callback_offered,
        callback_key=CALLBACK_KEY,
        music={language: prompts(language, "hold") for language in LANGUAGES},
        closed={language: _closed_words(context, queue, language) for language in LANGUAGES},
        callback_offer={language: prompts(language, "callback-offer") for language in LANGUAGES},
        called_back={language: prompts(language, "callback-confirm", "goodbye") for language in LANGUAGES},
    )


def agent_of(context: AccessContext, operator: int, *, now: datetime) -> tuple[str, bool, Notice | None]:
    """An agent's phone, the standing agreement to be recorded, and the notice that is heard before one is recorded."""
    held = telephony.agent(context, operator)
    return held.phone, held.agreed, agents_notice(context, now=now)


def agents_notice(context: AccessContext, *, now: datetime) -> Notice | None:
    """What the company's agents hear, in the language of its first number that records: the short form of its notice.

    The whole of it stands on the page where they agree; on a phone, nobody knows who picks it up, so it is said again.
    """
    for number in telephony.numbers(context):
        terms = telephony.recording_terms(context, number, now=now)
        if terms.notice is not None and terms.notice.recorded and terms.rule.recorded:
            return Notice(version=terms.notice.version, clips=prompts(number.language, "recorded"))
    return None


def queues_of(context: AccessContext) -> Mapping[str, Sequence[int]]:
    """The company's queues, each with the operators who have a skill for it."""
    return {
        queue.code: [operator for operator, level in telephony.agents_for(context, queue.code) if level > 0]
        for queue in telephony.queues(context)
    }


def monitoring_allowed(country: str, sector: str, *, now: datetime) -> tuple[bool, str]:
    """Whether the rules of the number's country and sector allow the monitoring of staff; and the law that says so.

    Where no rule is known, nothing allows it.
    """
    rule = recording_rule(packs(), country, sector, now)
    law = "; ".join(statute.text for statute in rule.statutes)
    return rule.recorded and rule.staff_monitoring, law


def monitoring_announced(context: AccessContext, notice_version: int) -> bool:
    """Whether this version of the notice tells of further use: monitoring is one."""
    try:
        held = announcements.version(context, notice_version)
    except TrustdeskError:
        return False
    return NoticeElement.FURTHER_USE in held.elements
