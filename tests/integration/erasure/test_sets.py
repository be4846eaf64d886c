"""Many plans at once: each comes to its end as if it were alone, and what stops one of them stops no other."""

import json
import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.erasing import Rooms, history
from tests.recorded import conversation

from trustdesk.audit import api as audit
from trustdesk.audit.privacy import export_of
from trustdesk.erasure import api as erasure
from trustdesk.erasure import capabilities
from trustdesk.erasure.contracts import Cause, Job, Order, Outcome, PlanState, PlanView, Result, StepState
from trustdesk.erasure.services import sweeping
from trustdesk.erasure.steps import steps
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import Ground
from trustdesk.register import api as register
from trustdesk.vault import api as vault


@dataclass
class Extra:
    """A step of a test's own: it fails for one customer, or waits as often as it is told."""

    order: int
    fails_for: int = 0
    waits: int = 0
    asked: list[int] = field(default_factory=list)
    name: str = "extra"
    prepare: bool = False

    def run(self, _context: AccessContext, jobs: Sequence[Job], _now: datetime) -> Sequence[Outcome]:
        self.asked.append(len(jobs))
        if self.fails_for in {job.customer_id for job in jobs}:
            raise OSError(28, "No space left on device")
        self.waits -= 1
        return [Outcome(Result.WAITING if self.waits >= 0 else Result.DONE) for _job in jobs]


def some(held: Rooms, many: int) -> list[int]:
    return [held.person(f"Siiri Salo{number}", phone=f"+35840111006{number}") for number in range(many)]


def drawn(held: Rooms, customer_ids: Sequence[int]) -> list[int]:
    found = erasure.draw_all(held.context, customer_ids=customer_ids, cause=Cause.RETENTION, now=clock.now())
    return [found[customer_id] for customer_id in customer_ids]


def approved(held: Rooms, customer_ids: Sequence[int]) -> list[int]:
    plan_ids = drawn(held, customer_ids)
    assert erasure.approve_all(held.context, plan_ids=plan_ids, now=clock.now()) == sorted(plan_ids)
    return plan_ids


def carried_out(held: Rooms, plan_ids: Sequence[int]) -> list[PlanState]:
    states = erasure.carry_out_all(held.context, plan_ids=plan_ids, now=clock.now())
    return [states[plan_id] for plan_id in plan_ids]


def step(plan: PlanView, name: str) -> Any:  # noqa: ANN401 - of whichever step
    return next(each for each in plan.steps if each.name == name)


def test_a_set_ends_as_each_would_alone(held: Rooms) -> None:
    alone = held.erase(history(held))
    people = [history(held), history(held), held.person("Onni Laine", phone="+358401110061")]
    plan_ids = approved(held, people)
    assert carried_out(held, plan_ids) == [PlanState.DONE] * 3
    one, other, last = (erasure.plan(held.context, plan_id) for plan_id in plan_ids)
    for each in (one, other):
        assert [(made.name, made.counts) for made in each.steps] == [(made.name, made.counts) for made in alone.steps]
        assert [(line.capability, line.what, line.count) for line in each.kept] == [
            (line.capability, line.what, line.count) for line in alone.kept
        ]
    assert step(last, "ledger").counts == {"tokens": 2}
    assert vault.living_classes(held.context, [last.customer_id]) == []


