"""Trains the weights of matching with Splink and writes src/trustdesk/matching/weights.json.

How often strangers agree is counted by Splink in random pairs, how often one person's records do in labelled ones.
Homes and opened texts, which Splink does not know, are counted here: in pairs of two of one home, and side by side.

    python scripts/train_matching.py [--homes 30000] [--seed 6]
"""

import argparse
import hashlib
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
from splink import Linker
from splink.backends.duckdb import DuckDBAPI
from training_people import Person, people

from trustdesk.matching import profile as profiles
from trustdesk.matching.contracts import Identity
from trustdesk.matching.distances import levels
from trustdesk.matching.engines.settings import settings
from trustdesk.matching.engines.tables import table
from trustdesk.matching.levels import OPENED, reach
from trustdesk.matching.model import MISSING, Comparisons, Level, Model
from trustdesk.matching.profile import profile

WRITTEN = Path(profiles.__file__).with_name("weights.json")
_SHARE = 0.6  # of the changes are of somebody in the register; the rest of people it never knew
_RANDOM = 400_000
_PAIRS = 2e7
_RARE = 1e-7

# What invented people cannot show: how often an id is mistyped, and that it is somebody else's.
_IDS = {
    "number": (Level("same", 0.98, 5e-7, 1e-5),),
    "national_id": (Level("same", 0.99, 1e-7, 1e-6), Level("other", 0.01, 1.0, 1.0)),
}

Shares = Mapping[str, Mapping[str, float]]


def main() -> None:
    said = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    said.add_argument("--homes", type=int, default=30_000)
    said.add_argument("--seed", type=int, default=6)
    given = said.parse_args()
    everybody = people(given.homes, given.seed)
    asked, held = (np.array([profile(one, _digest) for one in side]) for side in _sides(everybody))
    mates = housemates(everybody)
    trained = by_splink(asked, held)
    at_home = shares(_blind(asked[[a for a, _ in mates]], held[[b for _, b in mates]]))
    blind = {
        about: tuple(replace(level, h=at_home.get(about, {}).get(level.code, _RARE)) for level in reached)
        for about, reached in trained.blind.items()
    }
    model = replace(
        trained, blind={**_unswapped(blind), **_IDS}, share=_SHARE, housemates=round(len(mates) / len(everybody), 2)
    )
    model = replace(model, opened={**_opened(model, everybody, mates, given.seed), **_IDS})
    WRITTEN.write_text(model.to_json() + "\n", encoding="utf-8")
    print(f"{len(everybody)} people in {given.homes} homes -> {WRITTEN}")  # noqa: T201


def _sides(everybody: list[Person]) -> tuple[list[Identity], list[Identity]]:
    return [person.said for person in everybody], [person.held for person in everybody]


def _digest(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "big")


def housemates(everybody: list[Person]) -> list[tuple[int, int]]:
    """Pairs of two of one home: who is asked for, and whose row it is."""
    homes = defaultdict(list)
    for place, person in enumerate(everybody):
        homes[person.home].append(place)
    return [(a, b) for home in homes.values() for a in home for b in home if a != b]


def by_splink(asked: np.ndarray, held: np.ndarray) -> Model:
    """The model with m and u as Splink finds them."""
    persons = np.arange(1, len(asked) + 1)
    api = DuckDBAPI()
    sides = [
        api.register(table(persons, side).append_column("person", pa.array(persons)), dataset_display_name=name)
        for name, side in (("asked", asked), ("held", held))
    ]
    linker = Linker(sides, settings(Model.standard(), among=len(held)), log_level=None)
    linker.training.estimate_u_using_random_sampling(max_pairs=_PAIRS, seed=None)
    linker.training.estimate_m_from_label_column("person")
    return Model.from_json(json.dumps(linker.misc.save_model_to_json()))


def _blind(asked: np.ndarray, held: np.ndarray) -> Iterable[tuple[str, str]]:
    for reached in reach(np.ascontiguousarray(asked.T), np.ascontiguousarray(held.T)):
        yield from [(reached.about, reached.code)] * len(reached.pairs)


def shares(reached: Iterable[tuple[str, str]]) -> Shares:
    """How often each level was reached, where something was said; a level never seen is not impossible."""
    counted: dict[str, Counter[str]] = defaultdict(Counter)
    for about, code in reached:
        counted[about][code] += 1
    found = {}
    for about, codes in counted.items():
        whole = codes.total() - codes.pop(MISSING, 0)
        found[about] = {code: (number + 0.5) / (whole + 1) for code, number in codes.items()}
    return found


def _unswapped(blind: Comparisons) -> Comparisons:
    """Names in each other's place are weighed once, with the family name."""
    neutral = Level("swapped", 0.003, 0.003, 0.003)
    return {**blind, "given": tuple(neutral if level.code == "swapped" else level for level in blind["given"])}


def _opened(model: Model, everybody: list[Person], mates: list[tuple[int, int]], seed: int) -> Comparisons:
    chance = random.Random(seed)  # noqa: S311 - invented people
    count = len(everybody)
    random_pairs = [(chance.randrange(count), chance.randrange(count)) for _ in range(_RANDOM)]
    of_one, of_strangers, of_home = (
        shares(item for a, b in pairs if a != b or one for item in levels(everybody[a].said, everybody[b].held).items())
        for pairs, one in (([(n, n) for n in range(count)], True), (random_pairs, False), (mates, False))
    )
    return {
        about: tuple(
            Level(
                code,
                of_one.get(about, {}).get(code, _RARE),
                _chance(model, about, code, of_strangers),
                of_home.get(about, {}).get(code, _RARE),
            )
            for code in codes
        )
        for about, codes in OPENED.items()
    }


def _chance(model: Model, about: str, code: str, counted: Shares) -> float:
    """Of a level that tokens have too, as Splink counted it in many more pairs."""
    blind = model.blind_codes.get(about, {})
    if code in blind and code not in {"other", "postcode", "town", "initial", "sounds"}:
        return blind[code].u
    return max(counted.get(about, {}).get(code, 0.0), 1 / _RANDOM)


if __name__ == "__main__":
    main()
