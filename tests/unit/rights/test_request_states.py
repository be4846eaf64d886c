"""The table of a request's states: complete, without ways back from what is over, and drawn as it is."""

import pytest
from tests.architecture.source import ROOT

from trustdesk.decision.contracts import Channel as Way
from trustdesk.delivery.standard import standard
from trustdesk.rights import states
from trustdesk.rights.contracts import CLOSED, GROUNDS, LAW, Ground, Happening, Kind, State
from trustdesk.rights.services.letters import Letter
from trustdesk.rights.states import TABLE, NoSuchStepError

DOCUMENT = ROOT / "docs" / "reference" / "request-states.md"


def reached(kind: Kind, *, without: Happening | None = None) -> set[State]:
    found, new = {State.RECEIVED}, {State.RECEIVED}
    while new:
        new = {
            after
            for (before, happening, whose), after in TABLE.items()
            if before in new and whose is kind and happening is not without
        } - found
        found |= new
    return found


def test_the_documentation_shows_the_table_as_it_is() -> None:
    assert DOCUMENT.read_text() == states.document(), "run: python -m trustdesk.rights.states > docs/reference/…"


@pytest.mark.parametrize("kind", Kind)
def test_every_right_can_be_fulfilled_and_passes_its_own_states(kind: Kind) -> None:
    planned = {State.PLANNED, State.HELD} if kind in states.PLANNED else set()
    assert reached(kind) == set(State) - {State.PLANNED, State.HELD} | planned


@pytest.mark.parametrize("kind", Kind)
def test_without_a_proof_nothing_is_approved(kind: Kind) -> None:
    assert reached(kind, without=Happening.PROVED) == {
        State.RECEIVED,
        State.IDENTIFYING,
        State.REFUSED,
        State.WITHDRAWN,
    }


@pytest.mark.parametrize("kind", Kind)
def test_without_an_approval_nothing_is_done(kind: Kind) -> None:
    assert not reached(kind, without=Happening.APPROVED) & {State.RUNNING, State.HELD, State.DONE}


def test_from_what_is_over_nothing_leads_on() -> None:
    assert {after for (before, _h, _k), after in TABLE.items() if before in CLOSED} <= CLOSED
    assert all(before is after for (before, _h, _k), after in TABLE.items() if before in CLOSED)


def test_a_step_that_stands_in_no_line_is_refused() -> None:
    with pytest.raises(NoSuchStepError):
        states.after(Kind.ACCESS, State.IDENTIFIED, Happening.PLANNED)
    with pytest.raises(NoSuchStepError):
        states.after(Kind.ERASURE, State.IDENTIFIED, Happening.APPROVED)
    with pytest.raises(NoSuchStepError):
        states.after(Kind.ERASURE, State.RUNNING, Happening.WITHDRAWN)


def test_every_ground_names_its_law_and_every_right_its_article() -> None:
    assert set(GROUNDS) == set(Ground)
    assert all(law.startswith("GDPR Art. ") and kinds for law, kinds in GROUNDS.values())
    assert set(LAW) == set(Kind)


@pytest.mark.parametrize("letter", Letter)
@pytest.mark.parametrize("language", ["en", "hu", "fi", "pl", "de"])
def test_every_letter_has_its_words_by_both_ways_with_the_same_places(letter: Letter, language: str) -> None:
    mail, sms = (standard(way, letter, language) for way in (Way.EMAIL, Way.SMS))
    assert mail is not None
    assert sms is not None
    assert mail.parameters == sms.parameters
