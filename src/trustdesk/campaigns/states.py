"""What may follow what in a campaign: one table, and nothing else decides it."""

from collections.abc import Mapping

from trustdesk.campaigns.contracts import State, Step
from trustdesk.kernel.errors import ConflictError

STEPS: Mapping[tuple[State, Step], State] = {
    (State.DRAFT, Step.STARTED): State.RUNNING,
    (State.DRAFT, Step.CANCELLED): State.CANCELLED,
    (State.RUNNING, Step.PAUSED): State.PAUSED,
    (State.RUNNING, Step.ENDED): State.ENDED,
    (State.RUNNING, Step.CANCELLED): State.CANCELLED,
    (State.PAUSED, Step.RESUMED): State.RUNNING,
    (State.PAUSED, Step.ENDED): State.ENDED,
    (State.PAUSED, Step.CANCELLED): State.CANCELLED,
}


class NoSuchStepError(ConflictError):
    """From this state that can't happen."""

    code = "no-such-step"


def after(before: State, step: Step) -> State:
    """The state that follows. NoSuchStepError where the table has no such step."""
    try:
        return STEPS[before, step]
    except KeyError:
        raise NoSuchStepError(
            "From this state that can't happen.", place=f"{before} {step}", mend="Look at the campaign again."
        ) from None
