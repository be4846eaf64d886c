"""Killed at any write, asked for twice, joined with somebody in the middle, held in the middle, ten years long."""

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.erasing import Rooms, history
from tests.recorded import conversation

from trustdesk.erasure import api as erasure
from trustdesk.erasure import book
from trustdesk.erasure.contracts import Cause, PlanState, PlanView, StepState
from trustdesk.erasure.services import sweeping
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import Ground
from trustdesk.register import api as register
from trustdesk.vault import api as vault

_WRITE = re.compile(r"\s*(WITH\b.*?)?(INSERT|UPDATE|DELETE)\b", re.DOTALL | re.IGNORECASE)


class KilledError(BaseException):
    """Nothing catches it, as nothing catches a kill."""


@contextmanager
def killed_after(writes: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The process ends after so many statements that write, whoever sends them."""
    done = 0
    execute = psycopg.Cursor.execute

    def counted(self: Any, query: Any, *args: Any, **more: Any) -> Any:  # noqa: ANN401 - psycopg's own
        nonlocal done
        answer = execute(self, query, *args, **more)
        if _WRITE.match(str(query)):
            done += 1
            if done == writes:
                raise KilledError
        return answer

    with monkeypatch.context() as patched:
        patched.setattr(psycopg.Cursor, "execute", counted)
        yield


def done_steps(held: Rooms, *plan_ids: int) -> int:
    plans = [erasure.plan(held.context, plan_id) for plan_id in plan_ids]
    return sum(step.state is StepState.DONE for plan in plans for step in plan.steps)


def end_of(held: Rooms, plan: PlanView) -> dict[str, object]:
    """What an erasure leaves: by this one is like another."""
    tokens = held.ask(
        "SELECT kind, count(*) FROM erasure_ledger WHERE plan_id = %s GROUP BY kind ORDER BY kind", plan.plan_id
    )
    return {
        "state": plan.state,
        "steps": [(step.name, step.state, dict(step.counts)) for step in plan.steps],
        "kept": [(line.capability, line.what, line.count) for line in plan.kept],
        "tokens": tokens,
        "told": [told.recipient for told in erasure.told(held.context, plan.plan_id)],
        "keys": vault.count_keys(held.context, [plan.people]),
        "book": [len(line.tokens) for line in book.read() if line.plan_id == plan.plan_id],
    }


def listed(held: Rooms) -> int:
    """Somebody of whom little more than a list's row is there."""
    return held.person(f"Väinö Kari{new_id()}", phone=f"+3584{new_id() % 10**8:08d}", email=f"v{new_id()}@example.com")


@pytest.mark.parametrize(("one", "many", "least"), [(history, 1, 40), (listed, 3, 20)])
def test_killed_after_each_write_it_ends_as_if_it_had_not_been(
    held: Rooms, monkeypatch: pytest.MonkeyPatch, one: Callable[[Rooms], int], many: int, least: int
) -> None:
    uninterrupted = end_of(held, held.erase(one(held)))
    people = [one(held) for _person in range(many)]
    drawn = erasure.draw_all(held.context, customer_ids=people, cause=Cause.REQUEST, now=clock.now())
    plan_ids = erasure.approve_all(held.context, plan_ids=list(drawn.values()), now=clock.now())
    writes, kills, before = 1, 0, 0
    while True:
        try:
            with killed_after(writes, monkeypatch):
                erasure.carry_out_all(held.context, plan_ids=plan_ids, now=clock.now())
            break
        except KilledError:
            kills += 1
            connection.close()
            after = done_steps(held, *plan_ids)
            writes = 1 if after > before else writes + 1
            before = after
    assert kills > least
    for plan_id in plan_ids:
        assert end_of(held, erasure.plan(held.context, plan_id)) == uninterrupted


def test_a_book_cut_off_in_the_middle_of_a_line_goes_on(held: Rooms) -> None:
    path = book.folder() / book.NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("ab") as stream:
        stream.write(b'{"controller_id":1,"plan_id":7,"peop')
    done = held.erase(held.person("Kaisa Lampi", phone="+358401110010"))
    assert [line.plan_id for line in book.read() if line.plan_id in {7, done.plan_id}] == [done.plan_id]


def test_joined_before_the_approval_it_is_drawn_anew(held: Rooms) -> None:
    one, other = held.person("Eino Salo", phone="+358401110011"), held.person("Eino Salo", phone="+358401110012")
    plan = erasure.draw(held.context, customer_id=one, cause=Cause.REQUEST, now=clock.now())
    register.merge(held.house.context(), into=one, customer_id=other, reason="same person", now=clock.now())
    with pytest.raises(ConflictError):
        erasure.approve(held.context, plan_id=plan.plan_id, now=clock.now())
    anew = erasure.plan(held.context, plan.plan_id)
    assert (anew.state, set(anew.people)) == (PlanState.DRAWN, {one, other})
    assert held.erase(one).state is PlanState.DONE
    assert vault.living_classes(held.context, [one, other]) == []


def test_joined_after_the_approval_nothing_is_destroyed_that_nobody_approved(held: Rooms) -> None:
    one, other = held.person("Eero Salo", phone="+358401110013"), held.person("Eero Salo", phone="+358401110014")
    plan = erasure.draw(held.context, customer_id=one, cause=Cause.REQUEST, now=clock.now())
    beside = erasure.draw(held.context, customer_id=other, cause=Cause.WITHDRAWAL, now=clock.now())
    erasure.approve(held.context, plan_id=plan.plan_id, now=clock.now())
    register.merge(held.house.context(), into=other, customer_id=one, reason="same person", now=clock.now())
    anew = erasure.carry_out(held.context, plan_id=plan.plan_id, now=clock.now())
    assert (anew.state, set(anew.people), anew.approved_at) == (PlanState.DRAWN, {one, other}, None)
    assert erasure.plan(held.context, beside.plan_id).state is PlanState.DISMISSED
    assert register.card(held.context, one, now=clock.now())
    assert held.erase(other).plan_id == plan.plan_id


def test_nobody_is_joined_with_who_is_being_erased(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    one = held.person("Urho Salo", phone="+358401110015", email="urho@example.com")
    other = held.person("Urho Salo", phone="+358401110015")
    plan = erasure.draw(held.context, customer_id=one, cause=Cause.REQUEST, now=clock.now())
    erasure.approve(held.context, plan_id=plan.plan_id, now=clock.now())
    with killed_after(30, monkeypatch), pytest.raises(KilledError):
        erasure.carry_out(held.context, plan_id=plan.plan_id, now=clock.now())
    connection.close()
    assert done_steps(held, plan.plan_id) >= 2  # the ledger is written
    with pytest.raises(RefusedError):
        register.merge(held.house.context(), into=other, customer_id=one, reason="same person", now=clock.now())
    assert erasure.carry_out(held.context, plan_id=plan.plan_id, now=clock.now()).state is PlanState.DONE
    assert register.card(held.context, other, now=clock.now())


def test_a_legal_hold_stops_it_and_released_it_goes_on(held: Rooms) -> None:
    customer_id = history(held)
    conversation_id = conversation(held.house.context(), customer_id=customer_id)
    hold_id = recordings.hold(
        held.house.context(),
        conversation_id=conversation_id,
        ground=Ground.CLAIM,
        file_number="17/2026",
        now=clock.now(),
    )
    stopped = held.erase(customer_id)
    assert stopped.state is PlanState.HELD
    assert "17/2026" in stopped.held[0]
    assert register.card(held.context, customer_id, now=clock.now())
    recordings.release(held.house.context(), hold_id=hold_id, now=clock.now())
    assert erasure.carry_out(held.context, plan_id=stopped.plan_id, now=clock.now()).state is PlanState.DONE


def test_a_history_of_ten_years(held: Rooms) -> None:
    customer_id = history(held, years=10)
    done = held.erase(customer_id)
    assert done.state is PlanState.DONE
    assert held.ask("SELECT count(*) FROM conversations_conversation WHERE customer_id = %s", customer_id) == [(0,)]


def test_two_at_the_same_moment_open_one_plan(held: Rooms) -> None:
    customer_id = held.person("Ilmari Vuori", phone="+358401110016")
    both = threading.Barrier(2)

    def ask(cause: Cause) -> int:
        context = held.context
        both.wait()
        try:
            return erasure.draw(context, customer_id=customer_id, cause=cause, now=clock.now()).plan_id
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(ask, (Cause.REQUEST, Cause.WITHDRAWAL))
    assert first == second


def test_the_sweep_takes_up_what_a_killed_worker_left(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    customer_id = held.person("Oskari Vuori", phone="+358401110017")
    plan = erasure.draw(held.context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    erasure.approve(held.context, plan_id=plan.plan_id, now=clock.now())
    with killed_after(12, monkeypatch), pytest.raises(KilledError):
        sweeping.run(held.house.controller_id, [plan.plan_id], now=clock.now())
    connection.close()
    ProcrastinateJob.objects.filter(args__plan_ids__contains=[plan.plan_id]).delete()  # the order died with the worker
    sweeping.sweep(now=clock.now())
    (job,) = ProcrastinateJob.objects.filter(task_name="erasure.run", args__plan_ids__contains=[plan.plan_id])
    assert sweeping.run(**job.args, now=clock.now()) == {PlanState.DONE: 1}
