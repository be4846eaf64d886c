"""The tables: complete, without ways back from the end, and drawn as the documentation shows them."""

from collections.abc import Sequence

import pytest
from tests.architecture.source import ROOT

from trustdesk.sipedge.sip import drawing
from trustdesk.sipedge.sip.states import CALL_IN, CALL_OUT, MACHINES, Deed, Event, State, Step, table

DOCUMENT = ROOT / "docs" / "reference" / "sip-states.md"
ENDS = {State.TERMINATED, State.OVER}


def test_the_documentation_shows_the_tables_as_they_are() -> None:
    assert DOCUMENT.read_text() == drawing.document(), (
        "run: python -m trustdesk.sipedge.sip.drawing > docs/reference/sip-states.md"
    )


@pytest.mark.parametrize("steps", MACHINES.values(), ids=MACHINES)
def test_a_state_and_an_event_lead_to_one_state(steps: Sequence[Step]) -> None:
    assert len(table(steps)) == len(steps)
    assert all(step.because for step in steps)


@pytest.mark.parametrize("steps", MACHINES.values(), ids=MACHINES)
def test_every_state_is_reached_and_leaves_again(steps: Sequence[Step]) -> None:
    """A state that nothing leads out of is a leak."""
    reached = {steps[0].before} | {step.after for step in steps if step.after is not step.before}
    left = {step.before for step in steps if step.after is not step.before}
    assert {step.before for step in steps} <= reached
    assert reached - left == reached & ENDS


@pytest.mark.parametrize("steps", MACHINES.values(), ids=MACHINES)
def test_an_end_is_an_end(steps: Sequence[Step]) -> None:
    assert all(step.after in ENDS for step in steps if step.before in ENDS)


@pytest.mark.parametrize("steps", [CALL_IN, CALL_OUT], ids=["in", "out"])
def test_the_end_of_a_call_is_told_once_on_every_way(steps: Sequence[Step]) -> None:
    """From its first state, whatever happens: by the time it is over, the end was told exactly once."""
    seen: set[tuple[State, int]] = set()
    ways = [(steps[0].before, 0)]
    while ways:
        state, told = ways.pop()
        if (state, told) in seen:
            continue
        seen.add((state, told))
        assert told <= 1
        assert state is not State.OVER or told == 1
        ways += [(step.after, told + (Deed.TELL_END in step.deeds)) for step in steps if step.before is state]


def test_whoever_answered_is_never_left_without_a_goodbye() -> None:
    """Out of a state in which both sides speak, only the far side's BYE or its ignorance ends the call without ours."""
    for step in (*CALL_IN, *CALL_OUT):
        if step.before is State.TALKING and step.after is State.OVER and Deed.SEND_BYE not in step.deeds:
            assert step.event in {Event.BYE, Event.BROKEN}


def test_every_success_gets_its_ack() -> None:
    assert all(Deed.ACK in step.deeds for step in CALL_OUT if step.event is Event.SUCCESS)
