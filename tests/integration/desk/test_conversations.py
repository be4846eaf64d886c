"""Conversations at the desk, as an agent works on them, without scripts."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, seated, supervisor
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    Direction,
    How,
    Kind,
    NewConversation,
    NewInteraction,
    Opened,
    Result,
    State,
)
from trustdesk.conversations.references import fresh
from trustdesk.design.readable import phone_text
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public

HX = {"HX-Request": "true"}
NUMBER = "+358401112233"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


@pytest.fixture
def context(committed: World) -> AccessContext:
    supervisor(committed)
    return committed.context(committed.agent_north, committed.north)


def called(context: AccessContext, *, queue: str = "service", ended: bool = True) -> tuple[Opened, int]:
    """Somebody called, and this agent answered."""
    now = clock.now() - timedelta(minutes=10)
    opened = conversing.open_conversation(
        context, new=NewConversation(channel=Kind.CALL, queue=queue, language="fi", line="+358912345"), now=now
    )
    new = NewInteraction(kind=Kind.CALL, direction=Direction.IN, party=NUMBER, started_at=now)
    one = conversing.begin_interaction(context, conversation_id=opened.conversation_id, new=new, now=now)
    conversing.join(context, interaction_id=one, operator_id=context.operator_id, now=now)
    if ended:
        at = now + timedelta(minutes=3)
        conversing.end_interaction(context, interaction_id=one, result=Result.ANSWERED, ended_at=at, now=at)
    return opened, one


def url(name: str, *parts: int) -> str:
    return reverse(f"desk:{name}", args=parts)


def text(answer: object) -> str:
    return str(getattr(answer, "content", b"").decode())


def test_the_list_shows_references_and_what_waits(agent: Client, context: AccessContext) -> None:
    opened, _one = called(context)
    shown = text(agent.get(url("conversations")))
    assert conversing.grouped(opened.reference) in shown
    assert "Waits for what came of it" in shown
    assert NUMBER not in shown, "a list opens nothing"
    fragment = text(agent.get(url("conversations"), headers=HX))
    assert "<html" not in fragment
    assert conversing.grouped(opened.reference) in fragment


def test_filters_narrow_it_and_stay_beside_the_conversation(agent: Client, context: AccessContext) -> None:
    queue = f"queue-{to_public(new_id()).lower()}"
    opened, _one = called(context, queue=queue)
    called(context)
    shown = text(agent.get(url("conversations"), {"queue": queue}))
    assert len(re.findall(r'class="hit"', shown)) == 1
    page = text(agent.get(url("conversation", opened.conversation_id), {"queue": queue}))
    assert len(re.findall(r'class="hit"', page)) == 1
    assert f"?queue={queue}" in page
    assert agent.get(url("conversations"), {"state": "nonsense"}).status_code == 200


def test_the_page_says_who_it_is_not_and_what_was_said(agent: Client, context: AccessContext) -> None:
    opened, _one = called(context)
    page = agent.get(url("conversation", opened.conversation_id))
    shown = text(page)
    assert page.status_code == 200
    assert phone_text(NUMBER) in shown
    assert "Unidentified" in shown
    assert "unsafe" not in page.headers["Content-Security-Policy"]


def test_a_reference_typed_finds_the_case_also_in_the_palette(agent: Client, context: AccessContext) -> None:
    opened, _one = called(context)
    spoken = conversing.grouped(opened.reference)
    answer = agent.post(url("by-reference"), {"digits": spoken})
    assert answer.headers["Location"] == url("conversation", opened.conversation_id)
    found = text(agent.post(url("search"), {"query": spoken, "palette": "1"}, headers=HX))
    assert url("conversation", opened.conversation_id) in found
    assert agent.get(url("by-reference"), {"digits": spoken}).status_code == 405


def test_a_wrong_one_is_said_and_guessing_is_stopped(committed: World) -> None:
    from tests.surfaces import newcomer  # noqa: PLC0415 - one who may be stopped without harm to the others

    guesser = seated(newcomer(committed, committed.north, "agent"), committed.north)
    for _number in range(5):
        answer = guesser.post(url("by-reference"), {"digits": fresh()}, follow=True)
        assert "No case has this reference" in text(answer)
    stopped = guesser.post(url("by-reference"), {"digits": fresh()}, follow=True)
    assert "Too many references" in text(stopped)


def test_an_agent_works_through_it(agent: Client, context: AccessContext, committed: World) -> None:
    aino = customer(supervisor(committed), "Aino", f"Talk{new_id()}", phone=NUMBER)
    opened, one = called(context)
    conversing.note_matches(context, conversation_id=opened.conversation_id, customer_ids=[aino], now=clock.now())
    page = text(agent.get(url("conversation", opened.conversation_id)))
    assert "Number matched (can be forged)" in page
    assert "Aino" in page
    given = {"customer": to_public(aino), "how": How.QUESTIONS.value}
    assert agent.post(url("identify", opened.conversation_id), given).status_code == 302
    page = text(agent.get(url("conversation", opened.conversation_id)))
    assert "Identified by questions" in page
    assert url("customer", aino) in page
    note = {"text": f"Moves in May. {EVIL}"}
    assert agent.post(url("talk-note", opened.conversation_id), note).status_code == 302
    page = text(agent.get(url("conversation", opened.conversation_id)))
    assert "Moves in May." in page
    assert "<script>alert" not in page
    assert "onerror=alert(1)>" not in page.replace("&gt;", "")
    address = url("dispose", opened.conversation_id, one)
    assert "Wants to be called back" in text(agent.get(f"{address}?as=callback"))
    assert agent.post(f"{address}?as=callback", {"due_at": ""}).status_code == 422
    tomorrow = f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}"
    assert agent.post(f"{address}?as=callback", {"due_at": tomorrow, "mine": "on"}).status_code == 302
    assert conversing.line(context, opened.conversation_id).state is State.WAITING
    (due,) = conversing.conversation(context, opened.conversation_id).follow_ups
    done = url("follow-up-done", opened.conversation_id, due.follow_up_id)
    assert agent.post(done).status_code == 302
    assert agent.post(url("close", opened.conversation_id)).status_code == 302
    assert conversing.line(context, opened.conversation_id).state is State.CLOSED
    assert agent.post(url("reopen", opened.conversation_id)).status_code == 302
    assert agent.post(url("take-back", opened.conversation_id)).status_code == 302
    assert conversing.line(context, opened.conversation_id).customer_id is None


def test_a_complaint_asks_for_its_fields_and_gets_its_day(committed: World) -> None:
    """Hungarian: eight fields, of which the house fills two."""
    supervisor(committed)
    south = committed.context(committed.agent_south, committed.south)
    agent = seated(committed.agent_south, committed.south)
    opened, one = called(south)
    address = f"{url('dispose', opened.conversation_id, one)}?as=complaint"
    asked = text(agent.get(address))
    assert "Fgytv 17/A" in asked
    assert "Address of the person" in asked
    fields = {"complainant_name": "Anna", "complainant_address": "Fő utca 1.", "submitted": "By telephone"}
    assert agent.post(address, fields).status_code == 422
    assert agent.post(address, {**fields, "description": "The bill is wrong."}).status_code == 302
    page = text(agent.get(url("conversation", opened.conversation_id)))
    assert f"{conversing.grouped(opened.reference)}/1" in page
    assert "Waits for a reply" in page


def test_an_objection_of_nobody_is_refused_at_its_form(agent: Client, context: AccessContext) -> None:
    opened, one = called(context)
    answer = agent.post(f"{url('dispose', opened.conversation_id, one)}?as=objection", {"purpose": "", "channel": ""})
    assert answer.status_code == 422
    assert "Find the customer first" in text(answer)


def test_search_beside_it_finds_who_it_could_be(agent: Client, context: AccessContext, committed: World) -> None:
    name = f"Beside{new_id()}"
    customer(supervisor(committed), "Eino", name)
    opened, _one = called(context)
    fragment = text(agent.post(url("who", opened.conversation_id), {"query": name}, headers=HX))
    assert name in fragment
    assert "It is this customer" in fragment
    assert "<html" in text(agent.post(url("who", opened.conversation_id), {"query": name}))


def test_colleagues_see_each_other_and_a_pencil(committed: World, context: AccessContext) -> None:
    opened, _one = called(context)
    mine = seated(committed.agent_north, committed.north)
    theirs = seated(committed.supervisor_north, committed.north)
    look = url("look", opened.conversation_id)
    assert mine.post(look).status_code == 204
    assert theirs.post(f"{look}?writing=yes").status_code == 204
    assert "Supervisor North is writing" in text(mine.get(url("viewers", opened.conversation_id)))
    assert "Agent North looks at it too" in text(theirs.get(url("viewers", opened.conversation_id)))


def test_moving_and_giving_back(agent: Client, context: AccessContext) -> None:
    called(context, queue="faults")
    opened, _one = called(context)
    assert agent.post(url("take", opened.conversation_id), {"back": "yes"}).status_code == 302
    assert conversing.line(context, opened.conversation_id).assigned_to is None
    assert agent.post(url("requeue", opened.conversation_id), {"queue": "faults"}).status_code == 302
    assert conversing.line(context, opened.conversation_id).queue == "faults"
    assert agent.post(url("requeue", opened.conversation_id), {"queue": "nowhere"}).status_code == 422
    follow = {"due_at": f"{clock.now() + timedelta(days=1):%Y-%m-%dT%H:%M}", "text": "Send the form."}
    assert agent.post(url("follow-up", opened.conversation_id), follow).status_code == 302
    assert agent.post(url("follow-up", opened.conversation_id), {}).status_code == 422
    assert agent.post(url("wait", opened.conversation_id)).status_code == 302
    refused = agent.post(url("close", opened.conversation_id))
    assert refused.status_code == 409, "something is still to be done"


def test_who_only_reads_is_offered_nothing(committed: World, context: AccessContext) -> None:
    opened, one = called(context)
    officer = seated(committed.officer_north, committed.north)
    shown = text(officer.get(url("conversation", opened.conversation_id)))
    assert "What came of it?" not in shown
    for name in ("talk-note", "follow-up", "take", "close", "wait", "reopen", "identify", "take-back"):
        assert officer.post(url(name, opened.conversation_id)).status_code == 403, name
    assert officer.get(f"{url('dispose', opened.conversation_id, one)}?as=done").status_code == 403


def test_a_call_that_came_by_a_reference_is_confirmed_by_a_person(
    committed: World, agent: Client, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", f"Case{new_id()}", phone=NUMBER)
    case, _one = called(context)
    now = clock.now()
    conversing.identify(context, conversation_id=case.conversation_id, customer_id=aino, how=How.QUESTIONS, now=now)
    fresh_one, call = called(context, ended=False)
    conversing.bring_to_case(context, interaction_id=call, case_id=case.conversation_id, now=now)
    page = text(agent.get(url("conversation", fresh_one.conversation_id)))  # the page that was open already
    assert conversing.grouped(case.reference) in page
    assert "Who called is not known" in page
    assert "by its reference, not confirmed" in page
    assert conversing.grouped(fresh_one.reference) in page
    given = {"customer": to_public(aino), "interaction": to_public(call), "how": How.DOCUMENT.value}
    assert agent.post(url("identify", fresh_one.conversation_id), given).status_code == 302
    page = text(agent.get(url("conversation", case.conversation_id)))
    assert "Who called is not known" not in page
    assert "It was the customer who called" in page
    assert agent.post(url("identify", case.conversation_id), {**given, "interaction": "?"}).status_code == 422


def test_a_neighbor_finds_no_page_of_it(committed: World, context: AccessContext) -> None:
    opened, one = called(context)
    neighbor = seated(committed.agent_south, committed.south)
    for name in ("conversation", "course", "viewers"):
        assert neighbor.get(url(name, opened.conversation_id)).status_code == 404, name
    for name in ("conversation-live", "viewers-live"):
        assert neighbor.get(url(name, opened.conversation_id)).status_code == 404, name
    assert neighbor.get(f"{url('dispose', opened.conversation_id, one)}?as=done").status_code == 404
    assert neighbor.post(url("talk-note", opened.conversation_id), {"text": "x"}).status_code == 404
    assert conversing.grouped(opened.reference) not in text(neighbor.get(url("conversations")))
