"""HTTPS with one's own certificate files."""

import ssl
from pathlib import Path

import httpx
import pytest
from tests.integration.cli.certificates import certificate
from tests.integration.cli.program import Program, trustdesk

pytestmark = pytest.mark.slow


def test_it_answers_under_its_own_certificate(tmp_path: Path) -> None:
    home = tmp_path / "var"
    program = Program(home, demo=False)
    program.arguments = ["up"]
    program.address = f"https://127.0.0.1:{program.port}"
    made = trustdesk(
        home,
        "init",
        "--email",
        "first@example.org",
        "--name",
        "First Person",
        "--address",
        program.address,
    )
    assert made.returncode == 0, made.stderr
    pem, key = certificate(tmp_path)
    with (home / "settings.toml").open("a") as settings:
        settings.write(f'certificate = "{pem}"\ncertificate_key = "{key}"\n')
    program.start()
    with httpx.Client(verify=ssl.create_default_context(cafile=str(pem))) as client:
        answer = client.get(f"{program.address}/sign-in/")
    assert answer.status_code == httpx.codes.OK
    assert "max-age" in answer.headers["Strict-Transport-Security"]
    assert all("Secure" in cookie for cookie in answer.headers.get_list("Set-Cookie"))
    with httpx.Client() as client, pytest.raises(httpx.TransportError):
        client.get(f"http://127.0.0.1:{program.port}/sign-in/")
    assert program.stop() == 0
