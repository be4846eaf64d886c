"""Consent records as ISO/IEC TS 27560 wants them: out, and in again."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.clearing import DAY, LATER, consent, person, tick, verdict
from tests.companies import NOW, Company

from trustdesk.clearance.api import consent_records, consents, import_consent_records
from trustdesk.clearance.contracts import By, ConsentState, Evidence, Method
from trustdesk.decision.contracts import Channel
from trustdesk.kernel.errors import BadInputError, RefusedError

SHA = bytes(range(32))
ONCE = {"@type": "dpv:FixedOccurrencesDuration", "rdf:value": "1"}
# What the standard calls mandatory, by the DPV profile's own names (sections 8.1 to 8.5).
MANDATORY = (
    "@context",
    "@type",
    "dct:conformsTo",
    "dct:identifier",
    "dpv:hasDataSubject",
    "dpv:hasDataController",
    "dpv:hasJurisdiction",
    "dpv:hasLegalBasis",
    "dpv:hasProcess",
    "dpv:hasNotice",
    "dpv:hasConsentControl",
    "dpv:hasRight",
    "dpv:hasConsentStatus",
)
MANDATORY_PROCESS = ("dpv:hasPurpose", "dpv:hasPersonalData", "dpv:hasStorageCondition", "dpv:hasRecipient")
MANDATORY_STATUS = ("@type", "dpv:isIndicatedAtTime", "dpv:hasDuration", "dpv:isIndicatedBy")


def records(company: Company, customer_id: int) -> list[dict[str, Any]]:
    found = consent_records(company.context(), customer_id, reason="portability")
    exported: list[dict[str, Any]] = json.loads(json.dumps(list(found)))
    return exported


def bring_in(company: Company, customer_id: int, *found: Mapping[str, Any], now: datetime = LATER) -> list[int]:
    added = import_consent_records(
        company.context(),
        customer_id=customer_id,
        records=found,
        source_id=company.imported,
        document_sha256=SHA,
        reference="export of the old system",
        now=now,
    )
    return list(added)


def lived(company: Company) -> int:
    """Somebody with a history on two channels."""
    anna = person(company, email="anna@example.com", phone="040 1234567")
    consent(company, anna, Channel.EMAIL, until=NOW + 400 * DAY)
    consent(company, anna, Channel.EMAIL, ConsentState.WITHDRAWN, at=NOW + timedelta(hours=1))
    consent(company, anna, Channel.EMAIL, at=NOW + timedelta(hours=2))
    spoken = tick(method=Method.RECORDED_SENTENCE, recording="rec-1", spoken_ms=(1_000, 2_500), words="Igen, kérem.")
    consent(company, anna, Channel.SMS, evidence=spoken)
    consent(company, anna, Channel.SMS, ConsentState.REFUSED, at=NOW - DAY)
    return anna


def told(company: Company, customer_id: int) -> list[tuple[object, ...]]:
    return [
        (
            record["dpv:hasProcess"]["dpv:hasPurpose"]["dct:identifier"],
            record["dpv:hasProcess"]["td:channel"],
            status["@type"],
            status["dpv:isIndicatedBy"],
            status["dpv:isIndicatedAtTime"],
            status["dpv:hasDuration"],
            status.get("dpv:hasNotice"),
            status.get("dct:language"),
            status.get("td:words"),
            status.get("td:recording"),
            status.get("td:spokenMilliseconds"),
        )
        for record in records(company, customer_id)
        for status in record["dpv:hasConsentStatus"]
    ]


def test_a_record_has_all_that_is_mandatory(north: Company) -> None:
    found = records(north, lived(north))
    assert len(found) == 2
    for record in found:
        assert [name for name in MANDATORY if not record.get(name)] == []
        assert [name for name in MANDATORY_PROCESS if not record["dpv:hasProcess"].get(name)] == []
        for status in record["dpv:hasConsentStatus"]:
            assert [name for name in MANDATORY_STATUS if not status.get(name)] == []
    mail = next(record for record in found if record["dpv:hasProcess"]["td:channel"] == "email")
    assert mail["dct:conformsTo"] == "https://w3id.org/dpv/schema/dpv-27560#record-eu-gdpr"
    assert mail["dpv:hasProcess"]["dpv:hasPersonalData"] == "pd:EmailAddress"
    assert [status["@type"][0] for status in mail["dpv:hasConsentStatus"]] == [
        "dpv:ConsentGiven",
        "dpv:ConsentWithdrawn",
        "dpv:ConsentGiven",
    ]


def test_what_goes_out_comes_in_again(north: Company, south: Company) -> None:
    anna = lived(north)
    for company in (north, south):
        other = person(company, email="anna@elsewhere.example.com")
        bring_in(company, other, *records(north, anna))
        assert told(company, other) == told(north, anna)
        assert {event.evidence.method for event in consents(company.context(), other)} == {Method.IMPORT}
        assert {event.evidence.document_sha256 for event in consents(company.context(), other)} == {SHA}


def test_the_same_records_a_second_time_add_nothing(north: Company) -> None:
    found = records(north, lived(north))
    other = person(north, email="anna@elsewhere.example.com")
    assert bring_in(north, other, *found) == bring_in(north, other, *found, now=LATER + DAY)
    assert len(consents(north.context(), other)) == 5


def status(
    state: str = "dpv:ConsentGiven",
    at: str = "2026-01-01",
    more: Mapping[str, object] | None = None,
) -> dict[str, object]:
    return {
        "@type": [state, "dpv:ExpressedConsent"],
        "dpv:isIndicatedBy": "dpv:DataSubject",
        "dpv:isIndicatedAtTime": at,
        **(more or {}),
    }


def record(*statuses: object, **more: object) -> dict[str, object]:
    """As another program writes it: whole IRIs, no names of ours."""
    return {
        "@type": "https://w3id.org/dpv#ConsentRecord",
        "dpv:hasProcess": {
            "@type": "dpv:Process",
            "dpv:hasPurpose": {"@type": "dpv:Purpose", "skos:broader": "https://w3id.org/dpv#DirectMarketing"},
            "dpv:hasPersonalData": {"skos:broader": "pd:EmailAddress"},
        },
        "dpv:hasConsentStatus": list(statuses),
        **more,
    }


def test_a_record_of_another_program_is_understood(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    bring_in(north, anna, record(status()))
    event = consents(north.context(), anna)[0]
    assert (event.purpose, event.channel, event.state, event.express) == (
        "news",
        Channel.EMAIL,
        ConsentState.GIVEN,
        True,
    )
    assert event.at == datetime.fromisoformat("2026-01-01T00:00:00+00:00")
    assert verdict(north, anna).permitted


def test_what_lies_in_the_future_counts_from_its_day_on(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    due = LATER + 10 * DAY
    bring_in(north, anna, record(status(), status("dpv:ConsentWithdrawn", at=due.isoformat())))
    assert verdict(north, anna, at=due - timedelta(seconds=1)).permitted
    assert not verdict(north, anna, at=due).permitted


@pytest.mark.parametrize(
    ("duration", "until"),
    [
        ({"@type": "dpv:TemporalDuration", "rdf:value": "P6M"}, "2026-07-01"),
        ({"@type": "dpv:TemporalDuration", "rdf:value": "P1Y2M3D"}, "2027-03-04"),
        ({"@type": "dpv:UntilTimeDuration", "rdf:value": "2026-12-31T23:59:59"}, "2026-12-31T23:59:59"),
        ({"@type": "dpv:UntilEventDuration", "rdf:value": "Account Closure"}, None),
    ],
)
def test_durations(north: Company, duration: object, until: str | None) -> None:
    anna = person(north, email="anna@example.com")
    bring_in(north, anna, record(status(more={"dpv:hasDuration": duration})))
    wanted = (
        None
        if until is None
        else datetime.fromisoformat(f"{until}+00:00" if "T" in until else f"{until}T00:00:00+00:00")
    )
    assert consents(north.context(), anna)[0].until == wanted


@pytest.mark.parametrize(
    ("broken", "place"),
    [
        ({"@type": "dpv:ConsentReceipt"}, "[0].@type"),
        ({"dpv:hasProcess": []}, "[0].dpv:hasProcess"),
        (
            {"dpv:hasProcess": {"dpv:hasPurpose": "dpv:FraudPreventionAndDetection", "td:channel": "email"}},
            "[0].dpv:hasProcess.dpv:hasPurpose",
        ),
        (
            {"dpv:hasProcess": {"dpv:hasPurpose": "dpv:DirectMarketing", "dpv:hasPersonalData": "pd:TelephoneNumber"}},
            "[0].dpv:hasProcess.dpv:hasPersonalData",
        ),
        (
            {"dpv:hasProcess": {"dpv:hasPurpose": "dpv:DirectMarketing", "td:channel": "pigeon"}},
            "[0].dpv:hasProcess.td:channel",
        ),
        ({"dpv:hasConsentStatus": [status("dpv:ConsentUnknown")]}, "[0].dpv:hasConsentStatus[0].@type"),
        ({"dpv:hasConsentStatus": [status(at="soon")]}, "[0].dpv:hasConsentStatus[0].dpv:isIndicatedAtTime"),
        (
            {"dpv:hasConsentStatus": [status(more={"dpv:hasDuration": ONCE})]},
            "[0].dpv:hasConsentStatus[0].dpv:hasDuration",
        ),
        ({"dpv:hasConsentStatus": []}, "dpv:hasConsentStatus"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_place_and_nothing_is_kept(
    north: Company,
    broken: Mapping[str, Any],
    place: str,
) -> None:
    anna = person(north, email="anna@example.com")
    with pytest.raises(BadInputError) as refusal:
        bring_in(north, anna, {**record(status()), **broken})
    assert refusal.value.place == place
    assert consents(north.context(), anna) == []


def test_an_import_needs_its_evidence(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    with pytest.raises(BadInputError) as refusal:
        import_consent_records(
            north.context(),
            customer_id=anna,
            records=[record(status())],
            source_id=north.imported,
            document_sha256=b"",
            reference="hearsay",
            now=LATER,
        )
    assert refusal.value.place == "document_sha256"


def test_a_presumed_interest_is_no_consent_record(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    facts = Evidence(method=Method.FACTS, by=By.OPERATOR, words="Asked at the fair")
    consent(north, anna, state=ConsentState.PRESUMED, evidence=facts)
    assert records(north, anna) == []


def test_without_the_operation_nothing_goes_out(north: Company) -> None:
    anna = lived(north)
    with pytest.raises(RefusedError):
        consent_records(north.context("clearance:read"), anna, reason="curiosity")
