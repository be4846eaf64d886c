"""Permits: decided at the moment of contact, recorded, and raced by whoever withdraws. The send loses."""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from django.db import connection
from pytest_django.plugin import DjangoDbBlocker
from tests.clearing import DAY, LATER, consent, declare, person, phone
from tests.companies import NOW, Company

from trustdesk.clearance.api import contacting, decisions, permit, record_objection, suppress, withdraw
from trustdesk.clearance.contracts import (
    EVERYTHING,
    Method,
    NotClearedError,
    Permit,
    Point,
    PointKind,
    SuppressionReason,
)
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.register.api import card

SAID = {"sender_shown": True, "stop_offered": True, "labeled_advert": True}
PATIENCE = 10


def value_of(company: Company, customer_id: int, attribute: str = "email") -> int:
    held = card(company.context(), customer_id, now=NOW).values
    return next(value.value_id for value in held if value.attribute == attribute)


def ask(company: Company, customer_id: int, *, at: datetime = LATER, **more: object) -> Permit:
    context = company.context()
    given: dict[str, object] = {"channel": Channel.EMAIL, "purpose": "news", "place": "send", "about": SAID, "now": at}
    if not more.keys() & {"point", "value_id"}:
        given["value_id"] = value_of(company, customer_id)
    with scoped(context.scope):
        return permit(context, customer_id=customer_id, **(given | more))  # type: ignore[arg-type]


def uses(company: Company) -> list[tuple[int, datetime]]:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT event_id, used_at FROM clearance_consent_use ORDER BY used_at")
        return list(cursor.fetchall())


def test_a_permit_names_the_contact_and_records_verdict_and_use(north: Company) -> None:
    """UWG § 7a(2): each use of a consent is on record."""
    anna = person(north, email="anna@example.com")
    event = consent(north, anna)
    ticket = ask(north, anna)
    assert (ticket.customer_id, ticket.value_id, ticket.channel, ticket.purpose) == (
        anna,
        value_of(north, anna),
        Channel.EMAIL,
        "news",
    )
    assert LATER < ticket.valid_until <= LATER + timedelta(seconds=30)
    recorded = decisions(north.context(), anna)
    assert [(each.decision_id, each.outcome, each.place) for each in recorded] == [
        (ticket.decision_id, Outcome.PERMIT, "send"),
    ]
    assert recorded[0].packs_digest == ticket.verdict.packs_digest
    assert uses(north) == [(event, LATER)]


