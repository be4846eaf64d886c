"""From weights to probabilities: who of all candidates it is, or nobody of this register.

Fellegi and Sunter (1969) weigh a pair alone. Here the pairs of one change stand against each other, and a third class
stands beside match and stranger: two of one home, who share name, address and line. The same weight then means less
for whom it would also fit as a housemate.
"""

import math

import numpy as np
from numpy.typing import NDArray

from trustdesk.matching.model import Model

Floats = NDArray[np.float64]
_LN2 = math.log(2)


def log_odds(model: Model, bits: Floats, home_bits: Floats, among: int) -> Floats:
    """Natural logarithm of the odds of each candidate against nobody.

    `bits` is the weight for one person, `home_bits` for two of one home, both against strangers; `among` how many the
    register has. Strangers who are not candidates cancel out.
    """
    size = max(among, 1)
    prior = math.log(model.share / (1 - model.share) / size)
    near = min(model.housemates / size, 0.5)
    strangers = np.logaddexp(math.log1p(-near), math.log(near) + home_bits * _LN2)
    return np.asarray(prior + bits * _LN2 - strangers, np.float64)


def pair_odds(model: Model, bits: float, home_bits: float, among: int) -> float:
    """`log_odds` of one pair, without the cost of an array."""
    size = max(among, 1)
    near = min(model.housemates / size, 0.5)
    fitting = math.log(near) + home_bits * _LN2
    low, high = sorted((fitting, math.log1p(-near)))
    strangers = high + math.log1p(math.exp(low - high))
    return math.log(model.share / (1 - model.share) / size) + bits * _LN2 - strangers


def shares(odds: Floats, starts: NDArray[np.int64], sizes: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """The probability of each candidate, and of nobody for each group of candidates; together one.

    A group lies together: `starts` is where it begins, `sizes` how many it has.
    """
    if not len(odds):
        return odds, np.ones(0)
    top = np.maximum(np.maximum.reduceat(odds, starts), 0.0)
    over = np.exp(odds - np.repeat(top, sizes))
    nobody = np.exp(-top)
    whole = np.add.reduceat(over, starts) + nobody
    return over / np.repeat(whole, sizes), nobody / whole
