"""The page of the rules says what the packs say."""

import subprocess
import sys

from tests.architecture.source import ROOT
from tests.decisions import packs


def test_the_page_is_current() -> None:
    command = [sys.executable, "scripts/rules.py", "check"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_entry_stands_on_the_page() -> None:
    page = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
    missing = [
        entry.id
        for pack in packs().by_jurisdiction.values()
        for entry in pack.entries()
        if f"| `{entry.id}` |" not in page
    ]
    assert missing == []
