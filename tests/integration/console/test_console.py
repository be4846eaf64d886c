"""The console's pages, by role."""

import pytest
from django.urls import reverse
from tests.surfaces import elevated, seated, signed_in
from tests.world import World

PAGES = ("start", "log", "seats", "inventory", "health")


@pytest.mark.parametrize("name", PAGES)
def test_the_officer_sees_every_page(committed: World, name: str) -> None:
    officer = seated(committed.officer_north, committed.north)
    answer = officer.get(reverse(f"console:{name}"))
    assert answer.status_code == 200, answer.content.decode()


def test_the_manager_sees_the_tokens(committed: World) -> None:
    manager = seated(committed.manager_north, committed.north)
    assert manager.get(reverse("console:tokens")).status_code == 200


def test_the_administrator_sees_the_operators(committed: World) -> None:
    admin = elevated(signed_in(committed.admin), committed.admin)
    answer = admin.get(reverse("console:operators"))
    assert answer.status_code == 200
    assert "Agent North" in answer.content.decode()
    answer = admin.get(reverse("console:operator", args=[committed.agent_north.id]))
    assert answer.status_code == 200, answer.content.decode()
    assert "Pohjolan" in answer.content.decode()
