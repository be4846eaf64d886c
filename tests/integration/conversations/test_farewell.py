"""Handed out whole; forgotten but for what a law keeps; and no row for a neighbor."""

import pytest
from django.apps import apps
from django.db import connection
from tests.clearing import LATER, person
from tests.companies import NOW, Company
from tests.conversing import NUMBER, ask, call, keys_of
from tests.forgetting import forget_everywhere
from tests.integration.conversations.test_complaints import DAY, MADE, answer, complain

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import How, NewFollowUp, QueueRules
from trustdesk.conversations.services import keeping
from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.errors import NotFoundError

MODELS = list(apps.get_app_config("conversations").get_models())
OF_A_PERSON = ("conversation", "interaction", "party", "note", "followup", "event", "viewer")


def erase(company: Company, customer_id: int) -> None:
    forget_everywhere(company.context(), customer_id)


def test_every_column_is_declared_once() -> None:
    declaration = registries.privacy.get("conversations")
    columns = {f"{model._meta.db_table}.{field.column}" for model in MODELS for field in model._meta.concrete_fields}
    personal = [f"{field.table}.{field.column}" for field in declaration.fields]
    assert sorted(personal + list(declaration.not_personal)) == sorted(columns)


def test_everything_is_handed_out(south: Company) -> None:
    anna = person(south, name="Anna")
    one, complaint_id = complain(south)
    one.note("Wants the money back.")
    new = NewFollowUp(due_at=LATER, text="Look at the bill.")
    conversing.follow_up(south.context(), conversation_id=one.id, new=new, now=NOW)
    one.identify(anna)
    answer(south, complaint_id)
    hand_out = registries.privacy.get("conversations").export
    assert hand_out is not None
    told = list(hand_out(south.context(), anna))
    kinds = [each["kind"] for each in told]
    assert kinds[:2] == ["conversation", "interaction"]
    assert set(kinds[2:]) == {
        *("conversation-party", "conversation-note", "conversation-event", "follow-up", "complaint", "complaint-reply"),
    }
    texts = [each["text"] for each in told if "text" in each]
    assert NUMBER in texts
    assert "Wants the money back." in texts
    assert any(isinstance(text, dict) and "September" in text["description"] for text in texts)


def test_nothing_is_left_of_who_complained_about_nothing(south: Company) -> None:
    anna = person(south, phone=NUMBER)
    one = call(south)
    one.note("A word.")
    one.identify(anna).end(operator_id=7)
    conversing.look(south.context(), conversation_id=one.id, writing=False, now=NOW)
    erase(south, anna)
    for table in OF_A_PERSON:
        column = "id" if table == "conversation" else "conversation_id"
        left = ask(south, f"SELECT count(*) FROM conversations_{table} WHERE {column} = %s", one.id)
        assert left == [(0,)], table
    assert not any(keys_of(south, anna).get(each) for each in ("service", "statutory:complaint"))


def test_a_complaint_stays_restricted_until_its_years_are_over(south: Company) -> None:
    """GDPR Art. 17(3)(b), 18: and the officer reads it, the agent does not."""
    anna = person(south, phone=NUMBER)
    one, complaint_id = complain(south)
    one.identify(anna)
    answer(south, complaint_id)
    erase(south, anna)
    with pytest.raises(NotFoundError):
        conversing.conversation(south.context(), one.id)
    agent = south.context("conversation:read")
    assert conversing.complaints(agent) == []
    closed = conversing.complaint(agent, complaint_id)
    assert (closed.minutes, closed.reply) == (None, None)
    file = conversing.complaint(south.context(), complaint_id)
    assert file.line.restricted
    assert file.minutes is not None
    assert file.line.conversation_id is None
    until = file.line.keep_until
    assert until is not None
    keeping.keep_rules(south.context(), now=until)
    assert keys_of(south, anna) == {"service": False, "statutory:complaint": False}


def test_numbers_and_matches_go_where_nobody_was_identified(south: Company) -> None:
    anna, bea = person(south, phone=NUMBER, name="Anna"), person(south, name="Bea")
    hers, others = call(south), call(south, party="+36 30 765 4321")
    both = [anna, bea]
    conversing.note_matches(south.context(), conversation_id=hers.id, customer_ids=both, now=NOW)
    conversing.note_matches(south.context(), conversation_id=others.id, customer_ids=[anna], now=NOW)
    erase(south, anna)
    left = conversing.conversation(south.context(), hers.id)
    assert left.parties == []
    assert left.matches == (bea,)
    kept = conversing.conversation(south.context(), others.id)
    assert [party.text for party in kept.parties] == ["+36 30 765 4321"]
    assert (kept.matches, kept.line.how) == ((), How.UNIDENTIFIED)


def test_closed_ones_are_kept_as_long_as_the_queue_says(south: Company) -> None:
    context = south.context()
    conversing.save_queue_rules(context, rules=QueueRules(required=False, keep_days=30), now=NOW)
    conversing.save_queue_rules(context, rules=QueueRules(queue="faults", required=False, keep_days=90), now=NOW)
    short, long, still_open = call(south).end(), call(south, queue="faults").end(), call(south).end()
    for one in (short, long):
        conversing.close(context, conversation_id=one.id, now=NOW)
    keeping.keep_rules(context, now=NOW + 29 * DAY)
    assert conversing.line(context, short.id).conversation_id == short.id
    keeping.keep_rules(context, now=NOW + 30 * DAY)
    with pytest.raises(NotFoundError):
        conversing.line(context, short.id)
    assert keys_of(south, short.id) == {"service": False}
    assert conversing.line(context, long.id).conversation_id == long.id
    keeping.keep_rules(context, now=NOW + 3000 * DAY)
    with pytest.raises(NotFoundError):
        conversing.line(context, long.id)
    assert conversing.line(context, still_open.id).conversation_id == still_open.id


def test_a_file_outlives_its_conversation(south: Company) -> None:
    one, complaint_id = complain(south)
    answer(south, complaint_id)
    one.end()
    conversing.close(south.context(), conversation_id=one.id, now=MADE)
    keeping.keep_rules(south.context(), now=MADE + 800 * DAY)
    file = conversing.complaint(south.context(), complaint_id)
    assert file.line.conversation_id is None
    assert file.minutes is not None
    assert file.line.number.startswith(one.opened.reference)


def test_without_a_scope_or_with_the_neighbors_every_table_is_empty(north: Company, south: Company) -> None:
    one, _complaint_id = complain(south)
    conversing.look(south.context(), conversation_id=one.id, writing=False, now=NOW)
    one.note("x")
    new = NewFollowUp(due_at=LATER, text="y")
    conversing.follow_up(south.context(), conversation_id=one.id, new=new, now=NOW)
    conversing.save_queue_rules(south.context(), rules=QueueRules(), now=NOW)
    conversing.save_dispositions(south.context(), dispositions=conversing.standard(), now=NOW)
    conversing.by_reference(south.context(), digits="1", asker="a stranger to all", now=NOW)
    for model in MODELS:
        table = model._meta.db_table
        assert ask(south, f"SELECT count(*) > 0 FROM {table}") == [(True,)], table
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone() == (0,), table
        with scoped(north.context().scope), connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE controller_id = %s", [south.controller_id])
            assert cursor.fetchone() == (0,), table
