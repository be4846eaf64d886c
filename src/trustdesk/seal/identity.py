"""A self-signed certificate for one run of a program that is known by its fingerprint, not by a name."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from trustdesk.seal.signing import SigningKey

_EARLIER = timedelta(days=1)  # the other side's clock may be behind
_VALID = timedelta(days=3650)  # it dies with the process; nobody should have to look at its date


@dataclass(frozen=True, slots=True)
class Identity:
    """A certificate, its key, and the SHA-256 of the certificate as SDP writes it (RFC 8122): `AB:CD:…`."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey = field(repr=False)
    fingerprint: str


def new_identity(now: datetime) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, secrets.token_hex(8))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _VALID)
        .sign(key, SHA256())
    )
    return Identity(certificate, key, certificate.fingerprint(SHA256()).hex(":").upper())


def certificate_of(key: SigningKey, *, name: str, now: datetime) -> bytes:
    private = ed25519.Ed25519PrivateKey.from_private_bytes(key.to_bytes())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - _EARLIER)
        .not_valid_after(now + _VALID)
        .sign(private, None)
    )
    return certificate.public_bytes(Encoding.DER)
