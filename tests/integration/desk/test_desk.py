"""The desk's pages as an agent meets them, without scripts and with htmx's requests."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, seated, supervisor
from tests.world import World

from trustdesk.kernel.ids import to_public

HX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


@pytest.fixture
def aino(committed: World) -> int:
    return customer(supervisor(committed), "Aino", "Mäkelä", phone="+358 40 123 4567", email="aino@example.fi")


def test_one_finds_and_opens(agent: Client, aino: int) -> None:
    assert agent.get(reverse("desk:start")).status_code == 200
    found = agent.post(reverse("desk:search"), {"query": "makela"}, **HX)
    assert "Mäkelä" in found.content.decode()
    assert "<html" not in found.content.decode()
    card = agent.get(reverse("desk:customer", args=[aino]))
    shown = card.content.decode()
    assert "+358 40 1234567" in shown
    assert "confirmed 3 days ago by the customer" in shown
    assert to_public(aino) in shown
    assert card.headers["Cache-Control"] == "no-store"
