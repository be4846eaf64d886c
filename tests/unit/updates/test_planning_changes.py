"""Which value a change takes the place of."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from trustdesk.matching.contracts import Said
from trustdesk.register.contracts import Attribute, CustomerKind, Held, HeldValue, SourceKind, ValueKind
from trustdesk.updates.contracts import Change, ChangeKind, OrderKind, Terms
from trustdesk.updates.services.planning import plan

NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
OWN, OTHER = 7, 8
TERMS = Terms(feed_id=1, delivery_id=1, source_id=OWN)
KINDS = {
    "name": ValueKind.NAME,
    "given_name": ValueKind.NAME,
    "family_name": ValueKind.NAME,
    "phone": ValueKind.PHONE,
    "email": ValueKind.EMAIL,
    "address": ValueKind.ADDRESS,
}
CATALOG = {
    code: Attribute(
        code=code,
        label=code,
        kind=kind,
        category="pd:Name",
        purposes=("dpv:CustomerCare",),
        legal_basis="eu-gdpr:A6-1-b",
        many=kind is not ValueKind.NAME,
    )
    for code, kind in KINDS.items()
}
HOME = "Koivukuja 7, 02100 Espoo"
NEW = Said("address", "address", "Mäntytie 3, 33100 Tampere")


def value(value_id: int, attribute: str, text: str, *, source: int = OTHER, feed: bool = False) -> HeldValue:
    return HeldValue(
        value_id=value_id,
        customer_id=100,
        attribute=attribute,
        kind=KINDS[attribute],
        text=text,
        shared_line=False,
        source_id=source,
        source_kind=SourceKind.FEED if feed else SourceKind.IMPORT,
        recorded_at=NOW - timedelta(days=90),
        confirmed_at=None,
        confirmed_by=None,
        rectified=False,
        restricted=False,
    )


def held(*values: HeldValue) -> Held:
    return Held(
        shown_as=100, records=[100], kind=CustomerKind.PERSON, country="FI", restricted=False, values=list(values)
    )


def said(
    kind: ChangeKind, *becomes: Said, person: Sequence[Said] = (), ends: Sequence[Said] = (), as_of: datetime = NOW
) -> Change:
    return Change(position="1", kind=kind, person=person, becomes=becomes, ends=ends, as_of=as_of)


def written(change: Change, person: Held, **given: object) -> list[tuple[str, str, int | None]]:
    planned = plan(change, person, TERMS, CATALOG, **given)  # type: ignore[arg-type]
    return [(one.attribute, one.text, one.replaces) for one in planned.values]


def test_the_address_that_the_feed_names_as_the_old_one_goes() -> None:
    person = held(value(1, "address", "Rantatie 1, 00100 Helsinki"), value(2, "address", "KOIVUKUJA 7 02100 ESPOO"))
    move = said(ChangeKind.MOVE, NEW, person=[Said("address", "address", HOME)])
    assert written(move, person) == [("address", NEW.text, 2)]


@pytest.mark.parametrize(("addresses", "replaces"), [(1, 1), (2, None)])
def test_of_somebody_who_moved_the_only_one_goes_and_of_several_none(addresses: int, replaces: int | None) -> None:
    own = [value(1, "address", HOME), value(2, "address", "Rantatie 1, 00100 Helsinki")][:addresses]
    assert written(said(ChangeKind.MOVE, NEW), held(*own)) == [("address", NEW.text, replaces)]


def test_a_new_number_stands_beside_another_unless_this_feed_gave_that() -> None:
    new = Said("phone", "phone", "+358409998877")
    assert written(said(ChangeKind.PHONE, new), held(value(1, "phone", "+358401234567"))) == [("phone", new.text, None)]
    own = held(value(1, "phone", "+358401234567", source=OWN, feed=True))
    assert written(said(ChangeKind.PHONE, new), own) == [("phone", new.text, 1)]


def test_a_number_is_the_same_in_any_notation() -> None:
    person = held(value(1, "phone", "+358401234567"))
    again = said(ChangeKind.STATE, Said("phone", "phone", "040 123 4567"))
    assert written(again, person) == [("phone", "040 123 4567", 1)]
    ended = said(ChangeKind.PHONE, ends=[Said("phone", "phone", "0401234567")])
    assert written(ended, person) == [("phone", "", 1)]


def test_what_was_never_here_ends_nothing_and_a_successor_ends_once() -> None:
    person = held(value(1, "phone", "+358401234567"))
    assert written(said(ChangeKind.PHONE, ends=[Said("phone", "phone", "+358401110000")]), person) == []
    old, new = Said("phone", "phone", "+358401234567"), Said("phone", "phone", "+358409998877")
    assert written(said(ChangeKind.PHONE, new, ends=[old]), person) == [("phone", new.text, 1)]


@pytest.mark.parametrize(
    ("whole", "text"),
    [
        ("Aino Virtanen", "Aino Mäkelä"),
        ("VIRTANEN Aino Maria", "Mäkelä Aino Maria"),
        ("Aino Korhonen", ""),
        ("Virtanen Virtanen", ""),
    ],
    ids=["last", "first", "another", "twice"],
)
def test_a_family_name_within_a_whole_one(whole: str, text: str) -> None:
    """Where it is not certain which words it is, somebody looks."""
    new = Said("family_name", "name", "Mäkelä")
    change = said(ChangeKind.NAME, new, person=[Said("family_name", "name", "Virtanen")])
    planned = plan(change, held(value(1, "name", whole)), TERMS, CATALOG)
    assert planned.doubt == ("" if text else "name-form")
    if text:
        assert [(one.attribute, one.text, one.replaces) for one in planned.values] == [("name", text, 1)]


def test_a_whole_name_where_parts_are_kept_is_looked_at() -> None:
    new = Said("name", "name", "Aino Mäkelä")
    assert plan(said(ChangeKind.NAME, new), held(value(1, "family_name", "Virtanen")), TERMS, CATALOG).doubt


def test_another_feeds_word_as_of_the_same_instant_is_doubtful() -> None:
    fed = replace(value(1, "address", HOME, feed=True), confirmed_at=NOW)
    assert plan(said(ChangeKind.MOVE, NEW), held(fed), TERMS, CATALOG).doubt == "contradiction"
    later = said(ChangeKind.MOVE, NEW, as_of=NOW + timedelta(seconds=1))
    assert plan(later, held(fed), TERMS, CATALOG).doubt == ""
    same = Said("address", "address", HOME)
    assert plan(said(ChangeKind.MOVE, same), held(fed), TERMS, CATALOG).doubt == ""


def test_under_an_order_no_contact_data_are_written() -> None:
    name, town = Said("family_name", "name", "Mäkelä"), Said("town", "place", "Tampere")
    planned = plan(said(ChangeKind.STATE, NEW, town, name), held(), TERMS, CATALOG, orders={OrderKind.NON_DISCLOSURE})
    assert ([one.attribute for one in planned.values], planned.without) == (["family_name"], "non-disclosure")
    ordered = plan(said(ChangeKind.NON_DISCLOSURE, NEW), held(), TERMS, CATALOG)
    assert (ordered.values, ordered.without) == ([], "non-disclosure")


def test_what_is_withheld_is_not_written() -> None:
    planned = plan(said(ChangeKind.MOVE, NEW), held(), TERMS, CATALOG, withheld={NEW})
    assert (list(planned.values), planned.without) == ([], "suppressed")
