from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.template import Context, Template

from trustdesk.audit.contracts import VerificationState
from trustdesk.design.verification import seal_of

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FRESH = VerificationState(
    controller_id=1,
    size=180,
    waiting=1,
    signed_size=180,
    signed_at=NOW,
    handed_out_size=15,
    handed_out_at=NOW,
    checked_size=15,
    checked_at=NOW - timedelta(hours=3),
    first_bad=None,
)


@pytest.mark.parametrize(
    ("state", "seal"),
    [
        (FRESH, "sealed"),
        (replace(FRESH, checked_at=NOW - timedelta(days=2)), "open"),
        (replace(FRESH, checked_at=None, checked_size=0), "open"),
        (replace(FRESH, first_bad=0), "broken"),
    ],
)
def test_the_seal_says_no_more_than_was_checked(state: VerificationState, seal: str) -> None:
    assert seal_of(state, now=NOW)[0] == seal


def test_the_seal_opens_what_can_be_checked() -> None:
    shown = Template("{% load design %}{% verification state %}").render(
        Context({"state": replace(FRESH, first_bad=7)}),
    )
    assert "First entry that differs" in shown
    assert "<b>7</b>" in shown
