"""A list that has somebody who was erased says so in words of its own: suppressed is another matter."""

import pytest
from tests.integration.intake.conftest import Company, people

from trustdesk.console.reasons import reason_label
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause
from trustdesk.erasure.steps import steps
from trustdesk.intake.contracts import Refusal
from trustdesk.kernel import clock


def erase(company: Company, customer_id: int) -> None:
    context = company.context("compliance")
    plan = erasure.draw(context, customer_id=customer_id, cause=Cause.REQUEST, now=clock.now())
    erasure.approve(context, plan_id=plan.plan_id, now=clock.now())
    erasure.carry_out(context, plan_id=plan.plan_id, now=clock.now())


def test_who_was_erased_is_not_called_suppressed(company: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(steps, "_things", {name: step for name, step in steps if "." not in name})
    company.bring_in(company.write_csv(people(3)))
    ((gone,),) = company.ask("SELECT customer_id FROM intake_row ORDER BY row_token LIMIT 1")
    erase(company, gone)
    again = company.bring_in(company.write_csv(people(4), "later.csv"))
    assert (again.counts.added, again.counts.suppressed, again.counts.rejected) == (1, 1, 0)
    (reject,) = company.rejects(again)
    assert reject.reason == Refusal.ERASED
    assert reject.detail.endswith("(GDPR Art. 17(1), 5(1)(e))")
    assert reason_label(reject.reason) == "Was erased; data from before the erasure stay out"
