"""What a review keeps comes back as it was."""

import json
from datetime import UTC, datetime, timedelta

from trustdesk.matching.contracts import Candidate, Evidence, Ranking, Said, Thresholds
from trustdesk.updates.contracts import Change, ChangeKind, Terms
from trustdesk.updates.services import payloads

_CHANGE = Change(
    position="41",
    kind=ChangeKind.MOVE,
    person=(Said("family_name", "name", "Kovácsné Őry"), Said("phone", "phone", "+36 1 234 5678", shared=True)),
    becomes=(Said("address", "address", "Fő utca 1., 1011 Budapest"),),
    ends=(Said("phone", "phone", "+36 1 234 5678"),),
    as_of=datetime(2026, 11, 1, 8, 30, tzinfo=UTC),
    key="A-77",
    country="HU",
)
_RANKING = Ranking(
    (
        Candidate(2**62 + 1, 0.71, 9.25, (Evidence("family", "same", 7.5), Evidence("phone", "missing", 0.0))),
        Candidate(12, 0.2, 3.0, household=True),
    ),
    nobody=0.09,
)
_TERMS = Terms(
    feed_id=1,
    delivery_id=2,
    source_id=3,
    kinds=frozenset({ChangeKind.MOVE, ChangeKind.PHONE}),
    outranked_for=timedelta(days=30, seconds=5),
    tell=frozenset({ChangeKind.MOVE}),
    thresholds=Thresholds(update=0.9995, review=0.3),
)


def test_a_change_comes_back() -> None:
    assert payloads.read_change(payloads.change_text(_CHANGE), position="41") == _CHANGE


def test_the_candidates_come_back_from_json() -> None:
    assert payloads.read_ranking(json.loads(json.dumps(payloads.ranking_json(_RANKING)))) == _RANKING


def test_the_terms_come_back_from_json() -> None:
    assert payloads.read_terms(json.loads(json.dumps(payloads.terms_json(_TERMS)))) == _TERMS


def test_what_stands_in_clear_says_nothing_of_anyone() -> None:
    clear = json.dumps([payloads.ranking_json(_RANKING), payloads.terms_json(_TERMS)])
    assert "Kov" not in clear
    assert "A-77" not in clear
