"""The states of a transaction (RFC 3261 §17, with RFC 6026's `accepted`) and of a call: one table each.

The code steps through these tables and knows no other way; the documentation is drawn from them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """Where a transaction or a call stands."""

    CALLING = "calling"
    TRYING = "trying"
    PROCEEDING = "proceeding"
    ACCEPTED = "accepted"
    COMPLETED = "completed"
    CONFIRMED = "confirmed"
    TERMINATED = "terminated"
    # of calls
    INVITED = "invited"
    WITHDRAWN = "withdrawn"
    ANSWERED = "answered"
    TALKING = "talking"
    LEAVING = "leaving"
    OVER = "over"


class Event(StrEnum):
    """What comes: from the wire, from a clock, from whoever uses the transaction or the call."""

    REQUEST = "request"
    ACK = "ACK"
    PROVISIONAL = "1xx"
    SUCCESS = "2xx"
    FAILURE = "3xx-6xx"
    SAY_PROVISIONAL = "say 1xx"
    SAY_SUCCESS = "say 2xx"
    SAY_FAILURE = "say 3xx-6xx"
    REPEAT = "time to repeat"
    TIMEOUT = "time is over"
    LINGERED = "late messages are over"
    BROKEN = "transport broken"
    # of calls
    CANCEL = "CANCEL"
    BYE = "BYE"
    HANG_UP = "hang up"


class Deed(StrEnum):
    """What is done on the way from one state to the next."""

    SEND = "send again"
    ACK = "ACK"
    TELL = "tell"
    TELL_TIMEOUT = "tell the timeout"
    TELL_BROKEN = "tell the break"
    ANSWER = "answer"
    # of calls
    REFUSE = "refuse"
    SEND_CANCEL = "CANCEL"
    SEND_BYE = "BYE"
    TELL_END = "tell the end"


@dataclass(frozen=True, slots=True)
class Step:
    """One line: in `before`, when `event`, then `after`, doing `deeds` in their order."""

    before: State
    event: Event
    after: State
    deeds: tuple[Deed, ...]
    because: str


INVITE_CLIENT: Sequence[Step] = (
    Step(State.CALLING, Event.REPEAT, State.CALLING, (Deed.SEND,), "timer A: T1, then twice as long each time"),
    Step(State.CALLING, Event.TIMEOUT, State.TERMINATED, (Deed.TELL_TIMEOUT,), "timer B: 64 T1 without any answer"),
    Step(State.CALLING, Event.PROVISIONAL, State.PROCEEDING, (Deed.TELL,), "somebody is at work"),
    Step(State.CALLING, Event.SUCCESS, State.ACCEPTED, (Deed.TELL,), "the ACK is the call's (§13.2.2.4)"),
    Step(State.CALLING, Event.FAILURE, State.COMPLETED, (Deed.ACK, Deed.TELL), "every final answer is acknowledged"),
    Step(State.CALLING, Event.BROKEN, State.TERMINATED, (Deed.TELL_BROKEN,), "it can't be sent (§17.1.4)"),
    Step(State.PROCEEDING, Event.PROVISIONAL, State.PROCEEDING, (Deed.TELL,), "it rings on"),
    Step(State.PROCEEDING, Event.SUCCESS, State.ACCEPTED, (Deed.TELL,), "answered"),
    Step(State.PROCEEDING, Event.FAILURE, State.COMPLETED, (Deed.ACK, Deed.TELL), "refused"),
    Step(State.PROCEEDING, Event.TIMEOUT, State.TERMINATED, (), "64 T1 after a CANCEL: given up (§9.1)"),
    Step(State.ACCEPTED, Event.SUCCESS, State.ACCEPTED, (Deed.TELL,), "repeated, or of another branch of a fork"),
    Step(State.ACCEPTED, Event.LINGERED, State.TERMINATED, (), "timer M: 64 T1 (RFC 6026)"),
    Step(State.COMPLETED, Event.FAILURE, State.COMPLETED, (Deed.ACK,), "our ACK was lost"),
    Step(State.COMPLETED, Event.LINGERED, State.TERMINATED, (), "timer D: 32 s, on streams at once"),
    Step(State.COMPLETED, Event.BROKEN, State.TERMINATED, (Deed.TELL_BROKEN,), "the ACK can't be sent"),
)

CLIENT: Sequence[Step] = (
    Step(State.TRYING, Event.REPEAT, State.TRYING, (Deed.SEND,), "timer E: T1, doubled up to T2"),
    Step(State.TRYING, Event.TIMEOUT, State.TERMINATED, (Deed.TELL_TIMEOUT,), "timer F: 64 T1"),
    Step(State.TRYING, Event.BROKEN, State.TERMINATED, (Deed.TELL_BROKEN,), "it can't be sent"),
    Step(State.TRYING, Event.PROVISIONAL, State.PROCEEDING, (Deed.TELL,), "it arrived"),
    Step(State.TRYING, Event.SUCCESS, State.COMPLETED, (Deed.TELL,), "done"),
    Step(State.TRYING, Event.FAILURE, State.COMPLETED, (Deed.TELL,), "refused"),
    Step(State.PROCEEDING, Event.REPEAT, State.PROCEEDING, (Deed.SEND,), "timer E: every T2"),
    Step(State.PROCEEDING, Event.TIMEOUT, State.TERMINATED, (Deed.TELL_TIMEOUT,), "timer F"),
    Step(State.PROCEEDING, Event.BROKEN, State.TERMINATED, (Deed.TELL_BROKEN,), "it can't be sent"),
    Step(State.PROCEEDING, Event.PROVISIONAL, State.PROCEEDING, (Deed.TELL,), "it takes longer"),
    Step(State.PROCEEDING, Event.SUCCESS, State.COMPLETED, (Deed.TELL,), "done"),
    Step(State.PROCEEDING, Event.FAILURE, State.COMPLETED, (Deed.TELL,), "refused"),
    Step(State.COMPLETED, Event.LINGERED, State.TERMINATED, (), "timer K: T4, on streams at once"),
)

INVITE_SERVER: Sequence[Step] = (
    Step(State.PROCEEDING, Event.REQUEST, State.PROCEEDING, (Deed.ANSWER,), "repeated: the last 1xx again"),
    Step(State.PROCEEDING, Event.SAY_PROVISIONAL, State.PROCEEDING, (Deed.ANSWER,), "100, 180"),
    Step(State.PROCEEDING, Event.SAY_SUCCESS, State.ACCEPTED, (Deed.ANSWER,), "the call repeats it until its ACK"),
    Step(State.PROCEEDING, Event.SAY_FAILURE, State.COMPLETED, (Deed.ANSWER,), "refused, or cancelled"),
    Step(State.PROCEEDING, Event.BROKEN, State.TERMINATED, (Deed.TELL_BROKEN,), "nobody is there to be answered"),
    Step(State.ACCEPTED, Event.REQUEST, State.ACCEPTED, (), "repeated: the 200 is on its way (RFC 6026)"),
    Step(State.ACCEPTED, Event.SAY_SUCCESS, State.ACCEPTED, (Deed.ANSWER,), "no ACK yet: again"),
    Step(State.ACCEPTED, Event.ACK, State.ACCEPTED, (Deed.TELL,), "of a sender that kept the branch"),
    Step(State.ACCEPTED, Event.BROKEN, State.ACCEPTED, (), "its ACK may come over another connection"),
    Step(State.ACCEPTED, Event.LINGERED, State.TERMINATED, (), "timer L: 64 T1"),
    Step(State.COMPLETED, Event.REQUEST, State.COMPLETED, (Deed.ANSWER,), "our answer was lost"),
    Step(State.COMPLETED, Event.REPEAT, State.COMPLETED, (Deed.ANSWER,), "timer G: T1, doubled up to T2"),
    Step(State.COMPLETED, Event.TIMEOUT, State.TERMINATED, (), "timer H: 64 T1 without an ACK"),
    Step(State.COMPLETED, Event.BROKEN, State.TERMINATED, (), "nobody is there any more"),
    Step(State.COMPLETED, Event.ACK, State.CONFIRMED, (), "it arrived"),
    Step(State.CONFIRMED, Event.REQUEST, State.CONFIRMED, (), "late"),
    Step(State.CONFIRMED, Event.ACK, State.CONFIRMED, (), "repeated"),
    Step(State.CONFIRMED, Event.LINGERED, State.TERMINATED, (), "timer I: T4, on streams at once"),
)

SERVER: Sequence[Step] = (
    Step(State.TRYING, Event.REQUEST, State.TRYING, (), "repeated before there was an answer"),
    Step(State.TRYING, Event.SAY_SUCCESS, State.COMPLETED, (Deed.ANSWER,), "done"),
    Step(State.TRYING, Event.SAY_FAILURE, State.COMPLETED, (Deed.ANSWER,), "refused"),
    Step(State.TRYING, Event.BROKEN, State.TERMINATED, (), "nobody is there to be answered"),
    Step(State.COMPLETED, Event.REQUEST, State.COMPLETED, (Deed.ANSWER,), "repeated: the same answer again"),
    Step(State.COMPLETED, Event.BROKEN, State.TERMINATED, (), "nobody is there any more"),
    Step(State.COMPLETED, Event.LINGERED, State.TERMINATED, (), "timer J: 64 T1, on streams at once"),
)

CALL_IN: Sequence[Step] = (
    Step(State.INVITED, Event.SAY_SUCCESS, State.ANSWERED, (), "200, again and again until the ACK"),
    Step(State.INVITED, Event.SAY_FAILURE, State.OVER, (Deed.REFUSE, Deed.TELL_END), "refused by us"),
    Step(State.INVITED, Event.HANG_UP, State.OVER, (Deed.REFUSE, Deed.TELL_END), "not wanted any more: 480"),
    Step(State.INVITED, Event.CANCEL, State.OVER, (Deed.REFUSE, Deed.TELL_END), "the caller gave up: 487"),
    Step(State.INVITED, Event.BYE, State.OVER, (Deed.REFUSE, Deed.TELL_END), "the same, said by BYE (§15)"),
    Step(State.INVITED, Event.BROKEN, State.OVER, (Deed.TELL_END,), "the connection is gone"),
    Step(State.ANSWERED, Event.ACK, State.TALKING, (), "both sides know"),
    Step(State.ANSWERED, Event.BYE, State.OVER, (Deed.TELL_END,), "it overtook its ACK"),
    Step(State.ANSWERED, Event.CANCEL, State.ANSWERED, (), "too late: it was answered (§9.2)"),
    Step(State.ANSWERED, Event.HANG_UP, State.LEAVING, (Deed.TELL_END,), "the BYE waits for the ACK (§15)"),
    Step(State.ANSWERED, Event.TIMEOUT, State.OVER, (Deed.SEND_BYE, Deed.TELL_END), "64 T1 without an ACK"),
    Step(State.LEAVING, Event.ACK, State.OVER, (Deed.SEND_BYE,), "now it may"),
    Step(State.LEAVING, Event.TIMEOUT, State.OVER, (Deed.SEND_BYE,), "64 T1 without an ACK"),
    Step(State.LEAVING, Event.BYE, State.OVER, (), "both at once"),
    Step(State.TALKING, Event.ACK, State.TALKING, (), "repeated"),
    Step(State.TALKING, Event.BYE, State.OVER, (Deed.TELL_END,), "the far side hung up"),
    Step(State.TALKING, Event.HANG_UP, State.OVER, (Deed.SEND_BYE, Deed.TELL_END), "we did"),
    Step(State.TALKING, Event.TIMEOUT, State.OVER, (Deed.SEND_BYE, Deed.TELL_END), "not refreshed, 408 (RFC 4028)"),
    Step(State.TALKING, Event.BROKEN, State.OVER, (Deed.TELL_END,), "the far side does not know the call (481)"),
)

CALL_OUT: Sequence[Step] = (
    Step(State.CALLING, Event.PROVISIONAL, State.PROCEEDING, (), "from now on it can be cancelled (§9.1)"),
    Step(State.CALLING, Event.SUCCESS, State.TALKING, (Deed.ACK, Deed.TELL), "answered"),
    Step(State.CALLING, Event.FAILURE, State.OVER, (Deed.TELL_END,), "refused"),
    Step(State.CALLING, Event.TIMEOUT, State.OVER, (Deed.TELL_END,), "no answer: 408"),
    Step(State.CALLING, Event.BROKEN, State.OVER, (Deed.TELL_END,), "no way there: 503"),
    Step(State.CALLING, Event.HANG_UP, State.LEAVING, (Deed.TELL_END,), "the CANCEL waits for a first answer"),
    Step(State.PROCEEDING, Event.PROVISIONAL, State.PROCEEDING, (), "it rings"),
    Step(State.PROCEEDING, Event.SUCCESS, State.TALKING, (Deed.ACK, Deed.TELL), "answered"),
    Step(State.PROCEEDING, Event.FAILURE, State.OVER, (Deed.TELL_END,), "refused"),
    Step(State.PROCEEDING, Event.TIMEOUT, State.WITHDRAWN, (Deed.SEND_CANCEL, Deed.TELL_END), "rang too long: 408"),
    Step(State.PROCEEDING, Event.BROKEN, State.OVER, (Deed.TELL_END,), "no way there: 503"),
    Step(State.PROCEEDING, Event.BYE, State.WITHDRAWN, (Deed.SEND_CANCEL, Deed.TELL_END), "an early BYE of theirs"),
    Step(State.PROCEEDING, Event.HANG_UP, State.WITHDRAWN, (Deed.SEND_CANCEL, Deed.TELL_END), "not wanted any more"),
    Step(State.LEAVING, Event.PROVISIONAL, State.WITHDRAWN, (Deed.SEND_CANCEL,), "now it may"),
    Step(State.LEAVING, Event.SUCCESS, State.OVER, (Deed.ACK, Deed.SEND_BYE), "answered in the meantime"),
    Step(State.LEAVING, Event.FAILURE, State.OVER, (), "refused in the meantime"),
    Step(State.LEAVING, Event.TIMEOUT, State.OVER, (), "nobody ever answered"),
    Step(State.LEAVING, Event.BROKEN, State.OVER, (), "no way there"),
    Step(State.WITHDRAWN, Event.PROVISIONAL, State.WITHDRAWN, (Deed.SEND_CANCEL,), "of a second try (401)"),
    Step(State.WITHDRAWN, Event.SUCCESS, State.OVER, (Deed.ACK, Deed.SEND_BYE), "the answer crossed the CANCEL"),
    Step(State.WITHDRAWN, Event.FAILURE, State.OVER, (), "487"),
    Step(State.WITHDRAWN, Event.TIMEOUT, State.OVER, (), "64 T1 after the CANCEL without a final answer (§9.1)"),
    Step(State.WITHDRAWN, Event.BROKEN, State.OVER, (), "no way there"),
    Step(State.TALKING, Event.SUCCESS, State.TALKING, (Deed.ACK,), "repeated: our ACK was lost"),
    Step(State.TALKING, Event.BYE, State.OVER, (Deed.TELL_END,), "the far side hung up"),
    Step(State.TALKING, Event.HANG_UP, State.OVER, (Deed.SEND_BYE, Deed.TELL_END), "we did"),
    Step(State.TALKING, Event.TIMEOUT, State.OVER, (Deed.SEND_BYE, Deed.TELL_END), "not refreshed, 408 (RFC 4028)"),
    Step(State.TALKING, Event.BROKEN, State.OVER, (Deed.TELL_END,), "the far side does not know the call (481)"),
    Step(State.OVER, Event.SUCCESS, State.OVER, (Deed.ACK,), "the last ACK was lost"),
)

Table = Mapping[tuple[State, Event], Step]


def table(steps: Sequence[Step]) -> Table:
    found = {(step.before, step.event): step for step in steps}
    if len(found) != len(steps):
        raise ValueError("a state and an event lead to one state")
    return found


MACHINES: Mapping[str, Sequence[Step]] = {
    "INVITE, as its sender (RFC 3261 §17.1.1, RFC 6026)": INVITE_CLIENT,
    "Any other request, as its sender (§17.1.2)": CLIENT,
    "INVITE, as its receiver (§17.2.1, RFC 6026)": INVITE_SERVER,
    "Any other request, as its receiver (§17.2.2)": SERVER,
    "A call in": CALL_IN,
    "A call out": CALL_OUT,
}
