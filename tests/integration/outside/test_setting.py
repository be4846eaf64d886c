"""Declared, tried, paused and taken away: by whom, with which secret, and what of a person is read for it."""

import pytest
from tests.companies import Company
from tests.integration.outside.databases import PASSWORD, Databases
from tests.integration.outside.setups import JANOS, NOW, connect, sql
from tests.integration.outside.test_databases import shop

from trustdesk.audit import api as audit
from trustdesk.health.checks.outside import check_connected
from trustdesk.health.contracts import State as Health
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import to_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Fault, Kind, NewConnector, State
from trustdesk.outside.models import Connector, Run
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy


def test_a_secret_is_sealed_and_goes_only_where_it_was_given_for(alone: Company, shops: Databases) -> None:
    database = shop(shops)
    connector_id, context = connect(alone, Kind.SQL, sql(database)), alone.context()
    with scoped(context.scope):
        stored = Connector.objects.get(controller_id=alone.controller_id, id=connector_id)
    assert PASSWORD.encode() not in bytes(stored.secret or b"")
    assert PASSWORD not in repr(outside.connector(context, connector_id)) + str(stored.setup)
    renamed = NewConnector(name="The shop", kind=Kind.SQL, setup=sql(database), secret=None)
    outside.save_connector(context, connector_id=connector_id, new=renamed, now=NOW)
    tried = outside.try_connector(context, connector_id=connector_id, now=NOW)
    assert (tried.name, tried.fault, tried.tested_at) == ("The shop", None, NOW)
    elsewhere = NewConnector(name="The shop", kind=Kind.SQL, setup={**sql(database), "host": "127.0.0.1"}, secret=None)
    with pytest.raises(BadInputError) as told:
        outside.save_connector(context, connector_id=connector_id, new=elsewhere, now=NOW)
    assert told.value.place == "secret"


def test_a_declaration_fits_the_company(alone: Company) -> None:
    context = alone.context()
    unknown = {**sql("shop"), "tables": [{"name": "t", "identified": {"x": "shoe_size"}}]}
    with pytest.raises(BadInputError, match="shoe_size"):
        connect(alone, Kind.SQL, unknown)
    connect(alone, Kind.SQL, sql("shop"))
    with pytest.raises(ConflictError):
        connect(alone, Kind.SQL, sql("shop"))
    (held,) = outside.connectors(context)
    bucket = {"address": "https://s3.example", "bucket": "shop", "access_key": "k", "patterns": ["{customer}/*"]}
    new = NewConnector(name="x", kind=Kind.S3, setup=bucket, secret="x")
    with pytest.raises(ConflictError):
        outside.save_connector(context, connector_id=held.connector_id, new=new, now=NOW)


def test_no_more_is_read_of_a_person_than_the_setup_names(alone: Company, shops: Databases) -> None:
    narrow = {**sql("shop"), "tables": [{"name": "t", "identified": {"m": "email", "c": "customer"}}]}
    connector_id, context = connect(alone, Kind.SQL, narrow), alone.context()
    customer_id = alone.person(**JANOS, customer_number="K-1001")
    old = next(one for one in register.card(context, customer_id, now=NOW).values if one.attribute == "email")
    register.correct_value(
        context,
        customer_id=customer_id,
        value_id=old.value_id,
        text="Janos@New.example.hu",
        source_id=alone.direct,
        by=ConfirmedBy.CUSTOMER,
        now=NOW,
    )
    person = outside.person_of(context, customer_id=customer_id, connector_id=connector_id)
    assert person.known == {"email": ["janos@new.example.hu"], "customer": [to_public(customer_id)]}
    assert person.former == {"email": ["janos.kovacs@example.hu"]}
    assert "janos" not in repr(person)
    opening = next(one for one in audit.entries(context, limit=5) if one.what == "outside.person")
    assert (list(opening.subjects), list(opening.fields)) == ([customer_id], ["email"])
    assert "legal obligation" in opening.reason


def test_an_outsider_a_neighbor_and_other_roles(alone: Company, north: Company, shops: Databases) -> None:
    connector_id = connect(alone, Kind.SQL, sql(shop(shops)))
    person = outside.person_of(alone.context(), customer_id=alone.person(**JANOS))
    for neighbor in (
        lambda: outside.connector(north.context(), connector_id),
        lambda: outside.find(north.context(), connector_id=connector_id, person=person, key="k", now=NOW),
        lambda: outside.try_connector(north.context(), connector_id=connector_id, now=NOW),
        lambda: outside.remove_connector(north.context(), connector_id=connector_id),
        lambda: outside.person_of(north.context(), customer_id=person.customer_id, connector_id=connector_id),
    ):
        with pytest.raises(NotFoundError):
            neighbor()
    assert outside.connectors(north.context()) == []
    worker, manager = alone.context("connector:work", "customer:open"), alone.context("connector:manage")
    for refused in (
        lambda: outside.connectors(alone.context("customer:open")),
        lambda: outside.remove_connector(worker, connector_id=connector_id),
        lambda: outside.try_connector(worker, connector_id=connector_id, now=NOW),
        lambda: outside.erase(manager, connector_id=connector_id, person=person, key="k", now=NOW),
        lambda: outside.preview(manager, connector_id=connector_id, person=person, now=NOW),
        lambda: outside.person_of(manager, customer_id=person.customer_id),
    ):
        with pytest.raises(RefusedError):
            refused()


def test_a_paused_system_waits_and_one_taken_away_does_not(alone: Company, shops: Databases) -> None:
    connector_id, context = connect(alone, Kind.SQL, sql(shop(shops))), alone.context()
    person = outside.person_of(context, customer_id=alone.person(**JANOS))
    outside.pause_connector(context, connector_id=connector_id, now=NOW)
    receipt = outside.erase(context, connector_id=connector_id, person=person, key="plan", now=NOW)
    assert (receipt.state, receipt.fault, receipt.changed) == (State.AGAIN, Fault.PAUSED, 0)
    assert outside.withdraw(context, key="plan") == 1
    outside.resume_connector(context, connector_id=connector_id)
    assert outside.erase(context, connector_id=connector_id, person=person, key="plan", now=NOW).complete
    assert outside.withdraw(context, key="plan") == 0
    outside.remove_connector(context, connector_id=connector_id)
    assert outside.connectors(context) == []
    with scoped(context.scope):
        assert not Run.objects.filter(controller_id=alone.controller_id).exists()


def test_a_dry_run_shows_a_little_and_keeps_nothing(alone: Company, shops: Databases) -> None:
    database = shop(shops)
    connector_id, context = connect(alone, Kind.SQL, sql(database)), alone.context()
    person = outside.person_of(context, customer_id=alone.person(**JANOS))
    shown = outside.preview(context, connector_id=connector_id, person=person, now=NOW)
    assert (shown.receipt.complete, shown.receipt.found, shown.receipt.doubtful) == (True, 2, 2)
    assert ("email", "J…@E…") in shown.samples[0].fields
    assert all("kov" not in text.lower() for one in shown.samples for _name, text in one.fields)
    assert shops.rows(database, "SELECT count(*) FROM customers") == [(7,)]
    assert outside.runs(context, connector_id=connector_id) == []


def test_what_fails_is_in_the_examination(alone: Company) -> None:
    connector_id, context = connect(alone, Kind.SQL, {**sql("shop"), "host": "127.0.0.1", "port": 1}), alone.context()
    assert outside.try_connector(context, connector_id=connector_id, now=clock.now()).fault is Fault.UNREACHABLE
    assert check_connected(clock.now()).state is Health.WARNING
    outside.remove_connector(context, connector_id=connector_id)
