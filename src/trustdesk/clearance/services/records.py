"""Consents from elsewhere, as records of ISO/IEC TS 27560."""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import POINT_OF_CHANNEL, By, ConsentState, Evidence, Method, Purpose
from trustdesk.clearance.records import DATA, EXPRESS, INDICATED_BY, OWN, STATES
from trustdesk.clearance.selectors.setup import Setup, current
from trustdesk.clearance.services.consents import NewEvent, add_event
from trustdesk.clearance.subjects import hold
from trustdesk.clearance.terms import short
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError

_PERIOD = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_BY: Mapping[str, By] = {term: by for by, term in INDICATED_BY.items() if by is not By.CONTROLLER}
_MOST_EVENTS = 1_000

Node = Mapping[str, Any]


def import_consent_records(
    context: AccessContext,
    *,
    customer_id: int,
    records: Sequence[Node],
    source_id: int,
    document_sha256: bytes,
    reference: str,
    now: datetime,
) -> Sequence[int]:
    """Add the events of consent records (ISO/IEC TS 27560:2023 in the DPV profile) to a customer's history; their ids.
    Needs `consent:record`.

    All or nothing, in one transaction. The evidence is required: digest and place of the document that proves them.
    Events are known again, so that the same records a second time add nothing; those that lie in the future count from
    their day on. BadInputError with the place in the record where it can't be read, where purpose or channel is none
    of ours or not plain, or where a duration is none that ends by itself.
    """
    context.check_operation("consent:record")
    with scoped(context.scope):
        hold(context, customer_id)  # whoever is not ours is not found, whatever the records say
        setup = current(context)
        events = [
            event
            for number, record in enumerate(records)
            for event in _events(setup, record, f"[{number}]", (document_sha256, reference, source_id))
        ]
        if not events or len(events) > _MOST_EVENTS:
            raise BadInputError(_("There is no event in it, or too many."), place="dpv:hasConsentStatus")
        return [add_event(context, customer_id=customer_id, said=event, now=now) for event in events]


def _events(setup: Setup, record: Node, place: str, proof: tuple[bytes, str, int]) -> Iterator[NewEvent]:
    if not isinstance(record, Mapping) or "dpv:ConsentRecord" not in _terms(record.get("@type")):
        raise BadInputError(_("This is no consent record."), place=f"{place}.@type", mend="dpv:ConsentRecord")
    processes = _nodes(record.get("dpv:hasProcess"))
    if len(processes) != 1:
        # Which consent is for which of several purposes can't be told from one list of events.
        raise BadInputError(_("A record of several processes is not plain."), place=f"{place}.dpv:hasProcess")
    purpose = _purpose(setup, processes[0], f"{place}.dpv:hasProcess.dpv:hasPurpose")
    channel = _channel(processes[0], f"{place}.dpv:hasProcess")
    notices = _nodes(record.get("dpv:hasNotice"))
    versions = [str(notice.get("dct:identifier", notice.get("@id", ""))) for notice in notices]
    for number, status in enumerate(_nodes(record.get("dpv:hasConsentStatus"))):
        where = f"{place}.dpv:hasConsentStatus[{number}]"
        yield _event(purpose, channel, status, where, proof=proof, notice=versions[0] if len(versions) == 1 else "")


def _event(
    purpose: Purpose, channel: Channel | None, status: Node, place: str, *, proof: tuple[bytes, str, int], notice: str
) -> NewEvent:
    types = _terms(status.get("@type"))
    states = {STATES[term] for term in types if term in STATES}
    if len(states) != 1:
        raise BadInputError(_("The state of this consent is not plain."), place=f"{place}.@type")
    state = states.pop()
    at = _instant(status.get("dpv:isIndicatedAtTime"), f"{place}.dpv:isIndicatedAtTime")
    digest, reference, source_id = proof
    by = _BY.get(short(str(status.get("dpv:isIndicatedBy", ""))), By.SOURCE)
    spoken = _own(status, "spokenMilliseconds")
    shown = notice if state in {ConsentState.GIVEN, ConsentState.REQUESTED} else ""
    return NewEvent(
        purpose=purpose.code,
        channel=channel,
        state=state,
        at=at,
        until=_until(status.get("dpv:hasDuration"), at, f"{place}.dpv:hasDuration")
        if state is ConsentState.GIVEN
        else None,
        express=bool(types & EXPRESS),
        evidence=Evidence(
            method=Method.IMPORT,
            by=By.CONTROLLER if state is ConsentState.EXPIRED else by if by is not By.OPERATOR else By.SOURCE,
            words=str(_own(status, "words") or ""),
            notice_version=str(status.get("dpv:hasNotice", shown) or ""),
            notice_language=str(status.get("dct:language", "")),
            recording=str(_own(status, "recording") or ""),
            spoken_ms=(int(spoken[0]), int(spoken[1])) if isinstance(spoken, list) and len(spoken) == 2 else None,
            document_sha256=digest,
            reference=reference,
            source_id=source_id,
        ),
    )


