"""A database of another system: what is declared is found, handed out, put right and erased, and nothing else."""

from datetime import timedelta
from typing import Any

import pytest
from tests.companies import Company
from tests.integration.outside.databases import PASSWORD, Databases
from tests.integration.outside.setups import CUSTOMERS, NOW, PERSON, connect, known, sql

from trustdesk.kernel.ids import new_id
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Correction, Fault, Kind, Record, State, Verb
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.sql import SqlConnector
from trustdesk.outside.setups import SqlSetup

TABLE = """CREATE TABLE customers (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, full_name text, email text,
    phone varchar(40), number text, remark text NOT NULL DEFAULT '')"""
PEOPLE = """INSERT INTO customers (full_name, email, phone, number, remark) VALUES
    ('Kovács János', 'Janos.Kovacs@Example.HU', NULL, 'k-1001', 'likes tea'),
    ('KOVACS JANOS', NULL, '06 (30) 123-45-67', NULL, ''),
    ('Kovács János', 'other.janos@example.hu', '+36 20 555 5555', 'K-2002', 'a namesake'),
    ('Kovács Mária', 'janos.kovacs@example.hu', NULL, NULL, 'his wife, same mailbox'),
    ('Nagy Éva', 'janos.kovacs@example.hu', NULL, 'K-3003', 'another customer number'),
    ('Szabó Péter', 'jani@old.example.hu', NULL, NULL, 'has his old address now'),
    ('Tóth Ödön', 'toth@example.hu', '+36 30 123 4568', NULL, '')"""


def shop(shops: Databases, *more: str) -> str:
    return shops.database(f"shop{new_id()}", TABLE, PEOPLE, *more)


def connector(database: str, *tables: dict[str, Any]) -> SqlConnector:
    return SqlConnector(SqlSetup.model_validate(sql(database, *tables)), PASSWORD)


def test_only_the_persons_rows_go_and_what_may_be_anothers_is_doubtful(shops: Databases) -> None:
    database = shop(shops)
    with connector(database) as there:
        looked = there.find(PERSON, lambda _sample: None)
        done = there.erase(PERSON)
        after = there.find(PERSON, lambda _sample: None)
    assert [(one.found, one.doubtful, one.changed) for one in (*looked, *done, *after)] == [
        (2, 3, 0),
        (2, 3, 2),
        (0, 3, 0),
    ]
    left = [row[0] for row in shops.rows(database, "SELECT full_name FROM customers ORDER BY id")]
    assert left == ["Kovács János", "Kovács Mária", "Nagy Éva", "Szabó Péter", "Tóth Ödön"]


def test_rows_of_two_people_are_cleared_and_the_other_stays(shops: Databases) -> None:
    gifts = {
        "name": "gifts",
        "identified": {"giver": "email"},
        "personal": {"giver": "", "card": ""},
        "others": ["receiver"],
    }
    database = shops.database(
        f"gifts{new_id()}",
        "CREATE TABLE gifts (giver text NOT NULL, card text, receiver text, paid int)",
        """INSERT INTO gifts VALUES ('janos.kovacs@example.hu', 'For you', 'eva@example.hu', 10),
            ('janos.kovacs@example.hu', 'For me', 'Janos.Kovacs@example.hu', 20), ('eva@example.hu', 'x', NULL, 30)""",
    )
    with connector(database, gifts) as there:
        records: list[Record] = []
        there.export(PERSON, records.append)
        counts = there.erase(PERSON)
    assert [dict(record.fields) for record in records] == [
        {"giver": "janos.kovacs@example.hu", "card": "For you"},
        {"giver": "janos.kovacs@example.hu", "card": "For me"},
    ]
    assert counts[0].changed == 2
    rows = shops.rows(database, "SELECT giver, card, receiver, paid FROM gifts ORDER BY paid")
    assert rows == [("", None, "eva@example.hu", 10), ("eva@example.hu", "x", None, 30)]


