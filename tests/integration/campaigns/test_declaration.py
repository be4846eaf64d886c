"""Every column is declared, a customer's share is handed out and forgotten, and the neighbor sees no row."""

from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from tests.integration.campaigns.campaigning import Campaigning, campaigning
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import State, TargetState
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NotClearedError
from trustdesk.decision.contracts import CAMPAIGN_STANDS, Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.errors import NotFoundError

MODELS = list(apps.get_app_config("campaigns").get_models())
STEPS = (campaigns.start, campaigns.pause, campaigns.resume, campaigns.end, campaigns.cancel)


def test_every_column_is_declared_once() -> None:
    declaration = registries.privacy.get("campaigns")
    columns = {f"{model._meta.db_table}.{field.column}" for model in MODELS for field in model._meta.concrete_fields}
    personal = [f"{field.table}.{field.column}" for field in declaration.fields]
    assert sorted(personal + list(declaration.not_personal)) == sorted(columns)


def test_without_a_scope_or_with_the_neighbors_every_table_is_empty(room: Campaigning, tmp_path: Path) -> None:
    room.add(1)
    room.drive(room.started())
    neighbor = campaigning(tmp_path)
    for model in MODELS:
        table = model._meta.db_table
        assert room.company.ask(f"SELECT count(*) > 0 FROM {table}") == [(True,)]
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,)
        with scoped(neighbor.company.context().scope), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE controller_id = %s", [room.company.id])
            assert cursor.fetchone() == (0,)


def test_a_neighbor_moves_nothing_and_makes_nothing_of_it(room: Campaigning, tmp_path: Path) -> None:
    room.add(1)
    campaign_id, run_id = room.create(), room.screen()
    neighbor = campaigning(tmp_path)
    context = neighbor.company.context()
    for step in STEPS:
        with pytest.raises(NotFoundError):
            step(context, campaign_id=campaign_id, now=clock.now())
    for look in (campaigns.campaign, campaigns.report, campaigns.attempts):
        with pytest.raises(NotFoundError):
            look(context, campaign_id)
    with pytest.raises(NotFoundError):
        campaigns.create(context, new=neighbor.new(run_id), now=clock.now())
    assert campaigns.campaigns(context) == []
    assert room.state(campaign_id) is State.DRAFT


def test_a_neighbors_campaign_permits_nothing(room: Campaigning, tmp_path: Path) -> None:
    """Named in another company's contact it is none: the gate says so, and nobody is contacted in its course."""
    room.add(1)
    running = room.started()
    neighbor = campaigning(tmp_path)
    (address,) = neighbor.add(1)
    person = neighbor.people[address]
    context = neighbor.company.context()
    with pytest.raises(NotClearedError) as refusal, scoped(context.scope):
        clearance.permit(
            context,
            customer_id=person.customer_id,
            value_id=person.email_id,
            channel=Channel.EMAIL,
            purpose="news",
            about={"sender_shown": True, "stop_offered": True, "labeled_advert": True},
            place="send",
            now=clock.now(),
            campaign_id=running,
        )
    assert CAMPAIGN_STANDS in {reason.rule_id for reason in refusal.value.verdict.reasons}


def test_what_is_held_of_a_customer_is_handed_out_and_forgotten(room: Campaigning) -> None:
    first, second = room.add(2)
    campaign_id = room.started()
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    declaration, context = registries.privacy.get("campaigns"), room.company.context()
    assert declaration.export is not None
    assert declaration.erase is not None
    customer_id = room.people[first].customer_id
    told = list(declaration.export(context, customer_id))
    assert [one["kind"] for one in told] == ["campaign", "campaign-attempt"]
    assert declaration.erase(context, [(customer_id,)]) == [2]
    assert list(declaration.export(context, customer_id)) == []
    assert room.targets().keys() == {room.people[second].customer_id}


def test_a_customer_forgotten_in_the_middle_is_not_written_to(room: Campaigning) -> None:
    first, second = room.add(2)
    campaign_id = room.started()
    declaration = registries.privacy.get("campaigns")
    assert declaration.erase is not None
    declaration.erase(room.company.context(), [(room.people[first].customer_id,)])
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert [mail.recipients[0] for mail in server.taken] == [second]
    assert room.view(campaign_id).counts == {TargetState.DONE: 1}
