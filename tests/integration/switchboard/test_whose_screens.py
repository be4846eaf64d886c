"""Whoever speaks in a call hears that it changed: on a page that is not told, a pause looks like a recording."""

from collections.abc import Iterator

import psycopg
import pytest
from django.conf import settings
from tests.calling import rings, speaks, stands
from tests.surfaces import newcomer
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.live.contracts import Thing
from trustdesk.live.words import CHANNEL, changed
from trustdesk.switchboard.contracts import PRESENCE, Presence
from trustdesk.switchboard.models import Call
from trustdesk.switchboard.services import rows


@pytest.fixture
def ear(committed: World) -> Iterator[psycopg.Connection]:
    with psycopg.connect(settings.TRUSTDESK_CONNINFO["app"], autocommit=True) as listening:
        listening.execute(f"LISTEN {CHANNEL}")
        yield listening


def somebody(committed: World) -> AccessContext:
    return committed.context(newcomer(committed, committed.north, "agent"), committed.north)


def told(ear: psycopg.Connection) -> set[str]:
    return {word.payload for word in ear.notifies(timeout=1, stop_after=100)}


def paused(context: AccessContext, call: int) -> None:
    """Written down as the switchboard does it."""
    with scoped(context.scope):
        image = Call.objects.filter(controller_id=context.controller_id, id=call).values().get()
    rows.write(context, [{**image, "paused": True}], [], [])


def name(context: AccessContext) -> str:
    return changed(context.controller_id, Thing(PRESENCE, context.operator_id))


def test_both_who_speak_in_a_call_and_nobody_else(committed: World, ear: psycopg.Connection) -> None:
    first, second, beside = (somebody(committed) for _ in range(3))
    call = speaks(first)
    stands(second, Presence.TALKING, call=call)
    rings(beside)
    told(ear)
    paused(first, call)
    heard = told(ear)
    assert {name(first), name(second)} <= heard
    assert name(beside) not in heard


def test_at_whom_it_rings(committed: World, ear: psycopg.Connection) -> None:
    agent = somebody(committed)
    call = rings(agent)
    told(ear)
    paused(agent, call)
    assert name(agent) in told(ear)
