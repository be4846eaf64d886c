"""Who gets which call: pure, state in and offers out.

The one who waits longest is served first; of the free agents the one with the best skill for the queue, and of equals
the one who has been idle longest. Whatever the order, nobody waits whom a free agent could serve.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

MOST_SKILLED = 100
_LONGEST_SAID = timedelta(minutes=60)


@dataclass(frozen=True, slots=True)
class Free:
    """An agent who could take a call now. `skills` are 1 to 100 by queue; of a queue that is not named: none."""

    operator: int
    controller: int
    idle_since: datetime
    skills: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call in a queue. `since` is when the caller began to wait, in whichever queue."""

    call: int
    controller: int
    queue: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    call: int
    operator: int


def offers(waiting: Iterable[Waiting], free: Iterable[Free]) -> Sequence[Offer]:
    """Each call to at most one agent, each agent at most one call."""
    idle = {agent.operator: agent for agent in free}
    made = []
    for call in sorted(waiting, key=lambda call: (call.since, call.call)):
        fitting = [agent for agent in idle.values() if fits(agent, call)]
        if fitting:
            best = min(fitting, key=lambda agent: (-agent.skills[call.queue], agent.idle_since, agent.operator))
            del idle[best.operator]
            made.append(Offer(call.call, best.operator))
    return made


def fits(agent: Free, call: Waiting) -> bool:
    """Whether the agent has a skill for the queue, in the same company."""
    return agent.controller == call.controller and agent.skills.get(call.queue, 0) > 0


def place_of(call: Waiting, waiting: Iterable[Waiting]) -> int:
    """The caller's place in the queue, from 1."""
    own = (call.since, call.call)
    before = [
        one
        for one in waiting
        if (one.controller, one.queue) == (call.controller, call.queue) and (one.since, one.call) < own
    ]
    return len(before) + 1


def estimate(place: int, *, agents: int, handling: timedelta) -> timedelta | None:
    """How long the caller at this place may have to wait: calls before and the own one, by all agents there are.

    None where nobody is there, or where it would be over an hour: then nothing is promised.
    """
    if agents <= 0:
        return None
    expected = handling * place / agents
    return expected if expected <= _LONGEST_SAID else None


def minutes(wait: timedelta) -> int:
    """As it is said: whole minutes, at least one, rather too long than too short."""
    return max(1, ceil(wait.total_seconds() / 60))
