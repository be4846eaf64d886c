"""What others may ask of the register. Everything else in this package is its own business.

Each function takes the access context first, does its work under the context's signed scope and, where it writes,
in one transaction with its journal entry. `now` is an aware instant. All raise RefusedError where the context does
not carry the operation named in their text, and NotFoundError for what cannot be seen from the context's controller.
"""

from collections.abc import Sequence
from datetime import datetime

from trustdesk.kernel.context import AccessContext
from trustdesk.register.contracts import (
    AddResult,
    Attribute,
    Card,
    CardValue,
    ConfirmedBy,
    CustomerKind,
    Disclosure,
    Hit,
    InventoryRow,
    NewCustomer,
    NewSource,
    NewValue,
    Notice,
    NoticeDue,
    Relationship,
    RestrictionGround,
    SearchResult,
    Source,
    TimelineEntry,
)

__all__ = [
    "add_many",
    "add_note",
    "add_value",
    "card",
    "catalog",
    "confirm_value",
    "correct_value",
    "create_customer",
    "create_source",
    "customers",
    "declare_attribute",
    "disclosures",
    "give_notice",
    "history",
    "inventory",
    "known",
    "lock",
    "merge",
    "notices_due",
    "record_communication",
    "record_disclosure",
    "search",
    "seed_catalog",
    "set_relationship",
    "source",
    "sources",
    "timeline",
    "unlock",
    "unmerge",
]


def seed_catalog(context: AccessContext, *, now: datetime) -> int:
    """Declare the standard attributes that are not yet declared; the number of new ones. Needs `seat:manage`."""
    raise NotImplementedError


def declare_attribute(context: AccessContext, *, attribute: Attribute, now: datetime) -> int:
    """Add an attribute to the controller's catalog; its id. ConflictError where the code is taken."""
    raise NotImplementedError


def catalog(context: AccessContext) -> Sequence[Attribute]:
    """The controller's declared attributes in their order."""
    raise NotImplementedError


def create_source(context: AccessContext, *, source: NewSource, now: datetime) -> int:
    """Record where values come from; its id. BadInputError where a bought list lacks seller, date, legal basis
    or proof, or another source its legal basis.
    """
    raise NotImplementedError


def source(context: AccessContext, source_id: int) -> Source:
    """One source."""
    raise NotImplementedError


def sources(context: AccessContext) -> Sequence[Source]:
    """The controller's sources, newest first."""
    raise NotImplementedError


def create_customer(
    context: AccessContext,
    *,
    kind: CustomerKind,
    values: Sequence[NewValue],
    source_id: int,
    notice: Notice | None,
    now: datetime,
    language: str = "",
    country: str = "",
    relationship: Relationship | None = None,
    employer_id: int | None = None,
    collected_at: datetime | None = None,
) -> int:
    """Add one customer by hand; the customer's id. Needs `customer:create`.

    From a direct source the Art. 13 notice with its version is required; from elsewhere the Art. 14 clock runs: one
    month from `collected_at` (now where not given), or the first communication or disclosure if earlier.
    BadInputError for an undeclared attribute or an unreadable value, RefusedError where an admission gate says no.
    """
    raise NotImplementedError


def add_many(context: AccessContext, rows: Sequence[NewCustomer], *, source_id: int, now: datetime) -> AddResult:
    """Add many customers set-wise in one transaction: chunks of 1,000 to 10,000 rows. Needs `list:import`.

    A row that is bad or not admitted is rejected with its reason and the others go in. Other errors undo them all.
    """
    raise NotImplementedError


def known(context: AccessContext, rows: Sequence[NewCustomer]) -> Sequence[int | None]:
    """For each row the customer already here who has the same external id, or the same name together with the same
    phone, e-mail or birth date; else None. Opens nothing: equality of tokens only.
    """
    raise NotImplementedError


def search(context: AccessContext, query: str, *, limit: int = 50, country: str = "") -> SearchResult:
    """Customers found by phone, e-mail, birth date, external id or words of name, town, address and notes.

    Needs `customer:search`. At most `limit` (1 to 1,000) are shown, and only those shown are opened, in one entry.
    `country` reads national phone numbers (the controller's where empty).
    """
    raise NotImplementedError


def customers(context: AccessContext, *, after: int = 0, limit: int = 50) -> Sequence[Hit]:
    """Customers by id, those after the given one; one opening. Needs `customer:search`."""
    raise NotImplementedError


def card(context: AccessContext, customer_id: int, *, now: datetime) -> Card:
    """All that is current about the customer, with origin and freshness; one opening. Needs `customer:open`."""
    raise NotImplementedError


