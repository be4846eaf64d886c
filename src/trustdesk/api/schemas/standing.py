"""How a customer stands to the company."""

from trustdesk.api.schemas.common import Id, Instant, Shown
from trustdesk.api.schemas.customers import Language, RelationshipForm
from trustdesk.register.contracts import NoticeDue


class StandingForm(RelationshipForm):
    """Without `language` the customer's stays."""

    language: Language | None = None


class NoticeDueShown(Shown):
    """A customer whom the information of GDPR Art. 14 must reach by `due_at`, and the source of the data."""

    customer_id: Id
    source_id: Id
    due_at: Instant

    @classmethod
    def of(cls, due: NoticeDue) -> "NoticeDueShown":
        return cls(customer_id=due.customer_id, source_id=due.source_id, due_at=due.due_at)
