"""What comes in is taken once, wherever it stops and however often it comes."""

import os
import time
from datetime import timedelta

import pytest
from tests.integration.feeds.feeding import READING, Register, Room, row, rows, table

from trustdesk.feeds import api as feeds
from trustdesk.feeds import places
from trustdesk.feeds.contracts import DeliveryState, FeedState
from trustdesk.feeds.services import driving, forgetting, receiving
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.updates.contracts import ChangeKind


def test_a_delivery_is_applied_in_chunks_and_its_file_goes(room: Room, register: Register) -> None:
    feed_id = room.feed(kinds=frozenset({ChangeKind.MOVE}), outranked_days=30)
    done = room.through(feed_id, table(rows(1_100)))
    assert (done.state, done.counts, done.parked) == (DeliveryState.DONE, {"updated": 1_100}, 0)
    assert register.calls == [500, 500, 100]
    assert done.fraction == 1.0
    assert not done.kept
    assert places.files_of(room.id) == []
    terms = register.terms[0]
    assert (terms.feed_id, terms.delivery_id, terms.source_id) == (feed_id, done.delivery_id, room.source_id)
    assert terms.kinds == {ChangeKind.MOVE}
    assert terms.outranked_for == timedelta(days=30)


def test_the_same_content_comes_in_once(room: Room, register: Register) -> None:
    feed_id, content = room.feed(), table(rows(3))
    first = room.through(feed_id, content)
    again = room.through(feed_id, content)
    assert again.delivery_id == first.delivery_id
    assert register.calls == [3]
    assert room.feed() != feed_id


def test_a_feed_that_begins_anew_changes_nothing(room: Room, register: Register) -> None:
    feed_id = room.feed()
    room.through(feed_id, table(rows(3)))
    again = room.through(feed_id, table(rows(4)))
    assert again.counts == {"before": 3, "updated": 1}


def test_what_is_late_is_taken_too(room: Room, register: Register) -> None:
    feed_id = room.feed()
    room.through(feed_id, table(rows(2, first=10)))
    late = room.through(feed_id, table(rows(2, first=1)))
    assert late.counts == {"updated": 2}


def test_a_bad_record_is_set_aside_and_the_others_go_on(room: Room, register: Register) -> None:
    feed_id = room.feed()
    records = [row(1), row(2, when="yesterday"), row(3, what="wedding"), row(4)]
    done = room.through(feed_id, table(records))
    assert (done.state, done.counts, done.parked) == (DeliveryState.DONE, {"updated": 2}, 2)
    aside = feeds.parked(room.context(), delivery_id=done.delivery_id)
    assert [(one.number, one.position, one.place, one.code) for one in aside] == [
        (1, "2", "when", "bad-date"),
        (2, "3", "what", "unknown-kind"),
    ]
    assert done.kept, "the records set aside may be tried again"


def test_set_aside_records_are_taken_once_the_reading_was_mended(room: Room, register: Register) -> None:
    feed_id = room.feed()
    done = room.through(feed_id, table([row(1), row(2, what="wedding"), row(3, when="soon")]))
    room.change(feed_id, reading={**READING, "kinds": {"wedding": "name"}})
    feeds.retry(room.context(), delivery_id=done.delivery_id, now=clock.now())
    room.run(feed_id)
    again = room.delivery(done.delivery_id)
    assert (again.state, again.counts, again.parked) == (DeliveryState.DONE, {"updated": 2}, 1)
    assert register.calls == [1, 1]
    assert [one.taken_at is not None for one in feeds.parked(room.context(), delivery_id=done.delivery_id)] == [
        True,
        False,
    ]


def test_nothing_is_tried_again_that_is_not_kept(room: Room, register: Register) -> None:
    done = room.through(room.feed(), table(rows(2)))
    with pytest.raises(ConflictError):
        feeds.retry(room.context(), delivery_id=done.delivery_id, now=clock.now())


def test_a_record_twice_in_a_delivery_is_taken_once_and_one_that_contradicts_it_is_set_aside(
    room: Room, register: Register
) -> None:
    done = room.through(room.feed(), table([row(1), row(1), row(1, town="Turku"), row(2)]))
    assert done.counts == {"updated": 2, "repeated": 1}
    (aside,) = feeds.parked(room.context(), delivery_id=done.delivery_id)
    assert (aside.position, aside.code) == ("1", "contradicts-itself")


