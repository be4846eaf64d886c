"""Who gets which call: fair, whole, and never twice."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.switchboard.distribution import Free, Waiting, estimate, fits, minutes, offers, place_of

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
QUEUES = ("main", "complaints", "claims")


def instants() -> st.SearchStrategy[datetime]:
    return st.integers(0, 600).map(lambda seconds: NOW + timedelta(seconds=seconds))


FREE = st.lists(
    st.builds(
        Free,
        operator=st.integers(1, 12),
        controller=st.integers(1, 2),
        idle_since=instants(),
        skills=st.dictionaries(st.sampled_from(QUEUES), st.integers(0, 100)),
    ),
    unique_by=lambda agent: agent.operator,
)
WAITING = st.lists(
    st.builds(
        Waiting,
        call=st.integers(1, 40),
        controller=st.integers(1, 2),
        queue=st.sampled_from(QUEUES),
        since=instants(),
    ),
    unique_by=lambda call: call.call,
)


@given(WAITING, FREE)
def test_nobody_gets_two_calls_and_no_call_two_agents(waiting: list[Waiting], free: list[Free]) -> None:
    made = offers(waiting, free)
    assert len({offer.operator for offer in made}) == len(made) == len({offer.call for offer in made})


@given(WAITING, FREE)
def test_nobody_waits_whom_a_free_agent_could_serve(waiting: list[Waiting], free: list[Free]) -> None:
    made = offers(waiting, free)
    left = [agent for agent in free if agent.operator not in {offer.operator for offer in made}]
    unserved = [call for call in waiting if call.call not in {offer.call for offer in made}]
    assert not [(agent, call) for agent in left for call in unserved if fits(agent, call)]


@given(WAITING, FREE)
def test_only_who_has_the_skill_in_the_same_company_is_asked(waiting: list[Waiting], free: list[Free]) -> None:
    calls, agents = {call.call: call for call in waiting}, {agent.operator: agent for agent in free}
    assert all(fits(agents[offer.operator], calls[offer.call]) for offer in offers(waiting, free))


@given(WAITING, FREE)
def test_of_two_in_one_queue_the_earlier_is_never_passed_over(waiting: list[Waiting], free: list[Free]) -> None:
    served = {offer.call for offer in offers(waiting, free)}
    for call in waiting:
        if call.call in served:
            earlier = [
                one
                for one in waiting
                if (one.controller, one.queue) == (call.controller, call.queue)
                and (one.since, one.call) < (call.since, call.call)
            ]
            assert all(one.call in served for one in earlier)


@given(WAITING, FREE)
def test_the_longest_waiting_gets_the_best_and_longest_idle(waiting: list[Waiting], free: list[Free]) -> None:
    made = {offer.call: offer.operator for offer in offers(waiting, free)}
    if not waiting:
        return
    first = min(waiting, key=lambda call: (call.since, call.call))
    fitting = [agent for agent in free if fits(agent, first)]
    if fitting:
        best = min(fitting, key=lambda agent: (-agent.skills[first.queue], agent.idle_since, agent.operator))
        assert made[first.call] == best.operator


@given(WAITING)
def test_places_in_a_queue_are_one_two_three(waiting: list[Waiting]) -> None:
    for queue in {(call.controller, call.queue) for call in waiting}:
        inside = [call for call in waiting if (call.controller, call.queue) == queue]
        assert sorted(place_of(call, waiting) for call in inside) == list(range(1, len(inside) + 1))


@given(st.integers(1, 50), st.integers(0, 20), st.integers(10, 900))
def test_what_is_promised_grows_with_the_place_and_shrinks_with_agents(place: int, agents: int, seconds: int) -> None:
    handling = timedelta(seconds=seconds)
    wait = estimate(place, agents=agents, handling=handling)
    if wait is None:
        assert agents == 0 or handling * place / agents > timedelta(minutes=60)
        return
    assert minutes(wait) * 60 >= wait.total_seconds()
    more = estimate(place, agents=agents + 1, handling=handling)
    later = estimate(place + 1, agents=agents, handling=handling)
    assert more is not None
    assert more <= wait
    assert later is None or later >= wait
