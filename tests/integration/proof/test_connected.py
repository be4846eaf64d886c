"""Connected systems in an erasure: a second PostgreSQL in which the person stands too."""

from collections.abc import Iterator

import pytest
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.outside.databases import Databases
from tests.integration.outside.setups import connect, sql
from tests.integration.outside.test_databases import TABLE
from tests.proving import SOON, Proving, a_company, a_person
from tests.world import World

from trustdesk.erasure.contracts import PlanState, PlanView
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Kind
from trustdesk.proof import api as proof
from trustdesk.proof.documents import whole_of
from trustdesk.proof.people import known
from trustdesk.proof.services import rounds


@pytest.fixture
def connected(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Proving]:
    """A company of the test's own: what is connected to it is connected to nobody else."""
    with django_db_blocker.unblock(), override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        yield a_person(a_company("Connected"))


_AGAIN = "INSERT INTO customers (full_name, email) VALUES ('{0.name}', '{0.email}')"


def shop(shops: Databases, proving: Proving) -> str:
    return shops.database(f"shop{new_id()}", TABLE, _AGAIN.format(proving))


def state_of(plan: PlanView, step: str) -> tuple[str, str]:
    return next((one.state.value, one.detail) for one in plan.steps if one.name == step)


def test_a_connected_system_is_erased_in(shops: Databases, connected: Proving) -> None:
    database = shop(shops, connected)
    connect(connected.company, Kind.SQL, sql(database))
    assert connected.erase().state is PlanState.DONE
    assert shops.rows(database, "SELECT * FROM customers") == []
    said = whole_of(proof.certificate(connected.context, connected.plan_id).document)["certificate"]
    assert said["systems"] == [{"name": "Shop", "kind": "sql", "found": 1, "erased": 1, "doubtful": 0}]


def test_no_certificate_while_a_system_does_not_answer(shops: Databases, connected: Proving) -> None:
    """Down for a day: the plan waits and says so, and comes to its end when the system is back."""
    database = shop(shops, connected)
    connect(connected.company, Kind.SQL, sql(database))
    connected.draw()
    connected.approve()
    shops.run(database, "ALTER TABLE customers RENAME TO away")
    waits = connected.carry_out()
    assert waits.state is not PlanState.DONE
    assert state_of(waits, "outside.erase") == ("waiting", "systems-not-erased")
    with pytest.raises(NotFoundError):
        proof.certificate(connected.context, connected.plan_id)
    shops.run(database, "ALTER TABLE away RENAME TO customers")
    assert connected.carry_out(later=SOON).state is PlanState.DONE
    assert shops.rows(database, "SELECT * FROM customers") == []


def test_a_system_into_which_the_person_comes_back_is_seen(
    shops: Databases, connected: Proving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Erased there, and fed again before the scan ends: a last look sees it."""
    database = shop(shops, connected)
    connect(connected.company, Kind.SQL, sql(database))
    begin = rounds.begin

    def fed_again(*given: object) -> None:
        begin(*given)  # type: ignore[arg-type]
        shops.run(
            database, f"INSERT INTO customers (full_name, email) VALUES ('{connected.name}', '{connected.email}')"
        )

    monkeypatch.setattr(rounds, "begin", fed_again)
    waits = connected.erase()
    assert state_of(waits, "proof.scan") == ("waiting", "systems-not-clean")
    shops.run(database, "DELETE FROM customers")
    assert connected.carry_out(later=SOON).state is PlanState.DONE


def said_of(proving: Proving) -> list[dict[str, object]]:
    found: list[dict[str, object]] = whole_of(proof.certificate(proving.context, proving.plan_id).document)[
        "certificate"
    ]["systems"]
    return found


def test_a_system_that_is_connected_after_the_approval_is_asked_too(shops: Databases, connected: Proving) -> None:
    """Nothing was connected when the person was read: by what they are known elsewhere is sealed all the same."""
    connected.draw()
    connected.approve()
    database = shop(shops, connected)
    connect(connected.company, Kind.SQL, sql(database))
    assert connected.carry_out().state is PlanState.DONE
    assert shops.rows(database, "SELECT * FROM customers") == []
    assert said_of(connected) == [{"name": "Shop", "kind": "sql", "found": 1, "erased": 1, "doubtful": 0}]


def test_a_system_that_is_connected_during_the_scan_is_erased_in(
    shops: Databases, connected: Proving, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others were erased in already: the last look finds one that was never asked."""
    database = shop(shops, connected)
    connected.draw()
    connected.approve()
    with monkeypatch.context() as patched:
        patched.delattr(rounds, "read_on")
        assert connected.carry_out().state is PlanState.FAILED
    connect(connected.company, Kind.SQL, sql(database))
    assert connected.carry_out(later=SOON).state is PlanState.DONE
    assert shops.rows(database, "SELECT * FROM customers") == []
    assert said_of(connected) == [{"name": "Shop", "kind": "sql", "found": 1, "erased": 1, "doubtful": 0}]


def test_who_is_read_for_later_systems_is_known_as_for_those_that_are_connected(
    shops: Databases, connected: Proving
) -> None:
    """By every key that the register has, whatever the setups name today: none is missing and none is another's."""
    connect(connected.company, Kind.SQL, sql(shop(shops, connected)))
    now = clock.now()
    [who] = known(connected.context, [[connected.customer_id]], now=now)
    asked = outside.person_of(connected.context, customer_id=connected.customer_id)
    assert who.elsewhere.only(frozenset(asked.known)) == asked.only(frozenset(asked.known))
    assert who.elsewhere.known["customer_number"] == [connected.number]
    assert who.elsewhere.known["customer"] == [to_public(connected.customer_id)]
