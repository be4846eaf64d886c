"""A processor receives and assists; it decides only where the company wrote that into its mandate (GDPR Art. 28(3))."""

from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.requesting import LATER, known, seen, somebody, take

from trustdesk.health.checks.rights import check_requests
from trustdesk.health.contracts import State as Health
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.mandates import api as mandates
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Kind, State

ASSISTING = frozenset({"request:take", "request:work"})
DECIDING = frozenset({"request:approve"})


@dataclass(frozen=True)
class Mandates:
    """Of a processor for the northern company, by what it may do."""

    controller_id: int
    ids: dict[frozenset[str], int]

    def context(self, *operations: str) -> AccessContext:
        """Of somebody who sits there."""
        found = mandates.system_context(
            self.controller_id,
            purpose="service",
            now=clock.now(),
            on_behalf_of=0,
            mandate_id=self.ids[frozenset(operations)],
        )
        return replace(found, operator_id=7)


@pytest.fixture(scope="module")
def processor(companies: tuple[Company, Company], django_db_blocker: DjangoDbBlocker) -> Mandates:
    """Committed: an opening is written on a connection of its own."""
    now = clock.now()
    kinds = [ASSISTING, DECIDING, frozenset({"customer:open"})]
    with django_db_blocker.unblock():
        processor_id = mandates.create_processor(name=f"Answering {new_id()}", country="PL", by=None, now=now)
        made = [
            mandates.create_mandate(
                controller_id=companies[0].controller_id,
                processor_id=processor_id,
                purposes=["service"],
                categories=[mandates.EVERY_CATEGORY],
                operations=operations,
                starts_at=now - timedelta(minutes=1),
                ends_at=None,
                by=None,
                now=now,
            ).id
            for operations in kinds
        ]
    return Mandates(companies[0].controller_id, dict(zip(kinds, made, strict=True)))


def test_without_the_word_in_the_mandate_it_only_assists(north: Company, processor: Mandates) -> None:
    request_id = known(north, Kind.OBJECTION, somebody(north))
    with pytest.raises(RefusedError):
        rights.approve(processor.context(*ASSISTING), request_id=request_id, now=LATER)
    assert seen(north, request_id).state is State.IDENTIFIED


def test_with_it_the_approval_says_that_it_was_delegated(north: Company, processor: Mandates) -> None:
    by_processor, by_company = (known(north, Kind.OBJECTION, somebody(north)) for _each in range(2))
    held = rights.approve(processor.context(*DECIDING), request_id=by_processor, now=LATER)
    assert (held.state, held.delegated, held.approved_by) == (State.DONE, True, 7)
    assert not rights.approve(north.context(), request_id=by_company, now=LATER).delegated


def test_mandates_of_before_do_not_have_it(north: Company, processor: Mandates) -> None:
    """The company's own staff may do what is new; what a processor may stays as agreed."""
    own = mandates.system_context(north.controller_id, purpose="service", now=clock.now(), on_behalf_of=0)
    assert own.allows("request:approve")
    assert not processor.context("customer:open").allows("request:approve")


def test_the_doctor_says_what_is_late(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    there = [one for one in mandates.controllers() if one.id == north.controller_id]
    monkeypatch.setattr(mandates, "controllers", lambda: there)  # what other tests left elsewhere is late too
    request_id = take(north).request_id
    due_at = seen(north, request_id).clock.due_at
    assert check_requests(due_at - timedelta(days=2)).state is Health.WARNING
    late = check_requests(due_at + timedelta(days=1))
    assert (late.check, late.state) == ("requests", Health.BROKEN)
    assert "Art. 12(3)" in late.text
