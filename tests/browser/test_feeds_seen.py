"""Feeds in a browser, in both themes and on a phone: each way in, a file by hand, the brake, what was set aside."""

from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE
from tests.browser.test_telephony_pages import administer, look_at
from tests.world import World
from trustdesk.feeds import api as feeds
from trustdesk.feeds.contracts import Brake, DeliveryState, NewFeed, Transport
from trustdesk.feeds.services import driving
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import from_public, new_id, to_public
from trustdesk.register.contracts import NewSource, SourceKind

pytestmark = pytest.mark.browser
COLUMNS = {"no": "position", "since": "as_of", "family": "person:family_name", "town": "becomes:address/town"}
READING = {"kind": "move", "columns": COLUMNS}
LOOKS = [("light", LAPTOP), ("dark", PHONE)]
HEAD = "no,since,family,town\n"
ONE_TOWN = HEAD + "".join(f"{number},2026-11-20,Seenlainen{number},Oulu\n" for number in range(6))
ASIDE = HEAD + "1,soon,Seenlainen,Turku\n2,2026-11-20,,Turku\n"


def manager(world: World) -> AccessContext:
    return world.context(world.manager_north, world.north)


def declared(world: World, transport: Transport = Transport.UPLOAD) -> int:
    name, now = f"Feed {new_id()}", clock.now()
    new = NewFeed(
        name=name,
        transport=transport,
        setup={},
        format="csv",
        reading=READING,
        source_id=0,
        country="FI",
        brake=Brake(least=3),
    )
    source = NewSource(kind=SourceKind.FEED, name=name, legal_basis="eu-gdpr:A6-1-c")
    return feeds.save_feed(manager(world), feed_id=None, new=new, source=source, now=now)


@pytest.fixture
def made(committed: World) -> Iterator[list[int]]:
    """Feeds that are taken away again, with all that waits in them."""
    numbers: list[int] = []
    yield numbers
    for feed_id in numbers:
        with suppress(NotFoundError):  # a test took it away by its button
            feeds.remove(manager(committed), feed_id=feed_id, now=clock.now())


def given(world: World, made: list[int], content: str) -> str:
    """A delivery of a feed of its own, worked on as far as it goes."""
    feed_id = declared(world)
    made.append(feed_id)
    delivery = feeds.receive(manager(world), feed_id=feed_id, pieces=[content.encode()], now=clock.now())
    driving.run(world.north.id, feed_id, until=clock.now().replace(year=2100))
    return to_public(delivery)


def right(page: Page, size: tuple[int, int]) -> None:
    """As it stands now, without another question to the server."""
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0], page.url


@pytest.mark.parametrize(("theme", "size"), LOOKS)
def test_feeds_and_what_they_brought(
    visit: Visit, committed: World, made: list[int], theme: str, size: tuple[int, int]
) -> None:
    stopped, aside = given(committed, made, ONE_TOWN), given(committed, made, ASIDE)
    made.append(declared(committed, Transport.WEBHOOK))
    page = administer(visit, committed, theme, size)
    look_at(page, "/console/updates/feeds/", size)
    expect(page.locator("main")).to_contain_text("The brake has stopped a delivery")
    for transport in Transport:
        look_at(page, f"/console/updates/feeds/new/{transport.value}/", size)
    look_at(page, f"/console/updates/deliveries/{stopped}/", size)
    expect(page.locator("main")).to_contain_text("6 of 6 records of a day move to one and the same address")
    look_at(page, f"/console/updates/deliveries/{aside}/", size)
    expect(page.locator("main")).to_contain_text("The date can't be read.")
    page.get_by_role("button", name="Try it on the first records").click()
    expect(page.locator("main")).to_contain_text("Nothing was changed.")
    right(page, size)
    look_at(page, f"/console/updates/feeds/{to_public(made[0])}/", size)
    look_at(page, f"/console/updates/feeds/{to_public(made[0])}/change/", size)
    look_at(page, f"/console/updates/feeds/{to_public(made[2])}/", size)
    page.get_by_role("button", name="Make a secret").click()
    expect(page.locator("main")).to_contain_text("whsec_")
    right(page, size)


def test_a_feed_is_declared_given_a_file_stopped_and_taken_away(
    visit: Visit, committed: World, made: list[int]
) -> None:
    page = administer(visit, committed, "light", LAPTOP)
    page.goto(urljoin(page.url, "/console/updates/feeds/new/upload/"))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Name", exact=True)).to_have_attribute("aria-invalid", "true")
    right(page, LAPTOP)
    page.get_by_label("Name", exact=True).fill(f"Feed {new_id()}")
    page.get_by_label("Legal basis").select_option("eu-gdpr:A6-1-c")
    page.get_by_label("Reading").fill(
        'kind = "move"\n[columns]\n' + "".join(f'{name} = "{target}"\n' for name, target in COLUMNS.items())
    )
    page.get_by_label("It stops no fewer records than").fill("3")
    page.get_by_role("button", name="Save").click()
    page.wait_for_load_state()
    feed_id = from_public(page.url.rstrip("/").rsplit("/", 1)[-1])
    made.append(feed_id)
    file = {"name": "moves.csv", "mimeType": "text/csv", "buffer": ONE_TOWN.encode()}
    page.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Take the file in").click()
    page.wait_for_load_state()
    delivery_id = from_public(page.url.rstrip("/").rsplit("/", 1)[-1])
    driving.run(committed.north.id, feed_id, until=clock.now().replace(year=2100))
    page.reload()
    page.get_by_role("button", name="Discard it").click()
    page.wait_for_load_state()
    assert feeds.delivery(manager(committed), delivery_id).state is DeliveryState.DISCARDED
    page.goto(urljoin(page.url, f"/console/updates/feeds/{to_public(feed_id)}/"))
    page.get_by_role("button", name="Take the feed away").click()
    expect(page.locator("main")).to_contain_text("The feed is taken away; what it changed stays.")
    assert feed_id not in {one.feed_id for one in feeds.feeds(manager(committed))}
