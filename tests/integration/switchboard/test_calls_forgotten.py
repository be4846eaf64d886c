"""Calls and the time of agents are forgotten after thirteen months, of each company by itself."""

from datetime import datetime, timedelta

from tests.companies import Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.switchboard.contracts import Ended, Presence
from trustdesk.switchboard.models import Call, Spell, Wait
from trustdesk.switchboard.services.forgetting import KEPT, forget


def put(company: Company, at: datetime, *, ended: bool = True) -> int:
    call = new_id()
    with scoped(company.context().scope):
        Call.objects.create(
            controller_id=company.controller_id,
            id=call,
            direction="in",
            state="ended" if ended else "waiting",
            line="+3611",
            language="hu",
            began_at=at,
            ended_at=at if ended else None,
        )
        Wait.objects.create(
            controller_id=company.controller_id,
            id=new_id(),
            call_id=call,
            queue="main",
            queued_at=at,
            left_at=at,
            ended=Ended.ANSWERED,
        )
        Spell.objects.create(
            controller_id=company.controller_id,
            id=new_id(),
            operator_id=1,
            state=Presence.TALKING,
            call_id=call,
            starts_at=at,
            ends_at=at,
        )
    return call


def calls(company: Company) -> set[int]:
    with scoped(company.context().scope):
        return set(Call.objects.filter(controller_id=company.controller_id).values_list("id", flat=True))


def test_what_is_old_goes_and_what_goes_on_stays(north: Company, south: Company) -> None:
    now = clock.now()
    old, young = put(north, now - KEPT - timedelta(days=1)), put(north, now - KEPT + timedelta(days=1))
    going, next_door = put(north, now - 2 * KEPT, ended=False), put(south, now - 2 * KEPT)
    assert forget(north.context(), now=now) == 5  # wait, spell and call; of the one that goes on, wait and spell
    assert calls(north) >= {young, going}
    assert old not in calls(north)
    assert next_door in calls(south)
    assert forget(north.context(), now=now) == 0
