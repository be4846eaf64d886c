"""The purposes that letting somebody in and asking for a confirmation are declared under: every company has them."""

import contextlib
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.clearance.api import declare_purpose, purposes
from trustdesk.clearance.contracts import NewPurpose
from trustdesk.decision.contracts import PurposeKind
from trustdesk.kernel.errors import ConflictError
from trustdesk.mandates.api import system_context

RIGHTS = "rights"
CONFIRMATION = "confirmation"


def ensure_purposes(controller_id: int, *, now: datetime) -> None:
    """Declare what the company has not declared itself. The first message that needs them does so."""
    context = system_context(controller_id, purpose="compliance", now=now, on_behalf_of=0)
    missing = {RIGHTS, CONFIRMATION} - {each.code for each in purposes(context)}
    for purpose in _standard():
        if purpose.code in missing:
            with contextlib.suppress(ConflictError):  # another job was first
                declare_purpose(context, purpose=purpose, now=now)


def _standard() -> tuple[NewPurpose, ...]:
    return (
        NewPurpose(
            code=RIGHTS,
            label=_("Your rights"),
            term="dpv:RightsFulfilment",
            kind=PurposeKind.LEGAL_DUTY,
            legal_basis="eu-gdpr:A6-1-c",
        ),
        NewPurpose(
            code=CONFIRMATION,
            label=_("Confirming what you asked for"),
            term="dpv:CommunicationForCustomerCare",
            kind=PurposeKind.SERVICE,
            legal_basis="eu-gdpr:A6-1-b",
        ),
    )
