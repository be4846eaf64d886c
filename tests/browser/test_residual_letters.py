"""The letters that the bench of leftovers prints have a text layer that another library reads."""

import unicodedata
from pathlib import Path

import pypdfium2
import pytest
from benchmarks._residual.people import cast
from benchmarks._residual.plan import Plan, draw
from benchmarks._residual.planting import plant_files

# It starts a browser of its own, and so must not find the loop of the tests that share one: see tests/conftest.py.
pytestmark = pytest.mark.slow


def letters(text: str) -> str:
    """Without what a printed page has no account of: where lines end, and how a letter with a mark is put together."""
    kept = [letter for letter in unicodedata.normalize("NFC", text) if not letter.isspace()]
    return "".join(kept).replace("\u2011", "-").replace("\u00ad", "")


def test_what_the_truth_table_says_is_read_again(tmp_path: Path) -> None:
    plan = draw(cast(30, seed=11, crowd=200), seed=11, crowd_rows=1)
    printed = Plan(leftovers=[each for each in plan.leftovers if each.kind == "pdf"], rows=plan.rows)
    places = plant_files(tmp_path, printed, ["pdf"])
    paths = {container: tmp_path / path for path, (_, container) in places.items()}
    assert len(printed.leftovers) == 30
    for leftover in printed.leftovers:
        with pypdfium2.PdfDocument(paths[leftover.container]) as opened:
            text = opened[0].get_textpage().get_text_bounded()
        assert letters(leftover.phrase) in letters(text), (leftover.spelling, text)
