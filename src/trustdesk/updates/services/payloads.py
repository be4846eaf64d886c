"""What a review keeps: the change as it was said, sealed; whom it may be of, and on what terms it was taken, in clear.

The clear parts hold numbers, levels and weights only. Written by whoever takes a change, read by whoever decides it.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from trustdesk.matching.contracts import Candidate, Evidence, Ranking, Said, Thresholds
from trustdesk.updates.contracts import Change, ChangeKind, Terms
from trustdesk.vault.api import Place

SERVICE = "service"
"""The class of key: what is not decided yet goes with the customer's other data of service."""


def review_place(change_id: int) -> Place:
    """Where the sealed change of a review stands."""
    return Place("updates_review", "sealed", row=change_id)


def change_text(change: Change) -> str:
    """All that a change says, as it is sealed. Its position is no secret and stands beside it."""
    return json.dumps(
        {
            "kind": change.kind.value,
            "person": _said(change.person),
            "becomes": _said(change.becomes),
            "ends": _said(change.ends),
            "as_of": change.as_of.isoformat(),
            "key": change.key,
            "country": change.country,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    )


def read_change(text: str, *, position: str) -> Change:
    """The change again."""
    held = json.loads(text)
    return Change(
        position=position,
        kind=ChangeKind(held["kind"]),
        person=_read_said(held["person"]),
        becomes=_read_said(held["becomes"]),
        ends=_read_said(held["ends"]),
        as_of=datetime.fromisoformat(held["as_of"]),
        key=held["key"],
        country=held["country"],
    )


def ranking_json(ranking: Ranking) -> dict[str, object]:
    """Who it may be, likeliest first, and how likely nobody, for the column `candidates`."""
    return {
        "nobody": ranking.nobody,
        "candidates": [
            {
                "customer": one.customer_id,
                "probability": one.probability,
                "weight": one.weight,
                "household": one.household,
                "evidence": evidence_json(one.evidence),
            }
            for one in ranking.candidates
        ],
    }


def read_ranking(held: Mapping[str, Any]) -> Ranking:
    """The ranking again."""
    candidates = tuple(
        Candidate(
            customer_id=one["customer"],
            probability=one["probability"],
            weight=one["weight"],
            evidence=read_evidence(one["evidence"]),
            household=one["household"],
        )
        for one in held["candidates"]
    )
    return Ranking(candidates, held["nobody"])


def evidence_json(evidence: Sequence[Evidence]) -> list[list[object]]:
    """Comparisons, levels and weights, for the columns `evidence`."""
    return [[one.about, one.level, one.weight] for one in evidence]


def read_evidence(held: Sequence[Sequence[Any]]) -> tuple[Evidence, ...]:
    """The evidence again."""
    return tuple(Evidence(about, level, weight) for about, level, weight in held)


def terms_json(terms: Terms) -> dict[str, object]:
    """The terms on which a change was taken, for the column `terms`: it is applied on them, whatever they are then."""
    return {
        "feed": terms.feed_id,
        "delivery": terms.delivery_id,
        "source": terms.source_id,
        "kinds": sorted(terms.kinds),
        "outranked_for": terms.outranked_for.total_seconds(),
        "tell": sorted(terms.tell),
        "update": terms.thresholds.update,
        "review": terms.thresholds.review,
    }


def read_terms(held: Mapping[str, Any]) -> Terms:
    """The terms again."""
    return Terms(
        feed_id=held["feed"],
        delivery_id=held["delivery"],
        source_id=held["source"],
        kinds=frozenset(ChangeKind(one) for one in held["kinds"]),
        outranked_for=timedelta(seconds=held["outranked_for"]),
        tell=frozenset(ChangeKind(one) for one in held["tell"]),
        thresholds=Thresholds(update=held["update"], review=held["review"]),
    )


def _said(said: Sequence[Said]) -> list[list[object]]:
    return [[one.attribute, one.kind, one.text, one.shared] for one in said]


def _read_said(held: Sequence[Sequence[Any]]) -> tuple[Said, ...]:
    return tuple(Said(attribute, kind, text, shared) for attribute, kind, text, shared in held)
