"""A merge is undone from the card at any later time; the page says before what comes apart."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, neighbor, seated, supervisor
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register


@pytest.fixture
def client(committed: World) -> Client:
    return seated(committed.supervisor_north, committed.north)


@pytest.fixture
def three(committed: World) -> tuple[int, int, int]:
    context = supervisor(committed)
    first, second, third = (customer(context, "Aino", name) for name in ("Eka", "Toka", "Kolmas"))
    return first, second, third


def join(world: World, into: int, other: int) -> int:
    return register.merge(
        supervisor(world),
        into=into,
        customer_id=other,
        reason="same birth date and phone",
        now=clock.now(),
    )


def card(client: Client, customer_id: int) -> str:
    return client.get(reverse("desk:customer", args=[customer_id])).content.decode()


def undo(merge_id: int) -> str:
    return reverse("desk:unmerge", args=[merge_id])


def test_the_card_offers_the_undo_and_the_page_says_what_comes_apart(
    client: Client,
    committed: World,
    three: tuple[int, int, int],
) -> None:
    first, second, _third = three
    register.add_note(supervisor(committed), customer_id=second, text="Of the second.", now=clock.now())
    joined = join(committed, first, second)
    shown = card(client, second)
    assert undo(joined) in shown
    assert "same birth date and phone" in shown
    assert "Supervisor North" in shown
    page = client.get(undo(joined)).content.decode()
    stays, leaves = page.index("Stays here"), page.index("Stands by itself again")
    assert stays < page.index("Aino Eka") < leaves < page.index("Aino Toka")
    assert re.search(r"2 values\s+· 1 note\b", page)
    assert register.card(supervisor(committed), first, now=clock.now()).merged_from == (second,)
    answer = client.post(undo(joined))
    assert answer.headers["Location"] == reverse("desk:customer", args=[first])
    assert "The merge is undone" in card(client, first)
    assert to_public(second) not in card(client, first)
    assert client.get(undo(joined)).status_code == 409


def test_what_was_carried_along_waits_behind_a_closed_door(
    client: Client,
    committed: World,
    three: tuple[int, int, int],
) -> None:
    first, second, third = three
    inner = join(committed, second, third)
    outer = join(committed, first, second)
    shown = card(client, first)
    assert undo(outer) in shown
    assert undo(inner) not in shown
    assert "undo that one first" in shown
    assert "undo that one first" in client.get(undo(inner)).content.decode()
    assert client.post(undo(inner)).status_code == 409
    assert client.post(undo(outer)).status_code == 302
    assert undo(inner) in card(client, second)
    assert client.post(undo(inner)).headers["Location"] == reverse("desk:customer", args=[second])


def test_who_may_not_merge_sees_the_door_and_a_neighbor_nothing(committed: World, three: tuple[int, int, int]) -> None:
    first, second, _third = three
    joined = join(committed, first, second)
    agent = seated(committed.agent_north, committed.north)
    shown = card(agent, first)
    assert undo(joined) not in shown
    assert to_public(second) in shown
    assert agent.get(undo(joined)).status_code == 403
    assert agent.post(undo(joined)).status_code == 403
    far = seated(neighbor(committed), committed.south)
    assert far.get(undo(joined)).status_code == 404
    assert far.post(undo(joined)).status_code == 404
    assert register.card(supervisor(committed), first, now=clock.now()).merged_from == (second,)
