"""Header fields (RFC 3261 §7.3): short and long names are one, what may be listed may stand in several lines."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.uri import NONE, bracketed, host_and_port, parse_params, split_outside

SHORT = {
    "a": "accept-contact",
    "b": "referred-by",
    "c": "content-type",
    "e": "content-encoding",
    "f": "from",
    "i": "call-id",
    "k": "supported",
    "l": "content-length",
    "m": "contact",
    "o": "event",
    "r": "refer-to",
    "s": "subject",
    "t": "to",
    "u": "allow-events",
    "v": "via",
    "x": "session-expires",
}
# Of these there is one in a message (§7.3.1); two are a fault, because two readers would take two different ones.
SINGLE = frozenset({"call-id", "content-length", "content-type", "cseq", "from", "max-forwards", "to", "expires"})
# How a name is written where its parts don't simply begin with capitals.
_WRITTEN = {
    "call-id": "Call-ID",
    "cseq": "CSeq",
    "www-authenticate": "WWW-Authenticate",
    "rack": "RAck",
    "rseq": "RSeq",
    "min-se": "Min-SE",
}
_BRANCH_COOKIE = "z9hG4bK"
_VIA = re.compile(r"SIP\s*/\s*2\.0\s*/\s*([A-Za-z0-9.!%*_+`'~-]+)\s+([^;\s]+(?:\s*:\s*[0-9]+)?)\s*(;.*)?", re.DOTALL)
_CSEQ = re.compile(r"([0-9]{1,10})\s+([A-Za-z0-9.!%*_+`'~-]+)")
MOST_SEQUENCE = 2**31 - 1


class Headers:
    """Values by name, in the order in which the names came."""

    __slots__ = ("_values",)

    def __init__(self, pairs: Iterable[tuple[str, str]] = ()) -> None:
        self._values: dict[str, list[str]] = {}
        for name, value in pairs:
            self.add(name, value)

    def add(self, name: str, value: str) -> None:
        name = name.lower()
        self._values.setdefault(SHORT.get(name, name), []).append(value)

    def put(self, name: str, *values: str) -> None:
        """These, instead of what was there."""
        if values:
            self._values[name] = list(values)
        else:
            self._values.pop(name, None)

    def first(self, name: str) -> str:
        values = self._values.get(name)
        return values[0] if values else ""

    def lines(self, name: str) -> list[str]:
        """As many as there were, undivided."""
        return self._values.get(name, [])

    def listed(self, name: str) -> list[str]:
        """What is divided by commas, whether in one line or several."""
        values = self._values.get(name)
        if not values:
            return []
        return [part for value in values for part in map(str.strip, split_outside(value, ",")) if part]

    def words(self, name: str) -> frozenset[str]:
        """Option tags, methods: a list whose order says nothing, in lower case."""
        return frozenset(part.lower() for part in self.listed(name))

    def __contains__(self, name: str) -> bool:
        return name in self._values

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((name, value) for name, values in self._values.items() for value in values)

    def copied(self, *names: str) -> Iterator[tuple[str, str]]:
        """Those of these names, to be taken over into another message."""
        return ((name, value) for name in names for value in self._values.get(name, ()))

    def doubled(self) -> bool:
        return any(len(self._values.get(name, ())) > 1 for name in SINGLE)


def written(name: str) -> str:
    """The name as people write it."""
    return _WRITTEN.get(name) or _WRITTEN.setdefault(name, "-".join(part.capitalize() for part in name.split("-")))


@dataclass(frozen=True, slots=True)
class Via:
    """One station of the way (§20.42)."""

    transport: str
    host: str
    port: int = 0
    params: Mapping[str, str] = field(default_factory=lambda: NONE)

    @property
    def branch(self) -> str:
        return self.params.get("branch", "")

    @property
    def cookied(self) -> bool:
        """Whether the branch is unique by the rules of RFC 3261 (§8.1.1.7)."""
        return self.branch.startswith(_BRANCH_COOKIE) and len(self.branch) > len(_BRANCH_COOKIE)

    def __str__(self) -> str:
        port = f":{self.port}" if self.port else ""
        params = "".join(f";{name}={value}" if value else f";{name}" for name, value in self.params.items())
        return f"SIP/2.0/{self.transport} {bracketed(self.host)}{port}{params}"

    def received_from(self, host: str, port: int) -> "Via":
        """With the packet's source written in (§18.2.1, RFC 3581)."""
        params = dict(self.params)
        if "rport" in params:
            params["rport"] = str(port)
        if "rport" in params or host != self.host:
            params["received"] = host
        return Via(self.transport, self.host, self.port, params)


def parse_via(text: str) -> Via:
    matched = _VIA.fullmatch(text.strip())
    if matched is None:
        raise BadMessageError("a Via")
    host, port = host_and_port(re.sub(r"\s", "", matched[2]))
    return Via(matched[1].upper(), host, port, parse_params(matched[3] or ""))


@dataclass(frozen=True, slots=True)
class CSeq:
    number: int
    method: str

    def __str__(self) -> str:
        return f"{self.number} {self.method}"


def parse_cseq(text: str) -> CSeq:
    matched = _CSEQ.fullmatch(text.strip())
    if matched is None or int(matched[1]) > MOST_SEQUENCE:
        raise BadMessageError("a CSeq")
    return CSeq(int(matched[1]), matched[2])


def small_number(text: str, *, most: int) -> int | None:
    """A number without sign, perhaps with parameters or a comment behind it; None where it is none or too large."""
    digits = re.split(r"[;(\s]", text.strip(), maxsplit=1)[0]
    if not digits.isascii() or not digits.isdigit() or len(digits) > 10 or int(digits) > most:
        return None
    return int(digits)
