"""The ledger of what was given to whom."""

from typing import Annotated

from pydantic import Field

from trustdesk.api.schemas.common import Given, GivenId, Id, Instant, Receipt, Shown, Word
from trustdesk.register.contracts import Disclosure


class DisclosureForm(Given):
    """`recipient` is an organisation. `purpose` and `legal_basis` are terms of the Data Privacy Vocabulary."""

    value_ids: Annotated[list[GivenId], Field(min_length=1, max_length=200)]
    recipient: Word
    purpose: Word
    legal_basis: Word


class DisclosureReceipt(Receipt):
    """One entry a value, in the order given."""

    customer_id: Id
    disclosure_ids: list[Id]


class DisclosureShown(Shown):
    """Which value went to whom, when and why (GDPR Art. 15(1)(c), 19)."""

    disclosure_id: Id
    value_id: Id
    attribute: str
    recipient: str
    purpose: str
    legal_basis: str
    disclosed_at: Instant
    disclosed_by: Id

    @classmethod
    def of(cls, entry: Disclosure) -> "DisclosureShown":
        return cls(
            disclosure_id=entry.disclosure_id,
            value_id=entry.value_id,
            attribute=entry.attribute,
            recipient=entry.recipient,
            purpose=entry.purpose,
            legal_basis=entry.legal_basis,
            disclosed_at=entry.disclosed_at,
            disclosed_by=entry.disclosed_by,
        )