def test_one_that_fails_is_noted_by_its_code_and_the_others_go_on(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    people = some(held, 3)
    extra = Extra(order=Order.CUT + 10, fails_for=people[1])
    monkeypatch.setitem(steps._things, extra.name, extra)
    plan_ids = approved(held, people)
    assert carried_out(held, plan_ids) == [PlanState.DONE, PlanState.FAILED, PlanState.DONE]
    assert extra.asked == [3, 1, 1, 1]
    failing = step(erasure.plan(held.context, plan_ids[1]), "extra")
    assert (failing.state, failing.fault, failing.detail, failing.attempts) == (StepState.FAILING, "OSError", "", 1)
    assert register.card(held.context, people[1], now=clock.now())


def test_what_a_court_holds_stops_no_other(held: Rooms) -> None:
    people = some(held, 3)
    conversation_id = conversation(held.house.context(), customer_id=people[0])
    recordings.hold(
        held.house.context(),
        conversation_id=conversation_id,
        ground=Ground.CLAIM,
        file_number="18/2026",
        now=clock.now(),
    )
    plan_ids = approved(held, people)
    assert carried_out(held, plan_ids) == [PlanState.HELD, PlanState.DONE, PlanState.DONE]
    assert "18/2026" in erasure.plan(held.context, plan_ids[0]).held[0]


def test_an_officers_hold_stops_it_after_the_keys_too_and_released_it_ends(
    held: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = Extra(order=Order.TELL + 1, waits=1)
    monkeypatch.setitem(steps._things, extra.name, extra)
    [plan_id] = approved(held, some(held, 1))
    assert carried_out(held, [plan_id]) == [PlanState.RUNNING]
    erasure.hold(held.context, plan_id=plan_id, because="file 3/2026", now=clock.now())
    later = clock.now() + 2 * sweeping_pause()
    assert erasure.carry_out(held.context, plan_id=plan_id, now=later).state is PlanState.HELD
    erasure.release(held.context, plan_id=plan_id, now=clock.now())
    assert erasure.carry_out(held.context, plan_id=plan_id, now=later).state is PlanState.DONE


def sweeping_pause() -> Any:  # noqa: ANN401 - a span of time
    from trustdesk.erasure.services import noting  # noqa: PLC0415

    return noting._RECEIPT_WAIT


def test_who_was_joined_meanwhile_is_drawn_anew_and_the_others_go(held: Rooms) -> None:
    people = some(held, 3)
    plan_ids = approved(held, people)
    double = held.person("Siiri Salo0", phone="+358401110070")
    register.merge(held.house.context(), into=people[0], customer_id=double, reason="same person", now=clock.now())
    assert carried_out(held, plan_ids) == [PlanState.DRAWN, PlanState.DONE, PlanState.DONE]
    assert erasure.approve_all(held.context, plan_ids=plan_ids, now=clock.now()) == [plan_ids[0]]
    assert carried_out(held, plan_ids) == [PlanState.DONE] * 3


def test_two_workers_with_plans_in_common_do_each_step_once(held: Rooms) -> None:
    plan_ids = approved(held, some(held, 6))
    both = threading.Barrier(2)

    def work(given: Sequence[int]) -> None:
        context = held.context
        both.wait()
        try:
            erasure.carry_out_all(context, plan_ids=given, now=clock.now())
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(work, (plan_ids[:4], list(reversed(plan_ids[2:])))))
    plans = [erasure.plan(held.context, plan_id) for plan_id in plan_ids]
    assert {plan.state for plan in plans} == {PlanState.DONE}
    assert {made.attempts for plan in plans for made in plan.steps} == {1}


def test_who_is_shown_as_one_has_one_plan_and_a_stranger_none(held: Rooms) -> None:
    one, other, third = some(held, 3)
    register.merge(held.house.context(), into=one, customer_id=other, reason="same person", now=clock.now())
    before = erasure.draw(held.context, customer_id=third, cause=Cause.REQUEST, now=clock.now())
    found = erasure.draw_all(held.context, customer_ids=[other, third, one, 7], cause=Cause.RETENTION, now=clock.now())
    assert found.keys() == {one, other, third}
    assert found[one] == found[other]
    assert found[third] == before.plan_id
    assert erasure.plan(held.context, found[one]).people == (one, other)


def test_what_is_not_prepared_is_not_approved(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = drawn(held, [held.person("Eeva Salo", phone="+358401110071")])
    monkeypatch.setitem(steps._things, "extra", Extra(order=Order.VARIANTS, prepare=True))
    unready = drawn(held, [held.person("Iida Salo", phone="+358401110072")])
    given = [*ready, *unready]
    assert erasure.approve_all(held.context, plan_ids=given, now=clock.now()) == ready
    assert set(carried_out(held, unready)) == {PlanState.DRAWN}
    assert erasure.approve_all(held.context, plan_ids=given, now=clock.now()) == unready


def test_the_entry_of_many_is_in_the_log_of_each_and_names_nobody_else_to_the_person(held: Rooms) -> None:
    people = some(held, 3)
    carried_out(held, approved(held, people))
    for customer_id in people:
        found = audit.entries(held.context, subject=customer_id, limit=200)
        finished = [entry for entry in found if entry.what == "erasure.finished"]
        assert [set(entry.subjects) for entry in finished] == [set(people)]
        said = json.dumps(list(export_of(held.context, customer_id)), default=str)
        assert "erasure.finished" in said
        assert not [other for other in people if str(other) in said]


def test_the_look_afterwards_is_a_job_of_its_own(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    scan = Extra(order=Order.SCAN)
    monkeypatch.setitem(steps._things, scan.name, scan)
    plan_ids = approved(held, some(held, 2))
    house = held.house.controller_id
    assert sweeping.run(house, plan_ids, now=clock.now()) == {PlanState.RUNNING: 2}
    assert scan.asked == []
    assert all(erasure.plan(held.context, plan_id).erased_at for plan_id in plan_ids)
    sweeping.run(house, plan_ids, now=clock.now())
    (job,) = ProcrastinateJob.objects.filter(task_name="erasure.prove", args__controller_id=house)
    assert (job.queue_name, job.priority < 0) == ("erasure-proof", True)
    assert sweeping.prove(**job.args, now=clock.now()) == 2
    assert scan.asked == [2]
    assert set(carried_out(held, plan_ids)) == {PlanState.DONE}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every statement that is sent, whoever sends it; not the empty one by which a pool sees that its server lives."""
    sent: list[str] = []
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own
        if query:
            sent.append(str(query))
        return execute(self, query, *args, **more)

    monkeypatch.setattr(psycopg.Cursor, "execute", counted)
    return sent


def test_six_cost_no_more_statements_than_two(
    held: Rooms, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine itself; what each capability asks is its own test's."""
    monkeypatch.setattr(capabilities, "from_high_to_low", list)
    cost = []
    for customer_ids in (some(held, 2), some(held, 2), some(held, 6)):
        statements.clear()
        assert carried_out(held, approved(held, customer_ids)) == [PlanState.DONE] * len(customer_ids)
        cost.append(list(statements))
    _warm, two, six = cost
    assert len(six) == len(two), Counter(one[:200] for one in six) - Counter(one[:200] for one in two)
