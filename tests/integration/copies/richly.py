"""A customer of whom something stands in every table. What takes a carrier, a campaign or a list to come about is
planted as rows: what is tested is that it is told, not how it comes about.
"""

import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from psycopg import sql
from tests.integration.copies.copying import person
from tests.integration.delivery.posting import Company, mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.recorded import conversation as recorded_conversation

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    ComplaintForm,
    Direction,
    Given,
    How,
    Kind,
    NewConversation,
    NewFollowUp,
    NewInteraction,
    NewReply,
    ReplyOutcome,
    Result,
)
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.governance import api as governance
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy, NewValue, Relationship, RestrictionGround
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel as Came
from trustdesk.rights.contracts import Ground, NewRequest, ProofKind
from trustdesk.rights.contracts import Kind as Right
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

PHONE, EMAIL = "+358401234567", "aino@example.com"
_FILLED = {
    "integer": 1,
    "smallint": 1,
    "bigint": 7,
    "text": "x",
    "boolean": True,
    "jsonb": "{}",
    "ARRAY": [],
    "bytea": b"x",
    "double precision": 0.5,
}
_REASONS = json.dumps({"masks": {"0": {"outcome": "permit", "rules": []}}, "rules": {}})
_COLUMNS = "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = %s"


@dataclass(frozen=True)
class Rich:
    customer_id: int
    merged_id: int
    reference: str
    owner: "Owner"


@dataclass(frozen=True)
class Owner:
    """The owner of the database, who may write what no program may."""

    cluster: Cluster
    controller_id: int

    def plant(self, table: str, **given: object) -> dict[str, object]:
        """A row with every column filled: with what is given, else with anything of its type."""
        with self.cluster.connect(DATABASE) as owner:
            owner.execute("SET session_replication_role = replica")
            columns = owner.execute(_COLUMNS, [table]).fetchall()
            row = {name: self._value(name, kind, given) for name, kind in columns}
            statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
                sql.Identifier(table),
                sql.SQL(", ").join(map(sql.Identifier, row)),
                sql.SQL(", ").join(sql.Placeholder() * len(row)),
            )
            owner.execute(statement, list(row.values()))
        return row

    def change(self, statement: str, *given: object) -> None:
        with self.cluster.connect(DATABASE) as owner:
            owner.execute(statement, given)

    def _value(self, name: str, kind: str, given: dict[str, object]) -> object:
        if name == "controller_id":
            return self.controller_id
        if name in given:
            return given[name]
        if kind.startswith(("timestamp", "date")):
            return datetime(2026, 3, 4, 5, 6, tzinfo=UTC)
        return new_id() if name == "id" else _FILLED.get(kind, "x")


def rich(company: Company, cluster: Cluster) -> Rich:
    aino = company.person(EMAIL, PHONE).customer_id
    owner = Owner(cluster, company.id)
    merged = _register(company, aino, owner)
    reference = _conversation(company, aino)
    with Smtpd() as server, mail_server(server.port):
        company.send(company.people[0], key=f"rich-{aino}")
        company.work()
    _clearance(company, aino)
    _request(company, aino, owner)
    value = register.card(company.context(), aino, now=clock.now()).values[0]
    _planted(owner, aino, value.value_id)
    catalog = {attribute.code: attribute.attribute_id for attribute in register.catalog(company.context())}
    asked = {"attribute_id": catalog[value.attribute], "value_id": value.value_id, "answer": "true"}
    owner.plant("register_question", customer_id=aino, spared=False, **asked)
    governance.open_breach(
        company.context(),
        kind="integrity",
        cause="wrong-update",
        about=str(aino),
        customer_ids=[aino],
        happened_at=clock.now(),
        now=clock.now(),
    )
    dated(owner)
    return Rich(aino, merged, reference, owner)


def _request(company: Company, aino: int, owner: Owner) -> None:
    """A right that was exercised, and refused after two months more."""
    now = clock.now()
    officer = replace(company.context(), operator_id=7)
    new = NewRequest(
        kind=Right.ACCESS, channel=Came.DESK, language="fi", words="Tell me.", received_at=now, customer_id=aino
    )
    request_id = rights.receive(officer, new=new, now=now).request_id
    rights.identify(officer, request_id=request_id, kind=ProofKind.DOCUMENT, now=now)
    rights.refuse(officer, request_id=request_id, ground=Ground.EXCESSIVE, reason="Asked three times a week.", now=now)
    owner.plant("rights_code", customer_id=aino, request_id=request_id)
    owner.change("UPDATE rights_request SET extended_at = received_at WHERE id = %s", request_id)


