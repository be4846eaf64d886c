"""A company with a feed, and changes as a reader would give them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.models import Model
from tests.companies import Company
from tests.companies import found_company as found

from trustdesk.isolation.api import scoped
from trustdesk.kernel.ids import new_id
from trustdesk.matching.contracts import Said
from trustdesk.register.api import create_customer, create_source
from trustdesk.register.contracts import CustomerKind, NewSource, NewValue, Notice, NoticeKind, SourceKind
from trustdesk.updates.api import take
from trustdesk.updates.contracts import Change, ChangeKind, Terms, Verdict

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AS_OF = NOW - timedelta(hours=3)
AINO = {
    "given_name": "Aino",
    "family_name": "Virtanen",
    "birth_date": "1980-02-29",
    "address": "Koivukuja 7, 02100 Espoo",
    "phone": "+358401234567",
}
_KINDS = {
    "given_name": "name",
    "family_name": "name",
    "town": "place",
    "customer_number": "external_id",
    "national_id": "external_id",
}


def said(**texts: str) -> list[Said]:
    return [Said(code, _KINDS.get(code, code), text) for code, text in texts.items()]


def change(
    position: str,
    kind: ChangeKind = ChangeKind.MOVE,
    *,
    person: dict[str, str],
    becomes: dict[str, str] | None = None,
    ends: dict[str, str] | None = None,
    as_of: datetime = AS_OF,
    key: str = "",
) -> Change:
    return Change(
        position=position,
        kind=kind,
        person=said(**person),
        becomes=said(**(becomes or {})),
        ends=said(**(ends or {})),
        as_of=as_of,
        key=key,
    )


@dataclass
class Feed:
    """A feed of a company's."""

    company: Company
    name: str = "Post"
    feed_id: int = field(default_factory=new_id)
    tell: frozenset[ChangeKind] = frozenset()
    source_id: int = 0

    def __post_init__(self) -> None:
        source = NewSource(kind=SourceKind.FEED, name=self.name, legal_basis="eu-gdpr:A6-1-b")
        self.source_id = create_source(self.company.context(), source=source, now=NOW)

    def terms(self, delivery_id: int = 1) -> Terms:
        return Terms(feed_id=self.feed_id, delivery_id=delivery_id, source_id=self.source_id, tell=self.tell)

    def take(self, *changes: Change, now: datetime = NOW, delivery_id: int = 1) -> Sequence[Verdict]:
        return take(self.company.context(), changes, terms=self.terms(delivery_id), now=now)


def found_company(name: str) -> Company:
    return found(name, "FI")


def person(
    company: Company, known_by: Mapping[str, str], *, direct: bool = False, since: timedelta = timedelta(days=100)
) -> int:
    """Somebody from the company's older system, or who gave it all themselves, for so long."""
    return create_customer(
        company.context(),
        kind=CustomerKind.PERSON,
        values=[NewValue(code, text) for code, text in known_by.items()],
        source_id=company.direct if direct else company.imported,
        notice=Notice(NoticeKind.ART13, "2026-01", NOW - since),
        now=NOW - since,
    )


def rows(company: Company, model: type[Model], **where: object) -> list[dict[str, Any]]:
    """What stands in a table of this company's."""
    with scoped(company.context().scope):
        found = model._default_manager.filter(controller_id=company.controller_id, **where)
        return list(found.order_by("pk").values())


def texts(company: Company, customer_id: int, attribute: str) -> list[str | None]:
    """The current values of one attribute."""
    return [text for code, text in company.texts(customer_id) if code == attribute]
