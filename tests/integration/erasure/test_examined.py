"""The doctor says of erasures what nobody else says unasked: that one stands still, that somebody was met again."""

import pytest
from tests.erasing import Rooms
from tests.integration.erasure.test_ledger import PHONE, VEERA, let_in, row

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, PlanState
from trustdesk.health.checks.erasure import check_erasures
from trustdesk.health.contracts import State
from trustdesk.kernel import clock
from trustdesk.mandates import api as mandates


@pytest.fixture(autouse=True)
def alone(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    """What other tests left elsewhere is no matter of these."""
    there = [one for one in mandates.controllers() if one.id == held.house.controller_id]
    monkeypatch.setattr(mandates, "controllers", lambda: there)


def test_nothing_stands_still(held: Rooms) -> None:
    held.erase(held.person(**VEERA))
    assert check_erasures(clock.now()).state is State.SOUND


def test_a_step_that_does_not_come_through(held: Rooms) -> None:
    plan = erasure.draw(held.context, customer_id=held.person(), cause=Cause.REQUEST, now=clock.now())
    erasure.approve(held.context, plan_id=plan.plan_id, now=clock.now())
    held.ask("UPDATE erasure_plan SET state = 'failed' WHERE id = %s RETURNING id", plan.plan_id)
    assert erasure.plan(held.context, plan.plan_id).state is PlanState.FAILED
    found = check_erasures(clock.now())
    assert (found.check, found.state, found.values) == ("erasures", State.BROKEN, {"count": 1})
    assert "Art. 17" in found.text


def test_a_plan_that_cannot_be_prepared(held: Rooms) -> None:
    plan = erasure.draw(held.context, customer_id=held.person(), cause=Cause.REQUEST, now=clock.now())
    task = "UPDATE erasure_task SET state = 'failing' WHERE plan_id = %s AND place IN (%s) RETURNING plan_id"
    first = held.ask("SELECT min(place) FROM erasure_task WHERE plan_id = %s", plan.plan_id)[0][0]
    held.ask(task, plan.plan_id, first)
    assert check_erasures(clock.now()).values == {"count": 1}


def test_an_alarm_at_which_nobody_has_looked(held: Rooms) -> None:
    held.erase(held.person(**VEERA))
    let_in(held, [row({"name": "Otto Berg", "phone": PHONE})])
    found = check_erasures(clock.now())
    assert (found.state, found.values) == (State.WARNING, {"count": 1})
    [seen] = erasure.sightings(held.context)
    erasure.seen(held.context, sighting_id=seen.sighting_id, now=clock.now())
    assert check_erasures(clock.now()).state is State.SOUND
