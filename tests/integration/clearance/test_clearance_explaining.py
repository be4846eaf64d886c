"""Why, in plain words, with the law one click away; now, then, and in five languages."""

import pytest
from django.utils import translation
from tests.clearing import DAY, LATER, consent, person
from tests.companies import NOW, Company

from trustdesk.clearance.api import explain
from trustdesk.clearance.contracts import ConsentState
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.kernel.errors import RefusedError


def test_a_refusal_is_explained_with_rule_law_and_what_is_missing(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    told = explain(north.context(), customer_id=anna, channel=Channel.EMAIL, purpose="news", at=LATER)
    assert (told.outcome, told.headline) == (Outcome.DENY, "You may not.")
    first = told.lines[0]
    assert first.words.endswith(".")
    assert "%" not in first.words
    assert first.statute.startswith("GDPR")
    assert first.url.startswith("https://")
    assert first.because
    assert told.known["Country of the person"] == "FI"


def test_it_tells_what_was_true_then(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    consent(north, anna, state=ConsentState.WITHDRAWN, at=LATER + DAY)
    outcomes = [
        explain(north.context(), customer_id=anna, channel=Channel.EMAIL, purpose="news", at=at).outcome
        for at in (NOW - DAY, LATER, LATER + DAY)
    ]
    assert outcomes == [Outcome.DENY, Outcome.PERMIT, Outcome.DENY]


def test_a_permit_names_what_has_to_be_said(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    told = explain(north.context(), customer_id=anna, channel=Channel.EMAIL, purpose="news", at=LATER)
    assert told.headline == "You may."
    assert any("stop" in duty for duty in told.duties)


@pytest.mark.parametrize("language", ["en", "hu", "fi", "pl", "de"])
def test_every_language_is_whole(north: Company, language: str) -> None:
    anna = person(north, email="anna@example.com")
    with translation.override(language):
        told = explain(north.context(), customer_id=anna, channel=Channel.EMAIL, purpose="news", at=LATER)
    assert all(line.words and "%(" not in line.words for line in told.lines)


def test_without_the_operation_nothing_is_explained(north: Company) -> None:
    with pytest.raises(RefusedError):
        explain(north.context("customer:open"), customer_id=1, channel=Channel.POST, purpose="news", at=NOW)
