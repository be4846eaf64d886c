"""Addresses of SIP: URIs (RFC 3261 §19.1, RFC 3966) and what stands around them in From, To, Contact and Route (§20).

Nothing is guessed: a port that is none, a quote without its partner, an address with a space in it are faults.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import IPv6Address
from types import MappingProxyType
from urllib.parse import unquote

from trustdesk.sipedge.sip.faults import BadMessageError

NONE: Mapping[str, str] = MappingProxyType({})
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*")
_HOST = re.compile(r"[A-Za-z0-9_.-]{1,255}")
_PORT = re.compile(r"[0-9]{1,5}")
_NO_URI = re.compile(r'[\x00-\x20<>"\x7f]')
# What may stand before "<" without quotes: tokens and white space (§25.1, display-name).
_DISPLAY = re.compile(r"[A-Za-z0-9.!%*_+`'~\s-]*")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def checked_port(text: str) -> int:
    """A port between 1 and 65535. No socket is ever asked with another number."""
    if not _PORT.fullmatch(text) or not 1 <= int(text) <= 65535:
        raise BadMessageError("a port")
    return int(text)


def host_and_port(text: str) -> tuple[str, int]:
    """`host`, `host:port`, `[v6]` or `[v6]:port`; the port 0 where there is none, the host without brackets."""
    if text.startswith("["):
        inside, closed, rest = text[1:].partition("]")
        if not closed or (rest and not rest.startswith(":")):
            raise BadMessageError("a host")
        try:
            host = str(IPv6Address(inside.split("%", maxsplit=1)[0]))
        except ValueError:
            raise BadMessageError("a host") from None
        return host, checked_port(rest[1:]) if rest else 0
    host, colon, port = text.partition(":")
    if not _HOST.fullmatch(host):
        raise BadMessageError("a host")
    return host.lower(), checked_port(port) if colon else 0


def bracketed(host: str) -> str:
    """The host as it stands in a URI or a Via."""
    return f"[{host}]" if ":" in host else host


@dataclass(frozen=True, slots=True)
class Uri:
    """`user` as it is written, escapes and all. A scheme that isn't ours has everything in `user` and no host."""

    scheme: str
    host: str = ""
    port: int = 0
    user: str = ""
    params: Mapping[str, str] = field(default_factory=lambda: NONE)
    headers: str = ""

    @property
    def known(self) -> bool:
        return self.scheme in {"sip", "sips"}

    @property
    def name(self) -> str:
        """The user, unescaped once, without a password."""
        return unquote(self.user.partition(":")[0]) if self.known else self.user

    @property
    def transport(self) -> str:
        if self.scheme == "sips":
            return "tls"
        return self.params.get("transport", "udp").lower()

    def __str__(self) -> str:
        if not self.known:
            return f"{self.scheme}:{self.user}"
        port = f":{self.port}" if self.port else ""
        user = f"{self.user}@" if self.user else ""
        params = "".join(f";{name}={value}" if value else f";{name}" for name, value in self.params.items())
        return f"{self.scheme}:{user}{bracketed(self.host)}{port}{params}"


def parse_uri(text: str) -> Uri:
    scheme, colon, rest = text.partition(":")
    if not colon or not rest or not _SCHEME.fullmatch(scheme) or _NO_URI.search(text):
        raise BadMessageError("a URI")
    scheme = scheme.lower()
    if scheme not in {"sip", "sips"}:
        return Uri(scheme, user=rest)
    user, at, place = rest.rpartition("@")
    if "@" in user or (at and not user):
        raise BadMessageError("a URI")
    place, _, headers = place.partition("?")
    place, *pairs = place.split(";")
    host, port = host_and_port(place)
    params = dict(_pair(pair) for pair in pairs) if pairs else NONE
    return Uri(scheme, host, port, user, params, headers)


def _pair(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    if not name:
        raise BadMessageError("a parameter of a URI")
    return name.lower(), value


def split_outside(text: str, separator: str) -> Iterator[str]:
    """The parts between separators, of which those in quotes and angle brackets are none."""
    if '"' not in text and "<" not in text:
        yield from text.split(separator)
        return
    start = at = 0
    while at < len(text):
        letter = text[at]
        if letter == '"':
            quoted = _QUOTED.match(text, at)
            if quoted is None:
                raise BadMessageError("a quote")
            at = quoted.end()
            continue
        if letter == "<":
            at = text.find(">", at)
            if at < 0:
                raise BadMessageError("an angle bracket")
        elif letter == separator:
            yield text[start:at]
            start = at + 1
        at += 1
    yield text[start:]


def unquoted(text: str) -> str:
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return _ESCAPED.sub(r"\1", text[1:-1])
    return text


def parse_params(text: str) -> Mapping[str, str]:
    """`;name=value;name…` of a header field. The first of two with one name counts."""
    if not text:
        return NONE
    before, *pairs = split_outside(text, ";")
    if before.strip():
        raise BadMessageError("a parameter")
    params: dict[str, str] = {}
    for pair in pairs:
        name, _, value = pair.partition("=")
        name = name.strip().lower()
        if not name:
            raise BadMessageError("a parameter")
        params.setdefault(name, unquoted(value.strip()))
    return params


@dataclass(frozen=True, slots=True)
class Address:
    """What From, To, Contact, Route and Record-Route hold: a URI, perhaps a name, and parameters."""

    uri: Uri
    display: str = ""
    params: Mapping[str, str] = field(default_factory=lambda: NONE)

    @property
    def tag(self) -> str:
        return self.params.get("tag", "")

    def __str__(self) -> str:
        display = ""
        if self.display:
            inside = self.display.replace("\\", "\\\\").replace('"', '\\"')
            display = f'"{inside}" '
        params = "".join(f";{name}={value}" if value else f";{name}" for name, value in self.params.items())
        return f"{display}<{self.uri}>{params}"

    def tagged(self, tag: str) -> "Address":
        return Address(self.uri, self.display, {**self.params, "tag": tag})


def parse_address(text: str) -> Address:
    """`"Name" <uri>;params`, `Name <uri>;params` or `uri;params` (whose parameters are the header's, §20.10)."""
    text = text.strip()
    display, rest = "", text
    if text.startswith('"'):
        quoted = _QUOTED.match(text)
        if quoted is None:
            raise BadMessageError("a quote")
        display, rest = unquoted(quoted.group()), text[quoted.end() :].lstrip()
        if not rest.startswith("<"):
            raise BadMessageError("an address")
    elif "<" in text:
        display, _, rest = text.partition("<")
        if not _DISPLAY.fullmatch(display):
            raise BadMessageError("a name")
        display, rest = display.strip(), f"<{rest}"
    if rest.startswith("<"):
        inside, closed, params = rest[1:].partition(">")
        if not closed or (params.strip() and not params.lstrip().startswith(";")):
            raise BadMessageError("an address")
        return Address(parse_uri(inside), display, parse_params(params.strip()))
    bare, semicolon, params = rest.partition(";")
    if "?" in bare or "," in bare:
        raise BadMessageError("an address that wants angle brackets")
    return Address(parse_uri(bare.strip()), "", parse_params(f"{semicolon}{params}"))
