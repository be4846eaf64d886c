"""From the plan to the end: what goes, what stays, who is told, and how it goes on after any fault."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from tests.erasing import RECIPIENT, Rooms, history
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.delivery.models import Call as WebhookCall
from trustdesk.erasure import api as erasure
from trustdesk.erasure import book, capabilities
from trustdesk.erasure.contracts import Cause, PlanLine, PlanState, StepState, Way
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.registries import Fate
from trustdesk.register import api as register
from trustdesk.vault import api as vault


def test_everything_goes_and_every_step_says_what_it_did(held: Rooms) -> None:
    customer_id = history(held)
    drawn = erasure.draw(held.context, customer_id=customer_id, cause=Cause.REQUEST, about="17-1", now=clock.now())
    assert drawn.state is PlanState.DRAWN
    assert len(drawn.people) == 2  # the record shown as one with it goes too
    assert {line.capability for line in drawn.lines} >= {"campaigns", "conversations", "register", "recordings"}
    done = held.erase(customer_id)
    assert done.plan_id == drawn.plan_id
    assert done.state is PlanState.DONE
    assert [step.name for step in done.steps] == [
        "holds",
        "ledger",
        "recipients",
        "texts",
        "capabilities",
        "keys",
        "tell",
    ]
    assert {step.state for step in done.steps} == {StepState.DONE}
    counts = {step.name: step.counts for step in done.steps}
    going: dict[str, int] = {}
    for line in drawn.lines:
        if line.fate is Fate.GOES:
            going[line.capability] = going.get(line.capability, 0) + line.count
    assert counts["capabilities"] == going
    with pytest.raises(NotFoundError):
        register.card(held.context, customer_id, now=clock.now())
    # What is left is the history of consent, as long as it has to be proved, under a key of its own.
    assert {line.capability for line in done.kept} == {"clearance"}
    assert {name for _each, name in vault.living_classes(held.context, drawn.people)} == {"proof"}
    assert lines(held, drawn.people) == list(done.kept) == list(drawn.kept)


def lines(held: Rooms, people: Sequence[int]) -> list[PlanLine]:
    context = held.context
    with scoped(context.scope):
        return capabilities.planned(context, [people])[0]


def test_two_ask_at_once_and_there_is_one_plan(held: Rooms) -> None:
    customer_id = held.person(phone="+358401110001")
    one = erasure.draw(held.context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    other = erasure.draw(held.context, customer_id=customer_id, cause=Cause.WITHDRAWAL, now=clock.now())
    assert one.plan_id == other.plan_id
    assert other.cause is Cause.REQUEST


def test_recipients_are_told_and_shown_until_they_received_it(held: Rooms) -> None:
    customer_id = history(held)
    done = held.erase(customer_id)
    (told,) = erasure.told(held.context, done.plan_id)
    assert (told.recipient, told.way, told.received_at) == (RECIPIENT, Way.WEBHOOK, None)
    with scoped((context := held.context).scope):
        (call,) = WebhookCall.objects.filter(controller_id=context.controller_id, event="customer.erased")
        assert call.customer_id is None
        call.state, call.next_at = "sent", None
        call.save(update_fields=["state", "next_at"])
    assert erasure.note_receipts(held.context, now=clock.now()) == 1
    (told,) = erasure.told(held.context, done.plan_id)
    assert told.received_at is not None


def test_who_cannot_be_called_is_told_by_hand(held: Rooms) -> None:
    customer_id = held.person("Cecil Koski", email="cecil@example.com")
    (value,) = [
        each for each in register.card(held.context, customer_id, now=clock.now()).values if each.attribute == "email"
    ]
    register.record_disclosure(
        held.context,
        customer_id=customer_id,
        value_ids=[value.value_id],
        recipient="The Lawyers",
        purpose="dpv:LegalCompliance",
        legal_basis="eu-gdpr:A6-1-c",
        now=clock.now(),
    )
    done = held.erase(customer_id)
    (told,) = erasure.told(held.context, done.plan_id)
    assert (told.recipient, told.way, told.told_at) == ("The Lawyers", Way.BY_HAND, None)
    erasure.received(held.context, told_id=told.told_id, now=clock.now())
    with pytest.raises(ConflictError):
        erasure.received(held.context, told_id=told.told_id, now=clock.now())


def test_the_officer_decides(held: Rooms) -> None:
    customer_id = held.person(phone="+358401110002")
    plan = erasure.draw(held.context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    with pytest.raises(BadInputError):
        erasure.dismiss(held.context, plan_id=plan.plan_id, because=" ", now=clock.now())
    erasure.dismiss(held.context, plan_id=plan.plan_id, because="asked by mistake", now=clock.now())
    with pytest.raises(ConflictError):
        erasure.approve(held.context, plan_id=plan.plan_id, now=clock.now())
    again = erasure.draw(held.context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    erasure.approve(held.context, plan_id=again.plan_id, now=clock.now())
    stopped = erasure.hold(held.context, plan_id=again.plan_id, because="file 12/2026", now=clock.now())
    assert stopped.state is PlanState.HELD
    assert erasure.carry_out(held.context, plan_id=again.plan_id, now=clock.now()).state is PlanState.HELD
    assert register.card(held.context, customer_id, now=clock.now())
    erasure.release(held.context, plan_id=again.plan_id, now=clock.now())
    assert erasure.carry_out(held.context, plan_id=again.plan_id, now=clock.now()).state is PlanState.DONE
    said = [entry.what for entry in audit.entries(held.context, subject=customer_id, limit=200)]
    assert {"erasure.drawn", "erasure.approved", "erasure.held", "erasure.released", "erasure.finished"} <= set(said)


def test_an_outsider_and_a_neighbor_see_no_plan(held: Rooms, committed: World) -> None:
    customer_id = held.person(phone="+358401110003")
    plan = erasure.draw(held.context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    neighbor = committed.system(committed.south, "compliance")
    assert plan.plan_id not in {each.plan_id for each in erasure.plans(neighbor)}
    with pytest.raises(NotFoundError):
        erasure.plan(neighbor, plan.plan_id)
    with pytest.raises(NotFoundError):
        erasure.approve(neighbor, plan_id=plan.plan_id, now=clock.now())
    agent = committed.context(committed.agent_north, committed.north)
    with pytest.raises(RefusedError):
        erasure.plan(agent, plan.plan_id)
    with pytest.raises(RefusedError):
        erasure.approve(agent, plan_id=plan.plan_id, now=clock.now())
    with pytest.raises(RefusedError):
        erasure.draw(agent, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())


def test_a_failing_step_is_seen_tried_again_and_the_rest_waits(held: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    customer_id = held.person(phone="+358401110004")
    disk_full = OSError(28, "No space left on device")

    def full(_lines: Sequence[book.Line]) -> None:
        raise disk_full

    monkeypatch.setattr(book, "write", full)
    failed = held.erase(customer_id)
    assert failed.state is PlanState.FAILED
    steps = {step.name: step for step in failed.steps}
    assert (steps["ledger"].state, steps["ledger"].fault) == (StepState.FAILING, "OSError")
    assert steps["keys"].state is StepState.WAITING
    assert register.card(held.context, customer_id, now=clock.now())
    monkeypatch.undo()
    waiting = erasure.carry_out(held.context, plan_id=failed.plan_id, now=clock.now())
    assert waiting.state is PlanState.FAILED  # not yet: it is tried again after a minute
    later = clock.now() + timedelta(minutes=2)
    assert erasure.carry_out(held.context, plan_id=failed.plan_id, now=later).state is PlanState.DONE
