"""Secrets of links, browsers and visits: 256 random bits each, of which only the digest is kept."""

import hashlib
import re
import secrets
from dataclasses import dataclass, field

from trustdesk.kernel.ids import from_public, to_public

_BYTES = 32
_FORM = re.compile(r"([0-9A-Za-z]{13})-([0-9A-Za-z_-]{43})\Z")


@dataclass(frozen=True, slots=True)
class Named:
    """A secret with the row it belongs to: `<id>-<secret>`, as it stands in links and cookies."""

    row_id: int
    secret: str = field(repr=False)

    @property
    def text(self) -> str:
        return f"{to_public(self.row_id)}-{self.secret}"

    @property
    def digest(self) -> bytes:
        return digest(self.secret)


def fresh() -> str:
    return secrets.token_urlsafe(_BYTES)


def digest(secret: str) -> bytes:
    """Of 256 random bits a plain digest is as good as a slow one: there is nothing to guess."""
    return hashlib.sha256(secret.encode()).digest()


def read(text: str) -> Named | None:
    """The secret again; None for what is not one of ours by its form."""
    match = _FORM.match(text)
    if match is None:
        return None
    try:
        return Named(from_public(match[1]), match[2])
    except ValueError:
        return None
