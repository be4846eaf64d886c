"""After a normaliser changed: everybody is found all the while, every chunk is whole, and a kill loses nothing."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction
from procrastinate import PsycopgConnector
from procrastinate.contrib.django import app
from tests.companies import NOW, Company
from tests.forgetting import forget
from tests.integration.register import second_edition

from trustdesk.audit import api as audit
from trustdesk.audit.contracts import EntryView
from trustdesk.cli.renew_tokens import renew
from trustdesk.health.checks.register import check_tokens
from trustdesk.health.contracts import State
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.register import tasks
from trustdesk.register.api import (
    add_note,
    add_value,
    card,
    declare_attribute,
    known,
    lock,
    merge,
    order_token_renewal,
    renew_tokens,
    search,
    tokens_to_renew,
)
from trustdesk.register.contracts import Attribute, CustomerKind, NewCustomer, NewValue, RestrictionGround, ValueKind
from trustdesk.register.selectors import editions
from trustdesk.vault.api import Tokeniser
from trustdesk.vault.services import terms


@pytest.fixture
def new_edition(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Call it, and the program is the next version."""

    def begin() -> None:
        for kind, finder in second_edition.finders().items():
            monkeypatch.setitem(terms.FINDERS[kind], 2, finder)
        monkeypatch.setitem(terms.EDITIONS, 2, second_edition.edition())

    editions._kept.clear()
    yield begin
    editions._kept.clear()


def found(company: Company, query: str) -> set[int]:
    return {hit.customer_id for hit in search(company.context(), query, limit=1000).rows}


def tokens(company: Company) -> set[tuple[int, int]]:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT customer_id, token FROM register_token")
        return set(cursor.fetchall())


def standing(company: Company) -> Counter[int]:
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute("SELECT token_edition, count(*) FROM register_customer GROUP BY 1")
        return Counter(dict(cursor.fetchall()))


def entries(company: Company, what: str) -> list[EntryView]:
    return [entry for entry in audit.entries(company.context(), limit=200) if entry.what == what]


def finish(company: Company, chunk: int = 100) -> int:
    calls = 1
    while renew_tokens(company.context(), chunk=chunk).left:
        calls += 1
    return calls


def test_nothing_is_old_and_nothing_is_opened_where_no_normaliser_changed(alone: Company) -> None:
    alone.person(name="Hanna Meyer")
    before = tokens(alone)
    assert tokens_to_renew(alone.context()) == 0
    assert renew_tokens(alone.context(), chunk=10).done == 0
    assert order_token_renewal(alone.context()) == 0
    assert tokens(alone) == before
    assert entries(alone, "register.reindex") == entries(alone, "register.tokens.renewed") == []


def test_old_and_new_are_found_until_the_old_are_made_anew(alone: Company, new_edition: Callable[[], None]) -> None:
    old = alone.person(name="Hanna Meyer", phone="040 1234567", email="hanna@example.com")
    new_edition()
    young = alone.person(name="Jutta Meyer", phone="040 7654321")
    assert standing(alone) == {1: 1, 2: 1}
    assert found(alone, "Meyer") == {old, young}
    assert found(alone, "Meier") == {young}
    for query in ("+358 40 1234567", "hanna@example.com", "hanna meyer 040 1234567"):
        assert found(alone, query) == {old}
    assert renew_tokens(alone.context(), chunk=10).done == 1
    assert found(alone, "Meier") == found(alone, "Meyer") == {old, young}
    assert found(alone, "hanna meier +358401234567") == {old}
    assert standing(alone) == {2: 2}


def test_the_old_tokens_are_gone_and_the_new_are_what_they_would_be(
    alone: Company,
    new_edition: Callable[[], None],
) -> None:
    customer = alone.person(name="Hanna Meyer", phone="040 1234567", town="Lyon")
    add_note(alone.context(), customer_id=customer, text="Prefers mornings", now=NOW)
    before = tokens(alone)
    new_edition()
    finish(alone)
    after = tokens(alone)
    tokeniser = Tokeniser(alone.context())
    assert tokeniser.edition == 2
    wanted = {
        token
        for kind, text in (("name", "Hanna Meyer"), ("phone", "+358401234567"), ("name", "Lyon"))
        for token in tokeniser.index_tokens(kind, text, country="FI")  # type: ignore[arg-type]
    } | set(tokeniser.index_tokens("text", "Prefers mornings", country="FI"))
    assert after == {(customer, token) for token in wanted}
    assert len(before - after) > 5  # names and phone
    assert before & after  # the note's words: their normaliser is the same


def test_a_chunk_is_one_opening_and_one_deed(alone: Company, new_edition: Callable[[], None]) -> None:
    people = [alone.person(name=f"Hanna Meyer{letter}", phone=f"040 123456{n}") for n, letter in enumerate("abcdefg")]
    new_edition()
    assert finish(alone, chunk=3) == 3
    opened = entries(alone, "register.reindex")
    assert [entry.subject_count for entry in opened] == [1, 3, 3]
    assert {subject for entry in opened for subject in entry.subjects} == set(people)
    assert {tuple(entry.fields) for entry in opened} == {("name", "phone")}
    assert len(entries(alone, "register.tokens.renewed")) == 3