def test_a_refusal_says_why_and_is_recorded_where_the_caller_commits(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    value, context = value_of(north, anna), north.context()
    with scoped(context.scope), pytest.raises(NotClearedError) as refusal:
        permit(
            context,
            customer_id=anna,
            value_id=value,
            channel=Channel.EMAIL,
            purpose="news",
            place="send",
            about=SAID,
            now=LATER,
        )
    assert not refusal.value.verdict.permitted
    assert refusal.value.message
    assert "GDPR" in refusal.value.place
    recorded = decisions(north.context(), anna)
    assert [each.outcome for each in recorded] == [Outcome.DENY]
    assert "EU-GDPR-6-1-A" in recorded[0].rule_ids
    assert uses(north) == []


def test_what_has_to_be_said_has_to_be_said(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    with pytest.raises(NotClearedError):
        ask(north, anna, about=SAID | {"stop_offered": False})
    with pytest.raises(NotClearedError):
        ask(north, anna, about={})


def test_hours_count_at_the_moment_of_contact(north: Company) -> None:
    anna = person(north, phone="040 1234567")
    consent(north, anna, Channel.CALL_HUMAN)
    said = {"number_shown": True, "sender_shown": True, "stop_offered": True, "product": "power", "machine": False}
    call = {"channel": Channel.CALL_HUMAN, "value_id": value_of(north, anna, "phone"), "about": said}
    monday = datetime(2026, 11, 30, tzinfo=UTC)
    noon, night = monday.replace(hour=10), monday.replace(hour=20)
    assert ask(north, anna, at=noon, **call).verdict.permitted
    with pytest.raises(NotClearedError):
        ask(north, anna, at=night, **call)
    with pytest.raises(NotClearedError):
        ask(north, anna, at=noon - DAY, **call)  # a Sunday


def test_attempts_count(north: Company) -> None:
    """Product default: two a day."""
    anna = person(north, phone="040 1234567")
    consent(north, anna, Channel.CALL_HUMAN)
    said = {"number_shown": True, "sender_shown": True, "stop_offered": True, "product": "power", "machine": False}
    call = {"channel": Channel.CALL_HUMAN, "value_id": value_of(north, anna, "phone"), "about": said}
    noon = datetime(2026, 11, 30, 10, tzinfo=UTC)
    for minute in (0, 1):
        ask(north, anna, at=noon + timedelta(minutes=minute), **call)
    with pytest.raises(NotClearedError) as refusal:
        ask(north, anna, at=noon + timedelta(minutes=2), **call)
    assert any("attempt" in reason.message for reason in refusal.value.verdict.reasons)
    assert ask(north, anna, at=noon + DAY, **call).verdict.permitted


def test_a_permit_is_made_where_it_is_used(north: Company, south: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    value, context = value_of(north, anna), north.context()
    given = {"customer_id": anna, "channel": Channel.EMAIL, "purpose": "news", "place": "send", "now": LATER}
    with pytest.raises(RuntimeError):
        permit(context, value_id=value, **given)  # type: ignore[arg-type]
    with scoped(context.scope), pytest.raises(ValueError, match="one number or address"):
        permit(context, **given)  # type: ignore[arg-type]
    with scoped(context.scope), pytest.raises(NotFoundError):
        permit(context, value_id=value + 1, **given)  # type: ignore[arg-type]
    neighbor = south.context()
    with scoped(neighbor.scope), pytest.raises(NotFoundError):
        permit(neighbor, value_id=value, **given)  # type: ignore[arg-type]
    weak = north.context("clearance:read")
    with scoped(weak.scope), pytest.raises(RefusedError):
        permit(weak, value_id=value, **given)  # type: ignore[arg-type]


def test_the_number_has_to_fit_the_channel(north: Company) -> None:
    anna = person(north, email="anna@example.com", phone="040 1234567")
    consent(north, anna, Channel.SMS)
    with pytest.raises(NotFoundError):
        ask(north, anna, channel=Channel.SMS)


def test_a_strangers_number_is_asked_about_too(north: Company) -> None:
    typed = phone("040 1234567", "FI")
    with pytest.raises(NotClearedError):
        ask(north, 0, point=typed, channel=Channel.SMS)


# The race. These commit: what they add stays until the run ends.


@pytest.fixture
def racing(companies: tuple[Company, Company], django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        declare(companies[0])
        yield companies[0]


def later() -> datetime:
    return datetime.now(UTC)


def in_a_thread(work: Callable[[], object]) -> object:
    try:
        return work()
    finally:
        connection.close()


def reader(company: Company) -> tuple[int, int]:
    """Somebody with a consent, and the address; committed."""
    customer = person(company, email=f"r{time.monotonic_ns()}@example.com")
    consent(company, customer)
    return customer, value_of(company, customer)


def send(company: Company, customer: int, value: int, handing: Callable[[], None]) -> bool:
    """Permit, hand over, commit; False where it was not permitted."""
    context = company.context()
    with scoped(context.scope):
        try:
            permit(
                context,
                customer_id=customer,
                value_id=value,
                channel=Channel.EMAIL,
                purpose="news",
                place="send",
                about=SAID,
                now=later(),
            )
        except NotClearedError:
            return False
        handing()
    return True


STOPS: dict[str, Callable[[Company, int], object]] = {
    "withdrawal": lambda company, customer: withdraw(
        company.context(),
        customer_id=customer,
        purpose="news",
        channel=Channel.EMAIL,
        method=Method.ONE_CLICK,
        now=later(),
    ),
    "objection": lambda company, customer: record_objection(
        company.context(),
        customer_id=customer,
        scope=EVERYTHING,
        method=Method.REPLY,
        now=later(),
    ),
}


@pytest.mark.parametrize("stop", STOPS)
def test_who_stops_waits_for_the_message_being_handed_over_and_stops_the_next(racing: Company, stop: str) -> None:
    customer, value = reader(racing)
    handing, go_on = threading.Event(), threading.Event()

    def hand_over() -> None:
        handing.set()
        assert go_on.wait(PATIENCE)

    with ThreadPoolExecutor(2) as threads:
        sent = threads.submit(in_a_thread, lambda: send(racing, customer, value, hand_over))
        assert handing.wait(PATIENCE)
        stopped = threads.submit(in_a_thread, lambda: STOPS[stop](racing, customer))
        time.sleep(0.3)
        assert not stopped.done(), "it returned while a message was being handed over"
        go_on.set()
        assert sent.result(PATIENCE) is True
        stopped.result(PATIENCE)
    assert send(racing, customer, value, lambda: None) is False


def test_a_suppressed_number_waits_and_stops_as_well(racing: Company) -> None:
    customer, value = reader(racing)
    address = next(each.text for each in card(racing.context(), customer, now=NOW).values if each.attribute == "email")
    handing, go_on = threading.Event(), threading.Event()

    def hand_over() -> None:
        handing.set()
        assert go_on.wait(PATIENCE)

    def stop() -> int:
        point = Point(PointKind.EMAIL, address or "")
        reason = SuppressionReason.HAND
        return suppress(racing.context(), point=point, scope=EVERYTHING, reason=reason, now=later())

    with ThreadPoolExecutor(2) as threads:
        sent = threads.submit(in_a_thread, lambda: send(racing, customer, value, hand_over))
        assert handing.wait(PATIENCE)
        stopped = threads.submit(in_a_thread, stop)
        time.sleep(0.3)
        assert not stopped.done()
        go_on.set()
        assert sent.result(PATIENCE) is True
        stopped.result(PATIENCE)
    assert send(racing, customer, value, lambda: None) is False


def test_what_was_permitted_before_still_holds_while_it_is_contacted(racing: Company) -> None:
    customer, value = reader(racing)
    with ThreadPoolExecutor(1) as threads:
        with contacting(racing.context(), customer_id=customer, value_id=value):
            assert send(racing, customer, value, lambda: None) is True  # committed inside
            stopped = threads.submit(in_a_thread, lambda: STOPS["withdrawal"](racing, customer))
            time.sleep(0.3)
            assert not stopped.done()
        stopped.result(PATIENCE)


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_handed_over_after_a_withdrawal_has_returned(racing: Company, seed: int) -> None:
    dice = Random(seed)
    customer, value = reader(racing)
    handed: list[float] = []

    def sender() -> None:
        for _turn in range(12):
            send(racing, customer, value, lambda: handed.append(time.monotonic()))

    def stop() -> float:
        time.sleep(dice.uniform(0, 0.1))
        STOPS["withdrawal"](racing, customer)
        return time.monotonic()

    with ThreadPoolExecutor(3) as threads:
        senders = [threads.submit(in_a_thread, sender) for _sender in range(2)]
        stopped_at = threads.submit(in_a_thread, stop).result(PATIENCE)
        for each in senders:
            each.result(PATIENCE)
    assert isinstance(stopped_at, float)
    assert all(at <= stopped_at for at in handed)
