"""The console's words of codes, for the copy of a person's data too."""

from trustdesk.clearance.contracts import NoticeKind
from trustdesk.console.campaign_words import attempt_reason, outcome_label
from trustdesk.console.clearance_words import notice_label
from trustdesk.console.clearance_words import reason_label as suppressed_because
from trustdesk.console.delivery_words import happening_label
from trustdesk.console.delivery_words import state_label as message_state
from trustdesk.console.screening_words import outcome_label as verdict_label
from trustdesk.decision.contracts import Outcome
from trustdesk.delivery.contracts import State
from trustdesk.design.copied import register_labels, words_of


def copied_words() -> None:
    """Once, at start-up."""
    register_labels(
        {
            "message.state": words_of(State, message_state),
            "before": words_of(State, message_state),
            "after": words_of(State, message_state),
            "message-turn.what": happening_label,
            "decision.outcome": words_of(Outcome, verdict_label),
            "suppression.reason": suppressed_because,
            "notice_kind": words_of(NoticeKind, notice_label),
            "campaign-attempt.outcome": outcome_label,
            "last_outcome": outcome_label,
            "campaign-attempt.reason": attempt_reason,
        }
    )
