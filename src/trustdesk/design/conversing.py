"""Words for what conversations know by codes: the same at the desk, in the console, in the portal and on the board."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from trustdesk.conversations.contracts import ComplaintState, Direction, How, Kind, Meaning, ReplyOutcome, Result, State

STATE_TONES = {State.OPEN: "accent", State.WAITING: "warn", State.CLOSED: "plain"}
COMPLAINT_TONES = {
    ComplaintState.OPEN: "accent",
    ComplaintState.OVERDUE: "bad",
    ComplaintState.ACCEPTED_BY_SILENCE: "bad",
    ComplaintState.REPLIED: "good",
}
KIND_ICONS = {
    Kind.CALL: "phone",
    Kind.CHAT: "note",
    Kind.EMAIL: "mail",
    Kind.SMS: "note",
    Kind.LETTER: "mail",
    Kind.VISIT: "person",
}


def how_label(how: How) -> str:
    """How it is known with whom we speak, as the top of a card says it."""
    return {
        How.UNIDENTIFIED: _("Unidentified"),
        How.NUMBER_MATCHED: _("Number matched (can be forged)"),
        How.QUESTIONS: _("Identified by questions"),
        How.CALLED_BACK: _("Identified by calling back"),
        How.DOCUMENT: _("Identified by a document"),
        How.CODE: _("Identified by a code sent to a contact point on file"),
        How.PORTAL: _("Identified by being signed in to the portal"),
        How.SYSTEM: _("Identified by another system"),
    }[how]


def kind_label(kind: Kind) -> str:
    return {
        Kind.CALL: pgettext("conversation", "Call"),
        Kind.CHAT: _("Chat"),
        Kind.EMAIL: _("E-mail"),
        Kind.SMS: _("SMS"),
        Kind.LETTER: _("Letter"),
        Kind.VISIT: _("Visit"),
    }[kind]


def direction_label(direction: Direction) -> str:
    return {Direction.IN: _("incoming"), Direction.OUT: _("outgoing")}[direction]


def state_label(state: State) -> str:
    return {State.OPEN: pgettext("conversation", "Open"), State.WAITING: _("Waiting"), State.CLOSED: _("Closed")}[state]


def result_label(result: Result) -> str:
    return {
        Result.ANSWERED: _("answered"),
        Result.ABANDONED: _("hung up before anybody answered"),
        Result.NO_ANSWER: _("no answer"),
        Result.BUSY: _("busy"),
        Result.REFUSED: _("declined"),
        Result.FAILED: _("did not get through"),
        Result.RECEIVED: _("received"),
        Result.SENT: _("sent"),
    }[result]


def meaning_label(meaning: Meaning) -> str:
    return {
        Meaning.DONE: _("It is settled"),
        Meaning.AGAIN: _("Look at it again on a day"),
        Meaning.CALLBACK: _("Call back"),
        Meaning.STOP: _("No further attempts"),
        Meaning.OBJECTION: _("Record an objection"),
        Meaning.COMPLAINT: _("Open a complaint file"),
    }[meaning]


def complaint_state_label(state: ComplaintState) -> str:
    return {
        ComplaintState.OPEN: _("Waits for a reply"),
        ComplaintState.OVERDUE: _("Overdue"),
        ComplaintState.ACCEPTED_BY_SILENCE: _("Accepted by silence"),
        ComplaintState.REPLIED: _("Answered"),
    }[state]


def outcome_label(outcome: ReplyOutcome) -> str:
    return {
        ReplyOutcome.ACCEPTED: _("Accepted"),
        ReplyOutcome.PARTLY: _("Accepted in part"),
        ReplyOutcome.REJECTED: _("Rejected"),
    }[outcome]


def field_label(name: str) -> str:
    """A field of the minutes, by its name in the rule packs."""
    labels = {
        "complainant_name": _("Name of the person"),
        "complainant_address": _("Address of the person"),
        "submitted": _("Where, when and how it was made"),
        "description": _("The complaint in detail"),
        "evidence": _("Papers and other evidence shown"),
        "position": _("What the company says to it, where it can be looked into at once"),
        "taken_by": _("Taken down by, where and when"),
        "unique_id": _("Number of the complaint"),
    }
    return labels.get(name, name)


def event_label(kind: str) -> str:
    """What happened in a conversation, in words; one that has none yet is shown by its code."""
    labels = {
        "opened": _("Opened"),
        "began": _("A call or message began"),
        "ended": _("It ended"),
        "joined": _("Joined"),
        "matched": _("The number is on file"),
        "identified": _("Identified"),
        "taken-back": _("The identification was taken back"),
        "brought": _("Its reference was typed in a call"),
        "confirmed": _("It was the customer who called"),
        "disposed": _("Said what came of it"),
        "noted": _("Wrote a note"),
        "follow-up": _("Something to do was noted"),
        "followed-up": _("Did what was to do"),
        "assigned": _("Given to somebody"),
        "requeued": _("Went to another queue"),
        "waiting": _("Waits"),
        "closed": _("Closed"),
        "reopened": _("Open again"),
        "complaint": _("A complaint file was opened"),
        "replied": _("The complaint was answered"),
        "extended": _("More time for the complaint"),
        "copied": _("A copy of the minutes was given"),
        "escalated": _("A complaint is due"),
    }
    return labels.get(kind, kind)


def happening_labels() -> dict[str, str]:
    """Entries of the log."""
    return {
        "conversations.opened": _("opened a conversation"),
        "conversations.conversation": _("opened what was said in a conversation"),
        "conversations.interaction.begun": _("a call or message began"),
        "conversations.interaction.ended": _("a call or message ended"),
        "conversations.bring": _("opened a call's number to file it with its case"),
        "conversations.brought": _("brought a call to the case whose reference was typed"),
        "conversations.call.confirmed": _("confirmed that the customer of a case had called"),
        "conversations.identify": _("opened a conversation to file it with the customer"),
        "conversations.identified": _("identified the customer of a conversation"),
        "conversations.take_back": _("opened a conversation to take an identification back"),
        "conversations.identification.taken_back": _("took an identification back"),
        "conversations.disposed": _("said what came of a call or message"),
        "conversations.note.added": _("wrote a note in a conversation"),
        "conversations.follow_up.added": _("noted something to do"),
        "conversations.follow_up.done": _("did what was to do"),
        "conversations.closed": _("closed a conversation"),
        "conversations.complaint": _("opened a complaint file to read it"),
        "conversations.complaint.opened": _("opened a complaint file"),
        "conversations.complaint.replied": _("recorded the reply to a complaint"),
        "conversations.complaint.extended": _("took more time for a complaint"),
        "conversations.complaint.copied": _("gave a copy of the minutes"),
        "conversations.complaint.escalated": _("a complaint is due or overdue"),
        "conversations.references.blocked": _("somebody who guessed references was stopped"),
        "conversations.dispositions.saved": _("changed the dispositions of a queue"),
        "conversations.rules.saved": _("changed the rules of a queue"),
        "conversations.export": _("exported the conversations of a customer"),
        "conversations.keep": _("opened a conversation to keep it as evidence"),
        "conversations.let_go": _("deleted a conversation that was kept as evidence"),
        "conversations.erased": _("erased the conversations of a customer"),
        "conversations.kept_long_enough": _("deleted conversations that were kept long enough"),
        "conversations.complaints.kept_long_enough": _("deleted complaint files that were kept long enough"),
    }
