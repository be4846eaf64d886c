"""The page, the reference and the code say the same of each figure of freshness."""

from tests.architecture.source import ROOT

from trustdesk.design.fresh_figures import FRESH_FIGURES


def test_the_reference_says_what_the_code_says() -> None:
    reference = (ROOT / "docs" / "reference" / "figures.md").read_text()
    for figure in FRESH_FIGURES:
        assert f"| {figure.name} | {figure.meaning} | `{figure.formula}` |" in reference
