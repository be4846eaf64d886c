"""Rights that customers of the invented companies have exercised: one is soon due, one comes from nobody known."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trustdesk.demo import texts
from trustdesk.demo.companies import Company
from trustdesk.mandates.api import system_context
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest

# The right, the way it came, how many days ago, and whether it is known from which customer.
_ASKED = (
    (Kind.ACCESS, Channel.DESK, 24, True),
    (Kind.ERASURE, Channel.MAIL, 5, False),
    (Kind.OBJECTION, Channel.CALL, 1, True),
)


def ask(controller_id: int, company: Company, ids: Sequence[int], *, now: datetime) -> None:
    """Take them in as they would have come, in the company's first language."""
    context = system_context(controller_id, purpose="compliance", now=now, on_behalf_of=0)
    language = company.languages[0]
    known = iter(ids)
    for kind, channel, days, of_customer in _ASKED:
        new = NewRequest(
            kind=kind,
            channel=channel,
            received_at=now - timedelta(days=days),
            language=language,
            words=texts.asked(company.house, kind.value, language),
            customer_id=next(known) if of_customer else None,
            external_id=f"demo-{kind}",
        )
        rights.receive(context, new=new, now=now)