def test_a_correction_reaches_only_what_was_wrong(shops: Databases) -> None:
    database = shop(shops)
    wrong = Correction(attribute="email", before="janos.kovacs@example.hu", after="janos@new.example.hu")
    with connector(database) as there:
        assert there.rectify(PERSON, [wrong])[0].changed == 1
        assert there.rectify(PERSON, [wrong])[0].changed == 0
    changed = shops.rows(database, "SELECT full_name FROM customers WHERE email = 'janos@new.example.hu'")
    assert changed == [("Kovács János",)]


def test_an_erasure_is_all_tables_or_none(shops: Databases) -> None:
    orders = {"name": "orders", "identified": {"email": "email"}}
    database = shop(
        shops,
        "CREATE TABLE orders (id int PRIMARY KEY, email text)",
        "CREATE TABLE lines (order_id int REFERENCES orders)",
        "INSERT INTO orders VALUES (1, 'janos.kovacs@example.hu')",
        "INSERT INTO lines VALUES (1)",
    )
    with connector(database, CUSTOMERS, orders) as there, pytest.raises(OutsideError) as refused:
        there.erase(PERSON)
    assert (refused.value.fault, refused.value.where) == (Fault.REFUSED, "orders")
    assert shops.rows(database, "SELECT count(*) FROM customers") == [(7,)]


@pytest.mark.parametrize(
    ("change", "fault", "where"),
    [
        ({"password": "wrong"}, Fault.SIGN_IN, ""),
        ({"database": "no-such-shop"}, Fault.SCHEMA, ""),
        ({"port": 1}, Fault.UNREACHABLE, ""),
        ({"host": "169.254.169.254"}, Fault.NOT_ALLOWED, ""),
        ({"host": "192.0.2.1"}, Fault.NOT_ALLOWED, ""),
        ({"user": "guest"}, Fault.FORBIDDEN, "customers"),
        ({"table": {**CUSTOMERS, "name": "clients"}}, Fault.SCHEMA, "clients"),
        ({"table": {**CUSTOMERS, "personal": {"nick": ""}}}, Fault.SCHEMA, "customers.nick"),
    ],
)
def test_what_is_wrong_is_told_apart(shops: Databases, change: dict[str, object], fault: Fault, where: str) -> None:
    setup = sql(shop(shops), change.pop("table", CUSTOMERS))  # type: ignore[arg-type]
    password = str(change.pop("password", PASSWORD))
    there = SqlConnector(SqlSetup.model_validate({**setup, **change}), password)
    with there, pytest.raises(OutsideError) as told:
        there.find(PERSON, lambda _sample: None)
    assert (told.value.fault, told.value.where) == (fault, where)
    assert "janos" not in f"{told.value} {told.value.message}".lower()


def test_encrypted_it_is_who_its_certificate_says(shops: Databases, monkeypatch: pytest.MonkeyPatch) -> None:
    setup = SqlSetup.model_validate(sql(shop(shops)) | {"tls": True})
    with SqlConnector(setup, PASSWORD) as stranger, pytest.raises(OutsideError) as told:
        stranger.check()
    assert told.value.fault is Fault.IDENTITY
    monkeypatch.setenv("SSL_CERT_FILE", str(shops.roots))
    with SqlConnector(setup, PASSWORD) as there:
        there.check()


