"""May we contact this customer, and what was said about it: verdicts and acts as lines that a person reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import POINT_OF_CHANNEL, ConsentEvent, Explanation, Line, Objection, Purpose
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.design.contacting import (
    CHANNEL_ICONS,
    OUTCOME_TONES,
    STATE_TONES,
    by_label,
    channel_label,
    method_label,
    scope_label,
    state_label,
)
from trustdesk.design.happenings import operator_name
from trustdesk.design.law import basis_label
from trustdesk.desk.clearance_forms import TakenBackForm
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public

ASKED = (Channel.CALL_HUMAN, Channel.SMS, Channel.EMAIL, Channel.POST, Channel.CHAT, Channel.SOCIAL_DM)
"""The ways the desk shows at a glance; each can be asked about by its own page."""


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach the customer."""

    channel: Channel
    label: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is said of several ways alike. `why` is the first reason; all of them stand on a page of their own."""

    ways: Sequence[Way]
    tone: str
    why: str
    law: str


@dataclass(frozen=True, slots=True)
class Asked:
    """One purpose, with its answers for the ways that could reach the customer."""

    purpose: Purpose
    basis: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Because:
    """One reason, and every law that says it in the same words."""

    words: str
    tone: str
    because: Sequence[str]
    laws: Sequence[Line]


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One act of the history: a consent, an objection or what ended one."""

    identifier: int
    at: datetime
    what: str
    tone: str
    about: str
    how: str
    by: str
    proof: str
    words: str | None
    language: str  # of the words, as far as it is known
    opened: bool
    until: datetime | None
    form: TakenBackForm | None  # where the customer can take it back


def asked(context: AccessContext, customer_id: int, *, about: Mapping[str, object], now: datetime) -> Sequence[Asked]:
    """Every living purpose, for what is offered. Opens nothing; nothing may be done on it: each contact asks anew."""
    kinds = clearance.point_kinds(context, customer_id)
    channels = [channel for channel in ASKED if POINT_OF_CHANNEL[channel] in kinds]
    return [_asked(context, customer_id, purpose, channels, about, now=now) for purpose in living(context, now)]


def living(context: AccessContext, now: datetime) -> Sequence[Purpose]:
    return [each for each in clearance.purposes(context) if each.retired_at is None or each.retired_at > now]


def _asked(
    context: AccessContext,
    customer_id: int,
    purpose: Purpose,
    channels: Sequence[Channel],
    about: Mapping[str, object],
    *,
    now: datetime,
) -> Asked:
    def answer(channel: Channel) -> Explanation:
        return clearance.explain(
            context, customer_id=customer_id, channel=channel, purpose=purpose.code, at=now, about=about
        )

    answers = _answers((channel, answer(channel)) for channel in channels)
    return Asked(purpose, basis_label(purpose.legal_basis), answers)


def _answers(explanations: Iterable[tuple[Channel, Explanation]]) -> Sequence[Answer]:
    """Ways of which the same is said stand together."""
    together: dict[tuple[str, str, str], list[Way]] = {}
    for channel, explained in explanations:
        line = next(iter(explained.lines), None)
        permitted = explained.outcome is Outcome.PERMIT
        why = explained.headline if permitted else line.words if line else _("No rule permits it.")
        said_of = (OUTCOME_TONES[explained.outcome], why, line.statute if line and not permitted else "")
        way = Way(channel, channel_label(channel), CHANNEL_ICONS[channel])
        together.setdefault(said_of, []).append(way)
    return [Answer(ways=ways, tone=tone, why=why, law=law) for (tone, why, law), ways in together.items()]


def reasons(explained: Explanation) -> Sequence[Because]:
    """All reasons of a verdict; what several laws say in the same words is said once."""
    together: dict[tuple[Outcome, str, tuple[str, ...]], list[Line]] = {}
    for line in explained.lines:
        together.setdefault((line.outcome, line.words, tuple(line.because)), []).append(line)
    return [
        Because(words=words, tone=OUTCOME_TONES[outcome], because=because, laws=laws)
        for (outcome, words, because), laws in together.items()
    ]


def said(
    events: Iterable[ConsentEvent],
    objections: Iterable[Objection],
    purposes: Mapping[str, str],
    names: dict[int, str],
    words: Mapping[int, str | None],
) -> Sequence[Said]:
    """Both histories in one, newest first. `words` are those that were opened; empty where none were asked for."""
    acts = [_consent(event, purposes, names, words) for event in events]
    acts += [_objection(act, purposes, names, words) for act in objections]
    return sorted(acts, key=lambda act: (act.at, act.identifier), reverse=True)


def _consent(
    event: ConsentEvent, purposes: Mapping[str, str], names: dict[int, str], words: Mapping[int, str | None]
) -> Said:
    evidence = event.evidence
    about = f"{purposes.get(event.purpose, event.purpose)} · {channel_label(event.channel)}"
    proof = [
        _("notice %(version)s") % {"version": evidence.notice_version} if evidence.notice_version else "",
        _("recording %(name)s") % {"name": evidence.recording} if evidence.recording else "",
        evidence.reference,
        _("express") if event.express else "",
    ]
    return Said(
        identifier=event.event_id,
        at=event.at,
        what=state_label(event.state),
        tone=STATE_TONES[event.state],
        about=about,
        how=f"{by_label(evidence.by)}, {method_label(evidence.method)}",
        by=operator_name(names, event.recorded_by),
        proof=" · ".join(part for part in proof if part),
        words=words.get(event.event_id),
        language=evidence.notice_language,
        opened=event.event_id in words,
        until=event.until,
        form=None,
    )


def _objection(
    act: Objection, purposes: Mapping[str, str], names: dict[int, str], words: Mapping[int, str | None]
) -> Said:
    return Said(
        identifier=act.objection_id,
        at=act.at,
        what=_("Objection taken back") if act.lifted else _("Objected"),
        tone="good" if act.lifted else "bad",
        about=scope_label(act.scope, purposes),
        how=f"{by_label(act.by)}, {method_label(act.method)}",
        by=operator_name(names, act.recorded_by),
        proof="",
        words=words.get(act.objection_id),
        language="",
        opened=act.objection_id in words,
        until=None,
        form=None if act.lifted else TakenBackForm(auto_id=f"lift-{to_public(act.objection_id)}-%s"),
    )
