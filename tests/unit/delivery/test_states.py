"""The table of states: complete, without ways back from what is over, and drawn as the documentation shows it."""

import pytest
from tests.architecture.source import ROOT

from trustdesk.delivery import states
from trustdesk.delivery.contracts import Happening, State
from trustdesk.delivery.states import CALL, CALL_STEPS, MESSAGE, MESSAGE_STEPS, NoSuchStepError

DOCUMENT = ROOT / "docs" / "reference" / "delivery-states.md"


def reachable(steps: tuple[states.Step, ...] | list[states.Step], start: State) -> set[State]:
    found, new = {start}, {start}
    while new:
        new = {step.after for step in steps if step.before in new} - found
        found |= new
    return found


def test_the_documentation_shows_the_table_as_it_is() -> None:
    assert DOCUMENT.read_text() == states.document(), "run: python -m trustdesk.delivery.states > docs/reference/…"


def test_every_state_of_a_message_is_reached() -> None:
    assert reachable(list(MESSAGE_STEPS), State.QUEUED) == set(State)


def test_what_is_unknown_is_never_sent_again_by_itself() -> None:
    """Only a gateway that never had it, or somebody who decides so, brings it back into the queue."""
    ways = {
        step.happening
        for step in MESSAGE_STEPS
        if step.before is State.UNKNOWN and step.after not in {State.SENT, State.BOUNCED}
    }
    assert ways == {Happening.MISSING, Happening.ORDERED_AGAIN}


def test_what_was_handed_over_comes_back_only_by_a_word_of_the_other_side() -> None:
    ways = {step.happening for step in MESSAGE_STEPS if step.before is State.HANDING and step.after is State.DEFERRED}
    assert ways == {Happening.PUT_OFF}


@pytest.mark.parametrize("state", [State.REFUSED, State.FAILED, State.BOUNCED])
def test_an_end_is_an_end(state: State) -> None:
    assert [step for step in MESSAGE_STEPS if step.before is state] == []


def test_nothing_is_handed_over_without_having_been_permitted() -> None:
    assert {step.before for step in MESSAGE_STEPS if step.after is State.HANDING} == {State.CLEARED}
    assert {step.happening for step in MESSAGE_STEPS if step.after is State.CLEARED} == {Happening.PERMITTED}


def test_a_step_that_stands_nowhere_is_refused() -> None:
    with pytest.raises(NoSuchStepError):
        states.after(MESSAGE, State.SENT, Happening.PERMITTED)
    with pytest.raises(NoSuchStepError):
        states.after(CALL, State.SENT, Happening.HANDING)


def test_every_line_says_why() -> None:
    assert all(step.because for step in (*MESSAGE_STEPS, *CALL_STEPS))