def test_a_record_dated_in_the_future_is_set_aside(room: Room, register: Register) -> None:
    later = (clock.now() + timedelta(days=3)).isoformat()
    done = room.through(room.feed(), table([row(1), row(2, when=later)]))
    assert done.counts == {"updated": 1}
    (aside,) = feeds.parked(room.context(), delivery_id=done.delivery_id)
    assert aside.code == "in-the-future"


def test_what_the_register_chokes_on_is_set_aside(room: Room, register: Register) -> None:
    register.chokes = {"2"}
    done = room.through(room.feed(), table(rows(3)))
    assert (done.counts, done.parked) == ({"updated": 2}, 1)
    (aside,) = feeds.parked(room.context(), delivery_id=done.delivery_id)
    assert (aside.position, aside.code) == ("2", "bad-input")


def test_what_nobody_foresaw_is_tried_again_and_then_set_aside(room: Room, register: Register) -> None:
    feed_id = room.feed()
    register.breaks = {"2"}
    delivery_id = room.receive(feed_id, table(rows(3)))
    for attempt in (1, 2, 3):
        room.run(feed_id)
        held = room.delivery(delivery_id)
        assert (held.state, held.attempt, held.reason) == (DeliveryState.WORKING, attempt, "fault")
        assert held.next_at is not None
        assert not register.taken
        room.again()
    room.run(feed_id)
    done = room.delivery(delivery_id)
    assert (done.state, done.counts, done.parked) == (DeliveryState.DONE, {"updated": 2}, 1)


def test_a_failed_one_does_not_hold_up_the_next(room: Room, register: Register) -> None:
    feed_id = room.feed()
    register.breaks = {"1"}
    first, second = (room.receive(feed_id, table(rows(2, first=at))) for at in (1, 11))
    room.run(feed_id)
    assert room.delivery(first).state is DeliveryState.WORKING
    assert room.delivery(second).state is DeliveryState.DONE


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (table(rows(2)).decode().replace("Aino", "Äinö").encode("utf-16-le")[1:], "wrong-encoding"),
        (b"no,no\n1,2\n", "unusable-header"),
    ],
)
def test_a_file_that_can_not_be_read_fails_and_says_why(room: Room, content: bytes, reason: str) -> None:
    failed = room.through(room.feed(), content)
    assert failed.state is DeliveryState.FAILED
    assert failed.reason == reason
    assert failed.kept
    assert feeds.standing(room.context()).failed == 1


def test_a_truncated_file_is_taken_up_to_there(room: Room, register: Register) -> None:
    feed_id = room.feed()
    whole = table([row(1), row(2, town='Oulu "North"')])
    cut = room.through(feed_id, whole[: whole.rindex(b'North"') + 3])
    assert cut.counts == {"updated": 1}
    assert [one.code for one in feeds.parked(room.context(), delivery_id=cut.delivery_id)] == ["truncated"]
    assert room.through(feed_id, whole).counts == {"before": 1, "updated": 1}


