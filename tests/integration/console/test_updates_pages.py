"""The pages of reviews, samples and duplicates, as a supervisor works on them."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.companies import Company
from tests.reviewing import House, house_of
from tests.surfaces import neighbor, newcomer, seated, source
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.mandates.api import feed_context
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround, SourceKind
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
def house(db: None, world: World) -> House:
    del db
    return housed(world)


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
    assert "Another customer is nearly as likely." in page
    assert "same" in page
    answer = client.post(address, {"choice": to_public(first)})
    assert answer["Location"].startswith(reverse("console:review", args=[following]))
    assert ("address", "Rantatie 7, 90100 Oulu") in house.company.texts(first)
    answer = client.post(reverse("console:review", args=[following]) + f"?feed={feed}", {"choice": "0"})
    assert answer["Location"] == reverse("console:reviews") + f"?feed={feed}"
    page = client.get(address).content.decode()
    assert "is decided" in page
    assert reverse("console:undo-review", args=[change_id]) in page
    client.post(reverse("console:undo-review", args=[change_id]))
    assert ("address", "Rantatie 7, 90100 Oulu") not in house.company.texts(first)
    assert reverse("console:undo-review", args=[change_id]) not in client.get(address).content.decode()


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
    ground = RestrictionGround.ACCURACY_CONTESTED
    register.lock(house.by(7), customer_id=likeliest, ground=ground, now=clock.now())
    page = client.get(reverse("console:review", args=[change_id])).content.decode()
    assert "GDPR Art. 18" in page
    assert "Rantatie" not in page
    assert client.post(reverse("console:close-review", args=[change_id])).status_code == 302
    assert updates.review(house.by(7), change_id).line.state is ReviewState.CLOSED


def test_a_sample_is_drawn_judged_and_published_as_a_bound(house: House, client: Client) -> None:
    right, _customer = house.certain()
    wrong, customer_id = house.certain()
    now = clock.now()
    round_id = updates.draw_audit(house.by(7), since=now - timedelta(hours=1), until=now, size=5000, now=now)
    first = client.get(reverse("console:audit-sample", args=[round_id]))["Location"]
    assert client.get(first).status_code == 200
    for change_id, verdict in ((right, "right"), (wrong, "wrong")):
        address = reverse("console:audit", args=[round_id, change_id])
        page = client.get(address).content.decode()
        assert "Rantatie 7, 90100 Oulu" in page
        assert "Birth date" in page
        assert client.post(address, {"verdict": "perhaps"}).status_code == 422
        assert client.post(address, {"verdict": verdict}).status_code == 302
    page = client.get(reverse("console:audit", args=[round_id, wrong])).content.decode()
    assert "Take it back and open a breach case" in page
    assert client.post(reverse("console:undo-audited", args=[round_id, wrong])).status_code == 302
    assert ("address", "Rantatie 7, 90100 Oulu") not in house.company.texts(customer_id)
    for page in (
        client.get(reverse("console:accuracy")).content.decode(),
        client.get(reverse("console:updates")).content.decode(),
        client.get(reverse("console:start")).content.decode(),
    ):
        assert "at most " in page
        assert "(95\N{NO-BREAK SPACE}%)" in page
        assert "zero" not in page.lower()


def _typed(at: datetime) -> str:
    return timezone.localtime(at, ZoneInfo("Europe/Helsinki")).strftime("%Y-%m-%dT%H:%M")


def test_a_sample_is_drawn_on_the_page(house: House, client: Client) -> None:
    house.certain()
    form = {"since": _typed(clock.now() - timedelta(days=2)), "until": _typed(clock.now())}
    assert client.post(reverse("console:accuracy"), form | {"size": "0"}).status_code == 422
    answer = client.post(reverse("console:accuracy"), form | {"size": "3"})
    assert answer.status_code in (302, 422)  # what was made in this very minute is drawn in the next


def test_the_calibration_stands_beside_its_table(house: House, client: Client) -> None:
    change_id, (first, _second) = house.doubtful()
    updates.decide(house.by(7), change_id=change_id, choice=first, now=clock.now())
    page = client.get(reverse("console:calibration")).content.decode()
    assert "<circle" in page
    assert "Brier" in page
    assert "nothing is set by itself" in page or "There are not enough decisions" in page


def test_two_records_are_compared_and_shown_as_one(house: House, client: Client) -> None:
    texts = {"given_name": "Tuula", "family_name": "Hakkarainen", "birth_date": "1958-06-17"}
    left = house.known(**texts, customer_number="4711")
    right = house.known(**texts, address="Kauppakatu 11, 40100 Jyväskylä", customer_number="0815")
    now = clock.now()
    updates.look_for_duplicates(feed_context(house.company.controller_id, now=now), after=left - 1, limit=2, now=now)
    line = next(one for one in updates.duplicates(house.by(7), limit=200) if one.left_id == left)
    assert (
        reverse("console:duplicate", args=[line.duplicate_id])
        in client.get(reverse("console:duplicates")).content.decode()
    )
    address = reverse("console:duplicate", args=[line.duplicate_id])
    page = client.get(address).content.decode()
    assert "Kauppakatu 11, 40100 Jyväskylä" in page
    assert "different, says nothing" in page
    assert client.post(address, {"choice": ""}).status_code == 422
    assert client.post(address, {"choice": "left"}).status_code == 302
    assert register.shown_as_one(house.by(7), right) == [left, right]
    assert "Take them apart" in client.get(address).content.decode()
    client.post(reverse("console:undo-duplicate", args=[line.duplicate_id]))
    assert register.shown_as_one(house.by(7), right) == [right]
    assert "Kept apart" in client.get(address).content.decode()


def test_the_register_is_looked_through_once_at_a_time(house: House, client: Client) -> None:
    del house
    for words in ("looked through in the background", "looked through already"):
        answer = client.post(reverse("console:look-for-duplicates"), follow=True)
        assert words in answer.content.decode()


@pytest.mark.parametrize("role", ["agent", "administrator", "client"])
def test_who_may_not_decide_sees_no_review(house: House, world: World, role: str) -> None:
    change_id, (first, _second) = house.doubtful()
    other = seated(newcomer(world, world.north, role), world.north)
    address = reverse("console:review", args=[change_id])
    assert other.get(reverse("console:reviews")).status_code == 403
    assert other.get(address).status_code == 403
    assert other.post(address, {"choice": to_public(first)}).status_code == 403
    assert other.get(reverse("console:updates")).status_code == (403 if role == "agent" else 200)


def test_who_only_sees_figures_is_offered_no_closed_page(house: House, world: World) -> None:
    del house
    client = seated(newcomer(world, world.north, "client"), world.north)
    for name in ("updates", "accuracy", "calibration"):
        page = client.get(reverse(f"console:{name}")).content.decode()
        assert reverse("console:reviews") not in page
        assert reverse("console:duplicates") not in page


def test_next_door_nothing_is_there(house: House, world: World) -> None:
    change_id, (first, _second) = house.doubtful()
    other = seated(neighbor(world), world.south)
    address = reverse("console:review", args=[change_id])
    assert address not in other.get(reverse("console:reviews")).content.decode()
    assert other.get(address).status_code == 404
    assert other.post(address, {"choice": to_public(first)}).status_code == 404
