"""An erasure from its plan to its certificate, and what keeps the certificate back."""

import json
from datetime import UTC, datetime

import pytest
from django.conf import settings
from tests.proving import Proving, a_person

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Job, Order, Outcome, PlanState, PlanView, StepState
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, TrustdeskError
from trustdesk.proof import api as proof
from trustdesk.proof.composing import backup_free
from trustdesk.proof.contracts import AGREES, SELF_CONSISTENT, PartState, SearchState
from trustdesk.proof.services.tidying import tidy
from trustdesk.proof.tables import tables


def known_of(plan: PlanView) -> int:
    """How many values of the person are sealed."""
    [values] = [step.counts["values"] for step in plan.steps if step.name == "proof.variants"]
    return values


class Unreachable:
    """A connected system that does not answer."""

    name = "tests.unreachable"
    order = Order.OUTSIDE
    prepare = False

    def run(self, context: AccessContext, job: Job, now: datetime) -> Outcome:
        raise TrustdeskError("It does not answer.")


def test_nothing_left_gives_a_certificate(proving: Proving) -> None:
    assert proving.erase().state is PlanState.DONE
    found = proof.certificate(proving.context, proving.plan_id)
    assert proof.verify(found.document, key=proving.key_of_log).code == SELF_CONSISTENT  # no checkpoint covers it yet
    proving.sign_log()
    found = proof.certificate(proving.context, proving.plan_id)
    report = proof.verify(found.document, key=proving.key_of_log)
    assert report.code == AGREES
    assert found.number in "\n".join(report.lines)
    said = json.loads(found.document)["certificate"]
    assert {line["capability"] for line in said["erased"]} >= {"register"}
    assert said["check"] is None


def test_every_table_was_looked_through(proving: Proving) -> None:
    proving.erase()
    search = proving.search()
    assert search.state is SearchState.PROVED
    assert all(part.state is PartState.READ for part in search.parts)
    with scoped(proving.context.scope):
        every = tables()
    assert search.coverage.tables == len(every)
    closed = {table.name for table in every if not table.readable}
    assert closed == {"isolation_scope_key", "audit_position"}  # a key, and how far a counter has come
    assert search.coverage.unread["forbidden"] == len(closed)
    assert {"procrastinate_jobs", "accounts_operator", "mandates_controller"} <= {part.name for part in search.parts}


def test_nothing_is_issued_while_a_system_does_not_answer(proving: Proving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(erasure.steps._things, Unreachable.name, Unreachable())
    done = proving.erase()
    assert done.state is PlanState.FAILED
    assert {step.name: step.state for step in done.steps}["proof.scan"] is StepState.WAITING
    with pytest.raises(NotFoundError):
        proof.certificate(proving.context, proving.plan_id)


def test_before_it_is_drawn_there_is_no_proof(proving: Proving) -> None:
    for asked in (proof.search, proof.hits, proof.certificate):
        with pytest.raises(NotFoundError):
            asked(proving.context, 1)


def test_drawn_anew_it_is_prepared_anew(proving: Proving) -> None:
    """Records were joined meanwhile: what is looked for is both, and the code that was handed out stays good."""
    before = known_of(proving.draw())
    proof.hand_out(proving.context, customer_id=proving.customer_id, now=clock.now())
    other = a_person(proving.company)
    proving.merge(other.customer_id)
    with pytest.raises(TrustdeskError):
        proving.approve()  # it is another person than was planned for
    assert known_of(proving.carry_out()) > before
    assert proving.search().handed_out_at is not None
    proving.approve()
    assert proving.carry_out().state is PlanState.DONE


def test_the_day_from_which_no_backup_opens_the_person() -> None:
    """A backup of the same day holds the keys; its own key is destroyed so many days after that day has ended."""
    erased = datetime(2026, 11, 26, 23, 59, tzinfo=UTC)
    assert str(backup_free(erased, epoch_days=7)) == "2026-12-04"
    assert settings.TRUSTDESK_EPOCH_DAYS == 7


def test_a_plan_that_is_dismissed_leaves_nobody_to_look_for(proving: Proving) -> None:
    proving.draw()
    [(search_id,)] = proving.run("SELECT id FROM proof_search WHERE plan_id = %s", proving.plan_id)
    erasure.dismiss(proving.context, plan_id=proving.plan_id, because="asked by mistake", now=clock.now())
    assert tidy(proving.context, now=clock.now()) >= 1
    with pytest.raises(NotFoundError):
        proving.search()
    assert isinstance(search_id, int)
    keys = proving.run("SELECT wrapped FROM vault_data_key WHERE customer_id = %s", search_id)
    assert keys == [(None,)]
