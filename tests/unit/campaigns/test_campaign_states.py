"""What may follow what in a campaign, tried exhaustively."""

import itertools

import pytest

from trustdesk.campaigns.contracts import State, Step
from trustdesk.campaigns.states import STEPS, NoSuchStepError, after

OVER = {State.ENDED, State.CANCELLED}


@pytest.mark.parametrize(("state", "step"), list(itertools.product(State, Step)))
def test_every_step_from_every_state(state: State, step: Step) -> None:
    if (state, step) in STEPS:
        assert after(state, step) is STEPS[state, step]
    else:
        with pytest.raises(NoSuchStepError):
            after(state, step)


def test_what_is_over_stays_over() -> None:
    assert not {state for state, _step in STEPS} & OVER


def test_it_runs_only_by_starting_and_resuming() -> None:
    ways = {(state, step) for (state, step), then in STEPS.items() if then is State.RUNNING}
    assert ways == {(State.DRAFT, Step.STARTED), (State.PAUSED, Step.RESUMED)}


def test_every_state_is_reached() -> None:
    assert {State.DRAFT, *STEPS.values()} == set(State)
