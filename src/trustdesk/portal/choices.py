"""A switch per purpose and channel: how each stands, and what turning it means in law."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    By,
    ConsentEvent,
    ConsentState,
    Evidence,
    Method,
    NoticeKind,
    Objection,
    Purpose,
    Scope,
)
from trustdesk.decision.contracts import Channel, LegalBasis, PurposeKind
from trustdesk.design.contacting import purpose_name
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.mandates.api import ControllerView
from trustdesk.register.api import card
from trustdesk.register.contracts import ValueKind

_CHOSEN = frozenset({PurposeKind.MARKETING, PurposeKind.RESEARCH})
"""What a person chooses. What a contract or a law demands is told, and has no switch."""
_CHANNELS: Mapping[ValueKind, Sequence[Channel]] = {
    ValueKind.EMAIL: (Channel.EMAIL,),
    ValueKind.PHONE: (Channel.CALL_HUMAN, Channel.SMS),
    ValueKind.ADDRESS: (Channel.POST,),
    ValueKind.HANDLE: (Channel.SOCIAL_DM,),
}
CHANNEL_NAMES: Mapping[Channel, object] = {
    Channel.EMAIL: gettext_lazy("E-mail"),
    Channel.CALL_HUMAN: gettext_lazy("Phone call"),
    Channel.SMS: gettext_lazy("Text message"),
    Channel.POST: gettext_lazy("Letter"),
    Channel.SOCIAL_DM: gettext_lazy("Chat or social network"),
}
_STANDS = frozenset({ConsentState.GIVEN, ConsentState.REFUSED, ConsentState.WITHDRAWN, ConsentState.EXPIRED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Switch:
    """One choice. `since` is when it was made; `words` are what turning it on agrees to, exactly."""

    purpose: Purpose
    channel: Channel
    channel_name: str
    on: bool
    since: datetime | None
    by_consent: bool
    words: str


@dataclass(frozen=True, slots=True)
class Group:
    """The switches of one purpose."""

    purpose: Purpose
    switches: Sequence[Switch]


@dataclass(frozen=True, slots=True)
class Choices:
    """Everything a person can choose, and what has no switch. `notice_version`: what a consent would refer to."""

    groups: Sequence[Group]
    without_switch: Sequence[Purpose]
    all_stopped: bool
    notice_version: str


@dataclass(frozen=True, slots=True)
class _Said:
    """What the customer said so far, newest first."""

    company: ControllerView
    events: Sequence[ConsentEvent]
    acts: Sequence[Objection]
    now: datetime


def choices_of(context: AccessContext, customer_id: int, company: ControllerView, *, now: datetime) -> Choices:
    """How the customer's choices stand."""
    living = [each for each in clearance.purposes(context) if each.retired_at is None]
    events, acts = clearance.consents(context, customer_id), clearance.objections(context, customer_id)
    said_before = _Said(company, events, acts, now)
    channels = _channels(context, customer_id, now)
    groups = [
        Group(each, [_switch(said_before, each, channel) for channel in channels])
        for each in living
        if each.kind in _CHOSEN
    ]
    return Choices(
        groups=groups,
        without_switch=[each for each in living if each.kind not in _CHOSEN],
        all_stopped=_objected(acts, None, None) is not None,
        notice_version=next(iter(clearance.notice_versions(context, NoticeKind.CONSENT)), ""),
    )