def _purpose(setup: Setup, process: Node, place: str) -> Purpose:
    """By our code where it names one, else by its category where only one of our purposes has it."""
    nodes = _nodes(process.get("dpv:hasPurpose"))
    if len(nodes) == 1:
        node = nodes[0]
        named = setup.purposes.get(str(node.get("dct:identifier", "")))
        if named is not None:
            return named
        terms = _terms(node.get("skos:broader")) | _terms(node.get("@id")) | _terms(node.get("@type"))
        alike = [purpose for purpose in setup.purposes.values() if purpose.term in terms]
        if len(alike) == 1:
            return alike[0]
    raise BadInputError(
        _("The purpose is none of this company's, or not plain."), place=place, mend=", ".join(setup.purposes)
    )


def _channel(process: Node, place: str) -> Channel | None:
    """As said in our own words; else by the data, where they leave one channel only."""
    said = _own(process, "channel")
    if said == "":
        return None
    if said is not None:
        try:
            return Channel(str(said))
        except ValueError:
            raise BadInputError(_("There is no such channel."), place=f"{place}.td:channel") from None
    data = {
        term
        for node in _nodes(process.get("dpv:hasPersonalData"))
        for term in _terms(node.get("@id")) | _terms(node.get("skos:broader"))
    }
    reached = [channel for channel, kind in POINT_OF_CHANNEL.items() if DATA[kind] in data]
    if len(reached) != 1:
        raise BadInputError(
            _("The channel is not plain from the data."),
            place=f"{place}.dpv:hasPersonalData",
            mend=_("Name it as td:channel: %(channels)s.") % {"channels": ", ".join(Channel)},
        )
    return reached[0]


def _until(duration: object, at: datetime, place: str) -> datetime | None:
    nodes = _nodes(duration)
    if not nodes:
        return None
    types, value = _terms(nodes[0].get("@type")), str(nodes[0].get("rdf:value", ""))
    if types & {"dpv:UntilEventDuration", "dpv:EndlessDuration", "dpv:IndeterminateDuration"}:
        return None
    if "dpv:UntilTimeDuration" in types:
        return _instant(value, place)
    found = _PERIOD.fullmatch(value)
    if "dpv:TemporalDuration" in types and found and any(found.groups()):
        years, months, weeks, days = (int(part or 0) for part in found.groups())
        return _months_after(at, 12 * years + months) + timedelta(weeks=weeks, days=days)
    raise BadInputError(
        _("How long this consent lasts can't be told."), place=place, mend="dpv:UntilTimeDuration, dpv:TemporalDuration"
    )


def _months_after(at: datetime, months: int) -> datetime:
    year, month = divmod(at.year * 12 + at.month - 1 + months, 12)
    return at.replace(year=year, month=month + 1, day=min(at.day, calendar.monthrange(year, month + 1)[1]))


def _instant(text: object, place: str) -> datetime:
    """ISO 8601; without a zone it is UTC, as the standard wants it."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        raise BadInputError(_("This is no instant."), place=place, mend="2026-03-31T12:00:00Z") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _own(node: Node, name: str) -> Any:  # noqa: ANN401 - what stands there is checked by whoever asked
    return node.get(f"td:{name}", node.get(f"{OWN}{name}"))


def _nodes(value: object) -> list[Node]:
    """One node, several, or the bare name of one."""
    values = value if isinstance(value, list) else [value]
    return [each if isinstance(each, Mapping) else {"@id": each} for each in values if each is not None]


def _terms(value: object) -> set[str]:
    values = value if isinstance(value, list) else [value]
    return {short(each) for each in values if isinstance(each, str)}
