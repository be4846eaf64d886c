"""Who is at the other end, as the call bar says it: named where identified, each opening in the log; else never."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.calling import FRAGMENT, bar, conversing_about, rings, speaks, stands, turns
from tests.surfaces import customer, neighbor, newcomer, seated, supervisor
from tests.world import Person, World

from trustdesk.audit import api as audit
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.switchboard.contracts import Certainty, Direction, Presence


@pytest.fixture
def person(committed: World) -> Person:
    return newcomer(committed, committed.north, "agent")


@pytest.fixture
def agent(committed: World, person: Person) -> Client:
    return seated(person, committed.north)


@pytest.fixture
def context(committed: World, person: Person) -> AccessContext:
    return committed.context(person, committed.north)


def named(client: Client, call: int, status: int = 200) -> str:
    answer = client.get(reverse("desk:phone-who", args=[call]), headers=FRAGMENT)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode().strip()


def openings(committed: World, customer_id: int) -> int:
    """How often the name of this customer was opened for a list, by the log."""
    context = committed.context(committed.officer_north, committed.north, "records")
    return sum(one.what == "register.offered" for one in audit.entries(context, subject=customer_id, limit=50))


def test_who_is_identified_is_named_and_how_it_is_known(
    committed: World, agent: Client, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Nimetty")
    conversation, interaction, _ = conversing_about(context)
    agent.post(reverse("desk:identify", args=[conversation]), {"customer": to_public(aino), "how": "questions"})
    known = {"certainty": Certainty.IDENTIFIED, "customer_id": aino}
    call = speaks(context, conversation_id=conversation, interaction_id=interaction, **known)
    page = bar(agent)
    assert "Identified by questions" in page
    assert reverse("desk:phone-who", args=[call]) in page
    assert "Nimetty" not in page, "a bar that is asked for again and again opens nothing"
    before = openings(committed, aino)
    assert named(agent, call) == "Aino Nimetty"
    assert openings(committed, aino) == before + 1


def test_nobody_is_named_by_a_number_alone(committed: World, agent: Client, context: AccessContext) -> None:
    aino = customer(supervisor(committed), "Aino", "Arvattu", phone="+358 40 555 0102")
    call = speaks(context, certainty=Certainty.NUMBER_MATCHED, matches=[aino])
    assert reverse("desk:phone-who", args=[call]) not in bar(agent)
    assert "Arvattu" not in named(agent, call, status=404)
    assert openings(committed, aino) == 0


def test_whom_we_call_is_named_and_not_said_to_be_forged(
    committed: World, agent: Client, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Soitettu")
    called = {"direction": Direction.OUT, "certainty": Certainty.NUMBER_MATCHED, "customer_id": aino}
    call = speaks(context, **called)
    page = bar(agent)
    assert "Called at a number on file" in page
    assert "can be forged" not in page
    assert named(agent, call) == "Aino Soitettu"


def test_the_name_of_a_colleague_s_call_is_not_told(committed: World, agent: Client, context: AccessContext) -> None:
    aino = customer(supervisor(committed), "Aino", "Toisella")
    other = newcomer(committed, committed.north, "agent")
    call = speaks(committed.context(other, committed.north), certainty=Certainty.IDENTIFIED, customer_id=aino)
    stands(context, Presence.READY)
    assert "Toisella" not in named(agent, call, status=404)
    assert "Toisella" not in named(seated(neighbor(committed), committed.south), call, status=404)


def test_while_nobody_is_identified_the_card_leads_to_where_it_is_said(
    committed: World, agent: Client, context: AccessContext
) -> None:
    conversation, interaction, _ = conversing_about(context)
    of_it = {"conversation_id": conversation, "interaction_id": interaction}
    rings(context, **of_it)
    assert "Say who it is" not in bar(agent)
    call = speaks(context, **of_it)
    assert "Say who it is" in bar(agent)
    aino = customer(supervisor(committed), "Aino", "Sanottu")
    turns(context, call, certainty=Certainty.IDENTIFIED, customer_id=aino)
    assert "Say who it is" not in bar(agent)
