"""The page, the reference and the code say the same of each figure."""

from tests.architecture.source import ROOT

from trustdesk.switchboard.figures import FIGURES


def test_the_reference_says_what_the_code_says() -> None:
    reference = (ROOT / "docs" / "reference" / "figures.md").read_text()
    for figure in FIGURES:
        assert f"| {figure.name} | {figure.meaning} | `{figure.formula}` |" in reference