def history(context: AccessContext, customer_id: int, *, now: datetime, attribute: str = "") -> Sequence[CardValue]:
    """All values ever recorded, also superseded ones, newest first; one opening. Needs `customer:open`."""
    raise NotImplementedError


def timeline(
    context: AccessContext, customer_id: int, *, before: datetime | None = None, limit: int = 100
) -> Sequence[TimelineEntry]:
    """What happened to the customer, newest first; opens nothing. Needs `customer:open`."""
    raise NotImplementedError


def add_value(context: AccessContext, *, customer_id: int, value: NewValue, source_id: int, now: datetime) -> int:
    """Record one more value; its id. Needs `customer:correct`.

    Where the attribute holds one value the current one is superseded; ConflictError where that one was rectified
    (Art. 16) and the source is not the customer.
    """
    raise NotImplementedError


def confirm_value(context: AccessContext, *, customer_id: int, value_id: int, by: ConfirmedBy, now: datetime) -> None:
    """Note that a value was found still true, by what, and when. Needs `customer:confirm`."""
    raise NotImplementedError


def correct_value(
    context: AccessContext,
    *,
    customer_id: int,
    value_id: int,
    text: str,
    source_id: int,
    by: ConfirmedBy,
    now: datetime,
) -> int:
    """Replace a value by the right one (GDPR Art. 16); the new value's id. Needs `customer:correct`.

    The old one stays in the history. By the customer or a document the new one counts as rectified.
    ConflictError where the value was superseded meanwhile.
    """
    raise NotImplementedError


def add_note(context: AccessContext, *, customer_id: int, text: str, now: datetime) -> int:
    """Write a note (at most 10,000 characters), sealed and findable by its words; its id. Needs `customer:note`."""
    raise NotImplementedError


def lock(
    context: AccessContext,
    *,
    customer_id: int,
    ground: RestrictionGround,
    now: datetime,
    value_id: int | None = None,
) -> None:
    """Restrict the customer, or one value, to storage (GDPR Art. 18). Needs `customer:lock`."""
    raise NotImplementedError


def unlock(context: AccessContext, *, customer_id: int, now: datetime, value_id: int | None = None) -> None:
    """Lift the restriction; the customer is told before (Art. 18(3)). Needs `customer:lock`."""
    raise NotImplementedError


def merge(context: AccessContext, *, into: int, customer_id: int, reason: str, now: datetime) -> int:
    """Show `customer_id` as one with `into`; the merge's id. Nothing is moved, so `unmerge` is exact.

    Needs `customer:merge`. `reason` is a code or a sentence without personal data.
    """
    raise NotImplementedError


def unmerge(context: AccessContext, *, merge_id: int, now: datetime) -> None:
    """Undo a merge. ConflictError where it was undone already. Needs `customer:merge`."""
    raise NotImplementedError


def set_relationship(
    context: AccessContext, *, customer_id: int, relationship: Relationship, language: str, now: datetime
) -> None:
    """Record how the customer stands to the controller, and the customer's language. Needs `customer:correct`."""
    raise NotImplementedError


def record_disclosure(
    context: AccessContext,
    *,
    customer_id: int,
    value_ids: Sequence[int],
    recipient: str,
    purpose: str,
    legal_basis: str,
    now: datetime,
) -> Sequence[int]:
    """Enter in the ledger which values went to which recipient, when and why; the entries' ids.

    The first disclosure ends the Art. 14 period (Art. 14(3)(c)).
    """
    raise NotImplementedError


def disclosures(context: AccessContext, customer_id: int) -> Sequence[Disclosure]:
    """The customer's disclosure ledger, newest first. Needs `customer:open`."""
    raise NotImplementedError


def record_communication(context: AccessContext, *, customer_id: int, now: datetime) -> None:
    """Note a communication with the customer: the first one ends the Art. 14 period (Art. 14(3)(b))."""
    raise NotImplementedError


def give_notice(context: AccessContext, *, customer_id: int, notice: Notice, now: datetime) -> None:
    """Record that the customer was informed (Art. 13, 14): the clock stops. Needs `customer:correct`."""
    raise NotImplementedError


def notices_due(context: AccessContext, *, before: datetime, limit: int = 1000) -> Sequence[NoticeDue]:
    """Customers to whom the Art. 14 information is due before the instant, the most urgent first."""
    raise NotImplementedError


def inventory(context: AccessContext) -> Sequence[InventoryRow]:
    """What is held, why, until when, from where: counts by attribute and source. Needs `inventory:read`."""
    raise NotImplementedError
