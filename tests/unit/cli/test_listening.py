"""Where it may listen: the demo on this machine only, everything else beyond it under HTTPS only."""

from pathlib import Path

import pytest

from trustdesk.cli.listening import Listening, choose, is_loopback
from trustdesk.kernel.errors import BadInputError, RefusedError


def listening(host: str = "127.0.0.1", *, demo: bool = False, proxy: str = "", certificate: str = "") -> Listening:
    return Listening(
        host=host,
        port=8000,
        address="http://127.0.0.1:8000",
        certificate=certificate,
        certificate_key=certificate,
        proxy=proxy,
        demo=demo,
    )


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "::1", "localhost"])
def test_this_machine_is_loopback(host: str) -> None:
    assert is_loopback(host)
    listening(host, demo=True).check()


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "example.org", "localhost.example.org", ""])  # noqa: S104
def test_the_demo_answers_nobody_else(host: str) -> None:
    assert not is_loopback(host)
    with pytest.raises(RefusedError, match="this machine only"):
        listening(host, demo=True, proxy="10.0.0.1").check()


def test_beyond_this_machine_only_under_https(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="HTTPS"):
        listening("192.168.1.4").check()
    with pytest.raises(BadInputError, match="certificate"):
        listening("192.168.1.4", certificate=str(tmp_path / "missing.pem")).check()
    present = tmp_path / "present.pem"
    present.touch()
    listening("192.168.1.4", certificate=str(present)).check()
    listening("192.168.1.4", proxy="10.0.0.1").check()


def test_settings_say_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTDESK_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('address = "https://desk.example.org"\nlisten_host = "10.1.2.3"\n')
    chosen = choose(host=None, port=None, demo=False)
    assert (chosen.host, chosen.port, chosen.address) == ("10.1.2.3", 443, "https://desk.example.org")
    local = choose(host="127.0.0.1", port=8123, demo=True)
    assert (local.port, local.address) == (8123, "https://127.0.0.1:8123")
