"""Where it may listen: the demo on this machine only, everything else beyond it under HTTPS only."""

import socket
from dataclasses import replace
from pathlib import Path

import pytest

from trustdesk.cli.listening import Listening, check_address, choose, is_loopback
from trustdesk.kernel.errors import BadInputError, ConflictError, RefusedError

HTTPS = "https://desk.example.org"


def listening(
    host: str = "127.0.0.1",
    *,
    address: str = "http://127.0.0.1:8000",
    demo: bool = False,
    proxy: str = "",
    certificate: str = "",
) -> Listening:
    return Listening(
        host=host,
        port=8000,
        address=address,
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


def test_the_demo_is_not_shown_to_others_by_a_proxy_or_an_address() -> None:
    with pytest.raises(RefusedError, match="this machine only"):
        listening(demo=True, proxy="127.0.0.1").check()
    with pytest.raises(RefusedError, match="this machine only"):
        listening(demo=True, address=HTTPS).check()


def test_beyond_this_machine_only_under_https(tmp_path: Path) -> None:
    present = tmp_path / "present.pem"
    present.touch()
    with pytest.raises(RefusedError, match="HTTPS only"):
        listening("192.168.1.4").check()
    with pytest.raises(RefusedError, match="HTTPS only"):
        listening(address="http://desk.example.org").check()
    with pytest.raises(RefusedError, match="HTTPS only"):
        listening("192.168.1.4", proxy="10.0.0.1").check()
    with pytest.raises(BadInputError, match="certificate can't be read"):
        listening("192.168.1.4", address=HTTPS, certificate=str(tmp_path / "missing.pem")).check()
    listening("192.168.1.4", address=HTTPS, certificate=str(present)).check()
    listening("192.168.1.4", address=HTTPS, proxy="10.0.0.1").check()
    listening(address=HTTPS, proxy="127.0.0.1").check()


def test_an_address_that_nothing_serves_is_said_at_the_start(tmp_path: Path) -> None:
    present = tmp_path / "present.pem"
    present.touch()
    with pytest.raises(BadInputError, match="nothing here serves that"):
        listening(address=HTTPS).check()
    with pytest.raises(BadInputError, match="not under HTTPS"):
        listening(certificate=str(present)).check()


@pytest.mark.parametrize("proxy", ["*", "0.0.0.0/0", "::/0", "proxy.example.org", "10.0.0.1, *", "10.0.0.1/8"])
def test_a_proxy_is_named_by_its_address(proxy: str) -> None:
    with pytest.raises(BadInputError, match="not named by its address"):
        listening(address=HTTPS, proxy=proxy).check()


@pytest.mark.parametrize("proxy", ["10.0.0.1", "10.0.0.0/8", "::1", "127.0.0.1, 10.1.2.3"])
def test_several_proxies_and_their_networks_are_taken(proxy: str) -> None:
    listening(address=HTTPS, proxy=proxy).check()


@pytest.mark.parametrize(
    "address",
    ["desk.example.org", "ftp://desk.example.org", "https://", "https://desk.example.org/desk", "https://a:b"],
)
def test_an_address_is_one_that_a_browser_opens(address: str) -> None:
    with pytest.raises(BadInputError, match="browser can open"):
        check_address(address)


def test_a_port_that_is_taken_is_named() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        here = replace(listening(), port=taken.getsockname()[1])
        with pytest.raises(ConflictError, match="Another program"):
            here.check_free()
    here.check_free()
    with pytest.raises(BadInputError, match="does not have the address"):
        listening("192.0.2.1").check_free()


def test_settings_say_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTDESK_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('address = "https://desk.example.org"\nlisten_host = "10.1.2.3"\n')
    chosen = choose(host=None, port=None, demo=False)
    assert (chosen.host, chosen.port, chosen.address) == ("10.1.2.3", 443, "https://desk.example.org")
    (tmp_path / "settings.toml").write_text('address = "https://desk.example.org"\nproxy = "127.0.0.1"\n')
    behind = choose(host=None, port=None, demo=False)
    assert (behind.host, behind.port, behind.address) == ("127.0.0.1", 8000, "https://desk.example.org")
    moved = choose(host=None, port=8123, demo=False)
    assert (moved.port, moved.address) == (8123, "https://desk.example.org")


def test_the_command_line_says_where_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRUSTDESK_HOME", str(tmp_path))
    (tmp_path / "settings.toml").write_text('address = "https://desk.example.org"\n')
    local = choose(host="127.0.0.1", port=8123, demo=True)
    assert (local.port, local.address) == (8123, "https://127.0.0.1:8123")
