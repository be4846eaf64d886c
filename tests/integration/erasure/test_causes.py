"""A basis falls: either something else carries the data, which is said, or a plan is open."""

from datetime import timedelta

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob
from tests.clearing import VERSION
from tests.conversing import call
from tests.erasing import Rooms

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import ALL_MARKETING, By, ConsentState, Evidence, Method
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Result
from trustdesk.decision.contracts import Channel
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, PlanState
from trustdesk.erasure.services import sweeping
from trustdesk.kernel import clock
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewSource, NewValue, Relationship, SourceKind


def prospect(held: Rooms, basis: str = "eu-gdpr:A6-1-a", *, name: str = "Helmi Aho") -> int:
    """Somebody of a list that rests on a consent, or on what is given."""
    source = NewSource(kind=SourceKind.IMPORT, name=f"Fair, {basis}", legal_basis=basis)
    source_id = register.create_source(held.house.context(), source=source, now=clock.now())
    rows = [NewCustomer(kind=CustomerKind.PERSON, values=(NewValue("name", name),))]
    (outcome,) = register.add_many(held.house.context(), rows, source_id=source_id, now=clock.now()).outcomes
    assert outcome.customer_id is not None
    return outcome.customer_id


def consent(held: Rooms, customer_id: int, channel: Channel = Channel.EMAIL) -> None:
    clearance.record_consent(
        held.house.context(),
        customer_id=customer_id,
        purpose="news",
        channel=channel,
        state=ConsentState.GIVEN,
        evidence=Evidence(
            method=Method.WEB_FORM, by=By.PERSON, words="Yes.", notice_version=VERSION, notice_language="en"
        ),
        at=clock.now(),
        now=clock.now(),
    )


def withdraw(held: Rooms, customer_id: int, channel: Channel | None = Channel.EMAIL) -> None:
    clearance.withdraw(
        held.house.context(),
        customer_id=customer_id,
        purpose="news",
        channel=channel,
        method=Method.WEB_FORM,
        now=clock.now(),
    )


def work(held: Rooms) -> list[str]:
    """What the worker does of what was ordered for this company; what came of each."""
    said = []
    jobs = ProcrastinateJob.objects.filter(queue_name="erasure", args__controller_id=held.house.controller_id)
    for job in jobs.order_by("id"):
        if job.task_name == "erasure.look":
            given = {key: job.args[key] for key in ("cause", "about")}
            said.append(sweeping.look(held.house.controller_id, job.args["customer_id"], **given, now=clock.now()))
        elif job.task_name == "erasure.look_at_purpose":
            purpose, after = job.args["purpose"], job.args["after"]
            sweeping.look_at_purpose(held.house.controller_id, purpose, after=after, now=clock.now())
    return said


def test_the_last_consent_withdrawn_opens_a_plan(held: Rooms) -> None:
    customer_id = prospect(held)
    consent(held, customer_id)
    consent(held, customer_id, Channel.SMS)
    withdraw(held, customer_id, Channel.SMS)
    assert work(held) == ["carried"]
    assert erasure.plans(held.context) == []
    withdraw(held, customer_id)
    assert work(held)[-1] == "planned"
    (plan,) = erasure.plans(held.context)
    assert (plan.cause, plan.about, plan.state) == (Cause.WITHDRAWAL, "news", PlanState.DRAWN)


def test_an_objection_takes_the_interest_away(held: Rooms) -> None:
    customer_id = prospect(held, "eu-gdpr:A6-1-f")
    carried = erasure.consider(held.context, customer_id=customer_id, cause=Cause.WITHDRAWAL, now=clock.now())
    assert (carried.plan, carried.carried_by) == (None, ("interest",))
    clearance.record_objection(
        held.house.context(), customer_id=customer_id, scope=ALL_MARKETING, method=Method.TOLD_OPERATOR, now=clock.now()
    )
    assert work(held) == ["planned"]


def test_a_relationship_carries_until_it_ends(held: Rooms) -> None:
    customer_id = held.person("Jorma Rinne", phone="+358401110041")
    carried = erasure.consider(held.context, customer_id=customer_id, cause=Cause.OBJECTION, now=clock.now())
    assert carried.carried_by == ("contract",)
    since = (clock.now() - timedelta(days=900)).date()
    register.set_relationship(
        held.house.context(),
        customer_id=customer_id,
        relationship=Relationship(customer_since=since),
        now=clock.now(),
    )
    carried = erasure.consider(held.context, customer_id=customer_id, cause=Cause.OBJECTION, now=clock.now())
    assert carried.carried_by == ("relationship",)
    register.end_relationship(held.house.context(), customer_id=customer_id, now=clock.now())
    assert work(held) == ["planned"]
    (plan,) = erasure.plans(held.context)
    assert plan.cause is Cause.CONTRACT_ENDED


def test_a_purpose_that_ends_is_everybodys(held: Rooms) -> None:
    people = [prospect(held, name=name) for name in ("Olavi Kari", "Saara Kari")]
    for customer_id in people:
        consent(held, customer_id)
    clearance.retire_purpose(held.house.context(), code="news", now=clock.now())
    work(held)
    plans = erasure.plans(held.context)
    assert sorted(plan.customer_id for plan in plans) == sorted(people)
    assert {plan.cause for plan in plans} == {Cause.PURPOSE_ENDED}


def test_what_is_not_over_is_waited_for(held: Rooms) -> None:
    customer_id = prospect(held, name="Martti Oja")
    one = call(held.house, party="+358401110042", at=clock.now()).identify(customer_id, now=clock.now())
    carried = erasure.consider(held.context, customer_id=customer_id, cause=Cause.WITHDRAWAL, now=clock.now())
    assert carried.carried_by == ("conversation",)
    one.end(result=Result.ANSWERED, at=clock.now())
    conversations.close(held.house.context(), conversation_id=one.id, now=clock.now())
    found = erasure.consider(held.context, customer_id=customer_id, cause=Cause.WITHDRAWAL, now=clock.now())
    assert found.plan is not None


@pytest.mark.parametrize("basis", ["eu-gdpr:A6-1-c", "https://w3id.org/dpv/legal/eu/gdpr#A6-1-e"])
def test_a_duty_carries(held: Rooms, basis: str) -> None:
    customer_id = prospect(held, basis)
    carried = erasure.consider(held.context, customer_id=customer_id, cause=Cause.WITHDRAWAL, now=clock.now())
    assert carried.carried_by == ("duty",)