def turn(
    context: AccessContext,
    customer_id: int,
    one: Switch,
    *,
    on: bool,
    notice_version: str,
    language: str,
    now: datetime,
) -> None:
    """Turn a switch, in one transaction. On is a consent where the purpose rests on one; off withdraws it or objects.

    BadInputError where there is no notice that a consent could refer to.
    """
    scope = Scope(purpose=one.purpose.code, channel=one.channel)
    with scoped(context.scope):
        if on:
            clearance.lift_objection(
                context,
                customer_id=customer_id,
                scope=scope,
                at=now,
                method=Method.WEB_FORM,
                now=now,
                words=one.words,
            )
            if one.by_consent:
                _consent(context, customer_id, one, notice_version=notice_version, language=language, now=now)
        elif one.by_consent:
            clearance.withdraw(
                context,
                customer_id=customer_id,
                purpose=one.purpose.code,
                channel=one.channel,
                method=Method.WEB_FORM,
                now=now,
                words=one.words,
            )
        else:
            clearance.record_objection(
                context,
                customer_id=customer_id,
                scope=scope,
                at=now,
                method=Method.WEB_FORM,
                now=now,
                words=one.words,
            )


def stop_all(context: AccessContext, customer_id: int, *, now: datetime) -> None:
    """No advertising at all (GDPR Art. 21(2), (3))."""
    clearance.record_objection(
        context, customer_id=customer_id, scope=ALL_MARKETING, at=now, method=Method.WEB_FORM, now=now
    )


def _consent(
    context: AccessContext, customer_id: int, one: Switch, *, notice_version: str, language: str, now: datetime
) -> None:
    if not notice_version:
        raise BadInputError(
            _("The company has not said yet what you would agree to."),
            place="notice",
            mend=_("Nothing was changed. Ask the company."),
        )
    evidence = Evidence(
        method=Method.WEB_FORM,
        by=By.PERSON,
        words=one.words,
        notice_version=notice_version,
        notice_language=language,
        reference="portal",
    )
    clearance.record_consent(
        context,
        customer_id=customer_id,
        purpose=one.purpose.code,
        channel=one.channel,
        state=ConsentState.GIVEN,
        evidence=evidence,
        at=now,
        now=now,
        express=True,
    )


def _channels(context: AccessContext, customer_id: int, now: datetime) -> list[Channel]:
    held = {value.kind for value in card(context, customer_id, now=now).contact_points if value.text}
    return [channel for kind, channels in _CHANNELS.items() if kind in held for channel in channels]


def _switch(said_before: _Said, purpose: Purpose, channel: Channel) -> Switch:
    by_consent = purpose.legal_basis.startswith(LegalBasis.CONSENT)
    newest = _newest(said_before.events, purpose, channel, said_before.now)
    objected = _objected(said_before.acts, purpose, channel)
    given = newest is not None and newest.state is ConsentState.GIVEN
    on = objected is None and (given or not by_consent)
    said = [each for each in (newest.at if newest else None, objected.at if objected else None) if each is not None]
    name = str(CHANNEL_NAMES[channel])
    return Switch(
        purpose=purpose,
        channel=channel,
        channel_name=name,
        on=on,
        since=max(said, default=None),
        by_consent=by_consent,
        words=_("%(company)s may contact me for “%(purpose)s” by this way: %(channel)s.")
        % {"company": said_before.company.name, "purpose": purpose_name(purpose), "channel": name},
    )


def _newest(events: Iterable[ConsentEvent], purpose: Purpose, channel: Channel, now: datetime) -> ConsentEvent | None:
    """The newest thing said about it; a consent that has run out says nothing any more."""
    about = (
        event
        for event in events
        if event.purpose == purpose.code and event.channel in {channel, None} and event.at <= now
    )
    event = next((each for each in about if each.state in _STANDS), None)
    ended = event is not None and event.until is not None and event.until <= now
    return None if ended else event


def _objected(acts: Iterable[Objection], purpose: Purpose | None, channel: Channel | None) -> Objection | None:
    """The objection that stands, newest acts first; without a purpose: to all advertising."""
    for act in acts:
        scope = act.scope
        if purpose is None:
            if scope.purpose == "" and scope.channel is None and scope.kind in {None, PurposeKind.MARKETING}:
                return None if act.lifted else act
            continue
        covers = (
            scope.purpose in {"", purpose.code}
            and scope.kind in {None, purpose.kind}
            and scope.channel in {None, channel}
        )
        if covers:
            return None if act.lifted else act
    return None