def _register(company: Company, aino: int, owner: Owner) -> int:
    context, now = company.context(), clock.now()
    other = person(company, name="Aino Mäkelä", birth_date="1980-02-29")
    employer = person(company, name="Rakennus Oy")
    register.add_note(context, customer_id=aino, text="Ring after five, the dog barks.", now=now)
    (address,) = [
        register.add_value(
            context,
            customer_id=aino,
            value=NewValue("address", "Koivukuja 7, Espoo", label="summer"),
            source_id=company.source_id,
            now=now,
        )
    ]
    corrected = register.correct_value(
        context,
        customer_id=aino,
        value_id=address,
        text="Koivukuja 9, Espoo",
        source_id=company.source_id,
        by=ConfirmedBy.CUSTOMER,
        now=now,
    )
    phone = next(v.value_id for v in register.card(context, aino, now=now).values if v.attribute == "phone")
    register.record_disclosure(
        context,
        customer_id=aino,
        value_ids=[phone],
        recipient="Posti Oy",
        purpose="service",
        legal_basis="eu-gdpr:A6-1-b",
        now=now,
    )
    register.set_relationship(
        context,
        customer_id=aino,
        relationship=Relationship(
            customer_since=now.date() - timedelta(days=3650), last_sale_date=now.date(), product_groups=("Power",)
        ),
        now=now,
    )
    register.merge(context, into=aino, customer_id=other, reason="same-person", now=now)
    register.lock(context, customer_id=aino, ground=RestrictionGround.ACCURACY_CONTESTED, value_id=corrected, now=now)
    owner.change("UPDATE register_value SET shared_line = true WHERE controller_id = %s AND id = %s", company.id, phone)
    owner.change(
        "UPDATE register_customer SET employer_id = %s, art14_due_at = now() WHERE controller_id = %s AND id = %s",
        employer,
        company.id,
        aino,
    )
    return other


def _conversation(company: Company, aino: int) -> str:
    context, now = company.context(), clock.now()
    new = NewConversation(channel=Kind.CALL, queue="service", language="fi", line="+358 9 1234")
    opened = conversing.open_conversation(context, new=new, now=now)
    call = NewInteraction(kind=Kind.CALL, direction=Direction.IN, party=PHONE, started_at=now)
    one = conversing.begin_interaction(context, conversation_id=opened.conversation_id, new=call, now=now)
    conversing.identify(context, conversation_id=opened.conversation_id, customer_id=aino, how=How.QUESTIONS, now=now)
    conversing.add_note(context, conversation_id=opened.conversation_id, text="Meter reads 4711.", now=now)
    due = NewFollowUp(due_at=now + timedelta(days=1), text="Send the meter card")
    todo = conversing.follow_up(context, conversation_id=opened.conversation_id, new=due, now=now)
    conversing.follow_up_done(context, follow_up_id=todo, now=now)
    conversing.end_interaction(context, interaction_id=one, result=Result.ANSWERED, ended_at=now, now=now)
    minutes = {"complainant_name": "Aino Mäkelä", "submitted": "by phone", "description": "The bill is wrong"}
    given = Given(complaint=ComplaintForm(fields=minutes))
    conversing.dispose(context, interaction_id=one, disposition="complaint", given=given, now=now)
    (file,) = conversing.conversation(context, opened.conversation_id).complaints
    reply = NewReply(text="You are right.", outcome=ReplyOutcome.ACCEPTED, authority="the board", sent_at=now)
    conversing.reply(context, complaint_id=file.complaint_id, new=reply, now=now)
    recorded_conversation(context, customer_id=aino, conversation_id=opened.conversation_id)
    conversing.close(context, conversation_id=opened.conversation_id, now=now)
    return opened.reference


def _clearance(company: Company, aino: int) -> None:
    context, now = company.context(), clock.now()
    everything = Scope(kind=PurposeKind.MARKETING)
    clearance.record_objection(
        context, customer_id=aino, scope=everything, method=Method.TOLD_OPERATOR, words="No advertising.", now=now
    )
    clearance.record_objection(
        context,
        customer_id=aino,
        scope=Scope(purpose="news", channel=Channel.SMS),
        method=Method.TOLD_OPERATOR,
        words="No more text messages.",
        now=now,
    )


