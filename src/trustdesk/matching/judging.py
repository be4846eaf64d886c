"""What is to be done with a change, now that its candidates are opened: update, have somebody look, or nothing."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from trustdesk.matching.contracts import Candidate, Evidence, Identity, Judgement, Outcome, Ranking, Thresholds
from trustdesk.matching.distances import given_level, levels
from trustdesk.matching.levels import LEVELS
from trustdesk.matching.model import MISSING, Level, Model
from trustdesk.matching.numbers import of_a_home, other_number
from trustdesk.matching.odds import pair_odds

_NEAR = 100
"""Two candidates are near each other where one is less than so many times as likely as the other."""

_AGREEING = frozenset({"same", "sounds"})
_ANOTHER = frozenset({"like", "other"})
"""Of given names: twins are called Aniela and Anita, and have their home and their birth date in common."""
_NOT_AGAINST = _AGREEING | {"initial", "typo"}
_CONTRADICTED = 2
_SEVERAL = 2
_SAYS_NOTHING = Level(MISSING, 1.0, 1.0, 1.0)
_LEAST = 1e-9

# Levels of tokens that are counted, and those of opened texts that are the rarer the rarer such a token is.
_NEARBY = frozenset({"typo", "street", "area", "postcode", "town"})
_OF_TOKENS: Mapping[tuple[str, str], frozenset[str]] = {
    **{(about, rule.code): frozenset({rule.code}) for about, rules in LEVELS.items() for rule in rules if rule.counted},
    ("address", "same"): frozenset({"same", "flat"}),
    ("address", "postcode"): _NEARBY,
    ("address", "town"): _NEARBY,
}


@dataclass(frozen=True, slots=True)
class _Weighed:
    candidate: Candidate
    odds: float
    levels: Mapping[str, str]
    held: Identity | None


def judge(
    model: Model,
    ranking: Ranking,
    asked: Identity,
    opened: Mapping[int, Identity],
    thresholds: Thresholds,
    *,
    key: str = "",
) -> Judgement:
    """Weighs the ranking's candidates anew on their opened identities and says what is to be done.

    A candidate who was not opened keeps the weight of its tokens, so that leaving somebody out makes nobody likelier.
    `key` is the feed's own number of the person. See `Judgement` for `why`: empty for an update.
    """
    key = other_number(key)
    weighed, nobody = _shared(
        [
            _weigh(model, candidate, asked, opened.get(candidate.customer_id), ranking.among)
            for candidate in ranking.candidates
        ]
    )
    held = weighed[0].held if weighed else None
    second = second_identifier(asked, held, key=key, lines=ranking.lines) if held else ""
    final = Ranking(tuple(one.candidate for one in weighed), nobody, ranking.among)
    if _contradicted(weighed, key):
        return Judgement(Outcome.REVIEW, final, second, "contradiction")
    outcome, why = _decide(asked, weighed, nobody, thresholds, second)
    return Judgement(outcome, final, second, why)


def second_identifier(asked: Identity, held: Identity, *, key: str, lines: Sequence[int] = ()) -> str:
    """What, beside name and address, shows that these are one person: `national_id`, `birth_date`, `number`, `phone`.

    The feed's own number (`key`) counts where the register knows it and the given name does not speak against it; a
    phone where it is nobody else's and the given name agrees. Empty where there is nothing. A fixed line is everybody's
    who lives there; `lines` says how many of the register have each of the asked's numbers, as in `Ranking`: of two it
    is neither's, whether or not somebody noticed.
    """
    if asked.national_id and asked.national_id == held.national_id:
        return "national_id"
    if asked.birth_date and asked.birth_date == held.birth_date:
        return "birth_date"
    given = given_level(asked.given, held.given)
    if key and other_number(key) in held.numbers and given in _NOT_AGAINST:
        return "number"
    if given in _AGREEING and any(phone in held.phones and not of_a_home(phone) for phone in _own(asked, held, lines)):
        return "phone"
    return ""


def _own(asked: Identity, held: Identity, lines: Sequence[int]) -> list[str]:
    """The asked's numbers that are nobody else's, as far as anybody knows."""
    own = [phone for phone in asked.phones if phone not in asked.shared_phones]
    several = {phone for phone, many in zip(own, lines, strict=False) if many >= _SEVERAL}
    return [phone for phone in own if phone not in several and phone not in held.shared_phones]


def _weigh(model: Model, candidate: Candidate, asked: Identity, held: Identity | None, among: int) -> _Weighed:
    known: Mapping[str, Mapping[str, Level]]
    if held is None:
        reached = {said.about: said.level for said in candidate.evidence}
        known, evidence = model.blind_codes, tuple(candidate.evidence)
    else:
        reached, known = dict(levels(asked, held)), model.opened_codes
        evidence = _finer(model, candidate.evidence, reached)
    bits = sum(said.weight for said in evidence)
    home_bits = bits + _of_one_home(known, reached)
    weighed = Candidate(candidate.customer_id, 0.0, bits, evidence, home_bits > bits)
    return _Weighed(weighed, pair_odds(model, bits, home_bits, among), reached, held)


def _of_one_home(known: Mapping[str, Mapping[str, Level]], reached: Mapping[str, str]) -> float:
    """What speaks for two of one home against one person. A son bears his father's name and twins have one birth date,
    but none have both: of twins the given name is the same as seldom as of strangers.
    """
    bits = sum(known[about].get(code, _SAYS_NOTHING).home_bits for about, code in reached.items())
    if reached.get("given") == reached.get("birth_date") == "same":
        given = known["given"]["same"]
        bits += min(math.log2(given.u / given.h), 0.0)
    return bits


def _finer(model: Model, blind: Sequence[Evidence], reached: Mapping[str, str]) -> tuple[Evidence, ...]:
    """The weights of these levels; how frequent a name or an address is, is known from the tokens."""
    said = {one.about: one for one in blind}
    evidence = []
    for about, code in reached.items():
        level = model.opened_codes[about].get(code)
        tokens = said.get(about)
        if level is None:
            evidence.append(Evidence(about, MISSING, 0.0))
        elif tokens and code in _OF_TOKENS.get((about, tokens.level), ()):
            against = model.against[about]
            weight = math.log2(level.m / level.u * _rarer(model, tokens, against) + against)
            evidence.append(Evidence(about, code, weight))
        else:
            evidence.append(Evidence(about, code, level.bits))
    return tuple(evidence)


def _rarer(model: Model, said: Evidence, against: float) -> float:
    """How many times as rare as usual what the tokens agree in is: `weigh` the other way round."""
    level = model.blind_codes[said.about][said.level]
    return max(2**said.weight - against, _LEAST) * level.u / level.m


def _shared(weighed: Sequence[_Weighed]) -> tuple[list[_Weighed], float]:
    top = max([0.0, *(one.odds for one in weighed)])
    whole = math.exp(-top) + sum(math.exp(one.odds - top) for one in weighed)
    final = [
        _Weighed(
            Candidate(
                one.candidate.customer_id,
                math.exp(one.odds - top) / whole,
                one.candidate.weight,
                one.candidate.evidence,
                one.candidate.household,
            ),
            one.odds,
            one.levels,
            one.held,
        )
        for one in sorted(weighed, key=lambda one: (-one.odds, one.candidate.customer_id))
    ]
    return final, math.exp(-top) / whole


def _contradicted(weighed: Sequence[_Weighed], key: str) -> bool:
    """An id is somebody's who is another by all else, or somebody's else than who it seems to be."""
    holders = [
        one
        for one in weighed
        if one.held and (one.levels["national_id"] == "same" or (key and key in one.held.numbers))
    ]
    return any(
        sum(one.levels[about] == "other" for about in ("family", "given", "birth_date")) >= _CONTRADICTED
        for one in holders
    ) or bool(holders and weighed[0] not in holders)


def _decide(
    asked: Identity, weighed: Sequence[_Weighed], nobody: float, thresholds: Thresholds, second: str
) -> tuple[Outcome, str]:
    if not weighed or 1 - nobody < thresholds.review:
        return Outcome.NONE, "nobody"
    best = weighed[0]
    if len(weighed) > 1 and weighed[1].candidate.probability * _NEAR > best.candidate.probability:
        return Outcome.REVIEW, "near"
    if why := _against(asked, best, second):
        return Outcome.REVIEW, why
    return (Outcome.UPDATE, "") if best.candidate.probability >= thresholds.update else (Outcome.REVIEW, "unsure")


def _against(asked: Identity, best: _Weighed, second: str) -> str:
    """Why this is not done by itself however likely it is."""
    if best.held is None:
        return "unopened"
    reached = best.levels
    certain = reached["national_id"] == reached["birth_date"] == "same"
    against = (
        (reached["given"] in _ANOTHER and not certain, "given"),
        (_perhaps_a_twin(reached, second), "given"),
        (_another_generation(asked, best.held, second), "generation"),
        (best.candidate.household, "household"),
        (reached["national_id"] == "other", "contradiction"),
        (reached["birth_date"] == "other", "birth_date"),
        (not second, "second"),
    )
    return next((why for holds, why in against if holds), "")


def _perhaps_a_twin(reached: Mapping[str, str], second: str) -> bool:
    """Maria and Marina are one letter apart: a common birth date alone does not make it a slip."""
    own = "same" in (reached["phone"], reached["email"])
    return reached["given"] == "typo" and second == "birth_date" and not own


def _another_generation(asked: Identity, held: Identity, second: str) -> bool:
    """Father and son of one name. Where one side alone says which it is, the other may be either, and a phone that
    rings in their home tells them apart no better.
    """
    if asked.generation == held.generation:
        return False
    return bool(asked.generation and held.generation) or second == "phone"
