"""What feeds gave and their source withdraws: gone from the card, the history, the search and the exports."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from tests.companies import NOW, Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import RefusedError
from trustdesk.register.api import (
    change_values,
    confirm_value,
    create_source,
    disclosures,
    history,
    lock,
    merge,
    record_disclosure,
    remove_fed,
    search,
    timeline,
)
from trustdesk.register.contracts import ConfirmedBy, NewSource, RestrictionGround, SourceKind, ValueChange
from trustdesk.register.models import JointToken, Token
from trustdesk.register.services.telling import export

LATER = NOW + timedelta(days=1)
SINCE = LATER + timedelta(hours=1)
FED = {"phone": "+358409998877", "address": "Mäntytie 3, 33100 Tampere", "town": "Tampere"}


@dataclass
class Told:
    """A journal that remembers."""

    openings: list[str] = field(default_factory=list)
    deeds: list[tuple[str, Sequence[int], dict[str, object] | None]] = field(default_factory=list)

    def opening(self, context: AccessContext, opening: Opening) -> None:
        del context
        self.openings.append(opening.what)

    def deed(
        self,
        context: AccessContext,
        what: str,
        *,
        subjects: Sequence[int] = (),
        detail: dict[str, object] | None = None,
    ) -> None:
        del context
        self.deeds.append((what, subjects, detail))


@pytest.fixture
def source(north: Company) -> int:
    feed = NewSource(kind=SourceKind.FEED, name="Registry", legal_basis="eu-gdpr:A6-1-b")
    return create_source(north.context(), source=feed, now=NOW)


def change(customer_id: int, code: str, text: str, replaces: int | None = None) -> ValueChange:
    return ValueChange(
        customer_id=customer_id,
        attribute=code,
        text=text,
        replaces=replaces,
        as_of=LATER,
        outranked_for=timedelta(),
    )


def say(company: Company, source_id: int, customer_id: int, **texts: str) -> dict[str, int]:
    changes = [change(customer_id, code, text) for code, text in texts.items()]
    became = change_values(company.context(), changes, source_id=source_id, now=LATER)
    return {code: each.new_value_id or 0 for code, each in zip(texts, became, strict=True)}


def remove(company: Company, *customer_ids: int) -> list[tuple[int, str, bool]]:
    removed = remove_fed(company.context(), dict.fromkeys(customer_ids, SINCE), now=SINCE)
    return [(each.value_id, each.attribute, each.counted) for some in removed.values() for each in some]


def all_texts(company: Company, customer_id: int) -> list[str | None]:
    return [value.text for value in history(company.context(), customer_id, now=SINCE)]


def tokens(company: Company, *customer_ids: int) -> set[tuple[int, int]]:
    with scoped(company.context().scope):
        found: set[tuple[int, int]] = set()
        for model in (Token, JointToken):
            rows = model.objects.filter(controller_id=company.controller_id, customer_id__in=customer_ids)
            found |= set(rows.values_list("customer_id", "token"))
    return found


def found_by(company: Company, text: str) -> Iterable[int]:
    return [hit.customer_id for hit in search(company.context(), text).rows]


def test_everything_a_feed_gave_goes_and_nothing_else(north: Company, source: int) -> None:
    aino = north.person(family_name="Poistuva", phone="+358401112233")
    before = tokens(north, aino)
    old = say(north, source, aino, **FED)["address"]
    new = change(aino, "address", "Koivukuja 9, 33100 Tampere", old)
    change_values(north.context(), [new], source_id=source, now=LATER)
    say(north, source, aino, family_name="Poissa")
    removed = remove(north, aino)
    assert sorted(code for _value, code, counted in removed if counted) == ["address", "phone", "town"]
    assert [code for _value, code, counted in removed if not counted] == ["address"]
    assert sorted(text or "" for text in all_texts(north, aino)) == ["+358401112233", "Poissa", "Poistuva"]
    assert found_by(north, FED["phone"]) == []
    say(north, source, aino, family_name="Poistuva")
    assert tokens(north, aino) == before


def test_of_records_shown_as_one_too(north: Company, source: int) -> None:
    root, other = north.person(family_name="Yhteinen"), north.person(family_name="Yhteinen")
    merge(north.context(), into=root, customer_id=other, reason="one person", now=NOW)
    before = tokens(north, root, other)
    say(north, source, other, **FED)
    assert len(remove(north, root)) == 3
    assert tokens(north, root, other) == before


def test_copies_and_the_ledger_know_it_no_more_and_the_timeline_says_that_it_went(north: Company, source: int) -> None:
    aino = north.person(family_name="Kopio")
    phone = say(north, source, aino, phone=FED["phone"])["phone"]
    context = north.context()
    record_disclosure(
        context, customer_id=aino, value_ids=[phone], recipient="Posti", purpose="x", legal_basis="y", now=LATER
    )
    assert remove(north, aino) == [(phone, "phone", True)]
    assert disclosures(context, aino) == []
    assert FED["phone"] not in repr(list(export(context, aino)))
    event = timeline(context, aino)[0]
    assert (event.kind, event.detail) == ("withdrawn", "")


def test_the_log_says_whose_and_which_in_one_entry(north: Company, source: int) -> None:
    people = [north.person(family_name="Lokikas"), north.person(family_name="Lokinen")]
    gone = [value for each in people for value in say(north, source, each, phone=FED["phone"]).values()]
    told = Told()
    context = replace(north.context(), journal=told)
    remove_fed(context, dict.fromkeys(people, SINCE), now=SINCE)
    assert told.openings == ["register.remove_fed"]
    assert told.deeds == [("register.values.removed", people, {"values": gone})]


def test_the_customers_own_word_and_what_is_restricted_stay(north: Company, source: int) -> None:
    aino = north.person(family_name="Omasana")
    own, contested = say(north, source, aino, phone=FED["phone"]), say(north, source, aino, address=FED["address"])
    confirm_value(
        north.context(),
        customer_id=aino,
        value_id=own["phone"],
        by=ConfirmedBy.CUSTOMER,
        now=SINCE + timedelta(minutes=1),
    )
    ground = RestrictionGround.ACCURACY_CONTESTED
    lock(north.context(), customer_id=aino, value_id=contested["address"], ground=ground, now=LATER)
    assert remove(north, aino) == []
    whole = north.person(family_name="Rajattu")
    say(north, source, whole, **FED)
    lock(north.context(), customer_id=whole, ground=ground, now=LATER)
    assert remove(north, whole) == []


def test_former_values_alone_go_too_and_a_stranger_has_none(north: Company, source: int) -> None:
    aino = north.person(family_name="Entinen")
    first = say(north, source, aino, address=FED["address"])["address"]
    change_values(north.context(), [change(aino, "address", "", first)], source_id=source, now=LATER)
    assert remove(north, aino, 42) == [(first, "address", False)]
    assert all_texts(north, aino) == ["Entinen"]
    assert remove(north, aino) == []


def test_it_takes_the_house(north: Company) -> None:
    with pytest.raises(RefusedError):
        remove_fed(north.context("customer:open"), {1: SINCE}, now=SINCE)
