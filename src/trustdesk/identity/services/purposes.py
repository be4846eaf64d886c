"""The purposes that letting somebody in and asking for a confirmation are declared under: every company has them."""

import contextlib
from datetime import datetime

from django.conf import settings
from django.utils.translation import gettext, gettext_noop, override

from trustdesk.clearance.api import declare_purpose, purposes
from trustdesk.clearance.contracts import NewPurpose
from trustdesk.decision.contracts import PurposeKind
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.mandates.api import system_context

RIGHTS = "rights"
CONFIRMATION = "confirmation"


def ensure_purposes(controller_id: int, *, now: datetime) -> None:
    """Declare what the company has not declared itself. The first message that needs them does so."""
    declare_missing(system_context(controller_id, purpose="compliance", now=now, on_behalf_of=0), now=now)


def declare_missing(context: AccessContext, *, now: datetime) -> None:
    """As `ensure_purposes`, inside whatever the context is at already. Needs `clearance:manage`."""
    missing = {RIGHTS, CONFIRMATION} - {each.code for each in purposes(context)}
    for purpose in _standard():
        if purpose.code in missing:
            with contextlib.suppress(ConflictError):  # another job was first
                declare_purpose(context, purpose=purpose, now=now)


def _in_every_language(text: str) -> dict[str, str]:
    found = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            found[language] = gettext(text)
    return found


def _standard() -> tuple[NewPurpose, ...]:
    return (
        NewPurpose(
            code=RIGHTS,
            label=gettext_noop("Your rights"),
            other_labels=_in_every_language("Your rights"),
            term="dpv:RightsFulfilment",
            kind=PurposeKind.LEGAL_DUTY,
            legal_basis="eu-gdpr:A6-1-c",
        ),
        NewPurpose(
            code=CONFIRMATION,
            label=gettext_noop("Confirming what you asked for"),
            other_labels=_in_every_language("Confirming what you asked for"),
            term="dpv:CommunicationForCustomerCare",
            kind=PurposeKind.SERVICE,
            legal_basis="eu-gdpr:A6-1-b",
        ),
    )
