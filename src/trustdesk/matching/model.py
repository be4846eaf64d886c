"""The weights: how often each level is reached by one person's records, by two strangers' and by two of one home."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from trustdesk.matching.columns import EDITION
from trustdesk.matching.levels import COMPARABLE, LEVELS, OPENED

_PACKAGED = Path(__file__).with_name("weights.json")
_SHAPE = {about: [rule.code for rule in rules] + ["other"] * bool(COMPARABLE[about]) for about, rules in LEVELS.items()}
_OPENED = {about: list(codes) for about, codes in OPENED.items()}

MISSING = "missing"
"""The level where one side says nothing."""


class UnreadableModelError(ValueError):
    """The text is neither a model of ours nor Splink's saved settings with the same comparisons."""


@dataclass(frozen=True, slots=True)
class Level:
    """Probabilities of one level: `m` for records of one person, `u` for two strangers, `h` for two of one home.

    `bits` is what it says for one person against strangers, `home_bits` for two of one home against one person.
    """

    code: str
    m: float
    u: float
    h: float
    bits: float = field(init=False)
    home_bits: float = field(init=False)

    def __post_init__(self) -> None:
        if not all(0 < p <= 1 for p in (self.m, self.u, self.h)):
            raise ValueError(self.code)
        object.__setattr__(self, "bits", math.log2(self.m / self.u))  # once: they are asked for with every pair
        object.__setattr__(self, "home_bits", math.log2(self.h / self.m))


Comparisons = Mapping[str, tuple[Level, ...]]


@dataclass(frozen=True)
class Model:
    """Comparisons by name, each with its levels, best first. A comparison where something is missing says nothing.

    `blind` is of tokens, `opened` of texts, where spellings and dates can be held side by side. `share` is how often
    the person of a change is in the register; `housemates` how many others of somebody's home are in it on average.
    """

    blind: Comparisons
    opened: Comparisons
    share: float
    housemates: float

    @classmethod
    def standard(cls) -> "Model":
        """The packaged weights (`scripts/train_matching.py` makes them)."""
        return _standard()

    @classmethod
    def from_json(cls, text: str) -> "Model":
        """A model of ours, or Splink's saved settings of the comparisons that `settings` gave it.

        Splink knows neither homes nor opened texts: those probabilities stay as packaged. Raises UnreadableModelError.
        """
        try:
            said = json.loads(text)
            if "comparisons" in said:
                return replace(cls.standard(), blind=_from_splink(said["comparisons"], cls.standard().blind))
            model = cls(_read(said["blind"]), _read(said["opened"]), float(said["share"]), float(said["housemates"]))
            complete = said["edition"] == EDITION and (_shape(model.blind), _shape(model.opened)) == (_SHAPE, _OPENED)
        except (KeyError, TypeError, ValueError) as error:
            raise UnreadableModelError(f"not a model of matching: {type(error).__name__}") from error
        if not complete:
            raise UnreadableModelError(f"the model is not of edition {EDITION}")
        return model

    def to_json(self) -> str:
        return json.dumps(
            {
                "edition": EDITION,
                "share": self.share,
                "housemates": self.housemates,
                "blind": _written(self.blind),
                "opened": _written(self.opened),
            },
            indent=1,
        )

    @cached_property
    def against(self) -> Mapping[str, float]:
        """By comparison, how many times as likely one person's tokens differ in it as two strangers' do.

        So likely is it that the person moved or took another name, and that it is the other's by accident: an
        agreement never says more against somebody than a difference, however many have that name or town.
        """
        others = {about: codes.get("other") for about, codes in self.blind_codes.items()}
        return {about: other.m / other.u if other else 0.0 for about, other in others.items()}

    @cached_property
    def opened_codes(self) -> Mapping[str, Mapping[str, Level]]:
        """Levels of opened texts by comparison and code."""
        return {about: {level.code: level for level in levels} for about, levels in self.opened.items()}

    @cached_property
    def blind_codes(self) -> Mapping[str, Mapping[str, Level]]:
        return {about: {level.code: level for level in levels} for about, levels in self.blind.items()}


def _shape(comparisons: Comparisons) -> dict[str, list[str]]:
    return {about: [level.code for level in levels] for about, levels in comparisons.items()}


@cache
def _standard() -> Model:
    return Model.from_json(_PACKAGED.read_text(encoding="utf-8"))


def _read(comparisons: Mapping[str, Mapping[str, list[float]]]) -> Comparisons:
    return {
        about: tuple(Level(code, *(float(p) for p in probabilities)) for code, probabilities in levels.items())
        for about, levels in comparisons.items()
    }


def _written(comparisons: Comparisons) -> dict[str, dict[str, list[float]]]:
    return {
        about: {level.code: [float(f"{p:.4g}") for p in (level.m, level.u, level.h)] for level in levels}
        for about, levels in comparisons.items()
    }


def _from_splink(comparisons: list[dict[str, Any]], known: Comparisons) -> Comparisons:
    trained = {
        comparison["output_column_name"]: {
            level.get("label_for_charts"): level for level in comparison["comparison_levels"]
        }
        for comparison in comparisons
    }
    return {
        about: tuple(
            Level(
                level.code,
                float(trained[about][level.code].get("m_probability", level.m)),
                float(trained[about][level.code].get("u_probability", level.u)),
                level.h,
            )
            for level in levels
        )
        for about, levels in known.items()
    }
