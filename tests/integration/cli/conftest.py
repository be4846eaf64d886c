"""One demo a run, started as a person would."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.cli.program import Program


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """A running demo. Tests may kill its parts; it comes back."""
    program = Program(tmp_path_factory.mktemp("demo") / "var")
    program.start()
    yield program
    assert program.stop() == 0, program.printed()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    """The demo's program in a home of the test's own, not started yet, and ended with the test."""
    made = Program(tmp_path / "var")
    yield made
    made.end()


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path, Path]:
    """Where a backup's data, keys and epochs go."""
    return tmp_path / "data", tmp_path / "keys", tmp_path / "epochs"
