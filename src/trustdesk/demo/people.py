"""The demo's operators, their sign-ins, and the current code of their second factor.

The password and the secrets are drawn when the demo is first started and lie in its keys folder: nothing in the
source opens an installation.
"""

import base64
import hashlib
import hmac
import json
import secrets
import struct
import time
from dataclasses import dataclass

from trustdesk.kernel.errors import NotFoundError
from trustdesk.server.home import Home, write_private

SIGN_INS = "demo.json"
_PERIOD_SECONDS = 30
_DIGITS = 6


@dataclass(frozen=True, slots=True)
class Person:
    """An invented operator. `role` is that of the seat, or of the installation for the administrator."""

    email: str
    name: str
    language: str
    role: str
    does: str


PEOPLE = (
    Person("agent@demo.example", "Réka Halász", "hu", "agent", "agent for both companies"),
    Person("supervisor@demo.example", "Tomasz Zieliński", "pl", "supervisor", "supervisor for both companies"),
    Person("officer@demo.example", "Maija Korhonen", "fi", "officer", "data protection officer, Finland"),
    Person("client@demo.example", "Gábor Bíró", "hu", "client", "reader of the client company, Hungary"),
    Person(
        "admin@demo.example",
        "Jutta Brandt",
        "de",
        "administrator",
        "administrator, of both companies too",
    ),
)


def draw_sign_ins(home: Home) -> None:
    """Draw password and secrets unless they were drawn already."""
    if (home.keys / SIGN_INS).exists():
        return
    drawn = {
        "password": f"{secrets.token_urlsafe(9)}-demo",
        "totp": {person.email: base64.b32encode(secrets.token_bytes(20)).decode() for person in PEOPLE},
    }
    write_private(home.keys / SIGN_INS, json.dumps(drawn, indent=1).encode())


def password(home: Home) -> str:
    """The one password of all demo sign-ins of this home."""
    return str(_drawn(home)["password"])


def totp_secret(home: Home, email: str) -> str:
    """The base 32 secret of an operator's authenticator. Raises NotFoundError for a stranger."""
    found = _drawn(home)["totp"]
    if not isinstance(found, dict) or email not in found:
        raise NotFoundError("The demo has nobody of this address.", mend=", ".join(person.email for person in PEOPLE))
    return str(found[email])


def code(secret: str, *, at: float | None = None) -> str:
    """The one-time code of a secret at an instant in Unix seconds, now by default (RFC 6238: SHA-1, 30 s, 6 digits)."""
    counter = struct.pack(">Q", int(time.time() if at is None else at) // _PERIOD_SECONDS)
    digest = hmac.digest(base64.b32decode(secret), counter, hashlib.sha1)
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 10**_DIGITS:0{_DIGITS}d}"


def sign_ins(home: Home) -> list[str]:
    """What `up` prints: who can sign in, with which code just now."""
    lines = [
        "",
        "Demo sign-ins (invented; for this machine's demo only):",
        f"  password of all: {password(home)}",
    ]
    lines += [f"  {person.email:<24} code {code(totp_secret(home, person.email))}  {person.does}" for person in PEOPLE]
    drawn = _drawn(home)
    phones = drawn.get("phones")
    if isinstance(phones, dict):
        lines += [f"SIP phones (realm trustdesk, at 127.0.0.1:{drawn['sip']}):"]
        lines += [f"  {user:<24} password {secret}" for user, secret in phones.items()]
    return [*lines, "Codes change every 30 seconds: `make demo-code` shows the current ones.", ""]


def _drawn(home: Home) -> dict[str, object]:
    drawn: dict[str, object] = json.loads(home.secret(SIGN_INS))
    return drawn
