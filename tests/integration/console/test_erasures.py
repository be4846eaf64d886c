"""The officer's pages of erasures: what is shown, what is decided there, and that nobody else comes in."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, seated
from tests.world import World

from trustdesk.console.erasure_words import step_label
from trustdesk.design.erasing import capability_label
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, PlanState, PlanView
from trustdesk.kernel import clock, registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.register import api as register


@pytest.fixture
def house(committed: World) -> AccessContext:
    return committed.system(committed.south, "compliance")


@pytest.fixture
def officer(committed: World) -> Client:
    return seated(committed.officer_south, committed.south)


@pytest.fixture
def drawn(house: AccessContext) -> PlanView:
    register.seed_catalog(house, now=clock.now())
    customer_id = customer(house, "Erzsébet", f"Nagy{new_id()}", phone="+36301110077")
    plan = erasure.draw(house, customer_id=customer_id, cause=Cause.WITHDRAWAL, about="news", now=clock.now())
    return erasure.carry_out(house, plan_id=plan.plan_id, now=clock.now())  # what is prepared before anybody approves


def page_of(officer: Client, plan: PlanView) -> str:
    answer = officer.get(reverse("console:erasure", args=[plan.plan_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_plan_is_listed_looked_at_approved_and_carried_out(
    officer: Client, house: AccessContext, drawn: PlanView
) -> None:
    listed = officer.get(reverse("console:erasures") + "?state=drawn").content.decode()
    assert reverse("console:erasure", args=[drawn.plan_id]) in listed
    shown = page_of(officer, drawn)
    assert "The last consent was withdrawn" in shown
    assert "Search tokens" in shown
    assert "Approve and erase" in shown
    answer = officer.post(reverse("console:approve-erasure", args=[drawn.plan_id]))
    assert answer.status_code == 302
    done = erasure.carry_out(house, plan_id=drawn.plan_id, now=clock.now())
    assert done.state is PlanState.DONE
    shown = page_of(officer, drawn)
    assert "Approve and erase" not in shown
    assert "Keys destroyed" in shown
    assert drawn.customer_id not in {hit.customer_id for hit in register.search(house, "Erzsébet").rows}


def test_held_dismissed_and_released_by_hand(officer: Client, house: AccessContext, drawn: PlanView) -> None:
    number = [drawn.plan_id]
    without = officer.post(reverse("console:dismiss-erasure", args=number), {"because": ""})
    assert without.status_code == 422
    officer.post(reverse("console:approve-erasure", args=number))
    officer.post(reverse("console:hold-erasure", args=number), {"because": "file 12/2026"})
    assert "file 12/2026" in page_of(officer, drawn)
    assert erasure.carry_out(house, plan_id=drawn.plan_id, now=clock.now()).state is PlanState.HELD
    officer.post(reverse("console:release-erasure", args=number))
    officer.post(reverse("console:dismiss-erasure", args=number), {"because": "asked by mistake"})
    assert erasure.plan(house, drawn.plan_id).state is PlanState.DISMISSED
    assert "asked by mistake" in page_of(officer, drawn)


def test_others_neither_see_nor_decide(committed: World, drawn: PlanView) -> None:
    neighbor = seated(committed.officer_north, committed.north)
    assert neighbor.get(reverse("console:erasure", args=[drawn.plan_id])).status_code == 404
    assert neighbor.post(reverse("console:approve-erasure", args=[drawn.plan_id])).status_code == 404
    agent = seated(committed.agent_south, committed.south)
    assert agent.get(reverse("console:erasures")).status_code == 403
    assert agent.post(reverse("console:approve-erasure", args=[drawn.plan_id])).status_code == 403
    assert agent.post(reverse("console:seen-erased", args=[new_id()])).status_code == 403


def test_every_step_and_every_capability_has_words() -> None:
    """A code on the page is a word that somebody forgot."""
    steps = {name for name, _step in erasure.steps}
    capabilities = {name for name, declaration in registries.privacy if declaration.plan is not None}
    assert {name for name in steps if step_label(name) == name} == set()
    assert {name for name in capabilities if capability_label(name) == name} == set()
