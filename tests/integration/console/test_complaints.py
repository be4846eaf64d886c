"""Complaints and dispositions in the console, without scripts."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import newcomer, seated, supervisor
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    ComplaintForm,
    ComplaintLine,
    Direction,
    Given,
    Kind,
    NewConversation,
    NewInteraction,
)
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import ControllerView

DESCRIPTION = "The bill of September counts twice."
FIELDS = {"complainant_name": "Anna", "complainant_address": "Fő utca 1.", "submitted": "x", "description": DESCRIPTION}


@pytest.fixture
def handler(committed: World) -> Client:
    """A supervisor of the Hungarian company."""
    supervisor(committed)
    return seated(newcomer(committed, committed.south), committed.south)


def complained(world: World, company: ControllerView) -> ComplaintLine:
    person = world.agent_south if company == world.south else world.agent_north
    context = world.context(person, company)
    now = clock.now() - timedelta(days=2)
    new = NewConversation(channel=Kind.CALL, queue="service", language="hu")
    opened = conversing.open_conversation(context, new=new, now=now)
    call = NewInteraction(kind=Kind.CALL, direction=Direction.IN, started_at=now)
    one = conversing.begin_interaction(context, conversation_id=opened.conversation_id, new=call, now=now)
    given = Given(complaint=ComplaintForm(fields=FIELDS))
    conversing.dispose(context, interaction_id=one, disposition="complaint", given=given, now=now)
    (file,) = conversing.conversation(context, opened.conversation_id).complaints
    return file


def shown_number(file: ComplaintLine) -> str:
    reference, _stroke, figure = file.number.partition("/")
    return f"{conversing.grouped(reference)}/{figure}"


def text(answer: object) -> str:
    return str(getattr(answer, "content", b"").decode())


def test_what_waits_is_listed_and_opens_nothing(handler: Client, committed: World) -> None:
    file = complained(committed, committed.south)
    shown = text(handler.get(reverse("console:complaints")))
    assert shown_number(file) in shown
    assert "Fgytv 17/A" in shown
    assert DESCRIPTION not in shown


def test_a_file_is_answered(handler: Client, committed: World) -> None:
    file = complained(committed, committed.south)
    address = reverse("console:complaint", args=[file.complaint_id])
    shown = text(handler.get(address))
    assert DESCRIPTION in shown
    assert "The person was given a copy" in shown
    assert handler.post(reverse("console:complaint-copied", args=[file.complaint_id])).status_code == 302
    sent_at = f"{clock.now() - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    reply = {"outcome": "rejected", "text": "It counts once.", "sent_at": sent_at, "authority": ""}
    refused = handler.post(address, reply)
    assert refused.status_code == 422
    assert "names the authority" in text(refused)
    assert handler.post(address, {**reply, "authority": "Békéltető testület"}).status_code == 302
    shown = text(handler.get(address))
    assert "It counts once." in shown
    assert "Kept until" in shown
    assert handler.post(address, {**reply, "authority": "x"}).status_code == 422


def test_where_no_law_sets_the_clock_nobody_is_told_that_one_does(committed: World) -> None:
    """Finland has no law of its own for it: what counts is ours."""
    supervisor(committed)
    finnish = seated(newcomer(committed, committed.north), committed.north)
    file = complained(committed, committed.north)
    assert file.law.text == "product default"
    own = "trustdesk&#x27;s own default, not a statute"
    address = reverse("console:complaint", args=[file.complaint_id])
    talk = reverse("desk:conversation", args=[file.conversation_id])
    for page in (reverse("console:complaints"), address, talk):
        shown = text(finnish.get(page))
        assert own in shown
        assert "product default" not in shown
    sent_at = f"{clock.now() - timedelta(hours=1):%Y-%m-%dT%H:%M}"
    assert finnish.post(address, {"outcome": "accepted", "text": "Yes.", "sent_at": sent_at}).status_code == 302
    assert text(finnish.get(address)).count(own) == 2  # the clock and the years
    assert own in text(finnish.get(talk))


def test_the_years_of_keeping_have_a_source_of_their_own(committed: World) -> None:
    file = complained(committed, committed.south)
    assert file.keep_law.text.startswith("Fgytv 17/A")


def test_more_time_only_where_the_law_gives_it(handler: Client, committed: World) -> None:
    file = complained(committed, committed.south)
    assert "Take more time, once" not in text(handler.get(reverse("console:complaint", args=[file.complaint_id])))
    extend = reverse("console:extend-complaint", args=[file.complaint_id])
    assert handler.post(extend, {"reason": "The meter is tested."}).status_code == 409
    assert handler.post(extend, {"reason": ""}).status_code == 422


def test_an_agent_and_a_neighbor_see_no_file(handler: Client, committed: World) -> None:
    file = complained(committed, committed.north)
    address = reverse("console:complaint", args=[file.complaint_id])
    assert handler.get(address).status_code == 404
    assert handler.post(address, {"outcome": "accepted", "text": "x", "sent_at": "2026-01-01T10:00"}).status_code == 404
    agent = seated(committed.agent_north, committed.north)
    assert agent.get(address).status_code == 403
    assert agent.get(reverse("console:complaints")).status_code == 403
    officer = seated(committed.officer_north, committed.north)
    assert DESCRIPTION in text(officer.get(address))


def test_dispositions_are_changed_for_one_queue(committed: World) -> None:
    supervisor(committed)
    managing = seated(newcomer(committed, committed.north), committed.north)
    context = committed.context(committed.agent_north, committed.north)
    queue = f"queue-{new_id()}"
    conversing.open_conversation(
        context, new=NewConversation(channel=Kind.CALL, queue=queue, language="fi"), now=clock.now()
    )
    address = f"{reverse('console:dispositions')}?queue={queue}"
    page = text(managing.get(address))
    assert "Settled" in page
    sent = dict(re.findall(r'name="(rows-(?:TOTAL|INITIAL|MIN_NUM|MAX_NUM)_FORMS)" value="(\d+)"', page))
    total = int(sent["rows-TOTAL_FORMS"])
    for number in range(total):
        sent |= {f"rows-{number}-code": "", f"rows-{number}-meaning": "done"}
    kept = {"rows-0-code": "sold", "rows-0-meaning": "done", "rows-0-label_en": "Sold", "rows-0-label_fi": "Myyty"}
    later = {"rows-1-code": "later", "rows-1-meaning": "again", "rows-1-label_en": "Later", "rows-1-hours": "36"}
    assert managing.post(address, sent | kept | later).status_code == 302
    saved = conversing.dispositions(context, queue)
    assert [(one.code, one.after) for one in saved] == [("sold", None), ("later", timedelta(hours=36))]
    wrong = managing.post(address, sent | kept | {"rows-0-label_en": ""})
    assert wrong.status_code == 422
    assert "a name in English" in text(wrong)
    rules = f"{reverse('console:queue-rules')}?queue={queue}"
    assert managing.post(rules, {"required": "", "keep_days": "30", "sector": "bank"}).status_code == 302
    asked = conversing.queue_rules(context, queue)
    assert (asked.required, asked.keep_days, asked.sector) == (False, 30, "bank")
    assert managing.post(rules, {"keep_days": "0"}).status_code == 422
    agent = seated(committed.agent_north, committed.north)
    assert agent.get(address).status_code == 403
    assert agent.post(rules, {"keep_days": "5"}).status_code == 403
