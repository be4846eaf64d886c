"""Every column is declared, and the neighbor and the scopeless see no row of any table."""

from dataclasses import replace

import pytest
from django.apps import apps
from django.db import connection
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.accounts.api import OPERATIONS
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import Sender, Template
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.mandates import api as mandates

MODELS = list(apps.get_app_config("delivery").get_models())


def test_every_column_is_declared_once() -> None:
    declaration = registries.privacy.get("delivery")
    columns = {f"{model._meta.db_table}.{field.column}" for model in MODELS for field in model._meta.concrete_fields}
    personal = [f"{field.table}.{field.column}" for field in declaration.fields]
    assert sorted(personal + list(declaration.not_personal)) == sorted(columns)


def test_what_is_declared_as_sealed_is_a_box() -> None:
    sealed = {f"{field.table}.{field.column}" for field in registries.privacy.get("delivery").fields if field.sealed}
    assert sealed == {"delivery_message.sealed"}


@pytest.mark.parametrize("table", ["delivery_message", "delivery_turn", "delivery_sender", "delivery_template"])
def test_without_a_scope_or_with_the_neighbors_a_table_is_empty(company: Company, table: str) -> None:
    company.send(company.person())
    neighbor = posting.company()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        assert cursor.fetchone() == (0,)
    with scoped(neighbor.context().scope), connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE controller_id = %s", [company.id])
        assert cursor.fetchone() == (0,)


def test_a_neighbors_message_is_not_there(company: Company) -> None:
    message_id = company.send(company.person())
    neighbor = posting.company()
    with pytest.raises(NotFoundError):
        delivery.message(neighbor.context(), message_id)
    with pytest.raises(NotFoundError):
        delivery.settle(neighbor.context(), message_id=message_id, arrived=True, now=clock.now())
    assert delivery.messages(neighbor.context()) == []
    assert delivery.counts(neighbor.context()) == []
    with pytest.raises(NotFoundError):
        neighbor.send(company.people[0])


def test_what_a_message_says_and_to_whom_is_never_changed(company: Company) -> None:
    message_id = company.send(company.person())
    for column in ("sealed", "customer_id", "value_id", "purpose", "key_digest"):
        with pytest.raises(Exception, match="permission denied"):
            company.ask(f"UPDATE delivery_message SET {column} = {column} WHERE id = %s RETURNING 1", message_id)
    for table in ("delivery_turn", "delivery_sender", "delivery_template", "delivery_try"):
        with pytest.raises(Exception, match="permission denied"):
            company.ask(f"DELETE FROM {table} RETURNING 1")


def test_operations_are_asked_for(company: Company) -> None:
    person = company.person()
    nothing = replace(company.context(), operations=frozenset())
    with pytest.raises(RefusedError):
        delivery.send_mail(nothing, message=company.message(person), now=clock.now())
    with pytest.raises(RefusedError):
        delivery.counts(nothing)
    with pytest.raises(RefusedError):
        delivery.set_sender(nothing, sender=Sender(), now=clock.now())


def test_nobody_writes_before_somebody_said_as_whom(company: Company) -> None:
    delivery.set_sender(company.context(), sender=Sender(mail_address="desk@example.org"), now=clock.now())
    person = company.person()
    with pytest.raises(BadInputError, match="as whom"):
        company.text(person)
    assert company.send(person)


@pytest.mark.parametrize(
    ("place", "said"),
    [
        ("mail_address", "no address"),
        ("mail_address", "jános@example.org"),
        ("reply_to", "a@b@c"),
        ("return_mailbox", "returns+x@example.org"),
        ("return_mailbox", "a-very-long-name-for-a-mailbox@example.org"),
        ("mail_name", "Desk\r\nBcc: x@example.org"),
        ("sms_name", "Twelve signs"),
        ("sms_name", "Ünnep"),
    ],
)
def test_a_sender_that_could_not_write_is_refused(company: Company, place: str, said: str) -> None:
    with pytest.raises(BadInputError) as fault:
        delivery.set_sender(company.context(), sender=Sender(**{place: said}), now=clock.now())
    assert fault.value.place == place


def test_a_company_may_say_it_in_its_own_words(company: Company) -> None:
    context = company.context()
    ours = delivery.template_of(context, Channel.EMAIL, "sign-in-link", "fi")
    own = Template(
        channel=Channel.EMAIL,
        code="sign-in-link",
        language="fi",
        subject="Moi, {company}",
        text="{link} ({minutes} min)",
    )
    delivery.publish_template(context, template=own, now=clock.now())
    assert delivery.template_of(context, Channel.EMAIL, "sign-in-link", "fi") == own
    assert delivery.template_of(posting.company().context(), Channel.EMAIL, "sign-in-link", "fi") == ours
    assert own in delivery.templates(context)
    wrong = Template(channel=Channel.EMAIL, code="sign-in-link", language="fi", subject="x", text="{other}")
    with pytest.raises(BadInputError, match="not those"):
        delivery.publish_template(context, template=wrong, now=clock.now())


def test_when_the_mandate_of_whoever_ordered_it_has_ended_it_is_not_sent(company: Company) -> None:
    now = clock.now()
    processor = mandates.create_processor(name=f"Helper {company.id}", country="FI", by=None, now=now)
    mandate = mandates.create_mandate(
        controller_id=company.id,
        processor_id=processor,
        purposes=["service"],
        categories=[mandates.EVERY_CATEGORY],
        operations=OPERATIONS,
        starts_at=now,
        ends_at=None,
        by=None,
        now=now,
    )
    theirs = mandates.system_context(
        company.id,
        purpose="service",
        now=clock.now(),
        on_behalf_of=0,
        mandate_id=mandate.id,
    )
    message_id = delivery.send_mail(theirs, message=company.message(company.person()), now=clock.now())
    mandates.end_mandate(controller_id=company.id, mandate_id=mandate.id, reason="over", by=None, now=clock.now())
    with Smtpd() as server, mail_server(server.port):
        company.work()
    view = company.view(message_id)
    assert (view.state, view.reason) == ("refused", "mandate-ended")
    assert server.taken == []