def dated(owner: Owner) -> None:
    """What takes weeks to come about."""
    for table, columns in {
        "conversations_complaint": "copy_given_at escalated_at extended_at restricted_at",
        "conversations_interaction": "answered_at",
        "delivery_message": "delivered_at",
        "copies_copy": "sent_at",
    }.items():
        given = ", ".join(f"{column} = now()" for column in columns.split())
        owner.change(f"UPDATE {table} SET {given} WHERE controller_id = %s", owner.controller_id)


def restricted(owner: Owner, customer_id: int) -> None:
    """GDPR Art. 18(1)(a)."""
    ground = RestrictionGround.ACCURACY_CONTESTED.value
    statement = "UPDATE register_customer SET restricted_at = now(), restriction_ground = %s WHERE id = %s"
    owner.change(statement, ground, customer_id)


def _planted(owner: Owner, aino: int, value_id: int) -> None:
    call = new_id()
    owner.plant(
        "switchboard_call",
        id=call,
        customer_id=aino,
        direction="in",
        state="ended",
        mode="notice",
        certainty="identified",
        unrecorded="alone",
        result="answered",
        recorded=False,
        offered_to=None,
    )
    owner.plant("switchboard_wait", call_id=call, queue="service", ended="answered")
    owner.plant("switchboard_callback", call_id=call, queue="service", state="waiting")
    campaign, run, listed = new_id(), new_id(), new_id()
    sent = dict.fromkeys(("queue", "line", "script", "release"), "") | {"starts_at": None, "ends_at": None}
    owner.plant("campaigns_campaign", id=campaign, name="Spring", channel="email", state="running", **sent)
    owner.plant("campaigns_target", campaign_id=campaign, customer_id=aino, value_id=value_id, state="waiting")
    owner.plant("campaigns_attempt", campaign_id=campaign, customer_id=aino, number=1, outcome="sent", call_id=None)
    done = {"state": "finished", "channel": "email", "engine": "postgresql", "reasons": _REASONS}
    owner.plant("screening_run", id=run, list_id=listed, **done)
    owner.plant("screening_result", run_id=run, customer_id=aino, value_id=value_id, mask=0)
    source = owner.plant("register_source", kind="import", name="Old list", legal_basis="eu-gdpr:A6-1-b")
    owner.plant("intake_run", id=run, source_id=source["id"], state="finished")
    owner.plant("intake_row", run_id=run, customer_id=aino)
    endpoint = owner.plant("delivery_endpoint", name="Billing system", events=["customer.changed"])
    owner.plant(
        "delivery_call", endpoint_id=endpoint["id"], customer_id=aino, value_ids=[value_id], state="sent", next_at=None
    )
    owner.plant("identity_link", customers=[aino], values=[value_id], address=None)
    owner.plant("identity_visit", customer_id=aino, value_id=value_id, proof="mailbox")
    owner.plant("identity_confirmation", customer_id=aino)
    owner.plant("recordings_copy", customer_id=aino, conversation_id=call)
    owner.plant("erasure_plan", customer_id=aino, people=[aino], cause="objection", state="done")
    owner.plant("clearance_collection", customer_id=aino, value_id=value_id)
    _updated(owner, aino, value_id)


def _updated(owner: Owner, aino: int, value_id: int) -> None:
    """What feeds changed of her, ordered for her, and what somebody looked at."""
    told = {"outcome": "update", "second": "phone", "evidence": "[]", "fate": "updated", "kind": "move"}
    change = owner.plant("updates_change", customer_id=aino, **told)["id"]
    looked: dict[str, object] = {
        "candidates": "{}",
        "candidate_ids": "[]",
        "terms": "{}",
        "state": "decided",
        "closed": "",
    } | dict.fromkeys(("first_by", "second_by"), None)
    owner.plant("updates_applied", change_id=change, customer_id=aino, what="replaced", new_value_id=value_id)
    owner.plant("updates_order", change_id=change, customer_id=aino, kind="non_disclosure")
    owner.plant("updates_review", change_id=change, customer_id=aino, risky=False, **looked)
    owner.plant("updates_candidate", change_id=change, customer_id=aino)
    owner.plant("updates_audit", round_id=change, change_id=change, customer_id=aino, verdict="right")
    owner.plant("updates_duplicate", left_id=aino, right_id=aino + 1, evidence="[]", state="apart", second="phone")
