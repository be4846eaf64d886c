"""Named employees of a company: created on its card, seen on both cards."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.forgetting import forget
from tests.surfaces import company, customer, neighbor, seated, supervisor
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, RestrictionGround

GIVEN = {"source": "direct", "language": "fi", "value_given_name": "Anna", "value_family_name": "Aalto",
         "notice_given": "on", "notice_version": "2026-2"}  # fmt: skip


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


@pytest.fixture
def works(committed: World) -> int:
    return company(supervisor(committed), "Sähkötyö Oy")


def new_contact(customer_id: int) -> str:
    return reverse("desk:create-contact", args=[customer_id])


def card_of(customer_id: int) -> str:
    return reverse("desk:customer", args=[customer_id])


def test_a_contact_is_created_on_the_companys_card_and_links_lead_both_ways(
    agent: Client,
    committed: World,
    works: int,
) -> None:
    empty = agent.get(card_of(works)).content.decode()
    assert "Nobody to ask for yet" in empty
    assert new_contact(works) in empty
    page = agent.get(new_contact(works)).content.decode()
    assert "At Sähkötyö Oy." in page
    assert 'name="kind"' not in page
    made = agent.post(new_contact(works), GIVEN)
    assert made.status_code == 302, made.content.decode()
    shown = agent.get(made.headers["Location"]).content.decode()
    assert "Contact at a company" in shown
    assert f'href="{card_of(works)}"' in shown
    assert "version 2026-2" in shown
    back = agent.get(card_of(works)).content.decode()
    assert f'href="{made.headers["Location"]}"' in back
    assert "Anna Aalto" in back
    (hit,) = register.employment(supervisor(committed), works, now=clock.now()).employees
    assert hit.kind is CustomerKind.NAMED_EMPLOYEE


def test_a_contact_is_informed_like_anybody_else(agent: Client, works: int) -> None:
    refused = agent.post(new_contact(works), {name: text for name, text in GIVEN.items() if "notice" not in name})
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "Give the notice first" in shown
    assert "At Sähkötyö Oy." in shown


def test_a_person_has_no_contacts(agent: Client, committed: World) -> None:
    aino = customer(supervisor(committed), "Aino", "Mäkelä")
    assert "Contacts at this company" not in agent.get(card_of(aino)).content.decode()
    for answer in (agent.get(new_contact(aino)), agent.post(new_contact(aino), GIVEN)):
        assert answer.status_code == 422
        assert "Only a company has contacts." in answer.content.decode()


def test_a_restricted_company_takes_none_and_says_why(committed: World, works: int) -> None:
    register.lock(supervisor(committed), customer_id=works, ground=RestrictionGround.OBJECTION_PENDING, now=clock.now())
    client = seated(committed.supervisor_north, committed.north)
    shown = client.get(card_of(works)).content.decode()
    assert new_contact(works) not in shown
    assert "New contact" in shown
    assert client.post(new_contact(works), GIVEN).status_code == 409
    assert register.employment(supervisor(committed), works, now=clock.now()).employees == []


def test_who_creates_nobody_sees_the_closed_door(committed: World, works: int) -> None:
    officer = seated(committed.officer_north, committed.north)
    shown = officer.get(card_of(works)).content.decode()
    assert new_contact(works) not in shown
    assert "New contact" in shown
    assert officer.get(new_contact(works)).status_code == 403


def test_a_neighbor_creates_nobody_at_the_company(committed: World, works: int) -> None:
    client = seated(neighbor(committed), committed.south)
    assert client.get(new_contact(works)).status_code == 404
    assert client.post(new_contact(works), GIVEN).status_code == 404
    assert register.employment(supervisor(committed), works, now=clock.now()).employees == []


def test_an_erased_company_leaves_a_word_on_the_contacts_card(agent: Client, committed: World, works: int) -> None:

    made = agent.post(new_contact(works), GIVEN).headers["Location"]
    forget("register", supervisor(committed), works)
    assert "The company is no longer in the register." in agent.get(made).content.decode()
