"""By which rule the calls of a number are recorded, and which notice is played for it."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext_noop

from trustdesk.announcements import api as announcements
from trustdesk.clearance.api import packs
from trustdesk.decision.api import RecordingMode, RecordingRule, recording_rule, stricter_recording
from trustdesk.decision.contracts import LooserPolicyError
from trustdesk.kernel.context import AccessContext
from trustdesk.telephony.contracts import NewNumber, NumberView, QueueView, RecordingTerms

_ALARM_PART = 0.8  # of the time the law gives: an alarm at its end would come too late


def rule_of(number: NewNumber, *, now: datetime) -> RecordingRule:
    """The rule of the number's country and sector with the company's own wish laid over it.

    A wish that has become looser than the rules (they changed) gives way to them; what nobody can decide stays off.
    """
    rule = recording_rule(packs(), number.country, number.sector, now)
    try:
        rule = stricter_recording(rule, mode=number.mode)
    except LooserPolicyError:
        return rule
    try:
        return stricter_recording(rule, keep=number.keep)
    except LooserPolicyError:
        return rule


def terms_of(context: AccessContext, number: NumberView, *, now: datetime) -> RecordingTerms:
    """See `telephony.api.recording_terms`."""
    rule = rule_of(number, now=now)
    notice = announcements.notice(context, number.notice, number.language) if number.notice else None
    if not rule.recorded:
        return RecordingTerms(rule=rule, notice=notice, reason=rule.reason)
    if notice is None:
        return _off(rule, gettext_noop("There is no notice in the language of the number: nothing is recorded."))
    if not notice.recorded:
        return RecordingTerms(
            rule=replace(rule, mode=RecordingMode.OFF),
            notice=notice,
            reason=gettext_noop("The notice says that the call is not recorded: so it is not."),
        )
    if announcements.missing(notice, rule):
        return _off(rule, gettext_noop("The notice lacks something that the rules ask for: nothing is recorded."))
    return RecordingTerms(rule=rule, notice=notice)


def alarm_after(queue: QueueView, rule: RecordingRule) -> int | None:
    """Seconds of waiting after which somebody is alarmed: the queue's own, and before the law's time is over."""
    wanted = [seconds for seconds in (queue.alarm_seconds,) if seconds is not None]
    if rule.answer_within_seconds is not None:
        wanted.append(int(rule.answer_within_seconds * _ALARM_PART))
    return min(wanted, default=None)


def _off(rule: RecordingRule, reason: str) -> RecordingTerms:
    return RecordingTerms(rule=replace(rule, mode=RecordingMode.OFF), notice=None, reason=reason)
