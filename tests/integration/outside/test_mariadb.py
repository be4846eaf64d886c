"""A MariaDB of another system: the same promises as for PostgreSQL, in its own tongue."""

from typing import Any

import pytest
from tests.integration.outside.setups import CUSTOMERS, PERSON
from tests.mariadb import HOST, PASSWORD, USER, MariaDb

from trustdesk.kernel.ids import new_id
from trustdesk.outside.contracts import Correction, Fault, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.sql import SqlConnector
from trustdesk.outside.setups import SqlSetup

TABLE = """CREATE TABLE customers (id int AUTO_INCREMENT PRIMARY KEY, full_name varchar(100), email varchar(200),
    phone varchar(40), number varchar(20), remark varchar(200) NOT NULL DEFAULT '') ENGINE=InnoDB"""
PEOPLE = """INSERT INTO customers (full_name, email, phone, number, remark) VALUES
    ('Kovács János', 'Janos.Kovacs@Example.HU', NULL, 'k-1001', 'likes tea'),
    ('KOVACS JANOS', NULL, '06 (30) 123-45-67', NULL, ''),
    ('Kovács János', 'other.janos@example.hu', '+36 20 555 5555', 'K-2002', 'a namesake'),
    ('Kovács Mária', 'janos.kovacs@example.hu', NULL, NULL, 'his wife, same mailbox'),
    ('Nagy Éva', 'janos.kovács@example.hu', NULL, NULL, 'alike to a server that knows no accents'),
    ('Szabó Péter', 'jani@old.example.hu', NULL, NULL, 'has his old address now'),
    ('Tóth Ödön', 'toth@example.hu', '+36 30 123 4568', NULL, '')"""


def setup(billing: MariaDb, database: str, *tables: dict[str, Any], **more: object) -> dict[str, Any]:
    declared = list(tables or [CUSTOMERS])
    given = {"dialect": "mariadb", "host": HOST, "port": billing.port, "database": database, "user": USER}
    return {**given, "tls": False, "tables": declared, **more}


def connector(billing: MariaDb, database: str, *tables: dict[str, Any], **more: object) -> SqlConnector:
    return SqlConnector(SqlSetup.model_validate(setup(billing, database, *tables, **more)), PASSWORD)


def shop(billing: MariaDb, *more: str) -> str:
    return billing.database(f"shop{new_id()}", TABLE, PEOPLE, *more)


def test_only_the_persons_rows_go_and_what_may_be_anothers_is_doubtful(billing: MariaDb) -> None:
    database = shop(billing)
    with connector(billing, database) as there:
        there.check()
        looked = there.find(PERSON, lambda _sample: None)
        done = there.erase(PERSON)
        after = there.find(PERSON, lambda _sample: None)
    assert [(one.found, one.doubtful, one.changed) for one in (*looked, *done, *after)] == [
        (2, 2, 0),
        (2, 2, 2),
        (0, 2, 0),
    ]
    left = [row[0] for row in billing.rows(database, "SELECT full_name FROM customers ORDER BY id")]
    assert left == ["Kovács János", "Kovács Mária", "Nagy Éva", "Szabó Péter", "Tóth Ödön"]


def test_rows_of_two_people_are_cleared_and_the_other_stays(billing: MariaDb) -> None:
    gifts = {
        "name": "gifts",
        "identified": {"giver": "email"},
        "personal": {"giver": "", "card": ""},
        "others": ["receiver"],
    }
    database = billing.database(
        f"gifts{new_id()}",
        "CREATE TABLE gifts (giver varchar(90) NOT NULL, card text, receiver text, paid int)",
        """INSERT INTO gifts VALUES ('janos.kovacs@example.hu', 'For you', 'eva@example.hu', 10),
            ('janos.kovacs@example.hu', NULL, 'eva@example.hu', 20), ('eva@example.hu', 'x', NULL, 30)""",
    )
    with connector(billing, database, gifts) as there:
        records: list[Record] = []
        there.export(PERSON, records.append)
        counts = there.erase(PERSON)
    assert [dict(record.fields) for record in records] == [
        {"giver": "janos.kovacs@example.hu", "card": "For you"},
        {"giver": "janos.kovacs@example.hu"},
    ]
    assert counts[0].changed == 2
    rows = billing.rows(database, "SELECT giver, card, receiver, paid FROM gifts ORDER BY paid")
    assert rows == [
        ("", None, "eva@example.hu", 10),
        ("", None, "eva@example.hu", 20),
        ("eva@example.hu", "x", None, 30),
    ]


def test_a_value_is_a_value_whatever_letters_it_has(billing: MariaDb) -> None:
    """Quotes, backslashes and percent signs in values and in names; letters that the table's encoding has."""
    table = {
        "name": 'odd "name" 100%',
        "identified": {"e-mail %s": "email"},
        "personal": {"e-mail %s": "email", 'family "name"': "family_name"},
    }
    database = billing.database(
        f"odd{new_id()}",
        'CREATE TABLE `odd "name" 100%` (`e-mail %s` varchar(99) PRIMARY KEY, `family "name"` varchar(99))'
        " CHARACTER SET latin2",
        """INSERT INTO `odd "name" 100%` VALUES ('janos.kovacs@example.hu', 'Kovács'), ('x@example.hu', 'Kovács')""",
    )
    after = 'Kőszegi\\\' OR 1=1 -- "%s" \\'
    wrong = Correction(attribute="family_name", before="Kovács", after=after)
    with connector(billing, database, table) as there:
        assert there.rectify(PERSON, [wrong])[0].changed == 1
    assert set(billing.rows(database, 'SELECT `family "name"` FROM `odd "name" 100%`')) == {(after,), ("Kovács",)}


