"""How sure one may be of a share that was counted, and how well probabilities kept their word. Pure arithmetic."""

import math
from collections.abc import Sequence

from trustdesk.updates.contracts import SURE, Band, Calibration, Decided

EDGES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99, 1.0)
LIMITS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9995, 0.9999)
"""Thresholds that may be suggested."""

_HALVINGS = 100


def at_most(wrong: int, judged: int, *, sure: float = SURE) -> float | None:
    """The upper bound of the share that is wrong, one-sided and exact: Clopper and Pearson, Biometrika 26 (1934) 404.

    It is the share at which so few wrong ones, or fewer, are still seen with a probability of 1 - `sure`. For none in n
    it is 1 - (1 - sure)^(1/n), which at 95 % lies below 3/n. None where nothing was judged.
    """
    if not 0 <= wrong <= judged:
        raise ValueError("of those that were judged, some are wrong")
    if judged == 0:
        return None
    if wrong == judged:
        return 1.0
    if wrong == 0:
        return -math.expm1(math.log1p(-sure) / judged)
    low, high = wrong / judged, 1.0
    for _halving in range(_HALVINGS):
        middle = (low + high) / 2
        if _so_few(wrong, judged, middle) > 1 - sure:
            low = middle
        else:
            high = middle
    return high


def needed(tolerated: float, *, sure: float = SURE) -> int:
    """So many have to be right, and none wrong, before the bound is as low as `tolerated`."""
    return math.ceil(math.log1p(-sure) / math.log1p(-tolerated))


def calibration(decided: Sequence[Decided], *, tolerated: float) -> Calibration:
    """What was said, beside what people found, band by band.

    `brier`: the mean of (probability - outcome)², Brier 1950. `error`: the expected calibration error, the mean over
    all decisions of the distance between what a band said on average and the share found so (Naeini and others 2015).
    `suggested`: the lowest of `LIMITS` above which the bound of the wrong is no higher than `tolerated`; it looks at
    the likeliest candidate alone, for nobody else is updated.
    """
    bands = [band for at in range(len(EDGES) - 1) if (band := _band(decided, at)).count]
    count = len(decided)
    firsts = [one for one in decided if one.first]
    return Calibration(
        count=count,
        bands=bands,
        brier=math.fsum((one.probability - one.right) ** 2 for one in decided) / count if count else None,
        error=math.fsum(band.count * abs(band.said - band.found) for band in bands) / count if count else None,
        tolerated=tolerated,
        suggested=next((limit for limit in LIMITS if _holds(firsts, limit, tolerated)), None),
        needed=needed(tolerated),
    )


def _so_few(wrong: int, judged: int, share: float) -> float:
    """The probability of `wrong` or fewer, binomial; term by term in logarithms, for n may be large."""
    whole, yes, no = math.lgamma(judged + 1), math.log(share), math.log1p(-share) if share < 1 else -math.inf
    return math.fsum(
        math.exp(whole - math.lgamma(each + 1) - math.lgamma(judged - each + 1) + each * yes + (judged - each) * no)
        for each in range(wrong + 1)
    )


def _band(decided: Sequence[Decided], at: int) -> Band:
    lower, upper = EDGES[at], EDGES[at + 1]
    last = at == len(EDGES) - 2
    inside = [one for one in decided if lower <= one.probability < upper or (last and one.probability == upper)]
    count = len(inside)
    return Band(
        lower=lower,
        upper=upper,
        count=count,
        right=sum(one.right for one in inside),
        said=math.fsum(one.probability for one in inside) / count if count else 0.0,
    )


def _holds(firsts: Sequence[Decided], limit: float, tolerated: float) -> bool:
    above = [one for one in firsts if one.probability >= limit]
    bound = at_most(sum(not one.right for one in above), len(above))
    return bound is not None and bound <= tolerated
