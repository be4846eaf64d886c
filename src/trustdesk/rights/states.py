"""The states of a request: one table, from which the documentation is drawn.

Nothing else decides what may follow what. A step that stands in no line of the table is refused.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from trustdesk.kernel.errors import ConflictError
from trustdesk.rights.contracts import LAW, Happening, Kind, State

_EVERY = frozenset(Kind)
PLANNED = frozenset({Kind.ERASURE})
"""Whose work is drawn and shown before anybody approves it."""
_UNPLANNED = _EVERY - PLANNED


class NoSuchStepError(ConflictError):
    """From this state that can't happen, or not for this right."""

    code = "no-such-step"


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the table: in `before`, when `happening`, then `after`, for these rights."""

    before: State
    happening: Happening
    after: State
    because: str
    kinds: frozenset[Kind] = _EVERY


_ASKING = (State.RECEIVED, State.IDENTIFYING)
_KNOWN = (State.IDENTIFIED, State.PLANNED)
_UNDECIDED = (*_ASKING, *_KNOWN)
_OPEN = (*_UNDECIDED, State.APPROVED, State.RUNNING, State.HELD)


def _steps(befores: Iterable[State], happening: Happening, after: State, because: str) -> list[Step]:
    return [Step(before, happening, after, because) for before in befores]


def _stay(befores: Iterable[State], happening: Happening, because: str) -> list[Step]:
    return [Step(before, happening, before, because) for before in befores]


STEPS: Sequence[Step] = (
    *_stay(_ASKING, Happening.SUPPOSED, "somebody says whose it may be; that proves nothing"),
    *_steps(_ASKING, Happening.ASKED, State.IDENTIFYING, "who asks is in doubt: the person is asked, the clock stands"),
    *_steps(_ASKING, Happening.CODE_SENT, State.IDENTIFYING, "a code went to a contact point that proves"),
    *_stay([State.IDENTIFYING], Happening.CODE_WRONG, "it was not the code; after five the code is dead"),
    *_steps(_ASKING, Happening.PROVED, State.IDENTIFIED, "it is known who asks"),
    *_steps(_KNOWN, Happening.DOUBTED, State.IDENTIFYING, "the proof is not believed any more"),
    Step(State.IDENTIFIED, Happening.PLANNED, State.PLANNED, "what would go and what stays is drawn", PLANNED),
    Step(State.PLANNED, Happening.APPROVED, State.APPROVED, "the company approves what is drawn", PLANNED),
    Step(State.IDENTIFIED, Happening.APPROVED, State.APPROVED, "the company approves", _UNPLANNED),
    *_steps([State.APPROVED], Happening.BEGUN, State.RUNNING, "it is being done"),
    Step(State.RUNNING, Happening.HELD, State.HELD, "a legal hold keeps what should go", PLANNED),
    Step(State.HELD, Happening.RELEASED, State.RUNNING, "the hold is released", PLANNED),
    *(
        Step(
            before,
            Happening.RETURNED,
            State.IDENTIFIED,
            "the plan was dismissed before anything was destroyed",
            PLANNED,
        )
        for before in (State.RUNNING, State.HELD)
    ),
    *_steps([State.RUNNING], Happening.FULFILLED, State.DONE, "it is done, and the person is told"),
    *_steps(_UNDECIDED, Happening.REFUSED, State.REFUSED, "a ground of law, told to the person"),
    *_steps(_UNDECIDED, Happening.WITHDRAWN, State.WITHDRAWN, "the person does not want it any more"),
    *_stay(_OPEN, Happening.REPEATED, "the person wrote again and quoted the reference"),
    *_stay(_OPEN, Happening.EXTENDED, "two months more, once, told within the first month"),
    *_stay(_OPEN, Happening.REMINDED, "it is due soon"),
    *_stay(_OPEN, Happening.ESCALATED, "it is due within three days, or overdue"),
    *_stay(State, Happening.TOLD, "a letter went into the outbox"),
    *_stay(State, Happening.NOT_TOLD, "there is no way to write to the person: somebody here does it"),
    *_stay(State, Happening.MINIMISED, "the customer was erased: what stays names nobody"),
)


def _table(steps: Sequence[Step]) -> Mapping[tuple[State, Happening, Kind], State]:
    lines = [(step.before, step.happening, kind, step.after) for step in steps for kind in step.kinds]
    table = {(before, happening, kind): after for before, happening, kind, after in lines}
    if len(table) != len(lines):
        raise ValueError("a state, a happening and a right lead to one state")
    return table


TABLE = _table(STEPS)


def after(kind: Kind, before: State, happening: Happening) -> State:
    """The state that follows. NoSuchStepError where the table has no such step."""
    try:
        return TABLE[before, happening, kind]
    except KeyError:
        raise NoSuchStepError("From this state that can't happen.", place=f"{kind} {before} {happening}") from None


def _rights(step: Step) -> str:
    return "every right" if step.kinds == _EVERY else ", ".join(LAW[kind] for kind in Kind if kind in step.kinds)


def document() -> str:
    """The page of the documentation, whole."""
    moves = [step for step in STEPS if step.before is not step.after]
    befores = {step.before for step in moves}
    lines = [
        "# States of a request",
        "",
        "Drawn from `src/trustdesk/rights/states.py` by `python -m trustdesk.rights.states`; a test compares.",
        "Why it is so: [decision 28](../adr/0028-requests-their-clock-and-who-asks.md).",
        "",
        "```mermaid",
        "stateDiagram-v2",
        "    [*] --> received",
        *(f"    {step.before} --> {step.after}: {step.happening}" for step in moves),
        *(f"    {state} --> [*]" for state in State if state not in befores),
        "```",
        "",
        "| in | when | then | for | because |",
        "|---|---|---|---|---|",
        *(f"| {step.before} | {step.happening} | {step.after} | {_rights(step)} | {step.because} |" for step in STEPS),
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - a program that writes to standard output
