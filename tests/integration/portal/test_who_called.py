"""Who called me? Company and purpose for anybody, nothing else, and not without end."""

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from tests.telephoning import reachable
from tests.world import World

ADDRESS = "portal:who-called"
NUMBER = "+3662555017"


@pytest.fixture
def known(committed: World) -> World:
    cache.clear()
    reachable(committed.system(committed.south, "service"), NUMBER)
    return committed


@pytest.mark.usefixtures("known")
def test_anybody_is_told_whose_number_it_is() -> None:
    page = Client().post(reverse(ADDRESS), {"number": "0036 62 555 017"}).content.decode()
    assert "Alföldi Víz" in page
    assert "Customer service" in page
    assert "service" not in page.replace("Customer service", "")


@pytest.mark.usefixtures("known")
def test_the_purpose_is_in_the_readers_language() -> None:
    page = Client(headers={"accept-language": "hu"}).post(reverse(ADDRESS), {"number": NUMBER}).content.decode()
    assert "Ügyfélszolgálat" in page


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("number", "status"), [("+3612345679", 200), ("hello", 422), ("", 422), ("+36" * 20, 422)])
def test_other_numbers_are_nobodys(number: str, status: int) -> None:
    answer = Client().post(reverse(ADDRESS), {"number": number})
    assert answer.status_code == status
    assert "Alföldi" not in answer.content.decode()


@pytest.mark.usefixtures("known")
def test_the_number_stands_in_no_address() -> None:
    assert "Alföldi" not in Client().get(reverse(ADDRESS), {"number": NUMBER}).content.decode()


@pytest.mark.usefixtures("known")
def test_who_asks_for_many_is_asked_to_wait() -> None:
    client = Client()
    answers = [client.post(reverse(ADDRESS), {"number": NUMBER}).status_code for _ in range(22)]
    assert answers[0] == 200
    assert answers[-1] == 429
