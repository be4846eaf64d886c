"""How long a confirmation counts, the one question of a conversation, and what a feed spared."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import NOW, Company, found_company

from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.register import api as register
from trustdesk.register.contracts import (
    Answer,
    CardValue,
    ConfirmedBy,
    NewSource,
    NewValue,
    Question,
    RestrictionGround,
    SourceKind,
    ValueKind,
)
from trustdesk.register.services.counting import count_everywhere
from trustdesk.server.cluster import Cluster

LATER = NOW + timedelta(days=400)  # all that was recorded at NOW is due


@pytest.fixture(scope="module")
def founded(cluster: Cluster, django_db_blocker: DjangoDbBlocker) -> Company:
    with django_db_blocker.unblock():
        return found_company(f"Fresh {new_id()}", "FI")


@pytest.fixture
def company(db: None, founded: Company) -> Company:
    """With nobody in it: what a test adds is rolled back."""
    return founded


def values(company: Company, customer_id: int, *, now: datetime = LATER) -> Mapping[str, CardValue]:
    card = register.card(company.context(), customer_id, now=now)
    return {value.attribute: value for value in card.values}


def weigh(
    company: Company,
    customer_id: int,
    conversation_id: int,
    *,
    channel: ValueKind | None = ValueKind.PHONE,
    now: datetime = LATER,
) -> Question | None:
    """As the desk does: the page is shown, and says that it was."""
    context = company.context()
    card = register.card(context, customer_id, now=now)
    found = register.question(context, conversation_id=conversation_id, card=card, channel=channel)
    register.weigh_questions(
        context, conversation_id=conversation_id, customer_id=customer_id, channel=channel, now=now
    )
    return found


def answer(
    company: Company, customer_id: int, conversation_id: int, given: Answer, text: str = "", *, attribute: str = "phone"
) -> None:
    register.answer_question(
        company.context(),
        conversation_id=conversation_id,
        customer_id=customer_id,
        value_id=values(company, customer_id)[attribute].value_id,
        answer=given,
        text=text,
        now=LATER,
    )


def by_feed(company: Company, customer_id: int, attribute: str, *, now: datetime = LATER) -> None:
    value = values(company, customer_id, now=now)[attribute]
    register.confirm_value(
        company.context(), customer_id=customer_id, value_id=value.value_id, by=ConfirmedBy.FEED, now=now
    )


def spared(company: Company) -> dict[str, int]:
    days = register.spared(company.context(), since=NOW.date(), until=LATER.date() + timedelta(days=2))
    return {day.attribute: day.count for day in days}


def test_a_confirmation_counts_as_long_as_its_rule_says(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    context = company.context()
    held = values(company, person, now=NOW)["phone"]
    register.confirm_value(context, customer_id=person, value_id=held.value_id, by=ConfirmedBy.DELIVERY, now=NOW)
    after = NOW + timedelta(days=40)
    assert not values(company, person, now=after)["phone"].stale
    register.set_freshness(context, attribute="phone", by=ConfirmedBy.DELIVERY, days=30, now=NOW)
    shown = values(company, person, now=after)["phone"]
    assert (shown.stale, shown.fresh_days) == (True, 30)
    register.confirm_value(context, customer_id=person, value_id=held.value_id, by=ConfirmedBy.CUSTOMER, now=NOW)
    assert not values(company, person, now=after)["phone"].stale, "by the customer it counts as long as ever"
    register.set_freshness(context, attribute="phone", by=ConfirmedBy.DELIVERY, days=None, now=NOW)
    assert register.freshness(context) == []


def test_a_named_source_has_a_time_of_its_own_until_somebody_else_confirms(company: Company) -> None:
    context = company.context()
    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    register.set_freshness(context, attribute="phone", source_id=company.direct, days=10, now=NOW)
    after = NOW + timedelta(days=11)
    assert values(company, person, now=after)["phone"].stale
    held = values(company, person, now=NOW)["phone"]
    register.confirm_value(context, customer_id=person, value_id=held.value_id, by=ConfirmedBy.DOCUMENT, now=NOW)
    assert not values(company, person, now=after)["phone"].stale
    rule = register.freshness(context)[0]
    assert (rule.attribute, rule.by, rule.source_id, rule.source_name, rule.days) == (
        "phone",
        None,
        company.direct,
        "Desk",
        10,
    )


def test_a_rule_that_says_nothing_is_refused(company: Company, south: Company) -> None:
    context = company.context()

    def given(**more: object) -> None:
        terms = {"attribute": "phone", "by": ConfirmedBy.FEED, "days": 30, "now": NOW, **more}
        register.set_freshness(context, **terms)  # type: ignore[arg-type]

    for wrong in ({"days": 0}, {"days": 9999}, {"by": None}, {"source_id": company.direct}, {"attribute": "shoe"}):
        with pytest.raises(BadInputError):
            given(**wrong)
    with pytest.raises(NotFoundError):
        given(by=None, source_id=south.direct)
    with pytest.raises(RefusedError):
        register.set_freshness(
            company.context("inventory:read"), attribute="phone", by=ConfirmedBy.FEED, days=3, now=NOW
        )


def test_another_company_neither_sees_nor_feels_it(company: Company, south: Company) -> None:
    register.set_freshness(company.context(), attribute="phone", by=ConfirmedBy.CUSTOMER, days=1, now=NOW)
    assert register.freshness(south.context()) == []
    person = south.person(name="Erzsébet Nagy", phone="+36301234567")
    held = values(south, person, now=NOW)["phone"]
    register.confirm_value(
        south.context(), customer_id=person, value_id=held.value_id, by=ConfirmedBy.CUSTOMER, now=NOW
    )
    assert not values(south, person, now=NOW + timedelta(days=9))["phone"].stale


def test_one_question_a_conversation_the_one_that_matters_there(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567", email="aino@example.fi")
    talk = new_id()
    asked = weigh(company, person, talk, channel=ValueKind.EMAIL)
    assert asked is not None
    assert (asked.value.attribute, asked.changed) == ("email", False)
    again = weigh(company, person, talk, channel=ValueKind.PHONE)
    assert again is not None, "the same question stands until it is answered"
    assert again.value.value_id == asked.value.value_id
    answer(company, person, talk, Answer.TRUE, attribute="email")
    shown = values(company, person)
    assert (shown["email"].stale, shown["email"].confirmed_by) == (False, ConfirmedBy.CUSTOMER)
    assert shown["phone"].stale
    assert weigh(company, person, talk) is None, "the phone is due, but one question was asked"
    with pytest.raises(ConflictError):
        answer(company, person, talk, Answer.TRUE, attribute="email")
    with pytest.raises(ConflictError):
        answer(company, person, talk, Answer.TRUE, attribute="phone")
    later = weigh(company, person, new_id(), channel=None)
    assert later is not None
    assert later.value.attribute == "phone"


def test_what_is_different_is_put_right(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    talk = new_id()
    weigh(company, person, talk)
    answer(company, person, talk, Answer.CHANGED)
    standing = weigh(company, person, talk)
    assert standing is not None
    assert standing.changed
    with pytest.raises(BadInputError):
        answer(company, person, talk, Answer.CORRECTED, "no number")
    answer(company, person, talk, Answer.CORRECTED, "+358 50 765 4321")
    shown = values(company, person)["phone"]
    assert (shown.text, shown.rectified, shown.stale) == ("+358507654321", True, False)
    assert weigh(company, person, talk) is None


def test_not_now_is_an_answer_and_changes_nothing(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    talk = new_id()
    answer(company, person, talk, Answer.NOT_NOW)  # also where nobody noted that it was asked
    assert weigh(company, person, talk) is None
    assert values(company, person)["phone"].stale


def test_of_somebody_elses_value_nothing_is_answered(company: Company) -> None:
    aino, eino = (company.person(name=name, phone="+358401234567") for name in ("Aino Mäkelä", "Eino Niemi"))
    with pytest.raises(ConflictError):
        register.answer_question(
            company.context(),
            conversation_id=new_id(),
            customer_id=aino,
            value_id=values(company, eino)["phone"].value_id,
            answer=Answer.TRUE,
            now=LATER,
        )


def test_nothing_is_asked_or_counted_of_the_restricted_or_without_the_right(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    by_feed(company, person, "phone")
    with pytest.raises(RefusedError):
        register.weigh_questions(
            company.context("customer:open"), conversation_id=new_id(), customer_id=person, channel=None, now=LATER
        )
    register.lock(company.context(), customer_id=person, ground=RestrictionGround.ACCURACY_CONTESTED, now=LATER)
    assert weigh(company, person, new_id()) is None
    assert weigh(company, person, new_id(), now=LATER + timedelta(days=999)) is None
    assert spared(company) == {}


def test_what_a_feed_knew_is_spared_once_a_conversation(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567", email="aino@example.fi")
    by_feed(company, person, "phone")
    by_feed(company, person, "email")
    talk = new_id()
    for _look in range(3):
        assert weigh(company, person, talk) is None
    assert spared(company) == {"phone": 1, "email": 1}
    weigh(company, person, new_id())
    assert spared(company) == {"phone": 2, "email": 2}


def test_what_would_not_be_due_without_the_feed_is_not_spared(company: Company) -> None:
    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    held = values(company, person)["phone"]
    register.confirm_value(
        company.context(), customer_id=person, value_id=held.value_id, by=ConfirmedBy.CUSTOMER, now=LATER
    )
    by_feed(company, person, "phone", now=LATER + timedelta(days=1))
    assert weigh(company, person, new_id(), now=LATER + timedelta(days=2)) is None
    assert spared(company) == {}, "the customer said so themselves the day before"


def test_a_value_that_a_feed_put_in_place_of_an_old_one_is_spared(company: Company) -> None:
    context = company.context()
    feed = register.create_source(
        context, source=NewSource(kind=SourceKind.FEED, name="Register", legal_basis="eu-gdpr:A6-1-f"), now=NOW
    )
    person = company.person(name="Aino Mäkelä", address="Mannerheimintie 1, 00100 Helsinki")
    old = values(company, person)["address"]
    register.correct_value(
        context,
        customer_id=person,
        value_id=old.value_id,
        text="Aleksanterinkatu 2, 00100 Helsinki",
        source_id=feed,
        by=ConfirmedBy.FEED,
        now=LATER,
    )
    fed_only = company.person(name="Eino Niemi", phone="+358401112222")
    register.add_value(
        context,
        customer_id=fed_only,
        value=NewValue(
            "address", "Aleksanterinkatu 3, 00100 Helsinki", confirmed_at=NOW, confirmed_by=ConfirmedBy.FEED
        ),
        source_id=feed,
        now=NOW,
    )
    assert weigh(company, person, new_id()) is None
    weigh(company, fed_only, new_id(), now=NOW + timedelta(days=300))
    assert spared(company) == {"address": 1}, "nobody but the feed ever knew the other one's address"


def test_the_night_counts_and_old_marks_go(company: Company) -> None:
    context = company.context()
    person = company.person(name="Aino Mäkelä", phone="+358401234567", email="aino@example.fi")
    by_feed(company, person, "phone")
    weigh(company, person, new_id())
    register.count_freshness(context, now=LATER)
    register.count_freshness(context, now=LATER)  # the second takes the place of the first
    found = {(share.attribute, share.by): (share.held, share.fresh) for share in register.shares(context)}
    assert found["phone", ConfirmedBy.FEED] == (1, 1)
    assert found["email", None] == (1, 0)
    due = register.due(context, attribute="email", now=LATER)
    assert [(point.customer_id, point.source_name) for point in due] == [(person, "Desk")]
    assert register.due(context, attribute="phone", now=LATER) == []
    with pytest.raises(NotFoundError):
        register.due(context, attribute="shoe", now=LATER)
    assert _marks(company) == 2
    count_everywhere(now=LATER + timedelta(days=91))
    assert _marks(company) == 0
    assert spared(company) == {"phone": 1}, "the count outlives the marks"


def test_the_count_of_one_company_is_not_anothers(company: Company, south: Company) -> None:
    company.person(name="Aino Mäkelä", phone="+358401234567")
    register.count_freshness(company.context(), now=LATER)
    assert register.shares(south.context()) == []
    with pytest.raises(RefusedError):
        register.shares(replace(company.context(), operations=frozenset()))


def test_an_erasure_takes_the_marks_along(company: Company) -> None:
    from trustdesk.kernel import registries  # noqa: PLC0415

    person = company.person(name="Aino Mäkelä", phone="+358401234567")
    weigh(company, person, new_id())
    declared = registries.privacy.get("register")
    assert declared.plan is not None
    assert declared.erase is not None
    planned = declared.plan(company.context(), [[person]])[0]
    assert {line.what: line.count for line in planned}["questions"] == 1
    context = company.context()
    with scoped(context.scope):
        declared.erase(context, [[person]])
    assert _marks(company) == 0


def test_what_arrived_confirms_where_it_counts_for_longer(company: Company, south: Company) -> None:
    context, person = company.context(), company.person(name="Aino Mäkelä", phone="+358401234567")
    phone = values(company, person)["phone"].value_id

    def arrived(now: datetime) -> bool:
        return register.confirm_arrival(context, customer_id=person, value_id=phone, now=now)

    assert arrived(LATER)
    shown = values(company, person)["phone"]
    assert (shown.confirmed_by, shown.confirmed_by_operator, shown.stale) == (ConfirmedBy.DELIVERY, None, False)
    register.set_freshness(context, attribute="phone", by=ConfirmedBy.DELIVERY, days=30, now=NOW)
    register.confirm_value(context, customer_id=person, value_id=phone, by=ConfirmedBy.CUSTOMER, now=LATER)
    assert not arrived(LATER + timedelta(days=1)), "the customer's own word counts for longer"
    assert arrived(LATER + timedelta(days=340))
    assert not register.confirm_arrival(south.context(), customer_id=person, value_id=phone, now=LATER)
    register.lock(context, customer_id=person, ground=RestrictionGround.UNLAWFUL_BUT_KEEP, now=LATER)
    assert not arrived(LATER + timedelta(days=900))


def _marks(company: Company) -> int:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_question")
        return int(cursor.fetchone()[0])
