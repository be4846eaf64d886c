"""Where values typed at the desk come from: the customer."""

from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.kernel.context import AccessContext
from trustdesk.register import api as register
from trustdesk.register.contracts import NewSource, SourceKind

CONTRACT = "eu-gdpr:A6-1-b"


def direct_source(context: AccessContext, *, now: datetime) -> int:
    """The controller's source "from the customer"; recorded at its first use."""
    for source in register.sources(context):
        if source.kind is SourceKind.DIRECT:
            return source.source_id
    typed = NewSource(kind=SourceKind.DIRECT, name=_("From the customer"), legal_basis=CONTRACT)
    return register.create_source(context, source=typed, now=now)
