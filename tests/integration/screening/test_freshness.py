"""Never stale: whoever withdraws, objects or is suppressed while a list is screened is obeyed, on every engine."""

import threading
from collections.abc import Callable, Iterator

import pyarrow as pa
import pytest
from django.db import close_old_connections, connection
from tests.integration.screening.conftest import Company

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, NewPurpose, Scope
from trustdesk.decision.contracts import PurposeKind
from trustdesk.isolation.api import raw_pool, scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.errors import ConflictError
from trustdesk.register import api as register
from trustdesk.register.contracts import NewValue, RestrictionGround
from trustdesk.screening.contracts import Engine, RunState
from trustdesk.screening.engines import columnar, postgresql, touched
from trustdesk.screening.services import changes, drive, lists, runs

pytestmark = pytest.mark.slow  # engines are started

PHONES = tuple(f"+3630200{number:04d}" for number in range(12))
BOTH = (Engine.POSTGRESQL, Engine.DUCKDB)


def after(monkeypatch: pytest.MonkeyPatch, engine: Engine, act: Callable[[], None]) -> None:
    """Act after every row was decided and before the run is finished, as another process would."""
    done: list[bool] = []

    def once() -> None:
        if not done:
            done.append(True)
            thread = threading.Thread(target=apart, args=(act,))
            thread.start()
            thread.join()

    if engine is Engine.POSTGRESQL:
        finish = drive._Drive._finish

        def finish_later(self: drive._Drive, *given: object) -> None:
            once()
            finish(self, *given)  # type: ignore[arg-type]

        monkeypatch.setattr(drive._Drive, "_finish", finish_later)
        return
    decide = columnar.decide

    def decided(*given: object) -> Iterator[pa.RecordBatch]:
        yield from decide(*given)  # type: ignore[arg-type]
        once()

    monkeypatch.setattr(columnar, "decide", decided)


def apart(act: Callable[[], None]) -> None:
    act()
    close_old_connections()
    connection.close()


def void(_answer: object) -> None:
    """A deed whose answer nobody wants."""


def agreed(company: Company) -> list[int]:
    customers = company.add(*PHONES)
    for customer_id in customers:
        company.consent(customer_id)
    return customers


@pytest.mark.parametrize("engine", BOTH)
def test_a_consent_withdrawn_while_the_list_is_screened(
    company: Company,
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
) -> None:
    customers = agreed(company)
    after(monkeypatch, engine, lambda: company.withdraw(customers[3]))
    done = company.screen(company.phones(*PHONES), engine=engine)
    outcomes = company.outcomes(done)
    assert outcomes[3] == "deny"
    assert outcomes.count("permit") == len(PHONES) - 1


@pytest.mark.parametrize("engine", BOTH)
def test_a_number_suppressed_while_the_list_is_screened(
    company: Company,
    monkeypatch: pytest.MonkeyPatch,
    engine: Engine,
) -> None:
    agreed(company)
    # Its act is newer than the consent.
    after(monkeypatch, engine, lambda: company.suppress("06 30 200 0005"))
    done = company.screen(company.phones(*PHONES), engine=engine)
    assert company.outcomes(done)[5] == "deny"
    assert company.outcomes(done).count("permit") == len(PHONES) - 1


