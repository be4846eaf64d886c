"""What is over goes, and nothing else: counted before, limited, stopped, killed and gone on with."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from tests.companies import Company
from tests.integration.retention.growing_old import carried_out, due, keep, later, ran, started

from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy
from trustdesk.retention import api as retention
from trustdesk.retention.contracts import RunState
from trustdesk.retention.services import measuring, nightly, running


def noted(company: Company, *texts: str, at: datetime | None = None) -> int:
    """A customer with these notes."""
    customer = company.person(name="Virtanen Anna")
    for text in texts:
        register.add_note(company.context(), customer_id=customer, text=text, now=at or clock.now())
    return customer


def notes(company: Company, customer: int) -> int:
    with_notes = register.card(company.context(), customer, now=clock.now())
    return len(with_notes.notes)


def moved(company: Company, customer: int) -> None:
    """Another phone: the old one is history."""
    shown = register.card(company.context(), customer, now=clock.now()).values
    old = next(value for value in shown if value.attribute == "phone")
    register.correct_value(
        company.context(),
        customer_id=customer,
        value_id=old.value_id,
        text="+358 40 7654321",
        source_id=company.direct,
        by=ConfirmedBy.CUSTOMER,
        now=clock.now(),
    )


def test_what_the_preview_counts_goes_and_nothing_else(alone: Company) -> None:
    customer = noted(alone, "asked about keltainen", "called back")
    context, now = alone.context(), later()
    assert due(context, now) == {}, "without a rule nothing is over"
    keep(context, "register.note")
    assert due(context, clock.now()) == {"register.note": 0}
    assert due(context, now) == {"register.note": 2}
    assert register.search(context, "keltainen").rows
    run = ran(context, now)
    assert (run.state, run.planned, run.dropped, run.by_kind) == (RunState.DONE, 2, 2, (("register.note", 2),))
    assert notes(alone, customer) == 0
    assert not register.search(context, "keltainen").rows, "its words are not found any more"
    assert register.search(context, "virtanen").rows
    assert due(context, now) == {"register.note": 0}


def test_former_values_go_and_current_ones_stay(alone: Company) -> None:
    context = alone.context()
    customer = alone.person(name="Virtanen Anna", phone="+358 40 1234567")
    moved(alone, customer)
    before = alone.texts(customer)
    keep(context, "register.former")
    assert ran(context, later()).dropped == 1
    assert alone.texts(customer) == before
    assert all(value.superseded_at is None for value in register.history(context, customer, now=clock.now()))


def test_a_changed_rule_counts_for_old_data_too(alone: Company) -> None:
    customer = noted(alone, "long ago")
    context, now = alone.context(), later(100)
    keep(context, "register.note", months=24)
    assert ran(context, now).dropped == 0
    keep(context, "register.note", months=2)
    assert ran(context, now).dropped == 1
    assert notes(alone, customer) == 0


def test_a_run_keeps_its_limit_and_the_rest_is_due_still(alone: Company) -> None:
    customer = noted(alone, *(f"note {number}" for number in range(5)))
    context, now = alone.context(), later()
    keep(context, "register.note")
    run = ran(context, now, most=3)
    assert (run.state, run.planned, run.dropped) == (RunState.FULL, 3, 3)
    assert notes(alone, customer) == 2
    assert due(context, now) == {"register.note": 2}
    assert ran(context, now, most=2).state is RunState.DONE


@pytest.mark.parametrize("most", [0, 1_000_001])
def test_a_limit_that_is_none_is_refused(alone: Company, most: int) -> None:
    with pytest.raises(BadInputError, match="million"):
        started(alone.context(), later(), most=most)


def test_what_was_not_previewed_is_not_started(alone: Company) -> None:
    context, now = alone.context(), later()
    keep(context, "register.note")
    seen = retention.preview(context, now=now).digest
    keep(context, "register.note", months=2)
    with pytest.raises(ConflictError, match="rules have changed"):
        retention.start(context, digest=seen, most=10, now=now)


def test_rules_that_change_under_a_run_end_it(alone: Company) -> None:
    customer = noted(alone, "long ago")
    context, now = alone.context(), later()
    rule = keep(context, "register.note")
    run = started(context, now)
    retention.end_rule(context, rule_id=rule, now=now)
    assert carried_out(context, run.run_id, now).state is RunState.STOPPED
    assert notes(alone, customer) == 1


def test_one_run_at_a_time_and_a_stopped_one_does_nothing_more(alone: Company) -> None:
    customer = noted(alone, "long ago")
    context, now = alone.context(), later()
    keep(context, "register.note")
    run = started(context, now)
    with pytest.raises(ConflictError, match="on its way"):
        started(context, now)
    assert retention.stop(context, run_id=run.run_id, now=now).state is RunState.STOPPED
    assert carried_out(context, run.run_id, now).dropped == 0
    assert notes(alone, customer) == 1
    with pytest.raises(ConflictError, match="has ended"):
        retention.stop(context, run_id=run.run_id, now=now)
    assert ran(context, now).dropped == 1


def test_the_neighbor_stops_no_run(alone: Company, south: Company) -> None:
    run = started(alone.context(), later())
    with pytest.raises(NotFoundError):
        retention.stop(south.context(), run_id=run.run_id, now=clock.now())
    assert [one.run_id for one in retention.runs(south.context())] == []


def test_killed_between_dropping_and_passing_on_nothing_is_half_done(
    alone: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(measuring, "_LOOKED_AT", 2)
    customer = noted(alone, *(f"note {number}" for number in range(7)))
    context, now = alone.context(), later()
    keep(context, "register.note")
    run = started(context, now)
    turn, passed = 0, running._pass

    def killed(*given: object) -> None:
        nonlocal turn
        turn += 1
        passed(*given)  # type: ignore[arg-type]
        if turn % 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(running, "_pass", killed)
    while True:
        held = notes(alone, customer)
        try:
            if not running.go_on(context, run_id=run.run_id, now=now):
                break
        except KeyboardInterrupt:
            assert notes(alone, customer) == held, "what was dropped before the kill is there again"
    ended = carried_out(context, run.run_id, now)
    assert (ended.state, ended.dropped) == (RunState.DONE, 7)
    assert sum(tally.count for tally in retention.tallies(context)) == 7


def test_numbers_by_month_stay(alone: Company) -> None:
    march, may = (datetime(2026, month, 10, tzinfo=clock.now().tzinfo) for month in (3, 5))
    noted(alone, "one", "two", at=march)
    noted(alone, "three", at=may)
    context = alone.context()
    keep(context, "register.note")
    ran(context, later())
    assert [(tally.month, tally.kind, tally.count) for tally in retention.tallies(context)] == [
        (may.date().replace(day=1), "register.note", 1),
        (march.date().replace(day=1), "register.note", 2),
    ]


def test_at_night_rules_that_a_person_let_run_run_again(alone: Company) -> None:
    first = noted(alone, "long ago")
    context, now = alone.context(), later()
    keep(context, "register.note")
    nightly.start_all(now=now)
    assert not retention.runs(context), "nobody has seen yet what these rules do"
    ran(replace(context, operator_id=7), now)
    assert notes(alone, first) == 0
    second = noted(alone, "since then")
    tonight = now + timedelta(days=1)
    nightly.start_all(now=tonight)
    (newest, *_older) = retention.runs(context)
    assert (newest.started_by, newest.state) == (0, RunState.RUNNING)
    nightly.carry_out(alone.controller_id, newest.run_id)
    assert notes(alone, second) == 0
    keep(context, "register.note", months=2)
    nightly.start_all(now=tonight + timedelta(days=1))
    assert retention.runs(context)[0].run_id == newest.run_id, "changed rules wait for a person"
