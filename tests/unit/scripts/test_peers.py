"""The peers of the telephone tests: found, installed where that is allowed, or named with the way to get them."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest
from tests.architecture.source import ROOT


@pytest.fixture
def peers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ModuleType:
    """The script on a machine that has none of them."""
    spec = importlib.util.spec_from_file_location("peers", ROOT / "scripts" / "peers.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "PLACES", str(tmp_path))
    monkeypatch.setattr(module, "may_install", lambda: False)
    return module


def programs(folder: Path, *names: str) -> None:
    for name in names:
        (folder / name).write_text("#!/bin/sh\n")
        (folder / name).chmod(0o755)


def test_what_is_missing_is_named_with_the_way_to_get_it(peers: ModuleType, tmp_path: Path) -> None:
    programs(tmp_path, *(name for name in peers.PEERS if name != "baresip"))
    with pytest.raises(SystemExit) as stopped:
        peers.main()
    assert "apt-get install --no-install-recommends baresip-core`" in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_whoever_may_install_does_and_looks_again(
    peers: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def install(packages: list[str]) -> None:
        assert "sip-tester" in packages
        programs(tmp_path, *peers.PEERS)

    monkeypatch.setattr(peers, "may_install", lambda: True)
    monkeypatch.setattr(peers, "install", install)
    peers.main()
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / name) for name in peers.PEERS]


def test_an_installation_that_brings_nothing_is_a_failure(peers: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "may_install", lambda: True)
    monkeypatch.setattr(peers, "install", lambda packages: None)
    with pytest.raises(SystemExit):
        peers.main()
