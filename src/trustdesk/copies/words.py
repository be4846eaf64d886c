"""What the readable forms of a copy call things: for each kind of row a heading, and which of its fields are shown.

The machine-readable forms hold every field; here stands what a person reads. What is only a number of ours is left to
them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Shown:
    """How the rows of a kind are read: `head` begins the entry, `pairs` follow with their labels, `text` closes it."""

    title: str
    head: Sequence[str]
    pairs: Sequence[str] = ()
    text: str = ""


def _shown(title: str, head: str, pairs: str = "", text: str = "") -> Shown:
    return Shown(title, head.split(), pairs.split(), text)


KINDS: Mapping[str, Shown] = {
    "customer": _shown(
        _("How you stand in the register"),
        "person",
        "language country customer_since last_sale_date product_groups source collected_at notice_kind notice_version"
        " notice_given_at notice_due_at restricted_at restriction_ground",
    ),
    "value": _shown(
        _("What we have on file about you"),
        "attribute_label text",
        "label source source_kind recorded_at confirmed_at confirmed_by rectified superseded_at restricted_at"
        " restriction_ground shared_line purposes legal_basis retention",
    ),
    "disclosure": _shown(_("To whom we gave it"), "disclosed_at recipient", "attribute_label purpose legal_basis"),
    "webhook": _shown(_("Which systems were told"), "occurred_at recipient", "event state"),
    "consent": _shown(_("What you agreed to"), "purpose channel"),
    "consent-use": _shown(_("When we relied on your consent"), "used_at"),
    "objection": _shown(_("What you objected to"), "at purpose purpose_kind channel", "lifted by method", "words"),
    "collection": _shown(
        _("What you were told when we got your address"), "at", "from_sale told refused asked asked_until"
    ),
    "suppression": _shown(_("What keeps you off our lists"), "at point", "act purpose_kind channel reason"),
    "decision": _shown(_("Whether we were allowed to contact you"), "at purpose channel", "outcome rules place"),
    "conversation": _shown(
        _("Your conversations"), "opened_at reference", "channel language queue line state identified closed_at"
    ),
    "interaction": _shown(
        _("Calls and messages in them"),
        "started_at reference",
        "way direction queue line answered_at ended_at result disposition meaning unconfirmed",
    ),
    "conversation-party": _shown(_("Numbers and addresses in them"), "at reference", "left_at", "text"),
    "conversation-note": _shown(_("What was noted in them"), "at reference", "", "text"),
    "follow-up": _shown(_("What was to be done"), "at reference", "meaning due_at queue done_at", "text"),
    "conversation-event": _shown(_("What happened in them"), "at reference what"),
    "complaint": _shown(
        _("Your complaints"),
        "at number",
        "queue sector due_date extended_at copy_given_at escalated_at keep_until restricted_at",
        "text",
    ),
    "complaint-reply": _shown(_("What we answered"), "at number", "outcome authority", "text"),
    "call": _shown(
        _("Your telephone calls"),
        "began_at direction",
        "queue queued_at answered_at ended_at result recorded not_recorded certainty",
    ),
    "call-wait": _shown(_("How long you waited"), "queued_at queue", "left_at ended"),
    "callback": _shown(_("Callbacks you asked for"), "asked_at queue", "state reason changed_at"),
    "recording": _shown(
        _("Recordings of your calls"),
        "began_at role",
        "milliseconds mode notice_version heard_at rules keep_until state",
    ),
    "recording-copy": _shown(_("Copies of recordings we sent you"), "sent_at", "expires_at"),
    "note": _shown(_("What was noted about you"), "written_at", "", "text"),
    "message": _shown(
        _("What we sent you"), "queued_at subject", "channel purpose state handed_at delivered_at reason", "text"
    ),
    "message-turn": _shown(_("What became of it"), "at what", "before after reason status"),
    "campaign": _shown(
        _("Campaigns you were in"), "name", "purpose channel state attempts last_outcome reason next_at changed_at"
    ),
    "campaign-attempt": _shown(_("When a campaign tried to reach you"), "at name", "number outcome reason ended_at"),
    "screening": _shown(_("Checks of lists you were on"), "at purpose", "channel rules"),
    "import": _shown(_("From which lists you came"), "at source"),
    "link": _shown(_("Links to your page that were asked for"), "at", "language used_at expires_at tries"),
    "visit": _shown(_("When you were on your page"), "began_at", "proof ended_at expires_at"),
    "confirmation": _shown(_("What waited to be confirmed by you"), "at", "language used_at expires_at"),
    "record-event": _shown(_("What happened to your record"), "at what", "detail"),
    "question": _shown(_("What we asked you to confirm, or need not ask"), "at attribute_label", "what answer"),
    "update": _shown(
        _("What update services told us about you"),
        "decided_at what",
        "as_of received_at fate outcome reason second probability undone_at",
    ),
    "update-field": _shown(_("What they changed of it"), "applied_at attribute_label", "what why undone_at"),
    "update-order": _shown(_("What they ordered for you"), "since what", "ended_at"),
    "update-review": _shown(_("Changes that may be yours, looked at by somebody"), "opened_at", "state decided_at"),
    "update-audit": _shown(_("Samples in which a change of yours was looked at"), "judged_at", "verdict"),
    "duplicate": _shown(_("Records that may be yours, too"), "found_at", "state second probability decided_at"),
    "merge": _shown(_("Records that were shown as one"), "at", "reason undone_at"),
    "request": _shown(
        _("Rights that you exercised"),
        "received_at right",
        "reference state channel language due_date suspended_since suspended_days extended_at identified_by"
        " identified_at approved_at closed_at refused keep_until",
        "words",
    ),
    "request-event": _shown(_("What happened to these requests"), "at what", "reference after code", "text"),
    "request-code": _shown(_("Codes that were sent to you"), "sent_at", "reference used_at expires_at"),
    "erasure": _shown(_("Erasures of your data"), "drawn_at cause", "state erased_at"),
    "data-copy": _shown(
        _("Copies of your data"), "ordered_at copy_of", "made_at expires_at missing downloads downloaded_at"
    ),
    "breach": _shown(_("When the protection of your data was broken"), "found_at broken", "happened_at cause"),
    "look-up": _shown(_("When your data were looked at, and for what"), "at what", "purpose fields"),
    "deed": _shown(_("When your data were changed or used, and for what"), "at what", "purpose"),
}
"""In the order in which they are read."""

LABELS: Mapping[str, str] = {
    "act": _("What"),
    "after": _("Afterwards"),
    "answer": _("Answer"),
    "answered_at": _("Answered"),
    "approved_at": _("Approved"),
    "as_of": _("As of"),
    "asked": _("Asked"),
    "asked_until": _("Asked until"),
    "attempts": _("Attempts"),
    "attribute_label": _("What"),
    "authority": _("Authority"),
    "before": _("Before"),
    "broken": _("What was broken"),
    "by": _("By whom"),
    "certainty": _("How sure who called"),
    "changed_at": _("Changed"),
    "channel": _("Channel"),
    "closed_at": _("Closed"),
    "code": _("Code"),
    "collected_at": _("Since when"),
    "confirmed_at": _("Last confirmed"),
    "confirmed_by": _("Confirmed by"),
    "copy_given_at": _("Copy given"),
    "country": _("Country"),
    "customer_since": _("Customer since"),
    "decided_at": _("Decided"),
    "delivered_at": _("Delivered"),
    "detail": _("Detail"),
    "direction": _("Direction"),
    "disposition": _("What came of it"),
    "done_at": _("Done"),
    "downloaded_at": _("Last downloaded"),
    "downloads": _("Downloads"),
    "due_at": _("Due"),
    "due_date": _("To be answered by"),
    "ended": _("How it ended"),
    "ended_at": _("Ended"),
    "erased_at": _("Erased"),
    "escalated_at": _("Escalated"),
    "event": _("What about"),
    "expires_at": _("Expires"),
    "extended_at": _("Extended"),
    "fate": _("What became of it"),
    "fields": _("Which data"),
    "from_sale": _("In a sale"),
    "handed_at": _("Sent"),
    "heard_at": _("Notice heard"),
    "identified": _("How you were identified"),
    "identified_at": _("Identified on"),
    "identified_by": _("Identified by"),
    "keep_until": _("Kept until"),
    "label": _("Label"),
    "language": _("Language"),
    "last_outcome": _("Last outcome"),
    "last_sale_date": _("Last sale"),
    "left_at": _("Left"),
    "legal_basis": _("Legal basis"),
    "lifted": _("Taken back"),
    "line": _("Our number"),
    "made_at": _("Made"),
    "meaning": _("Meaning"),
    "method": _("How it was said"),
    "milliseconds": _("Length"),
    "missing": _("Missing in it"),
    "mode": _("Recorded under"),
    "next_at": _("Next"),
    "not_recorded": _("Not recorded because"),
    "notice_due_at": _("Information due"),
    "notice_given_at": _("Informed"),
    "notice_kind": _("Information under"),
    "notice_version": _("Version of the notice"),
    "number": _("Number"),
    "outcome": _("Outcome"),
    "place": _("Where it was asked"),
    "probability": _("How likely it is you"),
    "product_groups": _("Products"),
    "proof": _("Proved by"),
    "purpose": _("Purpose"),
    "purpose_kind": _("Kind of purpose"),
    "purposes": _("Used for"),
    "queue": _("Queue"),
    "queued_at": _("Since"),
    "reason": _("Reason"),
    "received_at": _("Received"),
    "recorded": _("Recorded"),
    "recorded_at": _("Recorded on"),
    "rectified": _("Corrected at your request"),
    "reference": _("Reference"),
    "refused": _("You refused"),
    "restricted_at": _("Restricted since"),
    "restriction_ground": _("Restricted because"),
    "result": _("Result"),
    "retention": _("Kept for"),
    "right": _("Right"),
    "rules": _("Rules"),
    "second": _("Known by"),
    "sector": _("Sector"),
    "shared_line": _("Shared with others"),
    "source": _("From"),
    "source_kind": _("Kind of source"),
    "state": _("State"),
    "status": _("Status"),
    "superseded_at": _("Replaced on"),
    "suspended_days": _("Days the clock stood"),
    "suspended_since": _("The clock stands since"),
    "told": _("You were told"),
    "tries": _("Tries"),
    "unconfirmed": _("It is not certain that it was you"),
    "undone_at": _("Undone"),
    "used_at": _("Used"),
    "verdict": _("What was found"),
    "way": _("Way"),
    "why": _("Kept because"),
}
"""What a field is called beside its value; those that only begin an entry need no name."""
