"""Personal columns that are in no copy, each with its reason. A test holds every declaration against this list: what is
neither told nor listed here fails it.
"""

from collections.abc import Mapping

_NUMBER = "a number of ours that names a row: what the row says is told"
_DIGEST = "a keyed digest of a value that is told itself; with the key it says no more than that, without it nothing"
_HEADLINE = "one line made of name and town, which are told as values"
_DOORS = "keyed digests that keep strangers out; to tell them would let them in"
_SHORT = "counted for minutes to keep guessers out, and gone within the day"
_BOOKKEEPING = "how the machine goes on with a row: nothing of it is about the person"
_ELSEWHERE = "told by the row that it belongs to"
_OTHERS = "may be of somebody else as well: that somebody looks is told, not how the two compare (GDPR Art. 15(4))"
_KEYS = "that there is a key, and since when: without the key's bytes it opens nothing, and those are told to nobody"
_STAFF = "who of the staff listens: normally not the person's to know (CJEU C-579/21); that and when, the log tells"
_SOUGHT = "what is looked for after an erasure: made of what is told, sealed, and gone with the certificate"
_HELD = "a legal hold: to tell of it could defeat it; the officer decides (GDPR Art. 15(4), 23(1)(j))"

_COLUMNS: Mapping[str, Mapping[str, str]] = {
    _NUMBER: {
        "audit_entry": "subjects",
        "audit_list": "body subjects",
        "register_note": "id",
        "register_event": "id",
        "register_disclosure": "id",
        "register_question": "conversation_id",
        "clearance_consent_use": "customer_id id",
        "clearance_consent_event": "customer_id id source_id",
        "clearance_collection": "customer_id id",
        "clearance_objection": "id reference",
        "clearance_decision": "value_id campaign_id contact_id",
        "conversations_conversation": "subject_id customer_id",
        "conversations_interaction": "conversation_id",
        "conversations_party": "id conversation_id interaction_id",
        "conversations_note": "id conversation_id interaction_id",
        "conversations_followup": "id conversation_id",
        "conversations_event": "id conversation_id",
        "conversations_complaint": "id conversation_id interaction_id customer_id subject_id",
        "recordings_recording": "customer_id interaction_id leg",
        "recordings_copy": "customer_id message_id",
        "switchboard_call": "customer_id decision_id",
        "delivery_message": "customer_id decision_id campaign_id",
        "delivery_call": "customer_id",
        "campaigns_target": "customer_id",
        "campaigns_attempt": "customer_id message_id call_id decision_id",
        "intake_row": "customer_id",
        "screening_result": "customer_id value_id",
        "screening_row": "customer_id",
        "screening_change": "customer_id",
        "identity_visit": "customer_id",
        "identity_confirmation": "customer_id event_id message_id",
        "copies_copy": "customer_id message_id",
        "erasure_plan": "customer_id people",
        "rights_request": "id customer_id external_id",
        "rights_event": "id request_id",
        "rights_code": "customer_id value_id request_id",
        "rights_letter": "id request_id",
        "updates_change": "customer_id position",
        "updates_applied": "id customer_id",
        "updates_order": "customer_id change_id",
        "updates_candidate": "customer_id change_id",
        "updates_audit": "customer_id change_id",
        "updates_review": "customer_id change_id candidate_ids",
        "updates_duplicate": "left_id right_id id merge_id",
    },
    _DIGEST: {
        "audit_subject": "token",
        "register_token": "token customer_id",
        "register_joint_token": "token customer_id",
        "clearance_consent_event": "digest",
        "clearance_objection": "digest",
        "clearance_point": "customer_id value_id version level kind country token hashed domain",
        "clearance_suppression": "token id version level purpose_id",
        "clearance_outside_entry": "token version level",
        "conversations_party": "token",
        "delivery_message": "key_digest",
        "delivery_call": "key_digest",
        "feeds_delivery": "addresses",
        "intake_row": "row_token",
        "screening_row": "country token older hashed domain",
        "screening_change": "token",
        "updates_profile": "tokens customer_id",
        "updates_change": "record_token",
        "rights_letter": "digest",
        "erasure_ledger": "token version level kind plan_id erased_at",
    },
    _HEADLINE: {"register_customer": "headline"},
    _DOORS: {
        "identity_link": "address address_key browser customers values",
        "identity_form": "sent address_key asked_at expires_at",
    },
    _SHORT: {
        "conversations_miss": "asker at",
        "conversations_viewer": "conversation_id",
        "updates_departed": "customer_id at",
    },
    _BOOKKEEPING: {
        "clearance_consent_event": "strictness",
        "clearance_decision": "mask",
        "conversations_conversation": "joined_to matches restricted_at",
        "conversations_complaint": "due_at",
        "conversations_event": "detail",
        "campaigns_target": "number",
        "delivery_message": "next_at changed_at",
        "delivery_turn": "attempt reply",
        "recordings_recording": "filed_class chunks head reason",
        "switchboard_call": "matches paused held answer_by alarm",
        "switchboard_callback": "decision_id",
        "copies_copy": "progress to_send",
        "rights_request": "due_at work_id told_id forgotten_at",
        "rights_letter": "taken_at taken reason",
        "erasure_plan": "about lines held approved_at begun_at done_at dismissed_because changed_at",
    },
    _ELSEWHERE: {
        "register_merge": "moved",
        "delivery_message": "reply",
        "recordings_unrecorded": "conversation_id interaction_id call_id reason at",
        "screening_result": "mask",
    },
    _OTHERS: {
        "updates_review": "sealed candidates first_at first_choice second_at second_choice choice closed",
        "updates_duplicate": "evidence",
        "updates_change": "evidence",
    },
    _KEYS: {
        "vault_data_key": "customer_id retention_class created_at destroyed_at",
        "vault_stream_key": "id customer_id retention_class created_at destroyed_at",
    },
    _STAFF: {"recordings_listening": "conversation_id listener customer_id"},
    _SOUGHT: {"proof_search": "sought", "proof_part": "reached", "proof_found": "sealed"},
    _HELD: {"recordings_hold": "conversation_id"},
}

LEFT_OUT: Mapping[str, str] = {
    f"{table}.{column}": reason
    for reason, tables in _COLUMNS.items()
    for table, columns in tables.items()
    for column in columns.split()
}
