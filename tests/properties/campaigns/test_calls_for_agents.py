"""However many people are due and agents sit ready: one call for one agent, and nobody is passed over."""

from collections.abc import Mapping

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.campaigns.services.calling import hand_out

PEOPLE = st.lists(st.integers(1, 50), unique=True, max_size=30)
AGENTS = st.lists(st.integers(101, 120), unique=True, max_size=8)
ANSWERS = st.dictionaries(st.integers(1, 50), st.sampled_from([True, True, False, None]))


@given(PEOPLE, AGENTS, ANSWERS)
def test_one_call_for_one_agent(people: list[int], agents: list[int], answers: Mapping[int, bool | None]) -> None:
    asked: list[tuple[int, int]] = []

    def call(person: int, agent: int) -> bool | None:
        asked.append((person, agent))
        return answers.get(person, True)

    taken = hand_out(people, agents, call)
    rung = [(person, agent) for person, agent in asked if answers.get(person, True)]
    assert taken == len(rung) <= len(agents)
    assert len({agent for _person, agent in rung}) == len(rung), "two calls for one agent"
    assert [person for person, _agent in asked] == people[: len(asked)], "somebody was passed over"
    stopped = bool(asked) and answers.get(asked[-1][0], True) is None
    assert stopped or taken == len(agents) or len(asked) == len(people), "an agent sits idle while somebody is due"
    assert None not in [answers.get(person, True) for person, _agent in asked[:-1]], "went on where it had to end"