def test_whatever_else_touches_a_person_is_seen(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    """An objection, a restriction, a merge, another number, and a consent given meanwhile."""
    customers = agreed(company)
    (silent,) = company.add("+36302009999")
    context = company.context

    def act() -> None:
        now = clock.now()
        clearance.record_objection(
            context(),
            customer_id=customers[0],
            scope=Scope(),
            at=now,
            method=Method.WEB_FORM,
            now=now,
        )
        register.lock(context(), customer_id=customers[1], ground=RestrictionGround.ACCURACY_CONTESTED, now=now)
        register.merge(context(), into=customers[4], customer_id=customers[2], reason="the same", now=now)
        company.withdraw(customers[2])
        value = NewValue("phone", "+36302008888")
        register.add_value(context(), customer_id=customers[5], value=value, source_id=company.source_id, now=now)
        company.consent(silent, at=now)

    after(monkeypatch, Engine.POSTGRESQL, act)
    done = company.screen(company.phones(*PHONES, "+36302009999", "+36302008888"))
    fresh = company.screen(company.phones(*PHONES, "+36302009999", "+36302008888", name="again.csv"))
    assert company.outcomes(done) == company.outcomes(fresh)
    outcomes = company.outcomes(done)
    assert outcomes[0] == "deny"
    assert outcomes[2] == "deny"
    assert outcomes[4] == "deny", "who was merged into them withdrew"
    assert outcomes[-2:] == ["permit", "permit"]


def test_of_a_list_only_those_touched_are_decided_anew(company: Company) -> None:
    """By their number, by the token it had under an older normaliser, by the customer that a cell names."""
    customers = agreed(company)
    done = company.screen(company.phones(*PHONES))
    ((list_id,),) = company.ask("SELECT list_id FROM screening_run")

    def touched_by(act: Callable[[], None]) -> list[str]:
        context = company.context()
        changes.watch(context, done.run_id, now=clock.now())
        act()
        run, asked = runs.find(context, done.run_id), lists.find(context, list_id)
        question = runs.question(context, run, clock.now())
        with scoped(context.scope):
            assert touched.decide(context, run.id, question, asked) == 1
        changes.unwatch(context, done.run_id)
        masks = company.ask("SELECT mask FROM screening_result ORDER BY row_number")
        return [question.program.outcome(mask).value for (mask,) in masks]

    assert touched_by(lambda: company.withdraw(customers[3]))[3] == "deny"

    def suppressed_under_an_older_token() -> None:
        company.suppress("06 30 200 7777")
        company.ask(
            "UPDATE screening_row SET older = ARRAY[(SELECT token FROM clearance_suppression ORDER BY id DESC LIMIT 1)]"
            " WHERE row_number = (SELECT min(row_number) + 5 FROM screening_row)",
        )
        company.ask("UPDATE screening_list SET older = 1")

    assert touched_by(suppressed_under_an_older_token)[5] == "deny"
    company.ask(
        "UPDATE screening_row SET kind = 'customer', token = NULL, customer_id = %s"
        " WHERE row_number = (SELECT min(row_number) + 8 FROM screening_row)",
        str(customers[8]),
    )
    company.ask("UPDATE screening_list SET customers = true")
    outcomes = touched_by(lambda: company.withdraw(customers[8]))
    assert [place for place, outcome in enumerate(outcomes) if outcome == "deny"] == [3, 5, 8]


def test_an_erased_customer_is_a_stranger_again(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    customers = agreed(company)
    erase = registries.privacy.get("register").erase
    assert erase is not None
    after(monkeypatch, Engine.POSTGRESQL, lambda: void(erase(company.context(), [(customers[7],)])))
    done = company.screen(company.phones(*PHONES))
    assert company.outcomes(done)[7] != "permit"


def test_nothing_is_noted_where_nobody_is_screened(company: Company) -> None:
    (customer,) = company.add(PHONES[0])
    company.consent(customer)
    assert company.ask("SELECT count(*) FROM screening_change") == [(0,)]


def test_notes_go_with_the_last_watch(company: Company) -> None:
    agreed(company)
    done = company.screen(company.phones(*PHONES))
    assert done.state is RunState.FINISHED
    assert company.ask("SELECT count(*) FROM screening_change") == [(0,)]
    assert company.ask("SELECT count(*) FROM screening_watch") == [(0,)]


def test_a_watch_waits_for_whoever_may_not_have_seen_it(company: Company) -> None:
    """A transaction that began before and still runs could commit something that nobody noted."""
    (customer,) = company.add(PHONES[0])
    path = company.phones(PHONES[0])
    company.screen(path)
    (run,) = company.ask("SELECT id FROM screening_run")
    context = company.context()
    with raw_pool().connection() as other:
        other.execute("BEGIN")
        other.execute("SELECT set_config('trustdesk.scope', %s, true)", [context.scope])
        other.execute("SELECT pg_current_xact_id()")
        with pytest.raises(ConflictError):
            changes.watch(context, run[0], now=clock.now(), patience=0.2)
        other.execute("ROLLBACK")
    changes.watch(context, run[0], now=clock.now(), patience=5)
    changes.unwatch(context, run[0])
    assert customer


def test_another_policy_in_force_begins_anew(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    agreed(company)
    news = NewPurpose(
        code="news",
        label="News",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )

    def act() -> None:
        clearance.declare_purpose(company.context(), purpose=news, now=clock.now())

    after(monkeypatch, Engine.POSTGRESQL, act)
    decided: list[int] = []
    decide = postgresql.decide

    def counted(*given: object) -> int:
        decided.append(decide(*given))  # type: ignore[arg-type]
        return decided[-1]

    monkeypatch.setattr(postgresql, "decide", counted)
    done = company.screen(company.phones(*PHONES))
    assert done.state is RunState.FINISHED
    assert len(decided) == 2
    assert company.outcomes(done).count("permit") == len(PHONES)
