"""What failed beside others is run once more, alone: a failure stays one, an unsteady test is named."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ONCE = """
from pathlib import Path

def test_once():
    seen = Path(__file__).with_name("seen")
    if not seen.exists():
        seen.touch()
        raise AssertionError

def test_sound():
    pass
"""
ALWAYS = "def test_always():\n    assert False\n"
MANY = "import pytest\n@pytest.mark.parametrize('n', range(6))\ndef test_many(n):\n    assert False\n"


def run(folder: Path, *command: str) -> "subprocess.CompletedProcess[str]":
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "DJANGO"))}
    return subprocess.run(
        [sys.executable, *command], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def again(folder: Path, tests: str) -> "subprocess.CompletedProcess[str]":
    (folder / "pytest.ini").write_text("[pytest]\naddopts = -p no:django -p no:randomly\n")
    (folder / "test_some.py").write_text(tests)
    assert run(folder, "-m", "pytest").returncode == 1
    return run(folder, str(ROOT / "scripts" / "again.py"))


def test_what_passes_alone_is_named(tmp_path: Path) -> None:
    done = again(tmp_path, ONCE)
    assert done.returncode == 0, done.stdout
    assert "unsteady, passed alone: test_some.py::test_once" in done.stdout
    assert "test_sound" not in done.stdout


def test_what_fails_alone_has_failed(tmp_path: Path) -> None:
    done = again(tmp_path, ONCE + ALWAYS)
    assert done.returncode == 1
    assert "unsteady, passed alone: test_some.py::test_once" in done.stdout
    assert "FAILED AGAIN: test_some.py::test_always" in done.stdout


def test_many_are_no_chance(tmp_path: Path) -> None:
    done = again(tmp_path, MANY)
    assert done.returncode == 1
    assert "6 tests failed" in done.stdout


@pytest.mark.parametrize("noted", [None, "{}"])
def test_without_a_name_nothing_is_forgiven(tmp_path: Path, noted: str | None) -> None:
    if noted:
        cache = tmp_path / ".pytest_cache" / "v" / "cache"
        cache.mkdir(parents=True)
        (cache / "lastfailed").write_text(noted)
    done = run(tmp_path, str(ROOT / "scripts" / "again.py"))
    assert done.returncode == 1
    assert "named no test" in done.stdout
