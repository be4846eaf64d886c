"""Customers from an older system, and what a feed says of them."""

from dataclasses import replace
from datetime import datetime, timedelta

from tests.companies import NOW, Company
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.register import wire
from trustdesk.register.api import add_many, card, change_values, create_source, history, take_back
from trustdesk.register.contracts import (
    CardValue,
    Changed,
    CustomerKind,
    NewCustomer,
    NewSource,
    NewValue,
    SourceKind,
    TakeBack,
    ValueChange,
)
from trustdesk.register.services.reindexing import reindex

LATER = NOW + timedelta(days=40)
_TOKENS = "SELECT token FROM register_token WHERE controller_id = %s AND customer_id = ANY(%s) ORDER BY token"


class Feed:
    """A company with a feed; what it says is so since `LATER` where nothing else is told."""

    def __init__(self, company: Company) -> None:
        self.company = company
        source = NewSource(kind=SourceKind.FEED, name="Population register", legal_basis="eu-gdpr:A6-1-b")
        self.source_id = create_source(company.context(), source=source, now=NOW)

    def context(self) -> AccessContext:
        return self.company.context("feed:work")

    def listed(self, *values: NewValue, **texts: str) -> int:
        """A customer of the older system."""
        given = [*(NewValue(attribute, text) for attribute, text in texts.items()), *values]
        row = NewCustomer(kind=CustomerKind.PERSON, values=given)
        added = add_many(self.company.context(), [row], source_id=self.company.imported, now=NOW)
        customer_id = added.outcomes[0].customer_id
        assert customer_id is not None
        return customer_id

    def change(self, customer_id: int, attribute: str, text: str, **more: object) -> ValueChange:
        plain = ValueChange(customer_id=customer_id, attribute=attribute, text=text, as_of=LATER)
        return replace(plain, **more)  # type: ignore[arg-type]

    def says(self, customer_id: int, attribute: str, text: str, **more: object) -> Changed:
        return self.says_all([self.change(customer_id, attribute, text, **more)])[0]

    def says_all(self, changes: list[ValueChange], *, now: datetime = LATER) -> list[Changed]:
        return list(change_values(self.context(), changes, source_id=self.source_id, now=now))

    def back(self, customer_id: int, changed: Changed, *, now: datetime = LATER) -> bool:
        return take_back(self.context(), [self.taken(customer_id, changed)], now=now)[0]

    @staticmethod
    def taken(customer_id: int, changed: Changed) -> TakeBack:
        numbers = changed.new_value_id, changed.old_value_id
        return TakeBack(customer_id, *numbers, changed.confirmed_at, changed.before)

    def held(self, customer_id: int, attribute: str) -> list[CardValue]:
        """The values that count."""
        shown = card(self.company.context(), customer_id, now=LATER)
        return [value for value in shown.values if value.attribute == attribute]

    def value_id(self, customer_id: int, attribute: str) -> int:
        return self.held(customer_id, attribute)[0].value_id

    def texts(self, customer_id: int, attribute: str) -> list[str | None]:
        return [value.text for value in self.held(customer_id, attribute)]

    def ever(self, customer_id: int, attribute: str) -> list[str | None]:
        found = history(self.company.context(), customer_id, now=LATER, attribute=attribute)
        return [value.text for value in found]

    def tokens(self, *customer_ids: int) -> list[int]:
        with scoped(self.context().scope):
            return [row[0] for row in wire.fetch(_TOKENS, self.company.controller_id, list(customer_ids))]

    def tokens_anew(self, *customer_ids: int) -> list[int]:
        """As they would be, made from everything."""
        context = self.company.context()
        with scoped(context.scope):
            for customer_id in customer_ids:
                reindex(context, customer_id)
        return self.tokens(*customer_ids)
