"""The agent's own agreement to be recorded: given and taken back at the desk, by nobody else."""

from django.test import Client
from django.urls import reverse
from tests.surfaces import newcomer, seated
from tests.world import World

from trustdesk.telephony import api as telephony

ADDRESS = "desk:agreement"


def test_an_agent_gives_it_and_takes_it_back(committed: World) -> None:
    agent = newcomer(committed, committed.north, "agent")
    client, context = seated(agent, committed.north), committed.context(agent, committed.north)
    page = client.get(reverse(ADDRESS)).content.decode()
    assert "You have said nothing yet." in page
    assert client.post(reverse(ADDRESS), {"answer": "give"}).status_code == 302
    held = telephony.agent(context, agent.id)
    assert held.agreed
    assert held.agreement is not None
    assert "Pohjolan Sähkö" in held.agreement.words
    assert held.agreement.words in client.get(reverse(ADDRESS)).content.decode().replace("&#x27;", "'")
    assert client.post(reverse(ADDRESS), {"answer": "withdraw"}).status_code == 302
    assert not telephony.agent(context, agent.id).agreed


def test_what_is_not_an_agreement_is_none(committed: World) -> None:
    agent = newcomer(committed, committed.north, "agent")
    client = seated(agent, committed.north)
    assert client.post(reverse(ADDRESS)).status_code == 302
    assert not telephony.agent(committed.context(agent, committed.north), agent.id).agreed


def test_nobody_says_it_without_being_there(committed: World) -> None:
    assert Client().post(reverse(ADDRESS), {"answer": "give"}).status_code == 302
    assert not telephony.agent(committed.system(committed.north), committed.outsider.id).agreed
