"""Messages (RFC 3261 §7): read with limits, written whole.

What every message needs is read at once, so that nothing behind this door meets half a message: the top Via, From, To,
Call-ID and CSeq. The rest is read where it is asked for.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.headers import CSeq, Headers, Via, parse_cseq, parse_via, small_number, written
from trustdesk.sipedge.sip.phrases import phrase
from trustdesk.sipedge.sip.uri import Address, Uri, parse_address, parse_uri

MOST_HEAD = 16_384  # bytes before the body; the longest request of RFC 4475 has 3,500
MOST_BODY = 65_535
MOST_LINES = 200
SIP = "SIP/2.0"
_METHOD = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,64}")
_NAME = re.compile(r"[A-Za-z0-9.!%*_+`'~-]{1,255}")
_FOLD = re.compile(r"\r?\n[ \t]+")
_STATUS = re.compile(r"SIP/2\.0 ([1-6][0-9]{2})(?: (.*))?", re.DOTALL)
_VERSION = re.compile(r"SIP/[0-9]+\.[0-9]+", re.IGNORECASE)
_ENDS = re.compile(rb"\r?\n\r?\n")
MANDATORY = ("via", "from", "to", "call-id", "cseq")


@dataclass(slots=True)
class Message:
    """What requests and responses share. `via` is the topmost."""

    headers: Headers
    body: bytes = b""
    via: Via = field(init=False)
    from_: Address = field(init=False)
    to: Address = field(init=False)
    call_id: str = field(init=False)
    cseq: CSeq = field(init=False)

    def read(self) -> None:
        """Read what every message needs. BadMessageError where it is missing, doubled or no such thing."""
        headers = self.headers
        if any(name not in headers for name in MANDATORY):
            raise BadMessageError("a header field is missing")
        if headers.doubled():
            raise BadMessageError("a header field stands twice")
        self.via = parse_via(next(iter(headers.listed("via")), ""))
        self.from_ = parse_address(headers.first("from"))
        self.to = parse_address(headers.first("to"))
        self.call_id = headers.first("call-id")
        self.cseq = parse_cseq(headers.first("cseq"))

    def _text(self, start: str) -> bytes:
        lines = [start]
        lines += [f"{written(name)}: {value}" for name, value in self.headers if name != "content-length"]
        lines.append(f"Content-Length: {len(self.body)}\r\n\r\n")
        return "\r\n".join(lines).encode("utf-8", "surrogateescape") + self.body

    def addresses(self, name: str) -> list[Address]:
        return [parse_address(value) for value in self.headers.listed(name)]

    @property
    def content_type(self) -> str:
        return self.headers.first("content-type").partition(";")[0].strip().lower()


@dataclass(slots=True)
class Request(Message):
    method: str = ""
    uri: Uri = field(default_factory=lambda: Uri("sip"))

    def __bytes__(self) -> bytes:
        return self._text(f"{self.method} {self.uri} {SIP}")


@dataclass(slots=True)
class Response(Message):
    status: int = 0
    reason: str = ""

    def __bytes__(self) -> bytes:
        return self._text(f"{SIP} {self.status} {self.reason}")


class UnreadableRequestError(BadMessageError):
    """A request that can't be taken, but of which enough was read to answer it."""

    def __init__(self, fault: BadMessageError, headers: Headers) -> None:
        super().__init__(fault.what, status=fault.status)
        self.headers = headers


def head_and_body(data: bytes) -> tuple[bytes, bytes]:
    found = _ENDS.search(data, 0, MOST_HEAD)
    if found is None:
        raise BadMessageError("no end of the header, or too far away", status=513)
    return data[: found.start()], data[found.end() :]


def parse_headers(lines: Iterable[str]) -> Headers:
    headers = Headers()
    for line in lines:
        name, colon, value = line.partition(":")
        name = name.rstrip(" \t")
        if not colon or not _NAME.fullmatch(name):
            raise BadMessageError("a header line")
        headers.add(name, value.strip())
    return headers


def parse(data: bytes) -> Request | Response:
    """One whole message, as a datagram or a frame holds it. BadMessageError; UnreadableRequestError is answerable."""
    head, rest = head_and_body(data)
    text = head.decode("utf-8", "surrogateescape")
    if "\n " in text or "\n\t" in text:
        text = _FOLD.sub(" ", text)
    start, *lines = text.replace("\r\n", "\n").split("\n")
    if len(lines) > MOST_LINES:
        raise BadMessageError("too many header lines", status=513)
    headers = parse_headers(lines)
    if start.startswith(f"{SIP} "):
        return _parse_response(start, headers, rest)
    try:
        return _parse_request(start, headers, rest)
    except UnreadableRequestError:
        raise
    except BadMessageError as fault:
        if all(name in headers for name in MANDATORY):
            raise UnreadableRequestError(fault, headers) from None
        raise


def _body(headers: Headers, rest: bytes) -> bytes:
    """As long as it says; in a datagram that says nothing, to its end (§18.3)."""
    said = headers.first("content-length")
    if not said:
        return rest
    length = small_number(said, most=MOST_BODY)
    if length is None or length > len(rest):
        raise BadMessageError("a Content-Length")
    return rest[:length]


def _parse_response(start: str, headers: Headers, rest: bytes) -> Response:
    matched = _STATUS.fullmatch(start)
    if matched is None:
        raise BadMessageError("a status line")
    response = Response(headers, _body(headers, rest), status=int(matched[1]), reason=matched[2] or "")
    response.read()
    return response


def _parse_request(start: str, headers: Headers, rest: bytes) -> Request:
    method, _, after = start.partition(" ")
    address, _, version = after.partition(" ")
    if not _METHOD.fullmatch(method) or not address or not version:
        raise BadMessageError("a request line")
    if version != SIP:
        raise BadMessageError("a version", status=505 if _VERSION.fullmatch(version) else 400)
    uri = parse_uri(address)
    if uri.headers:
        raise BadMessageError("a Request-URI with header fields")
    request = Request(headers, _body(headers, rest), method=method, uri=uri)
    request.read()
    if request.cseq.method != method:
        raise BadMessageError("two methods")
    if "max-forwards" in headers and small_number(headers.first("max-forwards"), most=255) is None:
        raise BadMessageError("a Max-Forwards")
    return request


def answer_to(request: Request, status: int, *, tag: str = "", reason: str = "") -> Response:
    """A response with what it must take over (§8.2.6.2)."""
    headers = Headers(request.headers.copied("via", "from"))
    to = request.headers.first("to")
    headers.add("to", to if request.to.tag or not tag else f"{to};tag={tag}")
    for name, value in request.headers.copied("call-id", "cseq", "timestamp"):
        headers.add(name, value)
    response = Response(headers, status=status, reason=reason or phrase(status))
    response.via, response.from_, response.call_id = request.via, request.from_, request.call_id
    response.to = request.to if request.to.tag or not tag else request.to.tagged(tag)
    response.cseq = request.cseq
    return response


def answer_to_unreadable(fault: UnreadableRequestError) -> bytes:
    """The refusal of what can't be read: what has to be repeated is repeated as it stood."""
    headers = Headers(fault.headers.copied(*MANDATORY))
    return bytes(Response(headers, status=fault.status, reason=phrase(fault.status)))
