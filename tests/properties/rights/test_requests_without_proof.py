"""Whatever is done with a request, in whatever order and how often: without a proof nothing is approved or done, the
history tells every step, and what is over stays over.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.companies import Company
from tests.requesting import LATER, Person, happenings, officer, seen, somebody, take

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import CLOSED, Ground, Happening, Kind, ProofKind, State


@dataclass(frozen=True)
class At:
    """One moment in the life of a request."""

    company: Company
    person: Person
    id: int
    now: datetime

    @property
    def context(self) -> AccessContext:
        return officer(self.company)

    @property
    def phone(self) -> int:
        return self.person.point("phone")


ACTS: dict[str, Callable[[At], object]] = {
    "ask": lambda at: rights.ask_identity(at.context, request_id=at.id, now=at.now),
    "approve": lambda at: rights.approve(at.context, request_id=at.id, now=at.now),
    "plan": lambda at: rights.plan(at.context, request_id=at.id, now=at.now),
    "finish": lambda at: rights.finish(at.context, request_id=at.id, now=at.now),
    "held": lambda at: rights.held(at.context, request_id=at.id, now=at.now),
    "released": lambda at: rights.released(at.context, request_id=at.id, now=at.now),
    "conclude": lambda at: rights.conclude(at.context, request_id=at.id, outcome="It is so.", now=at.now),
    "refuse": lambda at: rights.refuse(at.context, request_id=at.id, ground=Ground.UNFOUNDED, reason="No.", now=at.now),
    "withdraw": lambda at: rights.withdraw(at.context, request_id=at.id, now=at.now),
    "extend": lambda at: rights.extend(at.context, request_id=at.id, reason="Much.", now=at.now),
    "doubt": lambda at: rights.doubt(at.context, request_id=at.id, reason="Hm.", now=at.now),
    "repeat": lambda at: rights.repeat(at.context, request_id=at.id, words="And?", now=at.now),
    "call-back": lambda at: rights.identify(
        at.context, request_id=at.id, kind=ProofKind.CALLED_BACK, value_id=at.phone, now=at.now
    ),
    "document": lambda at: rights.identify(at.context, request_id=at.id, kind=ProofKind.DOCUMENT, now=at.now),
    "code": lambda at: rights.send_code(at.context, request_id=at.id, value_id=at.phone, now=at.now),
    "wrong code": lambda at: rights.check_code(at.context, request_id=at.id, code="no", now=at.now),
    "suppose": lambda at: rights.suppose(at.context, request_id=at.id, customer_id=at.person.id, now=at.now),
}
DECIDED = {State.APPROVED, State.RUNNING, State.HELD, State.DONE}
PROVING = {"document", "call-back"}
KINDS = (Kind.OBJECTION, Kind.HUMAN_REVIEW, Kind.ERASURE)
FEW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@FEW
@given(kind=st.sampled_from(KINDS), acts=st.lists(st.sampled_from(sorted(ACTS)), max_size=9), number=st.uuids())
def test_nothing_is_approved_for_whom_nobody_knows(north: Company, kind: Kind, acts: list[str], number: object) -> None:
    digits = str(int(str(number).replace("-", ""), 16))[:7]
    person = somebody(north, f"N{digits}", phone=f"+35840{digits}")  # nobody else of the run has it
    request_id = take(north, kind, person).request_id
    proved = False
    for day, name in enumerate(acts):
        now = LATER + timedelta(days=day)
        before = seen(north, request_id, at=now)
        with suppress(TrustdeskError):
            ACTS[name](At(north, person, request_id, now))
        held = seen(north, request_id, at=now)
        proved = (proved or name in PROVING) and not (name == "doubt" and held.proved is None)
        assert held.proved is None or proved
        assert held.approved_at is None or held.proved is not None
        assert held.state not in DECIDED or held.proved is not None
        assert before.state not in CLOSED or held == before
        assert held.state in CLOSED or held.clock.due_date >= before.clock.due_date, "time is only ever given"
    told = [happening for happening, _code in happenings(north, request_id)]
    assert told[0] is Happening.RECEIVED
    assert told.count(Happening.APPROVED) <= 1
    if Happening.APPROVED in told:
        assert Happening.PROVED in told[: told.index(Happening.APPROVED)]
