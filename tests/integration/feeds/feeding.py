"""Feeds as the tests make them, and what they bring."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import connection
from tests.companies import Company

from trustdesk.feeds import api as feeds
from trustdesk.feeds.contracts import Brake, DeliveryView, FeedView, NewFeed, Transport
from trustdesk.feeds.services import driving
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.register.api import create_source
from trustdesk.register.contracts import NewSource, SourceKind
from trustdesk.updates.contracts import Change, Fate, Terms, Verdict

READING: Mapping[str, object] = {
    "columns": {
        "no": "position",
        "what": "kind",
        "when": "as_of",
        "family": "person:family_name",
        "given": "person:given_name",
        "born": "person:birth_date",
        "street": "becomes:address/street",
        "town": "becomes:address/town",
        "phone": "becomes:phone",
    }
}
COLUMNS = ("no", "what", "when", "family", "given", "born", "street", "town", "phone")
FEED_OPERATIONS = frozenset({"feed:manage", "feed:work", "update:read"})


def row(number: int, *, what: str = "move", when: str = "2026-11-20T08:00:00Z", **other: str) -> dict[str, str]:
    """A record of somebody who moved to a house of their own."""
    named = {"no": str(number), "what": what, "when": when, "family": f"Virtanen{number}", "given": "Aino"}
    return {**named, "born": "1980-01-01", "street": f"Kotikatu {number}", "town": "Oulu", "phone": "", **other}


def rows(count: int, *, first: int = 1, **other: str) -> list[dict[str, str]]:
    return [row(number, **other) for number in range(first, first + count)]


def table(records: Sequence[Mapping[str, str]]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS)
    writer.writeheader()
    writer.writerows(records)
    return text.getvalue().encode()


@dataclass
class Register:
    """What was taken, by position: what comes again was there before. `chokes` are positions that it refuses, `breaks`
    those at which something unforeseen goes wrong.
    """

    taken: dict[str, Change] = field(default_factory=dict)
    calls: list[int] = field(default_factory=list)
    terms: list[Terms] = field(default_factory=list)
    chokes: set[str] = field(default_factory=set)
    breaks: set[str] = field(default_factory=set)

    def take(
        self, context: AccessContext, changes: Sequence[Change], *, terms: Terms, now: datetime
    ) -> Sequence[Verdict]:
        context.check_operation("feed:work")
        self.calls.append(len(changes))
        self.terms.append(terms)
        if any(change.position in self.breaks for change in changes):
            raise KeyError("unforeseen")
        if any(change.position in self.chokes for change in changes):
            raise BadInputError("It can't be.", place="change")
        found = []
        for change in changes:
            fate = Fate.BEFORE if change.position in self.taken else Fate.UPDATED
            self.taken.setdefault(change.position, change)
            found.append(Verdict(position=change.position, fate=fate))
        return found


@dataclass
class Room:
    """A company, as somebody who manages its feeds works for it."""

    company: Company

    def __post_init__(self) -> None:
        source = NewSource(kind=SourceKind.FEED, name="Population register", legal_basis="eu-gdpr:A6-1-c")
        self.source_id = create_source(self.company.context(), source=source, now=clock.now())

    @property
    def id(self) -> int:
        return self.company.controller_id

    def context(self, *operations: str) -> AccessContext:
        whole = self.company.context()
        return replace(whole, operations=frozenset(operations) or whole.operations | FEED_OPERATIONS)

    def declared(self, transport: Transport = Transport.UPLOAD, **other: object) -> NewFeed:
        values: dict[str, object] = {
            "name": f"Feed {new_id()}",
            "transport": transport,
            "setup": {},
            "format": "csv",
            "reading": READING,
            "source_id": self.source_id,
            "country": "FI",
        }
        return NewFeed(**{**values, **other})  # type: ignore[arg-type]

    def feed(self, transport: Transport = Transport.UPLOAD, **other: object) -> int:
        return feeds.save_feed(self.context(), feed_id=None, new=self.declared(transport, **other), now=clock.now())

    def receive(self, feed_id: int, content: bytes) -> int:
        return feeds.receive(self.context(), feed_id=feed_id, pieces=[content], now=clock.now())

    def run(self, feed_id: int, *, seconds: float = 60) -> bool:
        return driving.run(self.id, feed_id, until=clock.now() + timedelta(seconds=seconds))

    def delivery(self, delivery_id: int) -> DeliveryView:
        return feeds.delivery(self.context(), delivery_id)

    def deliveries(self, feed_id: int) -> Sequence[DeliveryView]:
        return feeds.deliveries(self.context(), feed_id=feed_id)

    def view(self, feed_id: int) -> FeedView:
        return feeds.feed(self.context(), feed_id)

    def through(self, feed_id: int, content: bytes) -> DeliveryView:
        """Received and worked through."""
        delivery_id = self.receive(feed_id, content)
        self.run(feed_id)
        return self.delivery(delivery_id)

    def counts(self, feed_id: int) -> Counter[str]:
        found: Counter[str] = Counter()
        for one in self.deliveries(feed_id):
            found.update(one.counts)
        return found

    def again(self) -> None:
        """As if the pauses were over."""
        with scoped(self.context().scope), connection.cursor() as cursor:
            cursor.execute("UPDATE feeds_feed SET next_at = NULL WHERE controller_id = %s", [self.id])
            cursor.execute("UPDATE feeds_delivery SET next_at = NULL WHERE controller_id = %s", [self.id])

    def change(self, feed_id: int, **other: object) -> None:
        held = self.view(feed_id)
        new = self.declared(held.transport, **{"name": held.name, "setup": held.setup, **other})
        feeds.save_feed(self.context(), feed_id=feed_id, new=new, now=clock.now())


BRAKED = Brake(least=5)
"""A brake that a small delivery can be above."""