def test_a_correction_reaches_only_what_was_wrong(billing: MariaDb) -> None:
    database = shop(billing)
    wrong = Correction(attribute="email", before="janos.kovacs@example.hu", after="janos@new.example.hu")
    with connector(billing, database) as there:
        assert there.rectify(PERSON, [wrong])[0].changed == 1
        assert there.rectify(PERSON, [wrong])[0].changed == 0
    changed = billing.rows(database, "SELECT full_name FROM customers WHERE email = 'janos@new.example.hu'")
    assert changed == [("Kovács János",)]


def test_an_erasure_is_all_tables_or_none(billing: MariaDb) -> None:
    orders = {"name": "orders", "identified": {"email": "email"}}
    database = shop(
        billing,
        "CREATE TABLE orders (id int PRIMARY KEY, email varchar(99))",
        "CREATE TABLE parts (order_id int, FOREIGN KEY (order_id) REFERENCES orders (id))",
        "INSERT INTO orders VALUES (1, 'janos.kovacs@example.hu')",
        "INSERT INTO parts VALUES (1)",
    )
    with connector(billing, database, CUSTOMERS, orders) as there, pytest.raises(OutsideError) as refused:
        there.erase(PERSON)
    assert (refused.value.fault, refused.value.where) == (Fault.REFUSED, "orders")
    assert billing.rows(database, "SELECT count(*) FROM customers") == [(7,)]


def test_what_does_not_fit_is_refused_and_not_cut_off(billing: MariaDb) -> None:
    database = shop(billing)
    wrong = Correction(attribute="email", before="janos.kovacs@example.hu", after=f"{'x' * 300}@example.hu")
    with connector(billing, database) as there, pytest.raises(OutsideError) as refused:
        there.rectify(PERSON, [wrong])
    assert refused.value.fault is Fault.REFUSED
    assert billing.rows(database, "SELECT count(*) FROM customers WHERE email LIKE 'xxx%'") == [(0,)]


def test_who_holds_the_row_is_waited_for_so_long(billing: MariaDb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "trustdesk.outside.kinds.mariadb._BEGIN",
        "SET SESSION sql_mode = 'STRICT_ALL_TABLES', innodb_lock_wait_timeout = 1",
    )
    database = shop(billing)
    with billing.connected(database) as holding, connector(billing, database) as there:
        holding.begin()
        holding.cursor().execute("SELECT * FROM customers FOR UPDATE")
        with pytest.raises(OutsideError) as busy:
            there.erase(PERSON)
        holding.rollback()
    assert busy.value.fault is Fault.BUSY


@pytest.mark.parametrize(
    ("change", "fault", "where"),
    [
        ({"password": "wrong"}, Fault.SIGN_IN, ""),
        ({"database": "no_such_shop"}, Fault.FORBIDDEN, ""),
        ({"port": 1}, Fault.UNREACHABLE, ""),
        ({"host": "169.254.169.254"}, Fault.NOT_ALLOWED, ""),
        ({"host": "192.0.2.1"}, Fault.NOT_ALLOWED, ""),
        ({"user": "guest"}, Fault.FORBIDDEN, ""),
        ({"table": {**CUSTOMERS, "name": "clients"}}, Fault.SCHEMA, "clients"),
        ({"table": {**CUSTOMERS, "personal": {"nick": ""}}}, Fault.SCHEMA, "customers.nick"),
    ],
)
def test_what_is_wrong_is_told_apart(billing: MariaDb, change: dict[str, Any], fault: Fault, where: str) -> None:
    given = setup(billing, shop(billing), change.pop("table", CUSTOMERS))
    password = str(change.pop("password", PASSWORD))
    there = SqlConnector(SqlSetup.model_validate({**given, **change}), password)
    with there, pytest.raises(OutsideError) as told:
        there.find(PERSON, lambda _sample: None)
    assert (told.value.fault, told.value.where) == (fault, where)
    assert "janos" not in f"{told.value} {told.value.message}".lower()


def test_encrypted_it_is_who_its_certificate_says(billing: MariaDb, monkeypatch: pytest.MonkeyPatch) -> None:
    database = shop(billing)
    with connector(billing, database, tls=True) as stranger, pytest.raises(OutsideError) as told:
        stranger.check()
    assert told.value.fault is Fault.IDENTITY
    monkeypatch.setenv("SSL_CERT_FILE", str(billing.roots))
    with connector(billing, database, tls=True) as there:
        there.check()


def test_a_server_that_says_nothing_is_waited_for_so_long(
    billing: MariaDb, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trustdesk.outside.kinds.mariadb._PATIENCE", 1)
    with connector(billing, "shop", port=silent, host="127.0.0.1") as there, pytest.raises(OutsideError) as told:
        there.check()
    assert told.value.fault is Fault.TIMEOUT
