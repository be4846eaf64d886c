"""Helpers of the tests of conversations: a call as it comes in, and what stands in the tables."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from tests.companies import NOW, Company
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    Direction,
    Disposition,
    How,
    Kind,
    NewConversation,
    NewInteraction,
    Opened,
    QueueRules,
    Result,
)
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

QUEUE = "service"
NUMBER = "+358 40 123 4567"


@dataclass(frozen=True)
class Call:
    """A conversation with one call in it."""

    company: Company
    opened: Opened
    interaction_id: int

    @property
    def id(self) -> int:
        return self.opened.conversation_id

    @property
    def context(self) -> AccessContext:
        return self.company.context()

    def end(self, *, operator_id: int = 0, result: Result = Result.ANSWERED, at: datetime = NOW) -> "Call":
        """Answered by an operator where one is given, and over."""
        if operator_id:
            conversing.join(self.context, interaction_id=self.interaction_id, operator_id=operator_id, now=at)
        conversing.end_interaction(self.context, interaction_id=self.interaction_id, result=result, ended_at=at, now=at)
        return self

    def identify(self, customer_id: int, how: How = How.QUESTIONS, *, now: datetime = NOW) -> "Call":
        conversing.identify(self.context, conversation_id=self.id, customer_id=customer_id, how=how, now=now)
        return self

    def note(self, text: str) -> int:
        return conversing.add_note(self.context, conversation_id=self.id, text=text, now=NOW)


def call(company: Company, *, party: str = NUMBER, queue: str = QUEUE, at: datetime = NOW) -> Call:
    """Somebody calls."""
    context = company.context()
    new = NewConversation(channel=Kind.CALL, queue=queue, language="en", line="+358 9 1234")
    opened = conversing.open_conversation(context, new=new, now=at)
    one = NewInteraction(kind=Kind.CALL, direction=Direction.IN, party=party, started_at=at)
    begun = conversing.begin_interaction(context, conversation_id=opened.conversation_id, new=one, now=at)
    return Call(company, opened, begun)


def sector(company: Company, name: str, *, queue: str = QUEUE, required: bool = True) -> None:
    """What complaints in a queue are about."""
    rules = QueueRules(queue=queue, sector=name, required=required)
    conversing.save_queue_rules(company.context(), rules=rules, now=NOW)


def named(code: str, company: Company, queue: str = QUEUE) -> Disposition:
    return next(one for one in conversing.dispositions(company.context(), queue) if one.code == code)


def ask(company: Company, statement: str, *parameters: int | str | datetime) -> list[tuple[Any, ...]]:
    """Rows of the company's, past the door."""
    with scoped(company.context().scope), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def keys_of(company: Company, subject_id: int) -> dict[str, bool]:
    """The retention classes under which a subject has a key, and whether it still opens anything."""
    rows = ask(
        company,
        "SELECT retention_class, wrapped IS NOT NULL FROM vault_data_key WHERE customer_id = %s",
        subject_id,
    )
    return dict(rows)


def subject_of(call: Call) -> int:
    """Under whose key the conversation is sealed."""
    rows = ask(call.company, "SELECT subject_id FROM conversations_conversation WHERE id = %s", call.id)
    return int(rows[0][0])
