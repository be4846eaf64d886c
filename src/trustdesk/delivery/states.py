"""The states of a message and of a call to another system: one table each, from which the documentation is drawn.

Nothing else decides what may follow what. A step that stands in no table is refused.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustdesk.delivery.contracts import Happening, State
from trustdesk.kernel.errors import ConflictError


class NoSuchStepError(ConflictError):
    """From this state that can't happen."""

    code = "no-such-step"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: in `before`, when `happening`, then `after`."""

    before: State
    happening: Happening
    after: State
    because: str


_WAITING = (State.QUEUED, State.DEFERRED)
_OPEN = (State.QUEUED, State.DEFERRED, State.CLEARED)


def _steps(befores: Sequence[State], happening: Happening, after: State, because: str) -> list[Step]:
    return [Step(before, happening, after, because) for before in befores]


MESSAGE_STEPS: Sequence[Step] = (
    *_steps(_WAITING, Happening.PERMITTED, State.CLEARED, "the gate permits; the address may be opened"),
    *_steps(_OPEN, Happening.NOT_PERMITTED, State.REFUSED, "the gate says no, or can't decide"),
    *_steps(_WAITING, Happening.TOO_LATE, State.FAILED, "its time is over"),
    *_steps(_OPEN, Happening.UNSENDABLE, State.FAILED, "address or text can't be opened or carried"),
    *_steps(_OPEN, Happening.PUT_OFF, State.DEFERRED, "no connection, 4xx, the domain's pace, or a fault of our own"),
    *_steps([State.CLEARED], Happening.REJECTED, State.FAILED, "5xx"),
    *_steps([State.CLEARED], Happening.INTERRUPTED, State.DEFERRED, "the worker died before anything was handed over"),
    *_steps([State.CLEARED], Happening.HANDING, State.HANDING, "permitted again, under the customer's lock"),
    *_steps([State.HANDING], Happening.ACCEPTED, State.SENT, "the server answered for it"),
    *_steps([State.HANDING], Happening.PUT_OFF, State.DEFERRED, "the server answered 4xx: it did not take it"),
    *_steps([State.HANDING], Happening.REJECTED, State.FAILED, "the server answered 5xx: it did not take it"),
    *_steps([State.HANDING], Happening.SILENCE, State.UNKNOWN, "no answer, or the worker died"),
    *_steps([State.UNKNOWN], Happening.ACCEPTED, State.SENT, "the gateway, asked, has it"),
    *_steps([State.UNKNOWN], Happening.MISSING, State.DEFERRED, "the gateway, asked, never had it"),
    *_steps([State.UNKNOWN], Happening.SETTLED_AS_SENT, State.SENT, "somebody found out that it arrived"),
    *_steps([State.UNKNOWN], Happening.ORDERED_AGAIN, State.QUEUED, "somebody decided to send it again"),
    *_steps([State.SENT, State.UNKNOWN], Happening.DELIVERED, State.SENT, "a receipt says that it arrived"),
    *_steps([State.SENT, State.UNKNOWN], Happening.RETURNED, State.BOUNCED, "a bounce or receipt says that it did not"),
)

CALL_STEPS: Sequence[Step] = (
    *_steps(_WAITING, Happening.NOT_PERMITTED, State.REFUSED, "the recipient may not be told"),
    *_steps(_WAITING, Happening.TOO_LATE, State.FAILED, "its time is over"),
    *_steps(_WAITING, Happening.UNSENDABLE, State.FAILED, "the endpoint was disabled or removed"),
    *_steps(_WAITING, Happening.HANDING, State.HANDING, "the recipient may be told"),
    *_steps([State.HANDING], Happening.ACCEPTED, State.SENT, "2xx"),
    *_steps([State.HANDING], Happening.PUT_OFF, State.DEFERRED, "no connection, no answer, or not 2xx"),
    *_steps([State.HANDING], Happening.INTERRUPTED, State.DEFERRED, "the worker died; the receiver drops a repetition"),
    *_steps([State.FAILED, State.REFUSED], Happening.ORDERED_AGAIN, State.QUEUED, "somebody decided to call again"),
)


def _table(steps: Sequence[Step]) -> Mapping[tuple[State, Happening], State]:
    table = {(step.before, step.happening): step.after for step in steps}
    if len(table) != len(steps):
        raise ValueError("a state and a happening lead to one state")
    return table


MESSAGE = _table(MESSAGE_STEPS)
CALL = _table(CALL_STEPS)


def after(table: Mapping[tuple[State, Happening], State], before: State, happening: Happening) -> State:
    """The state that follows. NoSuchStepError where the table has no such step."""
    try:
        return table[before, happening]
    except KeyError:
        raise NoSuchStepError("From this state that can't happen.", place=f"{before} {happening}") from None


def drawing(steps: Sequence[Step]) -> str:
    """The table as a Mermaid state diagram and as text to read across."""
    lines = ["```mermaid", "stateDiagram-v2", "    [*] --> queued"]
    lines += [f"    {step.before} --> {step.after}: {step.happening}" for step in steps]
    befores = {step.before for step in steps if step.before is not step.after}
    ends = sorted({step.after for step in steps} - befores)
    lines += [f"    {state} --> [*]" for state in ends]
    lines += ["```", "", "| in | when | then | because |", "|---|---|---|---|"]
    lines += [f"| {step.before} | {step.happening} | {step.after} | {step.because} |" for step in steps]
    return "\n".join(lines)


def document() -> str:
    """The page of the documentation, whole."""
    return (
        "# States of the outbox\n\n"
        "Drawn from `src/trustdesk/delivery/states.py` by `python -m trustdesk.delivery.states`; a test compares.\n"
        "Why it is so: [decision 16](../adr/0016-the-outbox.md).\n\n"
        f"## A message to a person: mail, SMS\n\n{drawing(MESSAGE_STEPS)}\n\n"
        f"## A call to another system: webhook\n\n{drawing(CALL_STEPS)}\n"
    )


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - a program that writes to standard output
