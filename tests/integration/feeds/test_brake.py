"""A feed that says what hardly can be true is stopped before anything of it is applied, and somebody decides."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from django.db import connection
from tests.integration.feeds.feeding import BRAKED, Register, Room, row, rows, table

from trustdesk.feeds import api as feeds
from trustdesk.feeds.brake import limits_above
from trustdesk.feeds.contracts import Brake, DeliveryState, FeedState, Limit, Seen
from trustdesk.feeds.services.forgetting import forget_old
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, RefusedError


def deaths(count: int) -> list[dict[str, str]]:
    return rows(count, what="death", street="", town="")


def one_house(count: int) -> list[dict[str, str]]:
    return rows(count, street="Torikatu  1", town="OULU")


def tomorrows(count: int) -> list[dict[str, str]]:
    return rows(count, when=(clock.now() + timedelta(days=40)).isoformat())


@pytest.mark.parametrize(
    ("said", "limit"), [(deaths, Limit.DEATHS), (one_house, Limit.ONE_ADDRESS), (tomorrows, Limit.FUTURE)]
)
def test_nothing_is_applied_until_somebody_has_looked(
    room: Room, register: Register, said: Callable[[int], Sequence[dict[str, str]]], limit: Limit
) -> None:
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, table(said(10)))
    assert (stopped.state, stopped.brakes) == (DeliveryState.STOPPED, [limit])
    assert room.view(feed_id).state is FeedState.STOPPED
    assert feeds.standing(room.context()).stopped == 1
    assert [one.delivery_id for one in feeds.stopped(room.context())] == [stopped.delivery_id]
    assert not register.calls
    feeds.go_on(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    room.run(feed_id)
    done = room.delivery(stopped.delivery_id)
    assert done.state is DeliveryState.DONE
    assert sum(done.counts.values()) + done.parked == 10
    assert room.view(feed_id).state is FeedState.ACTIVE


def test_what_is_discarded_is_never_applied_and_its_file_goes(room: Room, register: Register) -> None:
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, table(deaths(10)))
    waiting = room.through(feed_id, table(rows(2, first=50)))
    assert waiting.state is DeliveryState.WAITING, "what comes meanwhile waits"
    feeds.discard(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    room.run(feed_id)
    gone = room.delivery(stopped.delivery_id)
    assert (gone.state, gone.kept) == (DeliveryState.DISCARDED, False)
    assert room.delivery(waiting.delivery_id).state is DeliveryState.DONE
    assert register.calls == [2]


def test_single_messages_of_a_day_are_seen_together(room: Room, register: Register) -> None:
    feed_id = room.feed(brake=BRAKED)
    for number, record in enumerate(one_house(8), 1):
        held = room.through(feed_id, table([record]))
        assert (held.state is DeliveryState.STOPPED) == (number > BRAKED.least), number
        if held.state is DeliveryState.STOPPED:
            break
    assert held.brakes == [Limit.ONE_ADDRESS]
    assert len(register.calls) == BRAKED.least


def test_what_somebody_let_pass_is_not_held_against_what_follows(room: Room, register: Register) -> None:
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, table(deaths(10)))
    feeds.go_on(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    room.run(feed_id)
    assert room.through(feed_id, table(rows(3, first=50))).state is DeliveryState.DONE


def test_a_share_of_the_register_that_is_too_large(room: Room, register: Register) -> None:
    for number in range(20):
        room.company.person(family_name=f"Korhonen{number}")
    stopped = room.through(room.feed(brake=BRAKED), table(rows(6)))
    assert (stopped.brakes, stopped.seen.customers, stopped.seen.persons) == ([Limit.REGISTER], 20, 6)


def test_households_that_move_are_no_alarm(room: Room, register: Register) -> None:
    feed_id = room.feed(brake=Brake(one_address=0.3, least=5))
    together = [row(number, street=f"Kotikatu {number // 4}") for number in range(1, 20)]
    assert room.through(feed_id, table(together)).state is DeliveryState.DONE


def test_a_stopped_feed_is_neither_paused_nor_taken_up_by_another_way(room: Room, register: Register) -> None:
    feed_id = room.feed(brake=BRAKED)
    stopped = room.through(feed_id, table(deaths(10)))
    for deed in (feeds.pause, feeds.resume):
        with pytest.raises(ConflictError):
            deed(room.context(), feed_id=feed_id, now=clock.now())
    with pytest.raises(RefusedError):
        feeds.go_on(room.context("feed:work", "update:read"), delivery_id=stopped.delivery_id, now=clock.now())
    feeds.discard(room.context(), delivery_id=stopped.delivery_id, now=clock.now())
    with pytest.raises(ConflictError):
        feeds.go_on(room.context(), delivery_id=stopped.delivery_id, now=clock.now())


def test_digests_of_addresses_are_gone_after_a_day(room: Room, register: Register) -> None:
    feed_id = room.feed()
    room.through(feed_id, table(rows(2)))

    def kept() -> int:
        with scoped(room.context().scope), connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM feeds_delivery WHERE addresses <> '{}'")
            return int(cursor.fetchall()[0][0])

    assert kept() == 1
    forget_old(room.context(), now=clock.now() + timedelta(hours=25))
    assert kept() == 0


@pytest.mark.parametrize(
    ("seen", "limits"),
    [
        (Seen(records=1_000, day_records=1_000, day_deaths=20), []),
        (Seen(records=1_000, day_records=1_000, day_deaths=21), [Limit.DEATHS]),
        (Seen(records=10_000, day_records=10_000, day_deaths=200), []),
        (Seen(records=10_000, day_records=10_000, day_deaths=201), [Limit.DEATHS]),
        (Seen(records=10_000, day_records=10_000, one_address=100), []),
        (Seen(records=10_000, day_records=10_000, one_address=101), [Limit.ONE_ADDRESS]),
        (Seen(records=10, day_records=10, one_address=10, day_deaths=10), []),
        (Seen(records=500, day_records=500, day_persons=201, customers=1_000), [Limit.REGISTER]),
        (Seen(records=500, day_records=500, day_persons=200, customers=1_000), []),
        (Seen(records=500, day_records=500, day_persons=500, customers=0), []),
        (Seen(records=100, unreadable=400, future=51), [Limit.FUTURE]),
    ],
)
def test_limits(seen: Seen, limits: list[Limit]) -> None:
    assert limits_above(seen, Brake()) == limits


def test_the_standard_limits_are_those_of_the_how_to() -> None:
    assert Brake() == Brake(deaths=0.02, one_address=0.01, register=0.2, future=0.1, least=20)
