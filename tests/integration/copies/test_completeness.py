"""Nothing is left out in silence: every personal column of every declaration is told, or stands on a list with its
reason.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping

import jsonschema
import pytest
from tests.integration.copies.copying import Opened, made, opened
from tests.integration.copies.richly import PHONE, Rich, dated, restricted, rich
from tests.integration.delivery.posting import Company

from trustdesk.copies.left_out import LEFT_OUT
from trustdesk.kernel import registries
from trustdesk.kernel.ids import to_public
from trustdesk.server.cluster import Cluster

# Of staff: nothing of a customer is declared in them.
OF_STAFF = {"accounts", "mandates", "telephony"}
KINDS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "audit_entry": ("look-up", {"body": "what"}),
    "campaigns_target": ("campaign", {"value_id": "value"}),
    "campaigns_attempt": ("campaign-attempt", {}),
    "clearance_consent_use": ("consent-use", {"event_id": "event", "decision_id": "decision"}),
    "clearance_objection": ("objection", {"customer_id": "customer", "act": "lifted", "purpose_id": "purpose"}),
    "clearance_decision": (
        "decision",
        {"customer_id": "customer", "id": "decision", "purpose_id": "purpose", "rule_ids": "rules"},
    ),
    "clearance_collection": ("collection", {"value_id": "value"}),
    "clearance_suppression": ("suppression", {"kind": "point"}),
    "conversations_conversation": ("conversation", {"id": "conversation", "how": "identified"}),
    "conversations_interaction": ("interaction", {"id": "interaction", "kind": "way"}),
    "conversations_party": ("conversation-party", {"sealed": "text", "joined_at": "at"}),
    "conversations_note": ("conversation-note", {"sealed": "text", "written_at": "at"}),
    "conversations_followup": ("follow-up", {"sealed": "text", "created_at": "at"}),
    "conversations_event": ("conversation-event", {"kind": "what"}),
    "conversations_complaint": ("complaint", {"minutes": "text", "received_at": "at"}),
    "copies_copy": ("data-copy", {"id": "copy", "kind": "copy_of", "masked": "blacked_out"}),
    "delivery_message": (
        "message",
        {"id": "message", "value_id": "value", "sealed": "text", "attempt": "attempts"},
    ),
    "delivery_turn": ("message-turn", {"message_id": "message", "happening": "what"}),
    "delivery_call": ("webhook", {"value_ids": "values"}),
    "erasure_plan": ("erasure", {}),
    "governance_touched": ("breach", {"customer_id": "customer", "breach_id": "breach"}),
    "identity_link": ("link", {"asked_at": "at"}),
    "identity_confirmation": ("confirmation", {"asked_at": "at"}),
    "identity_visit": ("visit", {"value_id": "value"}),
    "intake_row": ("import", {}),
    "recordings_recording": (
        "recording",
        {
            "id": "recording",
            "conversation_id": "conversation",
            "call_id": "call",
            "rule_ids": "rules",
            "retention_class": "retention",
        },
    ),
    "recordings_copy": ("recording-copy", {"conversation_id": "conversation"}),
    "register_customer": (
        "customer",
        {
            "id": "customer",
            "kind": "person",
            "employer_id": "employer",
            "source_id": "source",
            "art14_due_at": "notice_due_at",
            "merged_into": "shown_as",
        },
    ),
    "register_value": (
        "value",
        {
            "customer_id": "customer",
            "id": "value",
            "attribute_id": "attribute",
            "sealed": "text",
            "open_text": "text",
            "source_id": "source",
        },
    ),
    "register_note": ("note", {"customer_id": "customer", "sealed": "text"}),
    "register_event": ("record-event", {"customer_id": "customer", "kind": "what", "value_id": "value"}),
    "register_question": (
        "question",
        {"customer_id": "customer", "value_id": "value", "attribute_id": "attribute", "spared": "what"},
    ),
    "register_disclosure": ("disclosure", {"customer_id": "customer", "value_id": "value"}),
    "register_merge": ("merge", {"into_id": "into", "customer_id": "customer"}),
    "rights_request": (
        "request",
        {"kind": "right", "sealed": "words", "identity": "identified_by", "identity_at": "identified_at"},
    ),
    "rights_event": ("request-event", {"sealed": "text", "happening": "what"}),
    "rights_code": ("request-code", {}),
    "updates_change": ("update", {"id": "update", "kind": "what"}),
    "updates_applied": (
        "update-field",
        {"change_id": "update", "old_value_id": "old_value", "new_value_id": "new_value"},
    ),
    "updates_order": ("update-order", {"kind": "what"}),
    "updates_review": ("update-review", {}),
    "updates_audit": ("update-audit", {}),
    "updates_duplicate": ("duplicate", {}),
    "switchboard_call": ("call", {"unrecorded": "not_recorded", "consent_key": "consent"}),
    "switchboard_wait": ("call-wait", {"call_id": "call"}),
    "switchboard_callback": ("callback", {"call_id": "call"}),
}
OTHER_KINDS = {
    "conversations_complaint.reply": ("complaint-reply", "text"),
    "conversations_complaint.replied_at": ("complaint-reply", "at"),
    "conversations_complaint.outcome": ("complaint-reply", "outcome"),
    "conversations_complaint.authority": ("complaint-reply", "authority"),
}
# In a record of their standard, by the standard's names (ISO/IEC TS 27560).
IN_RECORD = {
    "purpose_id": "dct:identifier",
    "channel": "td:channel",
    "state": "@type",
    "at": "dpv:isIndicatedAtTime",
    "until": "dpv:hasDuration",
    "express": "@type",
    "of_age": "td:ofAge",
    "by": "dpv:isIndicatedBy",
    "method": "dpv:hasIndicationMethod",
    "words": "td:words",
    "notice_version": "dpv:hasNotice",
    "notice_language": "dct:language",
    "recording": "td:recording",
    "spoken_from_ms": "td:spokenMilliseconds",
    "spoken_to_ms": "td:spokenMilliseconds",
    "document_sha256": "td:documentSha256",
    "reference": "td:reference",
}
# Nothing of these is there in what was seeded: that they would be told is seen by the key alone.
SELDOM = {
    "recordings_recording.gaps",
    "conversations_complaint.extended_at",
    "rights_request.approved_at",
    "rights_request.suspended_since",
}


@pytest.fixture
def person(company: Company, cluster: Cluster) -> Rich:
    return rich(company, cluster)


def declared() -> Iterator[str]:
    for capability, declaration in registries.privacy:
        if capability not in OF_STAFF:
            yield from (f"{field.table}.{field.column}" for field in declaration.fields)


def test_what_is_left_out_is_declared_and_told_nowhere() -> None:
    assert LEFT_OUT.keys() - set(declared()) == set()
    for place in set(declared()) - LEFT_OUT.keys():
        table, column = place.split(".")
        assert table in KINDS or (table == "clearance_consent_event" and column in IN_RECORD), place


def test_every_personal_column_of_a_rich_customer_is_told(company: Company, person: Rich) -> None:
    first = made(company, person.customer_id)
    opened(company, first.copy_id)
    dated(person.owner)
    restricted(person.owner, person.customer_id)
    copy = opened(company, made(company, person.customer_id).copy_id)
    missing = [place for place in set(declared()) - LEFT_OUT.keys() if not _told(copy, place)]
    assert "\n".join(sorted(missing)) == ""
    texts = copy.everything()
    for said in ("Ring after five", "Meter reads 4711", "Send the meter card", "The bill is wrong", "You are right"):
        assert said in texts
    assert PHONE in texts


def test_superseded_values_are_told_with_their_dates(company: Company, person: Rich) -> None:
    copy = opened(company, made(company, person.merged_id).copy_id)  # asked for by the number that was merged
    old, new = sorted(
        (row for row in copy.rows("value") if row["attribute"] == "address"),
        key=lambda row: row["superseded_at"] is None,
    )
    assert (old["text"], new["text"]) == ("Koivukuja 7, Espoo", "Koivukuja 9, Espoo")
    assert old["superseded_at"] is not None
    assert old["superseded_by"] == new["value"]
    assert {row["customer"] for row in copy.rows("value")} == {
        to_public(person.customer_id),
        to_public(person.merged_id),
    }
    assert "1980-02-29" in copy.page or "29" in copy.page


def test_the_look_ups_are_told_without_who_looked(company: Company, person: Rich) -> None:
    copy = opened(company, made(company, person.customer_id).copy_id)
    looks = copy.rows("look-up")
    assert {"at", "what", "purpose", "fields"} == set(looks[0])
    assert any(look["what"] == "register.card" for look in looks)
    assert "operator_id" not in copy.files["copy.json"].decode()


def _told(copy: Opened, place: str) -> bool:
    table, column = place.split(".")
    if table == "clearance_consent_event":
        record = str([row["record"] for row in copy.rows("consent")])
        return IN_RECORD[column] in record or column in {
            *("of_age", "recording", "spoken_from_ms", "spoken_to_ms", "document_sha256", "reference")
        }
    kind, renamed = KINDS[table]
    key = renamed.get(column, column)
    kind, key = OTHER_KINDS.get(place, (kind, key))
    given = [row[key] for row in copy.rows(kind) if key in row]
    if place in SELDOM:
        return bool(given)
    return any(value is not None for value in given)


def test_the_machine_readable_form_is_as_its_schema_says(company: Company, person: Rich) -> None:
    copy = opened(company, made(company, person.customer_id).copy_id)
    schema = json.loads(copy.files["copy.schema.json"])
    jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(copy.told)
    described = schema["properties"]["data"]["properties"]
    for kind, rows in copy.told["data"].items():
        assert rows[0].keys() <= described[kind]["items"]["properties"].keys(), kind
        table = list(csv.DictReader(io.StringIO(copy.files[f"tables/{kind}.csv"].decode(), newline="")))
        assert len(table) == len(rows)
