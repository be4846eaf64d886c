"""A passkey in software: what a browser and its authenticator would answer (Web Authentication, Level 3)."""

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData

HOST = "testserver"
ORIGIN = f"https://{HOST}"
FLAG = AuthenticatorData.FLAG
PRESENT_AND_VERIFIED = FLAG.UP | FLAG.UV


@dataclass
class Passkey:
    """One credential, resident, with user verification."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    counter: int = 0

    def created(self, options: dict[str, Any]) -> str:
        """The answer to a registration."""
        public = ES256.from_cryptography_key(self.key.public_key())  # type: ignore[no-untyped-call]
        credential = AttestedCredentialData.create(b"\0" * 16, self.credential_id, public)
        data = self._data(PRESENT_AND_VERIFIED | FLAG.AT, credential)
        return self._answer(
            {
                "clientDataJSON": websafe_encode(_client_data("webauthn.create", options)),
                "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
            },
        )

    def used(self, options: dict[str, Any], *, user: str = "", flags: int = PRESENT_AND_VERIFIED) -> str:
        """The answer to a sign-in."""
        self.counter += 1
        data, client = self._data(flags), _client_data("webauthn.get", options)
        signature = self.key.sign(bytes(data) + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": websafe_encode(client),
                "authenticatorData": websafe_encode(data),
                "signature": websafe_encode(signature),
                "userHandle": websafe_encode(user.encode()),
            },
        )

    def _data(self, flags: int, credential: AttestedCredentialData | None = None) -> AuthenticatorData:
        digest = hashlib.sha256(HOST.encode()).digest()
        return AuthenticatorData(AuthenticatorData.create(digest, FLAG(flags), self.counter, credential or b""))

    def _answer(self, response: dict[str, str]) -> str:
        name = websafe_encode(self.credential_id)
        return json.dumps(
            {
                "id": name,
                "rawId": name,
                "type": "public-key",
                "response": response,
                "clientExtensionResults": {"credProps": {"rk": True}},
            },
        )


def _client_data(kind: str, options: dict[str, Any]) -> bytes:
    challenge = options["publicKey"]["challenge"]
    return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN, "crossOrigin": False}).encode()
