"""How right answers are: F1, and what is updated by itself. A threshold is chosen on one half and judged on the other.

An answer counts as found when it is likely enough and of the right customer. What was said of somebody else's
record, or of nobody's, is wrong; a change of a customer for which nothing is said is missed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

NEVER_BELOW = 0.999  # what nobody may lower: the product's own threshold for an update by itself
MARGIN = 4  # times as sure as the surest that was wrong


@dataclass(frozen=True, slots=True)
class Answer:
    """Whose change it is, whom it was taken for, and how likely that was held; 0 is nobody."""

    truth: int
    customer: int
    probability: float


@dataclass(frozen=True, slots=True)
class F1:
    f1: float
    precision: float
    recall: float
    threshold: float


def best_f1(answers: Sequence[Answer], half: Iterable[int]) -> F1:
    """The best that any threshold gives; between two answers it lies in the middle."""
    chosen = [answers[place] for place in half]
    of_customers = sum(1 for each in chosen if each.truth)
    likely = sorted((each for each in chosen if each.customer), key=lambda each: -each.probability)
    best, right = F1(0.0, 0.0, 0.0, 1.0), 0
    for said, each in enumerate(likely, start=1):
        right += each.customer == each.truth
        following = likely[said].probability if said < len(likely) else 0.0
        if following < each.probability and 2 * right / (said + of_customers) > best.f1:
            middle = (each.probability + following) / 2
            best = F1(2 * right / (said + of_customers), right / said, right / of_customers, middle)
    return best


def f1_at(answers: Sequence[Answer], half: Iterable[int], threshold: float) -> F1:
    chosen = [answers[place] for place in half]
    of_customers = sum(1 for each in chosen if each.truth)
    said = [each for each in chosen if each.customer and each.probability >= threshold]
    right = sum(1 for each in said if each.customer == each.truth)
    precision, recall = right / max(len(said), 1), right / max(of_customers, 1)
    return F1(2 * right / max(len(said) + of_customers, 1), precision, recall, threshold)


def threshold_of_updates(answers: Sequence[Answer], half: Iterable[int]) -> float:
    """The product's own, or stricter: then nobody is updated who isn't MARGIN times as sure as the surest mistake."""
    chosen = [answers[place] for place in half]
    wrong = [each.probability for each in chosen if each.customer and each.customer != each.truth]
    return max(NEVER_BELOW, 1 - (1 - max(wrong)) / MARGIN) if wrong else NEVER_BELOW


def automatic(answers: Sequence[Answer], half: Iterable[int], threshold: float) -> tuple[int, int, float]:
    """How many are updated, how many of them wrongly, and what share of the changes of customers is right."""
    chosen = [answers[place] for place in half]
    said = [each for each in chosen if each.customer and each.probability >= threshold]
    right = sum(1 for each in said if each.customer == each.truth)
    return len(said), len(said) - right, right / max(sum(1 for each in chosen if each.truth), 1)
