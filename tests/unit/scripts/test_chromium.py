"""A browser for the tests: found where it is, and where there is none one line says how to get it on this system."""

import importlib.util
import platform
from pathlib import Path
from types import ModuleType

import pytest
from tests.architecture.source import ROOT


@pytest.fixture
def chromium(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script on a machine without a browser, whose user may install nothing."""
    spec = importlib.util.spec_from_file_location("chromium", ROOT / "scripts" / "chromium.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setattr(module, "may_install", lambda: False)
    return module


def program(path: Path, said: str, code: int = 0) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho '{said}'\nexit {code}\n")
    path.chmod(0o755)
    return path


@pytest.mark.parametrize(
    ("release", "way"),
    [
        ({"ID": "ubuntu", "ID_LIKE": "debian"}, "playwright install --with-deps chromium"),
        ({"ID": "linuxmint", "ID_LIKE": "ubuntu debian"}, "playwright install --with-deps chromium"),
        ({"ID": "debian"}, "apt-get install chromium"),
    ],
)
def test_one_line_says_how_on_this_system(
    chromium: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    release: dict[str, str],
    way: str,
) -> None:
    monkeypatch.setattr(platform, "freedesktop_os_release", lambda: release)
    with pytest.raises(SystemExit) as stopped:
        chromium.main()
    assert way in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_the_stand_in_for_a_snap_is_passed_over(chromium: ModuleType, tmp_path: Path) -> None:
    program(tmp_path / "bin" / "chromium-browser", "Please install the snap", 1)
    assert chromium.find() is None
    build = program(tmp_path / "browsers" / "chromium-1255" / "chrome-linux64" / "chrome", "Google Chrome 1")
    assert chromium.find() == str(build)


def test_what_is_named_is_taken_or_nothing(
    chromium: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    own = program(tmp_path / "own", "Chromium 1")
    program(tmp_path / "bin" / "chromium", "Chromium 2")
    monkeypatch.setenv("CHROMIUM", str(own))
    assert chromium.find() == str(own)
    monkeypatch.setenv("CHROMIUM", str(tmp_path / "nowhere"))
    assert chromium.find() is None
