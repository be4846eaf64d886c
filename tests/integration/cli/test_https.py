"""HTTPS with one's own certificate files."""

import ipaddress
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.integration.cli.program import Program, trustdesk

pytestmark = pytest.mark.slow


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "certificate.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return paths


def test_it_answers_under_its_own_certificate(tmp_path: Path) -> None:
    home = tmp_path / "var"
    program = Program(home, demo=False)
    program.arguments = ["up"]
    program.address = f"https://127.0.0.1:{program.port}"
    made = trustdesk(
        home, "init", "--email", "first@example.org", "--name", "First Person", "--address", program.address
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
