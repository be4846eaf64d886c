"""The words of codes for the copy of a person's data: what the pages say is what the copy says."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import TypeVar

from django.utils.translation import get_language_info
from django.utils.translation import gettext as _

from trustdesk.clearance.contracts import By, ConsentState, Method, PointKind
from trustdesk.conversations.contracts import Direction, How, Kind, Meaning, ReplyOutcome, Result, State
from trustdesk.copies import api as copies
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.design import contacting, conversing, recording
from trustdesk.design.breaches import breach_cause_label, broken_label
from trustdesk.design.happenings import what_label
from trustdesk.design.purposes import purpose_label
from trustdesk.design.updates_log import fate_label, order_label
from trustdesk.design.updating import change_label, second_label
from trustdesk.design.updating import state_label as review_label
from trustdesk.governance.contracts import Kind as Broken
from trustdesk.updates.contracts import ChangeKind, Fate, OrderKind, ReviewState

Code = TypeVar("Code", bound=StrEnum)
_STATES = {f"Consent{state.value.capitalize()}": state for state in ConsentState}


def words_of(kind: type[Code], label: Callable[[Code], str]) -> Callable[[str], str]:
    """The label of a code; the code itself where it is none of the kind."""

    def give(code: str) -> str:
        try:
            return label(kind(code))
        except ValueError:
            return code

    return give


def _consent_state(term: str) -> str:
    state = _STATES.get(term)
    return contacting.state_label(state) if state else term


def _language(code: str) -> str:
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _confirmer(code: str) -> str:
    """Said to the person, of members of register's ConfirmedBy."""
    words = {
        "customer": _("you"),
        "document": _("a document that you showed"),
        "feed": _("an update service"),
        "delivery": _("a message that arrived"),
        "operator": _("our staff"),
    }
    return words.get(code, code)


def _asked(code: str) -> str:
    return {"asked": _("we asked"), "spared": _("an update service knew: we did not ask")}.get(code, code)


def _answer(code: str) -> str:
    """Said to the person, of members of register's Answer."""
    words = {
        "true": _("it is right"),
        "changed": _("it is not right any more"),
        "corrected": _("you told us what is right"),
        "not_now": _("not now"),
    }
    return words.get(code, code)


_LABELS: Mapping[str, Callable[[str], str]] = {
    "channel": words_of(Channel, contacting.channel_label),
    "conversation.channel": words_of(Kind, conversing.kind_label),
    "interaction.way": words_of(Kind, conversing.kind_label),
    "conversation.state": words_of(State, conversing.state_label),
    "identified": words_of(How, conversing.how_label),
    "direction": words_of(Direction, conversing.direction_label),
    "result": words_of(Result, conversing.result_label),
    "meaning": words_of(Meaning, conversing.meaning_label),
    "complaint-reply.outcome": words_of(ReplyOutcome, conversing.outcome_label),
    "minutes": conversing.field_label,
    "conversation-event.what": conversing.event_label,
    "method": words_of(Method, contacting.method_label),
    "language": _language,
    "confirmed_by": _confirmer,
    "by": words_of(By, contacting.by_label),
    "purpose_kind": words_of(PurposeKind, contacting.kind_label),
    "point": words_of(PointKind, contacting.point_label),
    "consent.status": _consent_state,
    "breach.broken": words_of(Broken, broken_label),
    "breach.cause": breach_cause_label,
    "question.what": _asked,
    "question.answer": _answer,
    "update.what": words_of(ChangeKind, change_label),
    "update-order.what": words_of(OrderKind, order_label),
    "update-review.state": words_of(ReviewState, review_label),
    "fate": words_of(Fate, fate_label),
    "second": second_label,
    "role": recording.role_label,
    "not_recorded": recording.unrecorded_label,
    "look-up.what": what_label,
    "deed.what": what_label,
    "look-up.purpose": purpose_label,
    "deed.purpose": purpose_label,
}


def register_labels(labels: Mapping[str, Callable[[str], str]] = _LABELS) -> None:
    """Once, at start-up; the surfaces register their own."""
    for name, label in labels.items():
        copies.labels.register(name, label)
