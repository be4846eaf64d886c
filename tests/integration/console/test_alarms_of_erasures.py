"""Where somebody like an erased person came from stands beside the alarm, with a way to the list they stood in."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, seated
from tests.world import World

from trustdesk.console.views.erasures import _run_of
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, SightingView, Verdict
from trustdesk.intake.contracts import Counts, Progress, RunState
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewSource, NewValue, SourceKind

LATER = timedelta(hours=1)


def run(source_id: int, *, begun_ago: timedelta) -> Progress:
    begun = clock.now() - begun_ago
    return Progress(
        run_id=new_id(),
        state=RunState.FINISHED,
        reason="",
        place="",
        dry_run=False,
        source_id=source_id,
        mapping_id=1,
        file_digest="",
        file_size=1,
        fraction=1.0,
        counts=Counts(),
        started_at=begun,
        updated_at=begun,
        finished_at=begun,
        operator_id=0,
    )


def seen(source_id: int, place: str = "import") -> SightingView:
    now = clock.now()
    return SightingView(1, 1, place, source_id, Verdict.REVIEW, ("phone",), now, now, 1)


def test_an_alarm_names_the_source(committed: World) -> None:
    house = committed.system(committed.south, "compliance")
    officer: Client = seated(committed.officer_south, committed.south)
    register.seed_catalog(house, now=clock.now())
    phone = f"+3620{new_id() % 10**7:07d}"
    customer_id = customer(house, "Ilka", f"Gond{new_id()}", phone=phone)
    plan = erasure.draw(house, customer_id=customer_id, cause=Cause.WITHDRAWAL, now=clock.now())
    erasure.carry_out(house, plan_id=plan.plan_id, now=clock.now())
    erasure.approve(house, plan_id=plan.plan_id, now=clock.now())
    erasure.carry_out(house, plan_id=plan.plan_id, now=clock.now())
    alike = NewCustomer(kind=CustomerKind.PERSON, values=(NewValue("name", "Otto Berg"), NewValue("phone", phone)))
    bought = NewSource(kind=SourceKind.IMPORT, name="Old system", legal_basis="eu-gdpr:A6-1-b")
    source_id = register.create_source(house, source=bought, now=clock.now())
    register.add_many(house, [alike], source_id=source_id, now=clock.now())
    [alarm] = [one for one in erasure.sightings(house) if one.plan_id == plan.plan_id]
    shown = officer.get(reverse("console:erasures")).content.decode()
    assert "· Old system</td>" in shown
    erasure.seen(house, sighting_id=alarm.sighting_id, now=clock.now())


def test_the_import_is_the_newest_of_that_source_that_had_begun() -> None:
    late, right, early = run(7, begun_ago=-LATER), run(7, begun_ago=LATER), run(7, begun_ago=2 * LATER)
    other = run(8, begun_ago=LATER)
    assert _run_of(seen(7), [late, other, right, early]) == right.run_id
    assert _run_of(seen(9), [late, other, right, early]) is None


@pytest.mark.parametrize("place", ["capture", "merge"])
def test_who_was_not_imported_leads_to_no_import(place: str) -> None:
    assert _run_of(seen(7, place), [run(7, begun_ago=LATER)]) is None
