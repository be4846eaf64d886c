"""One entry of a pack or policy, from values that keep to the schema, into its frozen form."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from trustdesk.decision.catalog import ABOUT
from trustdesk.decision.complaints import ComplaintRule
from trustdesk.decision.conditions import read_all, read_any
from trustdesk.decision.contracts import (
    ADVERTISING,
    Absence,
    AttemptLimits,
    Audience,
    Binding,
    CallingWindow,
    Channel,
    Confidence,
    ConsentAge,
    Duty,
    Effect,
    EvidenceRetention,
    Hours,
    LegalBasis,
    OutsideListRule,
    PurposeKind,
    Rule,
    Statute,
)
from trustdesk.decision.messages import DUTIES, SAYS, gettext_noop
from trustdesk.decision.recording import Keep, NoticeElement, RecordingDemand, RecordingMode, Sector
from trustdesk.decision.source import Path, Source
from trustdesk.kernel.periods import Span

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

Item = Mapping[str, Any]
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Context:
    """What all entries of a file share. `sources` is None in a tenant's policy: its entries are its own."""

    source: Source
    jurisdiction: str
    as_of: dt.date
    zone: str
    sources: Mapping[str, str] | None


def day(source: Source, path: Path, text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        source.refuse(path, gettext_noop("There is no such day."))


def rule(context: Context, path: Path, item: Item) -> Rule:
    says = item.get("says", "policy" if context.sources is None else item["effect"])
    if says not in SAYS:
        context.source.refuse((*path, "says"), gettext_noop("No such message is known."), mend=", ".join(sorted(SAYS)))
    bases = frozenset(LegalBasis[basis.upper()] for basis in item.get("legal_bases", ()))
    source = context.source
    return Rule(
        **_scope(context, path, item),
        effect=Effect(item["effect"]),
        says=SAYS[says],
        legal_bases=bases or frozenset(LegalBasis),
        when=read_all(source, (*path, "when"), item["when"]) if "when" in item else None,
        conditions=read_all(source, (*path, "conditions"), item["conditions"]) if "conditions" in item else None,
        unless=read_any(source, (*path, "unless"), item["unless"]) if "unless" in item else None,
        penalty=item.get("penalty", ""),
    )


def duty(context: Context, path: Path, item: Item) -> Duty:
    text, fulfilled_by = item["text"], item.get("fulfilled_by", "")
    if text not in DUTIES:
        place = (*path, "text")
        context.source.refuse(place, gettext_noop("No such message is known."), mend=", ".join(sorted(DUTIES)))
    if fulfilled_by and (fulfilled_by not in ABOUT or ABOUT[fulfilled_by].kind is not bool):
        context.source.refuse((*path, "fulfilled_by"), gettext_noop("No such fact is declared."))
    when = read_all(context.source, (*path, "when"), item["when"]) if "when" in item else None
    return Duty(**_scope(context, path, item), text=DUTIES[text], fulfilled_by=fulfilled_by, when=when)


def window(context: Context, path: Path, item: Item) -> CallingWindow:
    holiday = item["public_holiday"]
    return CallingWindow(
        **_scope(context, path, item),
        binding=Binding(item.get("binding", Binding.TENANT)),
        week=tuple(_hours(item["week"][name]) for name in WEEK),
        public_holiday=None if holiday == "as_weekday" else _hours(holiday),
    )


def attempts(context: Context, path: Path, item: Item) -> AttemptLimits:
    ring = item.get("ring_seconds")
    return AttemptLimits(
        **_scope(context, path, item),
        binding=Binding(item.get("binding", Binding.TENANT)),
        per_day=item.get("per_day"),
        per_week=item.get("per_week"),
        per_campaign=item.get("per_campaign"),
        ring_seconds=(ring[0], ring[1]) if ring else None,
    )


def evidence(context: Context, path: Path, item: Item) -> EvidenceRetention:
    return EvidenceRetention(
        **_scope(context, path, item),
        years=item["years"],
        counted_from=frozenset(item["counted_from"]),
        binding=Binding(item["binding"]),
    )


def outside_list(context: Context, path: Path, item: Item) -> OutsideListRule:
    days = item.get("refresh_holds_days")
    return OutsideListRule(
        **_scope(context, path, item),
        name=item["name"],
        binding=Binding(item["binding"]),
        binds=item["binds"],
        loadable=item["loadable"],
        refresh_holds=dt.timedelta(days=days) if days else None,
        entry_holds_years=item.get("entry_holds_years"),
    )


def consent_age(context: Context, path: Path, item: Item) -> ConsentAge:
    return ConsentAge(**_entry(context, path, item), years=item["years"])


def absence(context: Context, path: Path, item: Item) -> Absence:
    return Absence(**_entry(context, path, item), subject=item["subject"], text=item["text"])


def recording(context: Context, path: Path, item: Item) -> RecordingDemand:
    at_least, at_most = (Keep(**item[word]) if word in item else None for word in ("keep_at_least", "keep_at_most"))
    mode = RecordingMode(item["mode"]) if "mode" in item else None
    if mode is RecordingMode.MANDATORY and at_least is None:
        context.source.refuse((*path, "mode"), gettext_noop("What the law wants recorded, it wants kept for a time."))
    return RecordingDemand(
        **_entry(context, path, item),
        sectors=_members(Sector, item["sectors"]),
        mode=mode,
        elements=frozenset(NoticeElement(name) for name in item.get("elements", ())),
        keep_at_least=at_least,
        keep_at_most=at_most,
        copy_days=item.get("copy_days"),
        human_first=item.get("human_first", False),
        answer_within_seconds=item.get("answer_within_seconds"),
        premium_closed=item.get("premium_closed", False),
        staff_monitoring=item.get("staff_monitoring", True),
    )


def complaint(context: Context, path: Path, item: Item) -> ComplaintRule:
    return ComplaintRule(
        **_entry(context, path, item),
        sectors=frozenset(item.get("sectors", ())),
        fields=tuple(item.get("fields", ())),
        may_be_empty=frozenset(item.get("may_be_empty", ())),
        reply_within=Span(**item["reply_within"]) if "reply_within" in item else None,
        extend_by=Span(**item["extend_by"]) if "extend_by" in item else None,
        silence_accepts=item.get("silence_accepts", False),
        keep_years=item.get("keep_years", 0),
        minutes_copy=item.get("minutes_copy", False),
        name_authority=item.get("name_authority", False),
    )


def _scope(context: Context, path: Path, item: Item) -> dict[str, Any]:
    return _entry(context, path, item) | {
        "channels": _members(Channel, item["channels"]),
        "audiences": _members(Audience, item.get("audiences", "all")),
        "purpose_kinds": _members(PurposeKind, item["purpose_kinds"]) if "purpose_kinds" in item else ADVERTISING,
    }


def _entry(context: Context, path: Path, item: Item) -> dict[str, Any]:
    valid_from, valid_to = _midnight(context, path, item, "valid_from"), _midnight(context, path, item, "valid_to")
    if valid_from and valid_to and valid_to <= valid_from:
        context.source.refuse((*path, "valid_to"), gettext_noop("A rule ends after it begins."))
    return {
        "id": item["id"],
        "jurisdiction": item.get("jurisdiction", context.jurisdiction),
        "statute": _statute(context, path, item),
        "as_of": day(context.source, (*path, "as_of"), item["as_of"]) if "as_of" in item else context.as_of,
        "confidence": Confidence(item.get("confidence", Confidence.POLICY)),
        "attested_by": item.get("attested_by") or "",
        "valid_from": valid_from,
        "valid_to": valid_to,
        "note": item.get("note", "").strip(),
    }


def _statute(context: Context, path: Path, item: Item) -> Statute:
    if "statute" not in item:
        return Statute(text="policy of the controller")
    given = item["statute"]
    if context.sources is not None and given["source"] not in context.sources:
        context.source.refuse((*path, "statute", "source"), gettext_noop("The file names no such source."))
    return Statute(text=given["text"], url=given.get("url", ""), source_key=given["source"])


def _midnight(context: Context, path: Path, item: Item, word: str) -> dt.datetime | None:
    if word not in item:
        return None
    return dt.datetime.combine(day(context.source, (*path, word), item[word]), dt.time(), ZoneInfo(context.zone))


def _members(kind: type[E], given: str | Iterable[str]) -> frozenset[E]:
    return frozenset(kind) if given == "all" else frozenset(kind(value) for value in given)


def _hours(given: Iterable[str]) -> tuple[Hours, ...]:
    spans = (text.split("-") for text in given)
    return tuple(Hours(dt.time.fromisoformat(opens), dt.time.fromisoformat(closes)) for opens, closes in spans)