def test_what_is_changed_meanwhile_stands_under_the_newest(alone: Company, new_edition: Callable[[], None]) -> None:
    noted, changed = alone.person(name="Hanna Meyer"), alone.person(name="Jutta Meyer")
    new_edition()
    add_note(alone.context(), customer_id=noted, text="Prefers mornings", now=NOW)
    add_value(
        alone.context(),
        customer_id=changed,
        value=NewValue("phone", "040 7654321"),
        source_id=alone.direct,
        now=NOW,
    )
    assert standing(alone) == {2: 2}
    assert found(alone, "Meier") == {noted, changed}
    assert found(alone, "mornings") == {noted}
    assert renew_tokens(alone.context(), chunk=10).done == 0


def test_customers_keep_the_spelling_of_their_own_country(alone: Company, new_edition: Callable[[], None]) -> None:
    """Müller is found by Mueller where German is written, and not in Finland."""
    german = NewCustomer(kind=CustomerKind.PERSON, values=[NewValue("name", "Jörg Müller")], country="DE")
    from trustdesk.register.api import add_many  # noqa: PLC0415 - used once

    added = add_many(alone.context(), [german], source_id=alone.imported, now=NOW).outcomes[0].customer_id
    finnish = alone.person(name="Yrjö Müller")
    new_edition()
    finish(alone)
    assert found(alone, "Mueller") == {added}
    assert found(alone, "Muller") == {added, finnish}


def test_who_is_merged_or_restricted_is_found_as_before(alone: Company, new_edition: Callable[[], None]) -> None:
    shown, merged = alone.person(name="Hanna Meyer"), alone.person(name="Johanna Meyer", phone="040 1234567")
    merge(alone.context(), into=shown, customer_id=merged, reason="same", now=NOW)
    restricted = alone.person(name="Jutta Meyer")
    ground = RestrictionGround.ACCURACY_CONTESTED
    lock(alone.context(), customer_id=restricted, ground=ground, now=NOW)
    new_edition()
    assert found(alone, "Meyer") == {shown, restricted}
    finish(alone)
    assert found(alone, "Meier") == {shown, restricted}
    assert found(alone, "johanna meier") == {shown}
    agent = alone.context("customer:search")
    assert [hit.name for hit in search(agent, "Jutta Meier").rows] == [""]  # found, and still not shown


def test_who_is_kept_by_law_is_found_no_more_than_before(alone: Company, new_edition: Callable[[], None]) -> None:
    kept_by_law = Attribute(
        code="invoice_name",
        label="Name on invoices",
        kind=ValueKind.NAME,
        category="pd:Name",
        purposes=("dpv:LegalCompliance",),
        legal_basis="eu-gdpr:A6-1-c",
        retention_class="statutory:fi-accounting",
        retention_period="P6Y",
    )
    declare_attribute(alone.context(), attribute=kept_by_law, now=NOW)
    customer = alone.person(name="Hanna Meyer", invoice_name="Hanna Meyer")
    forget("register", alone.context(), customer)
    assert tokens(alone) == set()
    new_edition()
    before = len(entries(alone, "register.reindex"))
    finish(alone)
    assert standing(alone) == {2: 1}
    assert tokens(alone) == set()
    assert found(alone, "Meyer") == set()
    assert len(entries(alone, "register.reindex")) == before


def test_who_is_known_already_is_known_under_both(alone: Company, new_edition: Callable[[], None]) -> None:
    old = alone.person(name="Hanna Meyer", phone="040 1234567", customer_number="A-1")
    new_edition()
    young = alone.person(name="Jutta Meyer", phone="040 7654321")
    rows = [
        NewCustomer(kind=CustomerKind.PERSON, values=[NewValue(code, text) for code, text in given])
        for given in (
            [("name", "Meyer Hanna"), ("phone", "+358401234567")],
            [("name", "Meier Jutta"), ("phone", "+358407654321")],
            [("name", "Somebody Else"), ("customer_number", "A1")],
            [("name", "Meier Hanna"), ("phone", "+358401234567")],
        )
    ]
    assert known(alone.context(), rows) == [old, young, old, None]
    finish(alone)
    assert known(alone.context(), rows) == [old, young, old, old]


def test_a_neighbor_s_tokens_stay(alone: Company, north: Company, new_edition: Callable[[], None]) -> None:
    alone.person(name="Hanna Meyer")
    north.person(name="Hanna Meyer")
    before = tokens(north)
    new_edition()
    finish(alone)
    assert tokens(north) == before
    assert standing(north).keys() == {1}


def test_a_chunk_holds_at_least_one_customer(alone: Company) -> None:
    with pytest.raises(ValueError, match="at least one"):
        renew_tokens(alone.context(), chunk=0)


