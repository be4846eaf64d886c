"""A company with changes that wait for people, and the people who decide them."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from tests.companies import Company, found_company
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import feed_context
from trustdesk.matching.contracts import Said
from trustdesk.register.api import create_customer, create_source
from trustdesk.register.contracts import CustomerKind, NewSource, NewValue, Notice, NoticeKind, SourceKind
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import Change, ChangeKind, Fate, Terms, Verdict
from trustdesk.updates.privacy import DECLARATION

AS_OF = datetime(2026, 11, 20, tzinfo=UTC)
ANN, BEN, CLEO = 101, 102, 103
"""Three operators who may decide."""


@dataclass(frozen=True, slots=True)
class House:
    """The company, and the source of its one feed."""

    company: Company
    source_id: int
    feed_id: int

    def by(self, operator_id: int, *operations: str) -> AccessContext:
        """At work for the company."""
        return replace(self.company.context(*operations), operator_id=operator_id)

    def terms(self) -> Terms:
        return Terms(feed_id=self.feed_id, delivery_id=1, source_id=self.source_id)

    def take(self, change: Change) -> Verdict:
        """What the feed says."""
        now = clock.now()
        return updates.take(feed_context(self.company.controller_id, now=now), [change], terms=self.terms(), now=now)[0]

    def known(self, **texts: str) -> int:
        """Somebody whom the company's older system has known for a while."""
        since = clock.now() - timedelta(days=100)
        return create_customer(
            self.company.context(),
            kind=CustomerKind.PERSON,
            values=[NewValue(attribute, text) for attribute, text in texts.items()],
            source_id=self.company.imported,
            notice=Notice(NoticeKind.ART14, "2026-01", since),
            now=since,
        )

    def doubtful(self, *, kind: ChangeKind = ChangeKind.MOVE) -> tuple[int, list[int]]:
        """A change that could be of either of two namesakes at two addresses; the change, and the two."""
        family = _family("Virtanen")
        two = [
            self.known(given_name="Anna", family_name=family, address=address)
            for address in ("Kauppakatu 1, 40100 Jyväskylä", "Hämeenkatu 2, 33100 Tampere")
        ]
        verdict = self.take(said_of(family, kind=kind))
        assert verdict.fate is Fate.REVIEW, verdict
        assert verdict.change_id is not None
        return verdict.change_id, two

    def certain(self, *, days: int = 40) -> tuple[int, int]:
        """An update that was made by itself; the change and whose it is."""
        family = _family("Korhonen")
        born = _birth_date()
        customer_id = self.known(
            given_name="Eino", family_name=family, birth_date=born, address="Kauppakatu 1, 40100 Jyväskylä"
        )
        change = said_of(family, given="Eino", birth_date=born, as_of=AS_OF - timedelta(days=days))
        verdict = self.take(change)
        assert verdict.fate is Fate.UPDATED, verdict
        assert verdict.change_id is not None
        return verdict.change_id, customer_id


def _family(name: str) -> str:
    """A name that is like nobody else's in the register: letters only, drawn."""
    return "".join(secrets.choice("aeioukstrlmnpv") for _each in range(9)).capitalize() + name.lower()


def _birth_date() -> str:
    return f"{1940 + secrets.randbelow(60)}-{1 + secrets.randbelow(12):02d}-{1 + secrets.randbelow(28):02d}"


def said_of(
    family: str,
    *,
    given: str = "Anna",
    kind: ChangeKind = ChangeKind.MOVE,
    birth_date: str = "",
    as_of: datetime = AS_OF,
) -> Change:
    """Somebody of this name has moved, or is called otherwise now."""
    person = [Said("family_name", "name", family), Said("given_name", "name", given)]
    if birth_date:
        person.append(Said("birth_date", "birth_date", birth_date))
    becomes = (
        [Said("family_name", "name", "Nieminen")]
        if kind is ChangeKind.NAME
        else [Said("address", "address", "Rantatie 7, 90100 Oulu")]
    )
    return Change(position=str(new_id()), kind=kind, person=person, becomes=becomes, as_of=as_of, country="FI")


def forgotten(context: AccessContext, people: Sequence[Sequence[int]]) -> None:
    """Erased, as the privacy registry would have it."""
    if DECLARATION.erase is None:
        raise RuntimeError("updates know how to forget")
    DECLARATION.erase(context, people)


def found_house(name: str) -> House:
    return house_of(found_company(name, "FI"))


def house_of(company: Company) -> House:
    source = NewSource(kind=SourceKind.FEED, name="Population register", legal_basis="eu-gdpr:A6-1-c")
    return House(company, create_source(company.context(), source=source, now=datetime.now(UTC)), new_id())
