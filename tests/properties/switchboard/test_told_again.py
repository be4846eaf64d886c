"""Killed at any moment, with anything unwritten: the story told again leaves the same acts and the same call, once."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any

from hypothesis import event, given, settings
from hypothesis import strategies as st

from trustdesk.sipedge.contracts import Happened, Told
from trustdesk.switchboard.contracts import CallState, Direction, Presence
from trustdesk.switchboard.models import Call as Row
from trustdesk.switchboard.running.acts import Act
from trustdesk.switchboard.running.facts import QueueFacts
from trustdesk.switchboard.running.floor import Floor
from trustdesk.switchboard.running.hearing import hear
from trustdesk.switchboard.running.loading import call_of
from trustdesk.switchboard.running.people import Agent, Call
from trustdesk.switchboard.running.rebuilding import adopt
from trustdesk.switchboard.services.images import image_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
CALL, QUEUES, OPERATORS = 7, ("main", "other"), (1, 2)
BETWEEN: Sequence[dict[str, Any]] = [
    {"happened": Happened.ANSWERED},
    {"happened": Happened.HELD},
    {"happened": Happened.RESUMED},
    {"happened": Happened.PAUSED},
    {"happened": Happened.UNPAUSED},
    {"happened": Happened.CONSENT, "digits": "1"},
    {"happened": Happened.NOT_RECORDED, "reason": "no-consent"},
    {"happened": Happened.RECORDED, "recording": 70},
    {"happened": Happened.CALLBACK_ASKED},
    {"happened": Happened.OVERHEARING_ENDED, "operator": 9},
    *({"happened": Happened.QUEUED, "queue": queue} for queue in QUEUES),
]
visits = st.tuples(
    st.sampled_from(QUEUES), st.sampled_from(OPERATORS), st.lists(st.sampled_from(BETWEEN), max_size=4)
).map(
    lambda visit: [
        {"happened": Happened.QUEUED, "queue": visit[0]},
        {"happened": Happened.JOINED, "operator": visit[1], "role": "agent"},
        *visit[2],
        {"happened": Happened.LEFT, "operator": visit[1], "role": "agent", "reason": "transferred"},
    ]
)
strewn = st.lists(st.sampled_from(BETWEEN), max_size=4)
stories = st.lists(st.one_of(visits, strewn), min_size=1, max_size=5).map(
    lambda parts: [
        Told(call=CALL, at=NOW + timedelta(seconds=place), nth=place, **words)
        for place, words in enumerate([*chain(*parts), {"happened": Happened.ENDED, "reason": "hung-up"}], 1)
    ]
)


def begun() -> Floor:
    floor = Floor()
    floor.connected = False  # whom it rings at is another property's
    floor.queues = {(1, code): QueueFacts(code=code, callback_offered=True) for code in QUEUES}
    agents = [
        Agent(operator=one, controller=1, mandate=1, purpose="service", since=NOW, state=Presence.PAUSED)
        for one in OPERATORS
    ]
    call = Call(id=CALL, controller=1, direction=Direction.IN, line="", language="hu", began_at=NOW, interaction=70)
    call.conversation = 71
    adopt(floor, [call], agents)
    return floor


def from_tables(call: Call, agents: Sequence[Agent], before: Floor) -> Floor:
    """As a process that has just begun reads them."""
    floor = Floor()
    floor.connected, floor.queues = False, before.queues
    going = [] if call.state is CallState.ENDED else [call_of(Row(**image_of(call)))]
    adopt(floor, going, agents)
    return floor


def said(acts: Sequence[Act]) -> list[dict[str, Any]]:
    """Without the numbers that each is given when it happens."""
    return [{"act": type(act).__name__, **asdict(act)} | {"id": 0} for act in acts]


@settings(max_examples=300, deadline=None)
@given(story=stories, data=st.data())
def test_nothing_is_lost_and_nothing_happens_twice(story: list[Told], data: st.DataObject) -> None:
    straight = begun()
    for told in story:
        hear(straight, told)
    (wanted,) = straight.gone.values()

    floor, written = begun(), list[Act]()
    for until in [*sorted(data.draw(st.lists(st.integers(0, len(story)), max_size=4), label="written")), len(story)]:
        for told in story[:until]:  # what stands is told again, and passed over
            hear(floor, told)
        written += floor.changed()[2]
        call, agents = floor.calls.get(CALL) or floor.gone[CALL], list(floor.agents.values())
        table, stand = replace(call), [replace(agent) for agent in agents]
        lost = data.draw(st.integers(until, len(story)), label="heard, and killed")
        event(f"{min(lost - until, 5)} words lost at once")
        for told in story[until:lost]:
            hear(floor, told)
        floor, call = from_tables(table, stand, floor), table
        if call.state is CallState.ENDED:
            break
    assert said(written) == said(straight.acts)
    assert image_of(call) | {"callback_id": None} == image_of(wanted) | {"callback_id": None}
