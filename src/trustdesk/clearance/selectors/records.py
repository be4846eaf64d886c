"""A customer's consents as records of ISO/IEC TS 27560, one for each purpose and channel."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from django.conf import settings

from trustdesk.clearance.contracts import POINT_OF_CHANNEL, ConsentEvent, Purpose
from trustdesk.clearance.records import CONTEXT, DATA, EXPRESSED, INDICATED_BY, PROFILE, STATUS
from trustdesk.clearance.selectors.lists import consents, recipients
from trustdesk.clearance.selectors.proof import consent_words
from trustdesk.clearance.selectors.setup import current
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import ControllerView, controller

Record = dict[str, Any]


def consent_records(context: AccessContext, customer_id: int, *, reason: str) -> Sequence[Record]:
    """The customer's consents as JSON-LD (ISO/IEC TS 27560:2023 in the DPV profile `record-eu-gdpr`), oldest event
    first in each record. The words are opened for it, with the reason. Needs `customer:open` and `clearance:read`.

    A presumed interest is no consent and is in none of them.
    """
    events = [event for event in reversed(consents(context, customer_id)) if event.state in STATUS]
    words = consent_words(context, customer_id, reason=reason) if events else {}
    setup, company = current(context), controller(context.controller_id)
    grouped: dict[tuple[str, Channel | None], list[ConsentEvent]] = {}
    for event in events:
        grouped.setdefault((event.purpose, event.channel), []).append(event)
    named = {code: _recipients(context, code) for code, _channel in grouped}
    return [
        _record(customer_id, company, setup.purposes[code], channel, held, words=words, recipients=named[code])
        for (code, channel), held in grouped.items()
    ]


def _recipients(context: AccessContext, code: str) -> list[str]:
    return [found.name for found in recipients(context) if code in found.purposes]


def _record(
    customer_id: int,
    company: ControllerView,
    purpose: Purpose,
    channel: Channel | None,
    events: Sequence[ConsentEvent],
    *,
    words: Mapping[int, str | None],
    recipients: Sequence[str],
) -> Record:
    subject = f"urn:trustdesk:{company.id}:customer:{to_public(customer_id)}"
    about = f"{subject}:{purpose.code}:{channel.value if channel else ''}"
    return {
        "@context": dict(CONTEXT),
        "@id": f"{about}:consent",
        "@type": "dpv:ConsentRecord",
        "dct:identifier": str(uuid.uuid5(uuid.NAMESPACE_URL, about)),
        "dct:conformsTo": PROFILE,
        "dpv:hasDataSubject": {"@id": subject, "@type": "dpv:DataSubject", "dct:identifier": to_public(customer_id)},
        "dpv:hasDataController": {
            "@id": f"urn:trustdesk:{company.id}",
            "@type": "dpv:DataController",
            "dct:title": company.name,
        },
        "dpv:hasJurisdiction": f"loc:{company.country}",
        "dpv:hasApplicableLaw": "eu-gdpr:GDPR",
        "dpv:hasLegalBasis": purpose.legal_basis,
        "dpv:hasProcess": _process(purpose, channel, [company.name, *recipients]),
        "dpv:hasNotice": [
            {"@type": "dpv:ConsentNotice", "dct:identifier": version, "dct:language": language}
            for version, language in dict.fromkeys(
                (event.evidence.notice_version, event.evidence.notice_language) for event in events
            )
            if version
        ],
        "dpv:hasConsentControl": {
            "@type": ["dpv:ProvideConsent", "dpv:WithdrawConsent"],
            "dpv:isExercisedAt": settings.TRUSTDESK_ADDRESS,
        },
        "dpv:hasRight": [
            {"@type": ["dpv:DataSubjectRight", "eu-gdpr:A7-3"], "dpv:isExercisedAt": settings.TRUSTDESK_ADDRESS}
        ],
        "dpv:hasConsentStatus": [_status(event, words.get(event.event_id)) for event in events],
    }


def _process(purpose: Purpose, channel: Channel | None, recipients: Sequence[str]) -> Record:
    return {
        "@type": "dpv:Process",
        "dpv:hasPurpose": {
            "@type": "dpv:Purpose",
            "dct:identifier": purpose.code,
            "dct:title": purpose.label,
            "skos:broader": purpose.term,
        },
        "dpv:hasPersonalData": DATA[POINT_OF_CHANNEL[channel]] if channel else "dpv:PersonalData",
        "td:channel": channel.value if channel else "",
        "dpv:hasRecipient": list(recipients),
        "dpv:hasStorageCondition": {
            "@type": "dpv:StorageDuration",
            "dpv:hasDuration": {"@type": "dpv:UntilEventDuration", "rdf:value": "dpv:ConsentWithdrawn"},
        },
    }


def _status(event: ConsentEvent, words: str | None) -> Record:
    said = event.evidence
    status: Record = {
        "@id": f"urn:trustdesk:consent-event:{to_public(event.event_id)}",
        "@type": [STATUS[event.state], *([EXPRESSED] if event.express else [])],
        "dpv:isIndicatedBy": INDICATED_BY[said.by],
        "dpv:hasIndicationMethod": said.method.value,
        "dpv:isIndicatedAtTime": rfc3339(event.at),
        "dpv:hasDuration": {"@type": "dpv:UntilTimeDuration", "rdf:value": rfc3339(event.until)}
        if event.until
        else {"@type": "dpv:UntilEventDuration", "rdf:value": "dpv:ConsentWithdrawn"},
    }
    optional: Record = {
        "dpv:hasNotice": said.notice_version or None,
        "dct:language": said.notice_language or None,
        "td:words": words or None,
        "td:recording": said.recording or None,
        "td:ofAge": event.of_age,
        "td:spokenMilliseconds": list(said.spoken_ms) if said.spoken_ms else None,
        "td:documentSha256": said.document_sha256.hex() or None,
        "td:reference": said.reference or None,
    }
    return status | {name: value for name, value in optional.items() if value is not None}
