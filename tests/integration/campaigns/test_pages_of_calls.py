"""Campaigns of calls on the pages: made in the console, taken and pressed at the desk, the script beside the call."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.urls import reverse
from tests.integration.campaigns.campaigning import campaigning
from tests.integration.campaigns.telephoning import SCRIPT, Calling, calling
from tests.surfaces import newcomer, seated
from tests.switching import until
from tests.telephoning import queue
from tests.world import World

from trustdesk.accounts import api as accounts
from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import STANDARD_OF_CALLS, Act, Disposition, Outcome, Release
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public
from trustdesk.mandates import api as mandates
from trustdesk.sipedge.contracts import Dial
from trustdesk.switchboard import api as switchboard
from trustdesk.telephony import api as telephony

pytestmark = pytest.mark.slow  # each with a process of the switchboard


@pytest.fixture
def here(committed: World, tmp_path: Path) -> Iterator[Calling]:
    with calling(committed, tmp_path) as made:
        yield made


def form(here: Calling, run_id: int, **more: object) -> dict[str, object]:
    return {
        "name": "Meters by call",
        "run": to_public(run_id),
        "queue": here.room.code,
        "line": here.room.line,
        "script": SCRIPT,
        "release": "preview",
        "opens": "00:00",
        "closes": "00:00",
        "days": list("0123456"),
        "holidays": "on",
        "per_day": 1,
        "per_campaign": 2,
        "pace": 10,
        **more,
    }


def test_made_in_the_console_and_called_from_the_desk(here: Calling) -> None:
    here.add("+36301120101")
    run_id = here.screen()
    supervisor = seated(newcomer(here.room.world, here.room.company, "supervisor"), here.room.company)
    address = reverse("console:new-campaign")
    assert to_public(run_id) not in supervisor.get(address).content.decode(), "a list for calls among those for mail"
    shown = supervisor.get(f"{address}?run={to_public(run_id)}").content.decode()
    assert "Number that is shown" in shown
    assert "Nobody can be called yet" not in shown
    objected = supervisor.post(f"{address}?by=calls", form(here, run_id, **{"act_answered-objection": "again"}))
    assert objected.status_code == 422
    assert 'id="id_act_answered-objection-wrong"' in objected.content.decode()
    given = form(here, run_id, act_busy="again", after_busy=3)
    made = supervisor.post(f"{address}?by=calls", given)
    assert made.status_code == 302, made.content.decode()
    view = next(one for one in campaigns.campaigns(here.room.house()) if one.name == "Meters by call")
    assert (view.queue, view.line, view.release) == (here.room.code, here.room.line, Release.PREVIEW)
    assert view.outcomes == {**STANDARD_OF_CALLS, Outcome.BUSY: Disposition(Act.AGAIN, timedelta(hours=3))}
    started = supervisor.post(f"{made['Location']}start/", follow=True).content.decode()
    assert "Running" in started
    assert "is shown to an agent" in started

    person = here.room.agent()
    context, agent = here.room.ready(person), seated(person, here.room.company)
    page = agent.get(reverse("desk:to-call")).content.decode()
    assert "Meters by call" in page
    taken = agent.post(reverse("desk:campaign-take", args=[view.campaign_id]), follow=True).content.decode()
    assert SCRIPT in taken
    assert to_public(here.people["+36301120101"]) in taken
    held = campaigns.in_hand(context)
    assert held is not None
    other = seated(here.room.agent("bela"), here.room.company)
    refused = other.post(reverse("desk:campaign-dial", args=[held.call_id]), follow=True).content.decode()
    assert "not in your hand" in refused
    agent.post(reverse("desk:campaign-dial", args=[held.call_id]))
    assert here.room.edge.commanded(Dial).number == "+36301120101"
    until(lambda: switchboard.my_call(context))
    card = agent.get(reverse("desk:phone-bar"), headers={"HX-Request": "true"}).content.decode()
    assert SCRIPT in card
    assert "Meters by call" in card


def test_what_is_missing_is_said_before_anybody_fills_a_form(committed: World, tmp_path: Path) -> None:
    """A company that has a queue and nothing else."""
    company, now = campaigning(tmp_path).company, clock.now()
    telephony.save_queue(company.context(), new=queue(), now=now)
    mandate = mandates.create_mandate(
        controller_id=company.id,
        processor_id=committed.processor,
        purposes=["service"],
        categories=[mandates.EVERY_CATEGORY],
        operations=accounts.OPERATIONS,
        starts_at=now,
        ends_at=None,
        by=None,
        now=now,
    )
    agent_both = replace(committed.agent_both, seats={company.id: mandate.id})
    world = replace(committed, people={**committed.people, "agent_both": agent_both})
    controller = mandates.controller(company.id)
    supervisor = seated(newcomer(world, controller, "supervisor"), controller)
    shown = supervisor.get(f"{reverse('console:new-campaign')}?by=calls").content.decode()
    assert "Nobody can be called yet" in shown
    assert "A number of your own" in shown
    assert "Where the company may call" in shown
    assert "A queue, whose agents call" not in shown
