"""A queue is called by its name wherever somebody reads; its code stands in values and addresses only."""

import re
from html import unescape

import pytest
from django.test import Client
from django.urls import reverse
from tests.calling import FRAGMENT, bar, speaks
from tests.integration.desk.test_conversations import called
from tests.surfaces import newcomer, seated
from tests.telephoning import queue
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import ComplaintForm, Given, NewFollowUp
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.telephony import api as telephony

FIELDS = {"complainant_name": "Aino", "submitted": "x", "description": "The bill counts twice."}


@pytest.fixture
def code(committed: World) -> str:
    """Of a queue whose name says something else."""
    code, context = f"q{new_id()}", committed.system(committed.north, "administration")
    names = {"fi": f"Laskut {code[-6:]}", "en": f"Invoices {code[-6:]}"}
    telephony.save_queue(context, new=queue(code, names=names, country="FI"), now=clock.now())
    return code


def read(page: str) -> str:
    """What somebody reads, or hears read."""
    spoken = " ".join(re.findall(r'(?:aria-label|data-said)="([^"]*)"', page))
    return unescape(f"{re.sub('<[^>]*>', ' ', page)} {spoken}")


def named(page: str, code: str, *, language: str = "Invoices") -> None:
    text = read(page)
    assert f"{language} {code[-6:]}" in text
    assert code not in text


def shown(client: Client, name: str, *args: object, code: str, query: str = "") -> None:
    named(client.get(reverse(name, args=args) + query).content.decode(), code)


def test_in_the_bar(committed: World, code: str) -> None:
    person = newcomer(committed, committed.north, "agent")
    agent, context = seated(person, committed.north), committed.context(person, committed.north)
    speaks(context, queue=code)
    named(bar(agent), code)
    speaks(context, queue="elsewhere")
    page = bar(agent)
    named(page, code)  # among those to which the call can be given
    assert f'name="queue" value="{code}"' in page
    agent.cookies["django_language"] = "fi"
    named(bar(agent), code, language="Laskut")


def test_in_the_lists_of_desk_and_console(committed: World, code: str) -> None:
    boss = newcomer(committed, committed.north)
    context, now = committed.context(boss, committed.north), clock.now()
    opened, one = called(context, queue=code)
    conversing.follow_up(context, conversation_id=opened.conversation_id, new=NewFollowUp(due_at=now), now=now)
    elsewhere, _two = called(context)
    conversing.requeue(context, conversation_id=elsewhere.conversation_id, queue=code, now=now)
    client = seated(boss, committed.north)
    shown(client, "desk:conversations", query=f"?queue={code}", code=code)
    shown(client, "desk:conversation", opened.conversation_id, code=code)
    shown(client, "desk:conversation", elsewhere.conversation_id, code=code)  # went there, and stands there
    given = Given(complaint=ComplaintForm(fields=FIELDS))
    conversing.dispose(context, interaction_id=one, disposition="complaint", given=given, now=now)
    shown(client, "console:complaints", code=code)
    shown(client, "console:dispositions", query=f"?queue={code}", code=code)
    shown(client, "console:skills", code=code)
    shown(client, "console:recordings", code=code)
    speaks(context, queue=code)
    shown(client, "desk:calls", code=code)
    fragment = client.get(reverse("desk:calls"), headers=FRAGMENT).content.decode()
    named(fragment, code)


def test_what_is_no_queue_any_more_keeps_its_code(committed: World) -> None:
    boss = newcomer(committed, committed.north)
    gone = f"gone{new_id()}"
    called(committed.context(boss, committed.north), queue=gone)
    assert gone in read(seated(boss, committed.north).get(reverse("desk:conversations")).content.decode())
