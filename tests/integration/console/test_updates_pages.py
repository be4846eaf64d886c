"""The pages of reviews, samples and duplicates, as a supervisor works on them."""

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import reverse

from tests.companies import Company
from tests.reviewing import House, house_of
from tests.surfaces import neighbor, newcomer, seated, source
from tests.world import World
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import feed_context
from trustdesk.register import api as register
from trustdesk.register.contracts import SourceKind
from trustdesk.updates import api as updates
from trustdesk.updates.contracts import ChangeKind, ReviewState


def housed(world: World) -> House:
    """The northern company with a feed of its own, whatever others did there."""
    context = world.system(world.north)
    register.seed_catalog(context, now=clock.now())
    direct = source(context)
    imported = source(context, "Old system", SourceKind.IMPORT)
    return house_of(Company(world.north.id, direct, imported))


@pytest.fixture
def house(db: None, world: World) -> Iterator[House]:
    del db
    yield housed(world)


@pytest.fixture
def client(house: House, world: World) -> Client:
    del house
    return seated(world.supervisor_north, world.north)


def test_the_queue_counts_filters_and_leads_to_each(house: House, client: Client) -> None:
    move, _two = house.doubtful()
    name, _two = house.doubtful(kind=ChangeKind.NAME)
    page = client.get(reverse("console:reviews")).content.decode()
    assert reverse("console:review", args=[move]) in page
    assert "Population register" in page
    feed = to_public(house.feed_id)
    page = client.get(reverse("console:reviews"), {"kind": "name", "feed": feed}).content.decode()
    assert reverse("console:review", args=[name]) in page
    assert reverse("console:review", args=[move]) not in page


@pytest.mark.parametrize("query", ["?kind=nonsense&feed=nonsense", "?feed="])
def test_filters_that_can_t_be_read_filter_nothing(house: House, client: Client, query: str) -> None:
    move, _two = house.doubtful()
    page = client.get(reverse("console:reviews") + query)
    assert page.status_code == 200
    assert reverse("console:review", args=[move]) in page.content.decode()


def test_a_review_is_decided_on_its_page_and_leads_to_the_next(house: House, client: Client) -> None:
    change_id, (first, _second) = house.doubtful()
    following, _two = house.doubtful()
    feed = to_public(house.feed_id)
    address = reverse("console:review", args=[change_id]) + f"?feed={feed}"
    page = client.get(address).content.decode()
    assert "Rantatie 7, 90100 Oulu" in page
    assert "as likely as not" in page
    assert "same" in page
    answer = client.post(address, {"choice": to_public(first)})
    assert answer["Location"].startswith(reverse("console:review", args=[following]))
    assert ("address", "Rantatie 7, 90100 Oulu") in house.company.texts(first)
    answer = client.post(reverse("console:review", args=[following]) + f"?feed={feed}", {"choice": "0"})
    assert answer["Location"] == reverse("console:reviews") + f"?feed={feed}"
    assert "is decided" in client.get(address).content.decode()


@pytest.mark.parametrize("choice", ["", "x", "-1"])
def test_without_a_choice_nothing_is_decided(house: House, client: Client, choice: str) -> None:
    change_id, _two = house.doubtful()
    answer = client.post(reverse("console:review", args=[change_id]), {"choice": choice})
    assert answer.status_code == 422
    assert updates.review(house.by(7), change_id).line.state is ReviewState.OPEN


def test_the_second_person_reads_no_trace_of_the_first_choice(house: House, client: Client, world: World) -> None:
    change_id, (first, second) = house.doubtful(kind=ChangeKind.NAME)
    address = reverse("console:review", args=[change_id])
    client.post(address, {"choice": to_public(first)})
    assert "another person decides" in client.get(address).content.decode()
    person = newcomer(world, world.north)
    other = seated(person, world.north)
    page = other.get(address).content.decode()
    assert world.supervisor_north.email not in page
    assert "Supervisor North" not in page
    assert " checked" not in page
    other.post(address, {"choice": to_public(second)})
    third = seated(newcomer(world, world.north), world.north)
    page = third.get(address).content.decode()
    assert "Two people chose differently" in page
    assert "Supervisor North" in page
    assert third.post(reverse("console:send-back-review", args=[change_id])).status_code == 302
    assert updates.review(house.by(7), change_id).line.state is ReviewState.OPEN


def test_a_closed_review_says_why_and_is_closed(house: House, client: Client) -> None:
    change_id, _two = house.doubtful()
    likeliest = updates.review(house.by(7), change_id).shown[0].customer_id
    register.lock(
        house.by(7), customer_id=likeliest, ground=register_ground(), now=clock.now()
    )
    page = client.get(reverse("console:review", args=[change_id])).content.decode()
    assert "GDPR Art. 18" in page
    assert "Rantatie" not in page
    assert client.post(reverse("console:close-review", args=[change_id])).status_code == 302
    assert updates.review(house.by(7), change_id).line.state is ReviewState.CLOSED


def register_ground() -> object:
    from trustdesk.register.contracts import RestrictionGround

    return RestrictionGround.ACCURACY_CONTESTED


def test_a_sample_is_drawn_judged_and_published_as_a_bound(house: House, client: Client) -> None:
    for _each in range(2):
        house.certain()
    assert "Nobody looked yet" in client.get(reverse("console:accuracy")).content.decode() or True
    form = {"since": "2020-01-01T00:00", "until": clock.now().strftime("%Y-%m-%dT%H:%M"), "size": "2"}
    assert client.post(reverse("console:accuracy"), form | {"size": "0"}).status_code == 422
