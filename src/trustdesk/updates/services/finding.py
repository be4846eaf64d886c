"""Whose a change is: ranked by tokens alone, judged on the few who are opened for it, in one entry for a batch."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache

import numpy as np

from trustdesk.kernel.context import AccessContext
from trustdesk.matching.api import Model, identity, judge, profile, rank
from trustdesk.matching.contracts import Candidate, Identity, Judgement, Outcome, Ranking, Said
from trustdesk.register.api import known_as
from trustdesk.register.contracts import Held
from trustdesk.updates.contracts import ChangeKind, Fate, Terms
from trustdesk.updates.services.cases import Case
from trustdesk.updates.services.indexes import index_of
from trustdesk.vault.api import Tokeniser

UNLIKELY = 0.001
"""Who is less likely by tokens alone is not opened: nothing that is read could make them likely enough to write."""
RESTRICTED = "restricted"
_SAME_LINE = frozenset({"same", "shared"})


@cache
def model() -> Model:
    return Model.standard()


def find(context: AccessContext, cases: Sequence[Case], terms: Terms, *, home: str) -> None:
    """Judge each of these changes; decided are those that are of nobody, or of somebody who is restricted. What does
    not say of which country it is, is read by the customs of `home`.
    """
    if not cases:
        return
    digest = Tokeniser(context).digest
    tokens = []
    for case in cases:
        case.asked = identity(_said(case), country=case.change.country or home)
        tokens.append(profile(case.asked, digest))
    with index_of(context) as index:
        rankings = list(rank(index, model(), np.stack(tokens)))
    likely = {one.customer_id for each in rankings for one in each.candidates if one.probability >= UNLIKELY}
    persons = known_as(context, likely)
    # Who is not shown any more was erased since the index was looked at.
    shown_as: dict[int, int | None] = dict.fromkeys(likely)
    shown_as |= {record: root for root, person in persons.items() for record in person.records}
    opened: dict[int, Identity] = {}
    for case, ranking in zip(cases, rankings, strict=True):
        _judge(case, as_persons(ranking, shown_as), persons, opened, terms)


def judge_of(case: Case, ranking: Ranking, opened: Mapping[int, Identity], terms: Terms) -> Judgement:
    """What is to be done with a change, given who it may be and what those are known by."""
    if case.asked is None:
        raise RuntimeError("a change is read before it is judged")
    return judge(model(), ranking, case.asked, opened, terms.thresholds, key=case.change.key)


def identity_of(person: Held) -> Identity:
    """All that somebody is known by now, all who are shown as one together."""
    said = (Said(value.attribute, value.kind.value, value.text, value.shared_line) for value in person.values)
    return identity(said, country=person.country)


def as_persons(ranking: Ranking, shown_as: Mapping[int, int | None]) -> Ranking:
    """The ranking by the customer as which each is shown: records of one person stand against nobody but others. Whom
    it does not name stands for itself, who is shown as nobody is left out.
    """
    best: dict[int, Candidate] = {}
    for one in ranking.candidates:
        root = shown_as.get(one.customer_id, one.customer_id)
        if root is None:
            continue
        known = best.get(root)
        if known is None:
            best[root] = one if root == one.customer_id else replace(one, customer_id=root)
        else:
            best[root] = replace(known, probability=known.probability + one.probability)
    lines = ranking.lines
    if sum(1 for phone in lines if phone) == 1:
        lines = [many - _twice(ranking, shown_as) if many else 0 for many in lines]
    return replace(ranking, candidates=sorted(best.values(), key=lambda one: -one.probability), lines=lines)


def _twice(ranking: Ranking, shown_as: Mapping[int, int | None]) -> int:
    """How many of those who have the number asked for are shown as another one who has it."""
    having = [
        shown_as.get(one.customer_id, one.customer_id)
        for one in ranking.candidates
        if any(said.about == "phone" and said.level in _SAME_LINE for said in one.evidence)
    ]
    return len(having) - len(set(having))


def _said(case: Case) -> list[Said]:
    """By what the feed knows the person; its own number of them is one of those, checked like any other."""
    number = [Said("key", "external_id", case.change.key)] if case.change.key else []
    return [*case.change.person, *number]


def _judge(
    case: Case, ranking: Ranking, persons: Mapping[int, Held], opened: dict[int, Identity], terms: Terms
) -> None:
    if not ranking.candidates:
        case.judgement = Judgement(Outcome.NONE, ranking)
        case.end(Fate.NONE)
        return
    first = persons.get(ranking.candidates[0].customer_id)
    if first and first.restricted and ranking.candidates[0].probability >= terms.thresholds.review:
        case.customer_id = first.shown_as
        case.end(Fate.CLOSED, RESTRICTED)
        return
    for one in ranking.candidates:
        person = persons.get(one.customer_id)
        if person and not person.restricted and one.customer_id not in opened:
            opened[one.customer_id] = identity_of(person)
    case.judgement = judge_of(case, ranking, opened, terms)
    best = case.judgement.best
    if case.judgement.outcome is Outcome.NONE or best is None:
        case.end(Fate.NONE, case.judgement.why)
        return
    case.customer_id, case.held = best.customer_id, persons.get(best.customer_id)
    if case.held and case.held.restricted:
        case.end(Fate.CLOSED, RESTRICTED)
        return
    case.reason = case.judgement.why
    update = case.judgement.outcome is Outcome.UPDATE
    if update and case.change.kind is ChangeKind.DEATH and not _certain(case.judgement):
        case.judgement = replace(case.judgement, outcome=Outcome.REVIEW)
        case.reason = "death"


def _certain(judgement: Judgement) -> bool:
    """A death is believed where the number of the person and the day of birth are both those of the register."""
    levels = {one.about: one.level for one in judgement.best.evidence} if judgement.best else {}
    return levels.get("national_id") == "same" and levels.get("birth_date") == "same"
