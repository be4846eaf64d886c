"""What a customer has said so far, by whichever way: also by one click in a mail, on the phone, or to an agent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance import api as clearance
from trustdesk.design.contacting import channel_label, method_label, purpose_name, scope_label, state_label
from trustdesk.kernel.context import AccessContext

_MOST = 30


@dataclass(frozen=True, slots=True)
class Act:
    """One thing said: about what, to which end, and how it came to the company."""

    at: datetime
    about: str
    what: str
    how: str


def history(context: AccessContext, customer_id: int) -> list[Act]:
    """The newest first; no more than anybody reads."""
    labels: Mapping[str, str] = {each.code: purpose_name(each) for each in clearance.purposes(context)}
    acts = [
        Act(
            event.at,
            f"{labels[event.purpose]} · {channel_label(event.channel)}",
            state_label(event.state),
            method_label(event.evidence.method),
        )
        for event in clearance.consents(context, customer_id)
    ]
    acts += [
        Act(
            act.at,
            scope_label(act.scope, labels),
            _("Objection taken back") if act.lifted else _("Objected"),
            method_label(act.method),
        )
        for act in clearance.objections(context, customer_id)
    ]
    return sorted(acts, key=lambda act: act.at, reverse=True)[:_MOST]
