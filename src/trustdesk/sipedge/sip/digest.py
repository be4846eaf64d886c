"""Digest (RFC 7616, RFC 3261 §22, RFC 8760), as server and as client. Only ever a digest of a password is compared, in
constant time; what is asked and answered stands in one nonce of ours, which dies after five minutes.
"""

import contextlib
import hashlib
import hmac
import secrets
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.message import Request, Response
from trustdesk.sipedge.sip.uri import split_outside, unquoted

NONCE_SECONDS = 300
MOST_NONCES = 20_000
MD5, SHA256 = "MD5", "SHA-256"
_MAKERS = {MD5: hashlib.md5, SHA256: hashlib.sha256}  # MD5 is what desk phones can do (RFC 3261 §22.4)


def _hash(algorithm: str, text: str) -> str:
    return _MAKERS[algorithm](text.encode("utf-8", "surrogateescape")).hexdigest()


def ha1(algorithm: str, user: str, realm: str, password: str) -> str:
    return _hash(algorithm, f"{user}:{realm}:{password}")


@dataclass(frozen=True, slots=True)
class Account:
    """Who may prove what: the first halves of the digest, by algorithm."""

    user: str
    halves: Mapping[str, str] = field(repr=False)

    @property
    def algorithm(self) -> str:
        """One challenge, never two: the stronger where the account has it."""
        return SHA256 if self.halves.get(SHA256) else MD5


def parse_digest(text: str) -> Mapping[str, str] | None:
    """The fields of a challenge or of credentials; None where it is another scheme."""
    scheme, _, rest = text.strip().partition(" ")
    if scheme.lower() != "digest":
        return None
    fields: dict[str, str] = {}
    for part in split_outside(rest, ","):
        name, equals, value = part.partition("=")
        if not equals:
            raise BadMessageError("a digest")
        fields.setdefault(name.strip().lower(), unquoted(value.strip()))
    return fields


def _response(fields: Mapping[str, str], algorithm: str, half: str, method: str, body: bytes) -> str:
    second = f"{method}:{fields.get('uri', '')}"
    qop = fields.get("qop", "")
    if qop == "auth-int":
        second = f"{second}:{_MAKERS[algorithm](body).hexdigest()}"
    middle = fields.get("nonce", "")
    if qop:
        middle = f"{middle}:{fields.get('nc', '')}:{fields.get('cnonce', '')}:{qop}"
    return _hash(algorithm, f"{half}:{middle}:{_hash(algorithm, second)}")


@dataclass(slots=True)
class _Nonce:
    until: float
    host: str
    count: int = 0


class Outcome(StrEnum):
    """What came of looking at credentials."""

    PROVEN = "proven"
    ABSENT = "absent"  # none for this realm
    STALE = "stale"  # right, but of a nonce that is over, of another place, or used before
    WRONG = "wrong"