def test_a_server_that_says_nothing_is_waited_for_so_long(
    shops: Databases, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.outside.kinds.postgresql.SECONDS", 1)
    setup = {**sql("shop"), "host": "127.0.0.1", "port": silent}
    with SqlConnector(SqlSetup.model_validate(setup), PASSWORD) as there, pytest.raises(OutsideError) as told:
        there.check()
    assert told.value.fault is Fault.TIMEOUT


def test_down_for_a_day_and_back(alone: Company, shops: Databases) -> None:
    """The clock is moved, nothing sleeps: later and later, stuck after a day, and done when it is back."""
    database = shop(shops)
    connector_id, person = connect(alone, Kind.SQL, sql(database)), known(alone)
    shops.run(database, "ALTER TABLE customers RENAME COLUMN email TO mail")
    context, now, states = alone.context(), NOW, []
    for _ in range(20):  # each wait is up to a fifth shorter or longer
        receipt = outside.erase(context, connector_id=connector_id, person=person, key="plan", now=now)
        assert not receipt.complete
        assert receipt.next_at is not None
        early = outside.erase(context, connector_id=connector_id, person=person, key="plan", now=now)
        assert early.attempt == receipt.attempt, "nothing is tried before its time"
        states.append(receipt.state)
        now = receipt.next_at
        if now - NOW > timedelta(days=1, hours=6):
            break
    assert (receipt.fault, receipt.where) == (Fault.SCHEMA, "customers.email")
    assert states[0] is State.AGAIN
    assert states[-1] is State.STUCK
    stands = outside.standing(context, now=now)
    assert (stands.connectors, stands.failing, stands.stuck_runs) == (1, 1, 1)
    shops.run(database, "ALTER TABLE customers RENAME COLUMN mail TO email")
    receipt = outside.erase(context, connector_id=connector_id, person=person, key="plan", now=now)
    assert (receipt.state, receipt.changed) == (State.DONE, 2)
    stands = outside.standing(context, now=now)
    assert (stands.failing, stands.stuck_runs, outside.connector(context, connector_id).fault) == (0, 0, None)


def test_killed_between_the_delete_and_the_receipt(
    alone: Company, shops: Databases, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = shop(shops)
    connector_id, person = connect(alone, Kind.SQL, sql(database)), known(alone)
    context = alone.context()

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("trustdesk.outside.services.running._recorded", killed)
        with pytest.raises(KeyboardInterrupt):
            outside.erase(context, connector_id=connector_id, person=person, key="plan", now=NOW)
    assert shops.rows(database, "SELECT count(*) FROM customers") == [(5,)]
    receipt = outside.erase(context, connector_id=connector_id, person=person, key="plan", now=NOW)
    assert (receipt.complete, receipt.found, receipt.changed) == (True, 0, 0)
    assert outside.verify(context, connector_id=connector_id, person=person, key="plan", now=NOW).complete
    again = outside.erase(context, connector_id=connector_id, person=person, key="plan", now=NOW)
    assert again == receipt


def test_an_answer_is_not_believed(alone: Company, shops: Databases) -> None:
    """A trigger that keeps what it says it deleted: the fresh look finds it."""
    database = shop(
        shops,
        """CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            INSERT INTO customers (full_name, email) VALUES (OLD.full_name, OLD.email); RETURN OLD; END $$""",
        "CREATE TRIGGER keeps AFTER DELETE ON customers FOR EACH ROW EXECUTE FUNCTION keep()",
    )
    connector_id, person = connect(alone, Kind.SQL, sql(database)), known(alone)
    receipt = outside.erase(alone.context(), connector_id=connector_id, person=person, key="plan", now=NOW)
    assert (receipt.complete, receipt.fault, receipt.where) == (False, Fault.LEFT, "customers")
    assert outside.connector(alone.context(), connector_id).failing_since is None, "the system itself answers"


def test_everywhere_means_each_and_one_that_fails_keeps_none_from_its_turn(alone: Company, shops: Databases) -> None:
    down, database = sql("no-such-shop"), shop(shops)
    connect(alone, Kind.SQL, down, name="A shop that is down")
    connect(alone, Kind.SQL, sql(database), name="Shop")
    person = known(alone)
    receipts = outside.everywhere(alone.context(), verb=Verb.ERASE, person=person, key="plan", now=NOW)
    assert [(one.name, one.complete) for one in receipts] == [("A shop that is down", False), ("Shop", True)]
    with pytest.raises(ValueError, match="everywhere"):
        outside.everywhere(alone.context(), verb=Verb.RECTIFY, person=person, key="plan", now=NOW)
