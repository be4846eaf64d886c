"""Finland's population register, asked as it wants to be asked; its answers are the sample's."""

import json
from collections.abc import Iterator

import pytest
from tests.integration.feeds.feeding import Register, Room
from tests.integration.feeds.web import Interface

from trustdesk.feeds.contracts import Transport
from trustdesk.feeds.samples.changes import SAMPLES

CURSOR = "viimeisinKirjausavain"
SAMPLE = json.loads(SAMPLES["dvv"].content)


@pytest.fixture
def population(room: Room) -> Iterator[Interface]:
    """Nobody of ours before 5; then the sample's people, and nothing after them."""
    with Interface() as made:
        pages = {0: {**SAMPLE, CURSOR: 5, "muutokset": []}, 5: SAMPLE}

        def answer() -> tuple[int, dict[str, str], bytes]:
            after = json.loads(made.asked[-1][3])[CURSOR]
            return 200, {}, json.dumps(pages.get(after, {CURSOR: after, "muutokset": []})).encode()

        made.fault = answer
        yield made


def test_the_cursor_goes_on_over_a_page_without_anybody_of_ours(
    room: Room, register: Register, population: Interface
) -> None:
    setup = {
        "address": population.url,
        "method": "POST",
        "path": "/api/v1/muutokset",
        "body": {CURSOR: "{cursor}", "hetulista": ["040180-9998"]},
        "records": "/muutokset",
        "next_cursor": f"/{CURSOR}",
        "first_cursor": 0,
    }
    feed_id = room.feed(Transport.HTTP, setup=setup, format="dvv", reading={}, secret="the password")
    room.run(feed_id)
    assert room.view(feed_id).cursor == "5"
    assert room.counts(feed_id) == {}
    room.again()
    room.run(feed_id)
    assert room.view(feed_id).cursor == str(SAMPLE[CURSOR])
    assert room.counts(feed_id) == {"updated": 3}
    assert json.loads(population.asked[-1][3])["hetulista"] == ["040180-9998"]
