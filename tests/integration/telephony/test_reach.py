"""Calls out: nowhere until somebody said where, premium never, and never more than the caps, however many at once."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, connections
from tests.companies import Company
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.telephony import api
from trustdesk.telephony.contracts import NewTrunk, Reach

HUNGARY = Reach(countries=frozenset({"HU"}))
SZEGED, WIEN = "+3662555010", "+4314000123"


def test_nobody_said_where_means_nowhere(south: Company) -> None:
    refused = api.destination(south.context(), SZEGED, now=clock.now())
    assert not refused.allowed
    assert refused.reason
    assert refused.mend


@pytest.mark.parametrize(
    ("number", "reach", "allowed"),
    [
        (SZEGED, HUNGARY, True),
        (WIEN, HUNGARY, False),
        (WIEN, replace(HUNGARY, prefixes=("+431",)), True),
        ("+43512345678", replace(HUNGARY, prefixes=("+431",)), False),
        (SZEGED, replace(HUNGARY, closed=("+3662",)), False),
        (SZEGED, replace(HUNGARY, closed=("+3662",), prefixes=("+3662",)), False),
        ("+3690123456", HUNGARY, False),
        ("+3690123456", replace(HUNGARY, prefixes=("+3690",)), False),
        ("112", HUNGARY, False),
        ("garbage", HUNGARY, False),
        ("", HUNGARY, False),
        (SZEGED, replace(HUNGARY, per_agent_day=0), False),
        (SZEGED, replace(HUNGARY, per_company_day=0), False),
    ],
)
def test_where_may_be_called(south: Company, number: str, reach: Reach, *, allowed: bool) -> None:
    api.set_reach(south.context(), reach=reach, now=clock.now())
    found = api.destination(south.context(), number, now=clock.now())
    assert found.allowed is allowed
    assert bool(found.reason) is not allowed


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"countries": frozenset({"hu"})}, "countries"),
        ({"prefixes": ("0036",)}, "prefixes"),
        ({"prefixes": ("+",)}, "prefixes"),
        ({"closed": ("+36 1",)}, "closed"),
        ({"closed": ("+1",) * 501}, "closed"),
        ({"per_agent_day": -1}, "per_agent_day"),
    ],
)
def test_what_does_not_fit_names_its_place(south: Company, more: Mapping[str, Any], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        api.set_reach(south.context(), reach=replace(HUNGARY, **more), now=clock.now())
    assert refused.value.place == place


def test_a_call_that_is_begun_is_counted_without_its_number(south: Company) -> None:
    context, now = south.context(), clock.now()
    agent, other = replace(context, operator_id=11), replace(context, operator_id=12)
    api.set_reach(context, reach=replace(HUNGARY, per_agent_day=2), now=now)
    for who in (agent, agent, other):
        assert api.begin_call_out(who, number=SZEGED, trunk=None, now=now).allowed
    with pytest.raises(RefusedError, match="You have made"):
        api.begin_call_out(agent, number=SZEGED, trunk=None, now=now)
    api.set_reach(context, reach=replace(HUNGARY, per_company_day=3), now=now)
    with pytest.raises(RefusedError, match="company has made"):
        api.begin_call_out(other, number=SZEGED, trunk=None, now=now)
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(c::text, '|') FROM telephony_call_out c")
        assert "62555010" not in cursor.fetchone()[0]


def test_a_trunk_carries_no_more_than_its_cap(south: Company) -> None:
    context, now = south.context(), clock.now()
    api.set_reach(context, reach=HUNGARY, now=now)
    carrier = NewTrunk(name="Capped", addresses=["192.0.2.77"], per_day=2)
    trunk_id = api.save_trunk(trunk_id=None, new=carrier, by=None, now=now)
    for _call in range(2):
        api.begin_call_out(context, number=SZEGED, trunk=trunk_id, now=now)
    with pytest.raises(RefusedError) as refused:
        api.begin_call_out(context, number=SZEGED, trunk=trunk_id, now=now)
    assert refused.value.place == "trunk"
    api.remove_trunk(trunk_id=trunk_id, by=None, now=now)
    with pytest.raises(RefusedError, match="no such trunk"):
        api.begin_call_out(context, number=SZEGED, trunk=trunk_id, now=now)


def test_two_at_once_are_not_both_the_last_one(committed: World) -> None:
    context = committed.system(committed.north, "service")
    api.set_reach(context, reach=replace(HUNGARY, per_company_day=3), now=clock.now())

    def begin(_number: int) -> bool:
        try:
            return api.begin_call_out(context, number=SZEGED, trunk=None, now=clock.now()).allowed
        except RefusedError:
            return False
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(begin, range(8))) == 3
    api.set_reach(context, reach=HUNGARY, now=clock.now())


def test_a_neighbors_reach_is_not_ones_own(south: Company, north: Company) -> None:
    api.set_reach(south.context(), reach=HUNGARY, now=clock.now())
    assert api.reach_of(north.context()) is None
    with pytest.raises(RefusedError):
        api.set_reach(south.context("telephony:read"), reach=HUNGARY, now=clock.now())