def test_who_is_being_changed_is_passed_over_and_taken_later(alone: Company, new_edition: Callable[[], None]) -> None:
    busy, idle = alone.person(name="Hanna Meyer"), alone.person(name="Jutta Meyer")
    new_edition()
    held, go_on = threading.Event(), threading.Event()

    def change() -> None:
        with scoped(alone.context().scope), connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM register_customer WHERE id = %s FOR UPDATE", [busy])
            held.set()
            go_on.wait(20)
        connections.close_all()

    other = threading.Thread(target=change)
    other.start()
    assert held.wait(20)
    renewal = renew_tokens(alone.context(), chunk=10)
    assert (renewal.done, renewal.left) == (1, 1)
    assert found(alone, "Meier") == {idle}
    assert found(alone, "Meyer") == {busy, idle}
    go_on.set()
    other.join(20)
    assert finish(alone) == 1
    assert found(alone, "Meier") == {busy, idle}


def test_a_chunk_that_fails_is_as_if_it_had_not_begun(alone: Company, new_edition: Callable[[], None]) -> None:
    customer = alone.person(name="Hanna Meyer")
    before = tokens(alone)
    new_edition()

    context = alone.context()

    def job() -> None:
        with scoped(context.scope):
            renew_tokens(context, chunk=10)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        job()
    assert (tokens(alone), standing(alone)) == (before, {1: 1})
    assert found(alone, "Meyer") == {customer}
    assert len(entries(alone, "register.reindex")) == 1  # what was opened was opened


def test_kill_9_and_the_command_goes_on(
    alone: Company,
    new_edition: Callable[[], None],
    capsys: pytest.CaptureFixture[str],
) -> None:
    people = {alone.person(name=f"Hanna Meyer{n:02d}") for n in range(45)}
    command = [sys.executable, "-m", "tests.integration.register.second_edition", str(alone.controller_id)]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.test"}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) as child:
        assert child.stdout is not None
        said = [child.stdout.readline() for _line in range(3)]
        assert said[-1] == "in the middle\n", said
        child.send_signal(signal.SIGKILL)
        child.wait()
    new_edition()
    assert standing(alone) == {1: 25, 2: 20}
    assert found(alone, "Hanna") == people
    renew(alone.controller_id, "Company", chunk=10)
    assert capsys.readouterr().out.splitlines() == [
        "Company: 10 customers, 15 to go",
        "Company: 20 customers, 5 to go",
        "Company: the search tokens of 25 customers were made anew, none is of an older version",
    ]
    assert standing(alone) == {2: 45}
    assert found(alone, "Hanna Meier07") == found(alone, "Hanna Meyer07")


def waiting(company: Company) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'register.renew_tokens' AND status = 'todo'"
            " AND (args ->> 'controller_id')::int = %s",
            [company.controller_id],
        )
        return int(cursor.fetchone()[0])


def work() -> None:
    """A worker, until it has nothing left to do."""
    from django.conf import settings  # noqa: PLC0415 - beside its use

    async def until_empty() -> None:
        with app.replace_connector(PsycopgConnector(conninfo=settings.TRUSTDESK_CONNINFO["app"])) as worker:
            async with worker.open_async():
                await worker.run_worker_async(
                    queues=[tasks.QUEUE],
                    wait=False,
                    install_signal_handlers=False,
                    listen_notify=False,
                )

    # In a thread of its own: a browser test before it leaves its loop running in this one.
    with ThreadPoolExecutor(1) as apart:
        apart.submit(lambda: asyncio.run(until_empty())).result()


def test_the_worker_does_it_a_chunk_a_job(
    alone: Company,
    new_edition: Callable[[], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(tasks, "CHUNK", 2)
    people = {alone.person(name=f"Hanna Meyer{letter}") for letter in "abcde"}
    new_edition()
    assert order_token_renewal(alone.context()) == 5
    assert order_token_renewal(alone.context()) == 5  # ordered twice, done once
    assert waiting(alone) == 1
    work()
    assert standing(alone) == {2: 5}
    assert found(alone, "Hanna") == people
    assert len(entries(alone, "register.tokens.renewed")) == 3
    assert waiting(alone) == 0


def test_an_order_inside_a_transaction_stands_or_falls_with_it(alone: Company, new_edition: Callable[[], None]) -> None:
    alone.person(name="Hanna Meyer")
    new_edition()

    context = alone.context()

    def change() -> None:
        with transaction.atomic():
            order_token_renewal(context)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert waiting(alone) == 0


def test_the_doctor_says_what_is_left(alone: Company, new_edition: Callable[[], None]) -> None:
    alone.person(name="Hanna Meyer")
    assert check_tokens(clock.now()).state is State.SOUND
    new_edition()
    finding = check_tokens(clock.now())
    assert finding.state is State.WARNING
    assert int(finding.values["count"]) >= 1
    assert "renew-tokens" in finding.mend
    card(alone.context(), next(iter(found(alone, "Meyer"))), now=NOW)