class Guard:
    """Challenges and looks at what comes back. A nonce is given to one host and counts what it is used for."""

    def __init__(self, realm: str) -> None:
        self.realm = realm
        self._nonces: OrderedDict[str, _Nonce] = OrderedDict()

    def challenge(self, account: Account | None, host: str, now: float, *, stale: bool = False) -> str:
        """The value of WWW-Authenticate. Whoever is not known is asked too, so that asking tells nobody who is."""
        nonce = secrets.token_urlsafe(24)
        while self._nonces and (len(self._nonces) >= MOST_NONCES or next(iter(self._nonces.values())).until < now):
            self._nonces.popitem(last=False)
        self._nonces[nonce] = _Nonce(now + NONCE_SECONDS, host)
        algorithm = account.algorithm if account else MD5
        return (
            f'Digest realm="{self.realm}", nonce="{nonce}", algorithm={algorithm}, qop="auth"'
            f"{', stale=true' if stale else ''}"
        )

    def credentials(self, request: Request) -> Mapping[str, str] | None:
        """What was sent for our realm."""
        for name in ("authorization", "proxy-authorization"):
            for line in request.headers.lines(name):
                fields = parse_digest(line)
                if fields is not None and fields.get("realm") == self.realm:
                    return fields
        return None

    def examine(
        self, request: Request, fields: Mapping[str, str] | None, account: Account | None, host: str, now: float
    ) -> Outcome:
        """An account that isn't there is as wrong as a wrong password, and takes as long."""
        if fields is None:
            return Outcome.ABSENT
        algorithm = fields.get("algorithm", MD5).upper()
        known = account is not None and account.user == fields.get("username") and algorithm == account.algorithm
        half = account.halves[algorithm] if account is not None and known else secrets.token_hex(16)
        if algorithm not in _MAKERS or fields.get("qop") != "auth":
            return Outcome.WRONG
        expected = _response(fields, algorithm, half, request.method, request.body)
        given = fields.get("response", "").lower().encode("utf-8", "replace")
        if not hmac.compare_digest(expected.encode(), given):
            return Outcome.WRONG
        return Outcome.PROVEN if self._fresh(fields, host, now) else Outcome.STALE

    def _fresh(self, fields: Mapping[str, str], host: str, now: float) -> bool:
        """Each count of a nonce is good for one request: what was heard on the way can't be said again."""
        nonce = self._nonces.get(fields.get("nonce", ""))
        try:
            count = int(fields.get("nc", ""), 16)
        except ValueError:
            return False
        if nonce is None or nonce.until < now or nonce.host != host or count <= nonce.count:
            return False
        nonce.count = count
        return True


@dataclass(slots=True)
class Prover:
    """Answers challenges with one user and password: ours at a carrier's. A realm that is named is the only one."""

    user: str
    password: str = field(repr=False)
    realm: str = ""
    _last: dict[str, str] = field(default_factory=dict)
    _count: int = 0

    def prove(self, request: Request, refusal: Response) -> bool:
        """Put credentials into the request. False where no challenge is to be met, or the last try was refused."""
        proxy = refusal.status == 407
        asked = self._chosen(refusal.headers.lines("proxy-authenticate" if proxy else "www-authenticate"))
        name = "proxy-authorization" if proxy else "authorization"
        if not self.user or asked is None:
            return False
        if request.headers.first(name) and asked.get("stale", "").lower() != "true":
            return False
        request.headers.put(name, self._credentials(request, asked))
        return True

    def _chosen(self, lines: Sequence[str]) -> Mapping[str, str] | None:
        """The strongest that we can (RFC 8760 §2.4)."""
        asked = []
        for line in lines:
            with contextlib.suppress(BadMessageError):  # another one may be readable
                asked.append({"realm": "", **(parse_digest(line) or {})})
        for algorithm in (SHA256, MD5):
            for fields in asked:
                right = self.realm in {"", fields.get("realm")}
                if right and fields.get("algorithm", MD5).upper() == algorithm and fields.get("nonce"):
                    return fields
        return None

    def _credentials(self, request: Request, asked: Mapping[str, str]) -> str:
        algorithm = asked.get("algorithm", MD5).upper()
        self._count = self._count + 1 if self._last.get("nonce") == asked["nonce"] else 1
        self._last = dict(asked)
        fields = {"realm": asked["realm"], "nonce": asked["nonce"], "uri": str(request.uri)}
        if "auth" in [word.strip() for word in asked.get("qop", "").split(",")]:
            fields |= {"qop": "auth", "nc": f"{self._count:08x}", "cnonce": secrets.token_hex(8)}
        half = ha1(algorithm, self.user, asked["realm"], self.password)
        response = _response(fields, algorithm, half, request.method, request.body)
        quoted = {"username": self.user, "response": response, **fields}
        quoted |= {name: asked[name] for name in ("opaque",) if name in asked}
        parts = [
            f"{name}={value}" if name in {"qop", "nc"} else f'{name}="{_escaped(value)}"'
            for name, value in quoted.items()
        ]
        if "algorithm" in asked:
            parts.append(f"algorithm={algorithm}")
        return f"Digest {', '.join(parts)}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