def test_what_is_too_large_or_empty_is_not_taken_in(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    feed_id = room.feed()
    with pytest.raises(BadInputError):
        room.receive(feed_id, b"")
    monkeypatch.setitem(receiving.store.__kwdefaults__ or {}, "most", 10)
    with pytest.raises(receiving.TooBigError):
        room.receive(feed_id, b"x" * 11)
    assert room.deliveries(feed_id) == []
    assert places.files_of(room.id) == []


def test_a_paused_feed_stands_still(room: Room, register: Register) -> None:
    feed_id = room.feed()
    feeds.pause(room.context(), feed_id=feed_id, now=clock.now())
    waiting = room.through(feed_id, table(rows(2)))
    assert waiting.state is DeliveryState.WAITING
    feeds.resume(room.context(), feed_id=feed_id, now=clock.now())
    room.run(feed_id)
    assert room.delivery(waiting.delivery_id).state is DeliveryState.DONE


def test_time_over_in_the_middle_it_goes_on_after_the_last_chunk(
    room: Room, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.feeds.services.working.CHUNK", 2)
    feed_id = room.feed()
    delivery_id = room.receive(feed_id, table(rows(5)))
    register_take, stop = register.take, [clock.now() + timedelta(seconds=60)]

    def slow(*given: object, **named: object) -> object:
        stop[0] = clock.now() - timedelta(seconds=1)
        return register_take(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr("trustdesk.feeds.services.taking.take", slow)

    class Until:
        def __lt__(self, now: object) -> bool:
            return stop[0] < now  # type: ignore[operator]

        def __le__(self, now: object) -> bool:
            return stop[0] <= now  # type: ignore[operator]

        def __gt__(self, now: object) -> bool:
            return stop[0] > now  # type: ignore[operator]

    assert driving.run(room.id, feed_id, until=Until())  # type: ignore[arg-type]
    half = room.delivery(delivery_id)
    assert (half.state, half.records) == (DeliveryState.WORKING, 2)
    assert 0 < half.fraction < 1
    stop[0] = clock.now() + timedelta(seconds=60)
    monkeypatch.setattr("trustdesk.feeds.services.taking.take", register_take)
    room.run(feed_id)
    assert register.calls == [2, 2, 1]
    assert room.delivery(delivery_id).counts == {"updated": 5}


def test_what_is_a_week_old_is_destroyed(room: Room) -> None:
    feed_id = room.feed()
    feeds.pause(room.context(), feed_id=feed_id, now=clock.now())
    delivery_id = room.receive(feed_id, table(rows(2)))
    stray = places.empty_file(room.id, 4711)
    os.utime(stray, (time.time() - 7_200, time.time() - 7_200))
    assert forgetting.forget_old(room.context(), now=clock.now()) == 1, "nobody knows of that file"
    assert room.delivery(delivery_id).kept
    assert forgetting.forget_old(room.context(), now=clock.now() + timedelta(days=8)) == 1
    gone = room.delivery(delivery_id)
    assert (gone.state, gone.reason, gone.kept) == (DeliveryState.DISCARDED, "too-old", False)
    assert places.files_of(room.id) == []


def test_a_removed_feed_leaves_nothing(room: Room) -> None:
    feed_id = room.feed()
    room.receive(feed_id, table(rows(2)))
    feeds.remove(room.context(), feed_id=feed_id, now=clock.now())
    assert feeds.feeds(room.context()) == []
    assert feeds.deliveries(room.context()) == []
    assert places.files_of(room.id) == []


def test_who_may_not_manage_feeds_changes_nothing(room: Room) -> None:
    feed_id = room.feed()
    delivery_id = room.receive(feed_id, table(rows(1)))
    blind, reading = room.context("customer:open"), room.context("update:read")
    assert feeds.feed(reading, feed_id).waiting == 1
    for context in (blind, reading):
        for deed in (
            lambda context=context: feeds.pause(context, feed_id=feed_id, now=clock.now()),
            lambda context=context: feeds.go_on(context, delivery_id=delivery_id, now=clock.now()),
            lambda context=context: feeds.discard(context, delivery_id=delivery_id, now=clock.now()),
            lambda context=context: feeds.receive(context, feed_id=feed_id, pieces=[b"x"], now=clock.now()),
        ):
            with pytest.raises(RefusedError):
                deed()
    with pytest.raises(RefusedError):
        feeds.feeds(blind)
    assert room.view(feed_id).state is FeedState.ACTIVE


def test_another_company_sees_none_of_it(room: Room, neighbor: Room) -> None:
    feed_id = room.feed()
    delivery_id = room.receive(feed_id, table(rows(1)))
    for asked in (
        lambda: neighbor.view(feed_id),
        lambda: neighbor.delivery(delivery_id),
        lambda: neighbor.receive(feed_id, b"x"),
        lambda: feeds.discard(neighbor.context(), delivery_id=delivery_id, now=clock.now()),
    ):
        with pytest.raises(NotFoundError):
            asked()
    assert feeds.parked(neighbor.context(), delivery_id=delivery_id) == []
