"""What was found of what was planted, and what was shown that is nobody's leftover."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from benchmarks._residual.plan import Decoy, Leftover, Plan
from benchmarks._residual.searching import Shown


@dataclass(slots=True)
class Score:
    planted: Counter[str] = field(default_factory=Counter)
    found: Counter[str] = field(default_factory=Counter)
    missed: list[Leftover] = field(default_factory=list)
    shown: int = 0
    false: list[tuple[str, Shown]] = field(default_factory=list)  # whose data it is in truth, and what was shown

    @property
    def recall(self) -> float:
        """In hundredths of what was planted."""
        return 100 * self.found["all"] / self.planted["all"]

    @property
    def false_share(self) -> float:
        """False alarms in hundredths of what was shown."""
        return 100 * len(self.false) / max(self.shown, 1)


def score(plan: Plan, shown: Sequence[Shown], in_control: Iterable[Shown]) -> Score:
    """`in_control` was shown where nothing is left: what stands in the same words is no leftover either."""
    always = {(each.person, each.kind, each.container, each.context) for each in in_control}
    planted = {(each.person, each.kind, each.container): each for each in plan.leftovers}
    decoys: dict[tuple[int, str, str], list[Decoy]] = {}
    for decoy in plan.decoys:
        decoys.setdefault((decoy.person, decoy.kind, decoy.container), []).append(decoy)
    result = Score(shown=len(shown))
    hit = set()
    for each in shown:
        key = (each.person, each.kind, each.container)
        if key in planted and (*key, each.context) not in always:
            hit.add(key)
        else:
            result.false.append((_role(decoys.get(key, []), each), each))
    for key, leftover in planted.items():
        for heading in ("all", f"kind {leftover.kind}", f"spelling {leftover.spelling}"):
            result.planted[heading] += 1
            result.found[heading] += key in hit
        if key not in hit:
            result.missed.append(leftover)
    return result


def _role(decoys: Sequence[Decoy], shown: Shown) -> str:
    """Whose data it is in truth: of the decoys there, the one whose words or ticket stand there."""
    beside = [decoy.role for decoy in decoys if decoy.said in shown.context or decoy.ticket in shown.context]
    return next(iter([*beside, *(decoy.role for decoy in decoys)]), "crowd")
