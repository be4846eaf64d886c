"""What a feed says is taken over value by value: what is newer counts, and what outranks a feed stays."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.companies import NOW, Company
from tests.feeding import LATER, Feed

from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.register.api import (
    add_note,
    card,
    change_values,
    confirm_value,
    correct_value,
    known_as,
    lock,
    merge,
    search,
    timeline,
)
from trustdesk.register.contracts import (
    Became,
    ConfirmedBy,
    KeptFor,
    NewValue,
    RestrictionGround,
)

YEAR = timedelta(days=365)


@pytest.fixture
def feed(north: Company) -> Feed:
    return Feed(north)


def found(feed: Feed, query: str) -> list[int]:
    return [hit.customer_id for hit in search(feed.company.context(), query).rows]


def test_a_newer_value_takes_the_place_of_the_older(feed: Feed) -> None:
    anna = feed.listed(NewValue("phone", "040 5550101", "mobile"), name="Muuttunut Anna")
    old = feed.value_id(anna, "phone")
    became = feed.says(anna, "phone", "040 5550102", replaces=old)
    value = feed.held(anna, "phone")[0]
    assert (became.what, became.old_value_id, became.new_value_id) == (Became.REPLACED, old, value.value_id)
    assert (value.text, value.label, value.confirmed_by) == ("+358405550102", "mobile", ConfirmedBy.FEED)
    assert (value.confirmed_at, value.source_id, value.rectified) == (LATER, feed.source_id, False)
    assert feed.ever(anna, "phone") == ["+358405550102", "+358405550101"]
    assert found(feed, "040 5550102") == [anna]
    assert found(feed, "040 5550101") == []
    assert feed.tokens(anna) == feed.tokens_anew(anna)
    assert [entry.kind for entry in timeline(feed.company.context(), anna)] == ["corrected", "created"]


def test_a_new_name_stands_in_the_lists(feed: Feed) -> None:
    anna = feed.listed(given_name="Anna", family_name="Entinenkö", town="Vaasa")
    feed.says(anna, "family_name", "Uudenniminen")
    shown = search(feed.company.context(), "uudenniminen").rows[0]
    assert (shown.name, shown.detail) == ("Anna Uudenniminen", "Vaasa")
    assert found(feed, "entinenkö anna") == []
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_words_that_stand_elsewhere_too_stay_findable(feed: Feed) -> None:
    anna = feed.listed(name="Tuulikki Vaasanen", town="Vaasanen")
    add_note(feed.company.context(), customer_id=anna, text="Kysyi laskusta", now=NOW)
    feed.says(anna, "town", "Oulu")
    assert found(feed, "vaasanen tuulikki") == [anna]
    assert found(feed, "laskusta") == [anna]
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_what_stands_already_is_confirmed_and_never_backwards(feed: Feed) -> None:
    anna = feed.listed(name="Anna", address="Kauppakatu 5, Oulu")
    held = feed.value_id(anna, "address")
    became = feed.says(anna, "address", "KAUPPAKATU 5  Oulu")
    assert (became.what, became.why) == (Became.CONFIRMED, KeptFor.NOTHING)
    assert (became.old_value_id, became.new_value_id) == (held, held)
    value = feed.held(anna, "address")[0]
    assert (value.text, value.confirmed_at, value.confirmed_by) == ("Kauppakatu 5, Oulu", LATER, ConfirmedBy.FEED)
    earlier = feed.says(anna, "address", "Kauppakatu 5, Oulu", as_of=NOW)
    assert (earlier.what, earlier.why, earlier.new_value_id) == (Became.CONFIRMED, KeptFor.NEWER, None)
    assert feed.held(anna, "address")[0].confirmed_at == LATER
    newest = timeline(feed.company.context(), anna)[0]
    assert (newest.kind, newest.value_id, newest.detail) == ("confirmed", held, "feed")


def test_a_value_recorded_after_what_the_feed_says_is_kept(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Pori", as_of=NOW - timedelta(days=1))
    assert (became.what, became.why) == (Became.KEPT, KeptFor.NEWER)
    confirmed = feed.listed(name="Anna", town="Turku")
    value_id = feed.value_id(confirmed, "town")
    confirm_value(feed.company.context(), customer_id=confirmed, value_id=value_id, by=ConfirmedBy.DELIVERY, now=LATER)
    kept = feed.says(confirmed, "town", "Pori", as_of=LATER - timedelta(days=1))
    assert (kept.what, kept.why, kept.old_value_id) == (Became.KEPT, KeptFor.NEWER, value_id)
    assert feed.texts(confirmed, "town") == ["Turku"]


def test_a_clock_that_runs_ahead_makes_nothing_truer(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    feed.says(anna, "town", "Pori", as_of=LATER + YEAR)
    assert feed.held(anna, "town")[0].confirmed_at == LATER
    again = feed.says_all([feed.change(anna, "town", "Rauma", as_of=LATER + YEAR)], now=LATER + timedelta(days=1))
    assert again[0].what is Became.REPLACED


@pytest.mark.parametrize("days", [0, 39, 40])
def test_what_the_customer_gave_outranks_a_feed_for_a_while(feed: Feed, days: int) -> None:
    anna = feed.company.person(name="Anna", town="Turku")
    became = feed.says(anna, "town", "Pori", outranked_for=timedelta(days=days) + timedelta(seconds=1))
    outranked = days >= 40
    assert (became.what, became.why) == (
        (Became.KEPT, KeptFor.CUSTOMER) if outranked else (Became.REPLACED, KeptFor.NOTHING)
    )
    assert feed.texts(anna, "town") == ["Turku" if outranked else "Pori"]


@pytest.mark.parametrize("by", [ConfirmedBy.CUSTOMER, ConfirmedBy.DOCUMENT])
def test_a_feed_that_agrees_does_not_take_the_customers_word_away(feed: Feed, by: ConfirmedBy) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    value_id = feed.value_id(anna, "town")
    confirm_value(feed.company.context(), customer_id=anna, value_id=value_id, by=by, now=NOW)
    agreed = feed.says(anna, "town", "Turku")
    assert (agreed.what, agreed.why) == (Became.CONFIRMED, KeptFor.CUSTOMER)
    assert feed.held(anna, "town")[0].confirmed_by is by
    assert feed.says(anna, "town", "Pori").why is KeptFor.CUSTOMER
    feed.says(anna, "town", "Turku", outranked_for=timedelta(0))
    assert feed.held(anna, "town")[0].confirmed_by is ConfirmedBy.FEED


def test_what_was_rectified_is_never_overwritten_silently(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    correct_value(
        feed.company.context(),
        customer_id=anna,
        value_id=feed.value_id(anna, "town"),
        text="Naantali",
        source_id=feed.company.direct,
        by=ConfirmedBy.DOCUMENT,
        now=NOW,
    )
    for text in ("Turku", ""):
        became = feed.says_all(
            [feed.change(anna, "town", text, as_of=NOW + 3 * YEAR, outranked_for=timedelta(0))], now=NOW + 4 * YEAR
        )[0]
        assert (became.what, became.why) == (Became.KEPT, KeptFor.RECTIFIED)
    assert feed.texts(anna, "town") == ["Naantali"]


def test_what_the_customer_struck_out_does_not_come_back_beside_it(feed: Feed) -> None:
    anna = feed.listed(name="Anna", phone="040 5550171")
    correct_value(
        feed.company.context(),
        customer_id=anna,
        value_id=feed.value_id(anna, "phone"),
        text="040 5550172",
        source_id=feed.company.direct,
        by=ConfirmedBy.CUSTOMER,
        now=NOW,
    )
    became = feed.says(anna, "phone", "040 5550171")
    assert (became.what, became.why) == (Became.KEPT, KeptFor.RECTIFIED)
    work = feed.says(anna, "phone", "040 5550173")
    assert feed.says(anna, "phone", "040 5550171", replaces=work.new_value_id).why is KeptFor.RECTIFIED
    assert feed.texts(anna, "phone") == ["+358405550172", "+358405550173"]
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_who_is_restricted_is_left_as_stored(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    lock(feed.company.context(), customer_id=anna, ground=RestrictionGround.OBJECTION_PENDING, now=NOW)
    for text in ("Pori", "Turku", ""):
        became = feed.says(anna, "town", text)
        assert (became.what, became.why) == (Became.KEPT, KeptFor.RESTRICTED)
    assert feed.texts(anna, "town") == ["Turku"]


def test_a_contested_value_is_left_as_stored_and_others_are_not(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku", birth_date="1980-02-03")
    contested = feed.value_id(anna, "town")
    ground = RestrictionGround.ACCURACY_CONTESTED
    lock(feed.company.context(), customer_id=anna, ground=ground, value_id=contested, now=NOW)
    for text in ("Pori", "Turku", ""):
        became = feed.says(anna, "town", text)
        assert (became.what, became.why, became.old_value_id) == (Became.KEPT, KeptFor.RESTRICTED, contested)
    assert feed.says(anna, "birth_date", "1980-02-04").what is Became.REPLACED


def test_an_end_has_no_successor(feed: Feed) -> None:
    anna = feed.listed(name="Anna", phone="040 5550111")
    old = feed.value_id(anna, "phone")
    became = feed.says(anna, "phone", "", replaces=old)
    assert (became.what, became.old_value_id, became.new_value_id) == (Became.ENDED, old, None)
    assert feed.held(anna, "phone") == []
    assert feed.ever(anna, "phone") == ["+358405550111"]
    assert found(feed, "040 5550111") == []
    assert timeline(feed.company.context(), anna)[0].kind == "ended"
    assert feed.says(anna, "phone", "", replaces=old).why is KeptFor.MEANWHILE


def test_several_values_stand_side_by_side_unless_one_is_named(feed: Feed) -> None:
    anna = feed.listed(name="Anna", phone="040 5550121")
    old = feed.value_id(anna, "phone")
    added = feed.says(anna, "phone", "040 5550122", label="work")
    assert (added.what, added.old_value_id) == (Became.ADDED, None)
    assert [value.label for value in feed.held(anna, "phone")] == ["", "work"]
    # The one that is to come stands there already: the other ends, and nothing is doubled.
    moved = feed.says(anna, "phone", "040 5550122", replaces=old)
    assert (moved.what, moved.old_value_id, moved.new_value_id) == (Became.ENDED, old, None)
    assert feed.texts(anna, "phone") == ["+358405550122"]
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_a_shared_line_stays_one(feed: Feed) -> None:
    anna = feed.listed(NewValue("phone", "09 5550131", "home", shared_line=True), name="Anna")
    feed.says(anna, "phone", "09 5550132", replaces=feed.value_id(anna, "phone"))
    value = feed.held(anna, "phone")[0]
    assert (value.text, value.label, value.shared_line) == ("+35895550132", "home", True)


def test_what_can_not_be_read_keeps_itself_out_and_no_other(feed: Feed) -> None:
    anna = feed.listed(name="Anna", phone="040 5550141", town="Turku")
    stranger = 4711
    changes = [
        feed.change(anna, "phone", "not a number", replaces=feed.value_id(anna, "phone")),
        feed.change(anna, "shoe_size", "44"),
        feed.change(stranger, "town", "Pori"),
        feed.change(anna, "town", "Pori"),
        feed.change(anna, "phone", "040 5550142", replaces=feed.value_id(anna, "town")),
    ]
    became = feed.says_all(changes)
    assert [each.why for each in became] == [
        KeptFor.BAD_VALUE,
        KeptFor.UNDECLARED,
        KeptFor.NOBODY,
        KeptFor.NOTHING,
        KeptFor.MEANWHILE,
    ]
    assert feed.texts(anna, "town") == ["Pori"]


def test_contradicting_changes_of_one_batch_are_applied_one_after_the_other(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    old = feed.value_id(anna, "town")
    became = feed.says_all(
        [
            feed.change(anna, "town", "Pori", as_of=LATER - timedelta(days=2)),
            feed.change(anna, "town", "Rauma", as_of=LATER - timedelta(days=1)),
            feed.change(anna, "town", "Lahti", as_of=LATER - timedelta(days=3)),
        ]
    )
    assert [each.what for each in became] == [Became.REPLACED, Became.REPLACED, Became.KEPT]
    assert became[2].why is KeptFor.NEWER
    assert feed.texts(anna, "town") == ["Rauma"]
    assert feed.ever(anna, "town")[-1] == "Turku"
    assert len(feed.ever(anna, "town")) == 3
    assert (became[0].old_value_id, became[1].old_value_id) == (old, became[0].new_value_id)
    assert found(feed, "anna rauma") == [anna]
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_of_customers_shown_as_one_a_value_is_replaced_where_it_stands(feed: Feed) -> None:
    anna, ann = feed.listed(name="Anna Yhdistetty", town="Turku"), feed.listed(name="Anna Yhdistetty", email="a@b.fi")
    merge(feed.company.context(), into=anna, customer_id=ann, reason="same", now=NOW)
    moved = feed.says(ann, "town", "Pori")
    assert (moved.what, feed.held(anna, "town")[0].customer_id) == (Became.REPLACED, anna)
    mailed = feed.says(anna, "email", "anna@c.fi", replaces=feed.value_id(anna, "email"))
    assert (mailed.what, feed.held(anna, "email")[0].customer_id) == (Became.REPLACED, ann)
    assert found(feed, "anna@c.fi") == [anna]
    assert found(feed, "pori yhdistetty") == [anna]
    assert feed.tokens(anna, ann) == feed.tokens_anew(anna, ann)


def test_an_older_edition_of_tokens_is_made_anew_as_a_whole(feed: Feed, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.integration.register import second_edition  # noqa: PLC0415

    from trustdesk.vault.services import terms  # noqa: PLC0415

    anna = feed.listed(name="Anna Vanhanen", town="Turku")
    for kind, finder in second_edition.finders().items():
        monkeypatch.setitem(terms.FINDERS[kind], 2, finder)
    monkeypatch.setitem(terms.EDITIONS, 2, second_edition.edition())
    feed.says(anna, "town", "Pori")
    assert found(feed, "pori vanhanen") == [anna]
    assert feed.tokens(anna) == feed.tokens_anew(anna)


def test_another_company_is_out_of_reach(feed: Feed, south: Company) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    there = Feed(south)
    assert there.says(anna, "town", "Pori").why is KeptFor.NOBODY
    assert known_as(there.context(), [anna]) == {}
    with pytest.raises(NotFoundError):
        change_values(feed.context(), [feed.change(anna, "town", "Pori")], source_id=there.source_id, now=LATER)


def test_only_the_house_takes_over_what_a_feed_says(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    everything = feed.company.context()
    rest = replace(everything, operations=everything.operations - {"feed:work", "update:review", "update:undo"})
    with pytest.raises(RefusedError):
        change_values(rest, [feed.change(anna, "town", "Pori")], source_id=feed.source_id, now=LATER)
    with pytest.raises(RefusedError):
        known_as(rest, [anna])
    assert change_values(feed.context(), [], source_id=feed.source_id, now=LATER) == []


def test_an_import_is_as_old_as_its_list(feed: Feed) -> None:
    anna = feed.listed(name="Anna", town="Turku")
    assert card(feed.company.context(), anna, now=LATER).values[0].confirmed_at is None
    assert feed.says(anna, "town", "Pori", as_of=NOW).what is Became.REPLACED
