"""Session descriptions (RFC 4566) and their offers and answers (RFC 3264): one stream of audio, A-law or µ-law, with
keys as RFC 4733 has them. Everything else in an offer is refused stream by stream, by the port 0.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from ipaddress import IPv6Address, ip_address

from trustdesk.sipedge.media.contracts import Far, Law, Place
from trustdesk.sipedge.sip.contracts import Offer
from trustdesk.sipedge.sip.faults import BadMessageError

CONTENT_TYPE = "application/sdp"
MOST_LINES = 500
OUR_KEYS = 101
OPPOSITE = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
_NAMES = {Law.MU: "PCMU", Law.A: "PCMA"}
_LAWS = {"pcmu": Law.MU, "pcma": Law.A}
_MEDIA = re.compile(r"(\S{1,32}) ([0-9]{1,5})(?:/[0-9]{1,3})? (\S{1,64})((?: \S{1,64})*)")
_CONNECTION = re.compile(r"IN (IP[46]) ([A-Za-z0-9_.:-]{1,255})(?:/[0-9/]*)?")
_RTPMAP = re.compile(r"rtpmap:([0-9]{1,3}) ([A-Za-z0-9_.-]{1,64})/([0-9]{1,6})(?:/[0-9]{1,3})?")


@dataclass(slots=True)
class Stream:
    """One `m=` line and what belongs to it."""

    kind: str
    port: int
    protocol: str
    formats: Sequence[str]
    host: str = ""
    direction: str = ""
    maps: dict[int, tuple[str, int]] = field(default_factory=dict)

    @property
    def audio(self) -> bool:
        return self.kind == "audio" and self.protocol.upper() == "RTP/AVP" and self.port > 0

    @property
    def laws(self) -> tuple[Law, ...]:
        """Those we speak, as the other side prefers them. What a static payload type is mapped to, counts."""
        found = []
        for payload in self._payloads():
            name, rate = self.maps.get(payload) or (_NAMES.get(Law(payload), "") if payload in set(Law) else "", 8000)
            law = _LAWS.get(name.lower())
            if law is not None and rate == 8000 and payload == law and law not in found:
                found.append(law)
        return tuple(found)

    @property
    def keys_type(self) -> int | None:
        for payload in self._payloads():
            name, rate = self.maps.get(payload, ("", 0))
            if name.lower() == "telephone-event" and rate == 8000 and 96 <= payload <= 127:
                return payload
        return None

    def _payloads(self) -> list[int]:
        return [int(text) for text in self.formats if text.isdigit() and len(text) <= 3]


@dataclass(frozen=True, slots=True)
class Description:
    """A body as far as we speak it. `audio` is the place of the stream we take among the streams."""

    streams: Sequence[Stream]
    audio: int

    @property
    def stream(self) -> Stream:
        return self.streams[self.audio]

    @property
    def offer(self) -> Offer:
        """As the exchange sees an offer: the law is the one that the other side prefers."""
        return self.spoken(self.stream.laws[0])

    def spoken(self, law: Law) -> Offer:
        """With the law that was agreed on. Held in whatever way, the other side `sends` nothing that counts."""
        stream = self.stream
        silent = stream.direction != "sendrecv" or stream.host in {"0.0.0.0", "::"}  # noqa: S104 - RFC 2543's way to hold
        far = Far(
            place=Place(stream.host, stream.port),
            law=law,
            keys_type=stream.keys_type,
            sends=not silent,
        )
        return Offer(far=far, laws=stream.laws)


def parse_sdp(body: bytes) -> Description:
    """BadMessageError: 400 where it is none, 488 where it holds no audio that we speak."""
    streams: list[Stream] = []
    common = Stream("session", 0, "", ())
    try:
        lines = body.decode("utf-8").replace("\r\n", "\n").split("\n")
    except UnicodeDecodeError:
        raise BadMessageError("a session description") from None
    if len(lines) > MOST_LINES or lines[0].strip() != "v=0":
        raise BadMessageError("a session description")
    for line in lines:
        kind, value = line[:2], line[2:].strip()
        if kind == "m=":
            streams.append(_stream(value))
        elif kind in {"c=", "a="}:
            _add(streams[-1] if streams else common, kind, value)
    for stream in streams:
        stream.host = stream.host or common.host
        stream.direction = stream.direction or common.direction or "sendrecv"
    for place, stream in enumerate(streams):
        if stream.audio and stream.host and stream.laws:
            return Description(streams, place)
    raise BadMessageError("no audio that we speak", status=488)


def _stream(value: str) -> Stream:
    matched = _MEDIA.fullmatch(value)
    if matched is None or int(matched[2]) > 65535:
        raise BadMessageError("a media line")
    return Stream(matched[1].lower(), int(matched[2]), matched[3], matched[4].split())


def _add(stream: Stream, kind: str, value: str) -> None:
    if kind == "c=":
        stream.host = _host(value)
    elif value in OPPOSITE:
        stream.direction = value
    elif matched := _RTPMAP.fullmatch(value):
        stream.maps[int(matched[1])] = (matched[2], int(matched[3]))


def _host(value: str) -> str:
    """An address: names are not looked up for whoever asks, and nobody sends audio to a multicast group for us."""
    matched = _CONNECTION.fullmatch(value)
    try:
        address = ip_address(matched[2] if matched else "")
    except ValueError:
        raise BadMessageError("an address of audio") from None
    if address.is_multicast or str(address) == "255.255.255.255":
        raise BadMessageError("an address of audio")
    return str(address)


@dataclass(frozen=True, slots=True)
class Ours:
    """What we say of our side. The version grows with every change (RFC 3264 §8)."""

    session: int
    place: Place
    laws: Sequence[Law]
    keys_type: int | None = OUR_KEYS
    direction: str = "sendrecv"
    holds: bool = False  # by our own will, not because the other side does
    version: int = 1

    def changed(self, *, direction: str) -> "Ours":
        if direction == self.direction:
            return self
        return replace(self, direction=direction, holds=direction == "sendonly", version=self.version + 1)

    def offered(self) -> bytes:
        return self._text([self._audio()])

    def answered(self, description: Description) -> bytes:
        """One line for each of the offer's, in its order (RFC 3264 §6)."""
        media = [
            self._audio() if number == description.audio else _refusal(stream)
            for number, stream in enumerate(description.streams)
        ]
        return self._text(media)

    def _audio(self) -> list[str]:
        formats = [str(int(law)) for law in self.laws]
        lines = [f"a=rtpmap:{int(law)} {_NAMES[law]}/8000" for law in self.laws]
        if self.keys_type is not None:
            formats.append(str(self.keys_type))
            lines += [f"a=rtpmap:{self.keys_type} telephone-event/8000", f"a=fmtp:{self.keys_type} 0-15"]
        return [f"m=audio {self.place.port} RTP/AVP {' '.join(formats)}", *lines, "a=ptime:20", f"a={self.direction}"]

    def _text(self, media: Sequence[Sequence[str]]) -> bytes:
        family = "IP6" if _is_six(self.place.host) else "IP4"
        lines = [
            "v=0",
            f"o=- {self.session} {self.version} IN {family} {self.place.host}",
            "s=-",
            f"c=IN {family} {self.place.host}",
            "t=0 0",
            *(line for stream in media for line in stream),
        ]
        return ("\r\n".join(lines) + "\r\n").encode()


def _refusal(stream: Stream) -> list[str]:
    return [f"m={stream.kind} 0 {stream.protocol} {' '.join(stream.formats) or '0'}"]


def _is_six(host: str) -> bool:
    try:
        IPv6Address(host)
    except ValueError:
        return False
    return True


def agreed(description: Description, laws: Sequence[Law]) -> Law:
    """The first of theirs that is one of ours. BadMessageError (488) where there is none."""
    for law in description.stream.laws:
        if law in laws:
            return law
    raise BadMessageError("no common law of audio", status=488)


def answering(ours: Ours, description: Description) -> Ours:
    """Our side as the answer to an offer: their numbers for keys, the direction that fits theirs."""
    stream = description.stream
    direction = OPPOSITE[stream.direction]
    if ours.holds:  # whatever they offer, we hear nothing
        direction = {"sendrecv": "sendonly", "recvonly": "inactive"}.get(direction, direction)
    law = agreed(description, ours.laws)
    same = (ours.keys_type, ours.direction, tuple(ours.laws)) == (stream.keys_type, direction, (law,))
    return replace(
        ours,
        keys_type=stream.keys_type,
        direction=direction,
        laws=(law,),
        version=ours.version if same else ours.version + 1,
    )
