"""Weights fitted to one register: how often one person's records reach each level, from who it probably was."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from trustdesk.matching.contracts import Ranking
from trustdesk.matching.model import Comparisons, Model

_BEFORE = 100.0
"""As if so many pairs had been seen before, with the levels that the model expects."""

_SURE = 0.995
_LEAST = 1e-4  # a level that nobody reached here is not impossible


def fit(model: Model, rankings: Iterable[Ranking], *, opened: bool) -> Model:
    """One step of expectation and maximization (Dempster, Laird and Rubin 1977) over these rankings.

    Only `m` and `share` are fitted. The chances of strangers stay as they are: estimated on candidates, who share
    a key, they would be far too large. `opened` says whether the rankings are those of `judge` or of `rank`.

    For lists of which nearly everybody is known, as in a first load: where many are not and look like somebody who is,
    each step makes the model surer of them.
    """
    seen: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    somebody, asked = 0.0, 0
    for ranking in rankings:
        asked += 1
        somebody += 1 - ranking.nobody
        for candidate in ranking.candidates:
            for said in candidate.evidence:
                seen[said.about][said.level] += candidate.probability
    share = min((somebody + _BEFORE * model.share) / (asked + _BEFORE), _SURE)
    if opened:
        return replace(model, share=share, opened=_fitted(model.opened, seen))
    return replace(model, share=share, blind=_fitted(model.blind, seen))


def _fitted(comparisons: Comparisons, seen: dict[str, dict[str, float]]) -> Comparisons:
    fitted = {}
    for about, levels in comparisons.items():
        whole = sum(seen[about][level.code] for level in levels)
        fitted[about] = tuple(
            replace(level, m=max((seen[about][level.code] + _BEFORE * level.m) / (whole + _BEFORE), _LEAST))
            for level in levels
        )
    return fitted
