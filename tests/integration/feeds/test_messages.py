"""Messages of a feed, over the wire: believed by their signature, stored before the answer, applied once."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from standardwebhooks import Webhook
from tests.integration.feeds.feeding import Register, Room, rows, table
from tests.serving import served

from trustdesk.feeds import api as feeds
from trustdesk.feeds.contracts import DeliveryState, Transport
from trustdesk.feeds.services.posted import MESSAGE_LIMIT
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id, to_public


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with served() as found:
        yield found


class Sender:
    """Another system that signs what it sends."""

    def __init__(self, room: Room, feed_id: int, address: str, secret: str) -> None:
        self.url = f"{address}/hooks/feeds/{to_public(room.id)}/{to_public(feed_id)}/"
        self.secret = secret

    def headers(self, body: bytes, *, name: str = "", at: datetime | None = None) -> dict[str, str]:
        at, name = at or datetime.now(UTC), name or f"msg_{new_id()}"
        signature = Webhook(self.secret).sign(name, at, body.decode())
        return {
            "webhook-id": name,
            "webhook-timestamp": str(int(at.timestamp())),
            "webhook-signature": signature,
            "Content-Type": "text/csv",
        }

    def send(self, body: bytes, headers: Mapping[str, str] | None = None) -> int:
        with httpx.Client(timeout=60) as client:
            given = self.headers(body) if headers is None else headers
            return client.post(self.url, content=body, headers=dict(given)).status_code


@pytest.fixture
def feed_id(room: Room) -> int:
    return room.feed(Transport.WEBHOOK)


@pytest.fixture
def sender(room: Room, feed_id: int, address: str) -> Sender:
    return Sender(room, feed_id, address, feeds.make_secret(room.context(), feed_id=feed_id, now=clock.now()))


def test_a_message_is_stored_and_then_applied(room: Room, register: Register, feed_id: int, sender: Sender) -> None:
    assert sender.send(table(rows(2))) == 204
    (waiting,) = room.deliveries(feed_id)
    assert waiting.state is DeliveryState.WAITING
    assert not register.calls
    room.run(feed_id)
    assert room.counts(feed_id) == {"updated": 2}


def test_the_same_message_again_is_one(room: Room, feed_id: int, sender: Sender) -> None:
    body = table(rows(2))
    headers = sender.headers(body)
    assert [sender.send(body, headers), sender.send(body, headers)] == [204, 204]
    other = table(rows(3))
    assert sender.send(other, sender.headers(other, name=headers["webhook-id"])) == 204
    assert len(room.deliveries(feed_id)) == 1


def test_what_is_not_signed_by_the_feed_is_not_taken(
    room: Room, feed_id: int, sender: Sender, neighbor: Room, address: str
) -> None:
    body = table(rows(1))
    good = sender.headers(body)
    for headers in (
        {},
        {**good, "webhook-signature": good["webhook-signature"][:-6] + "AAAAA="},
        {**good, "webhook-signature": "nonsense"},
        {**good, "webhook-id": "another"},
        {**good, "webhook-timestamp": "soon"},
        sender.headers(body, at=datetime.now(UTC) - timedelta(minutes=6)),
        sender.headers(body, at=datetime.now(UTC) + timedelta(minutes=6)),
        sender.headers(table(rows(2))),
    ):
        assert sender.send(body, headers) == 401
    strangers = [
        Sender(neighbor, feed_id, address, sender.secret),
        Sender(room, new_id(), address, sender.secret),
        Sender(room, room.feed(Transport.UPLOAD), address, sender.secret),
        Sender(room, room.feed(Transport.WEBHOOK), address, sender.secret),
    ]
    assert [stranger.send(body) for stranger in strangers] == [401] * 4
    assert sender.send(b"\xff\xfe", good) == 401
    assert feeds.deliveries(room.context()) == []


def test_a_new_secret_ends_the_one_before(room: Room, feed_id: int, sender: Sender) -> None:
    feeds.make_secret(room.context(), feed_id=feed_id, now=clock.now())
    assert sender.send(table(rows(1))) == 401
    with pytest.raises(ConflictError):
        feeds.make_secret(room.context(), feed_id=room.feed(), now=clock.now())


def test_what_is_too_large_is_not_read(room: Room, feed_id: int, sender: Sender) -> None:
    body = b"x" * (MESSAGE_LIMIT + 1)
    assert sender.send(body) == 413
    assert room.deliveries(feed_id) == []


def test_a_paused_feed_asks_to_come_again(room: Room, feed_id: int, sender: Sender) -> None:
    feeds.pause(room.context(), feed_id=feed_id, now=clock.now())
    assert sender.send(table(rows(1))) == 503
    assert room.deliveries(feed_id) == []
