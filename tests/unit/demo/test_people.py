"""The demo's sign-ins."""

import base64
from pathlib import Path

import pytest

from trustdesk.demo.home import exists
from trustdesk.demo.people import PEOPLE, code, draw_sign_ins, password, sign_ins, totp_secret
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.server.home import Home

RFC_6238_SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("at", "expected"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_codes_are_those_of_the_rfc(at: float, expected: str) -> None:
    """RFC 6238, Appendix B, its last six digits."""
    assert code(RFC_6238_SECRET, at=at) == expected


def test_secrets_are_drawn_once_and_differ_between_homes(tmp_path: Path) -> None:
    homes = [Home(tmp_path / "a"), Home(tmp_path / "b")]
    for home in homes:
        home.prepare()
        draw_sign_ins(home)
    first = password(homes[0])
    draw_sign_ins(homes[0])
    assert password(homes[0]) == first
    assert password(homes[1]) != first
    secrets = {totp_secret(home, person.email) for home in homes for person in PEOPLE}
    assert len(secrets) == 2 * len(PEOPLE)
    assert (homes[0].keys / "demo.json").stat().st_mode & 0o077 == 0


def test_what_is_printed_names_everybody(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.prepare()
    draw_sign_ins(home)
    printed = "\n".join(sign_ins(home))
    assert all(person.email in printed for person in PEOPLE)
    assert password(home) in printed
    with pytest.raises(NotFoundError):
        totp_secret(home, "stranger@demo.example")


def test_an_installation_never_becomes_the_demo(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert not exists(home)
    home.prepare()
    with pytest.raises(RefusedError, match="not the demo"):
        exists(home)
    (home.path / "settings.toml").write_text("demo = true\n")
    assert exists(home)
