"""What a browser offers (RFC 8866, 8829), read as far as one leg of audio needs it. The rest is left aside."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Final

from aioice import Candidate

from trustdesk.kernel.errors import BadInputError
from trustdesk.sipedge.media.contracts import Law

MOST_CHARACTERS: Final = 64_000
MOST_LINES: Final = 500
MOST_CANDIDATES: Final = 32

_LINE = re.compile(r"([a-z])=(.*)")
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`{|}~-]{1,32}")
_TYPE = re.compile(r"[0-9]{1,3}", re.ASCII)
_UFRAG = re.compile(r"[A-Za-z0-9+/]{4,256}")  # RFC 8839, 5.4
_PASSWORD = re.compile(r"[A-Za-z0-9+/]{22,256}")
_FINGERPRINT = re.compile(r"sha-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2})", re.IGNORECASE)
_ANSWERED: Final = {"sendrecv": "sendrecv", "recvonly": "sendonly", "sendonly": "recvonly"}
_NAMES: Final = {Law.A: "PCMA/8000", Law.MU: "PCMU/8000"}
_KEYS: Final = "telephone-event/8000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """One stream of audio that we can speak. `active` and `direction` are ours: what the answer will say."""

    law: Law
    keys_type: int | None
    mid: str
    bundled: bool
    ufrag: str
    password: str = field(repr=False)
    fingerprints: frozenset[str]
    active: bool
    direction: str
    candidates: Sequence[Candidate]


class _Section:
    """The lines of a part of the SDP: its attributes by name, each with all its values."""

    def __init__(self, first: str = "") -> None:
        self.first = first
        self.attributes: dict[str, list[str]] = {}

    def add(self, value: str) -> None:
        name, _, rest = value.partition(":")
        self.attributes.setdefault(name, []).append(rest.strip())

    def values(self, name: str) -> list[str]:
        return self.attributes.get(name, [])


def read_offer(sdp: str) -> Offered:
    """The audio of an offer. BadInputError where there is not exactly that, or where it could not be trusted."""
    session, media = _sections(sdp)
    audio = _the_audio(media)
    law = _law(audio)
    mid = (audio.values("mid") or ["0"])[0]
    if not _TOKEN.fullmatch(mid):
        raise _unreadable("a=mid")
    return Offered(
        law=law,
        keys_type=_keys_type(audio),
        mid=mid,
        bundled=any(group.split()[:1] == ["BUNDLE"] for group in session.values("group")),
        ufrag=_one("ice-ufrag", _UFRAG, audio, session),
        password=_one("ice-pwd", _PASSWORD, audio, session),
        fingerprints=_fingerprints(audio, session),
        active=_active(audio, session),
        direction=_direction(audio, session),
        candidates=_candidates(audio),
    )


def check_text(sdp: str) -> None:
    """Before it crosses to anybody: plain text of a length that browsers write."""
    if len(sdp) > MOST_CHARACTERS:
        raise BadInputError("The offer is longer than any browser's.", place="offer", mend=_MEND)
    if not all(character in "\r\n" or character.isprintable() for character in sdp) or not sdp.isascii():
        raise _unreadable("a character")


def _sections(sdp: str) -> tuple[_Section, list[_Section]]:
    check_text(sdp)
    lines = sdp.splitlines()
    if len(lines) > MOST_LINES or lines[:1] != ["v=0"]:
        raise _unreadable("v=")
    session, media = _Section(), list[_Section]()
    for line in lines:
        read = _LINE.fullmatch(line)
        if read is None:
            raise _unreadable("a line")
        kind, value = read.groups()
        if kind == "m":
            media.append(_Section(value))
        elif kind == "a":
            (media[-1] if media else session).add(value)
    return session, media


def _the_audio(media: list[_Section]) -> _Section:
    """The only section: audio over DTLS-SRTP, with RTCP on the same port (RFC 5764, 5761)."""
    if len(media) != 1:
        raise BadInputError("An offer of one stream of audio is wanted.", place="offer", mend=_MEND)
    first = media[0].first.split()
    if len(first) < 4 or first[0] != "audio" or first[2] != "UDP/TLS/RTP/SAVPF" or first[1] == "0":
        raise BadInputError("Only audio over DTLS-SRTP is spoken here.", place="offer", mend=_MEND)
    if "rtcp-mux" not in media[0].attributes:
        raise BadInputError("RTP and RTCP must share a port.", place="offer", mend=_MEND)
    return media[0]


def _mapped(audio: _Section) -> dict[int, str]:
    """Payload type to codec: what is mapped, and the two static types (RFC 3551)."""
    mapped = {int(law): name for law, name in _NAMES.items()}
    for line in audio.values("rtpmap"):
        number, _, codec = line.partition(" ")
        if _TYPE.fullmatch(number):
            mapped[int(number)] = codec.strip()
    return mapped


def _offered_types(audio: _Section) -> list[int]:
    types = audio.first.split()[3:]
    if not all(_TYPE.fullmatch(kind) for kind in types):
        raise _unreadable("m=")
    return [int(kind) for kind in types]


def _law(audio: _Section) -> Law:
    """The one of the two that the browser would rather speak: the first in its list."""
    mapped = _mapped(audio)
    for kind in _offered_types(audio):
        for law, name in _NAMES.items():
            if kind == law and mapped[kind].upper().removesuffix("/1") == name:
                return law
    raise BadInputError("The offer has neither PCMA nor PCMU.", place="offer", mend=_MEND)


def _keys_type(audio: _Section) -> int | None:
    mapped = _mapped(audio)
    return next((kind for kind in _offered_types(audio) if mapped.get(kind, "").lower() == _KEYS), None)


def _one(name: str, pattern: re.Pattern[str], audio: _Section, session: _Section) -> str:
    found = (audio.values(name) or session.values(name) or [""])[0]
    if not pattern.fullmatch(found):
        raise _unreadable(f"a={name}")
    return found


def _fingerprints(audio: _Section, session: _Section) -> frozenset[str]:
    """Those by SHA-256, upper case. Without one nobody could say who answered (RFC 8122)."""
    lines = audio.values("fingerprint") or session.values("fingerprint")
    found = frozenset(read[1].upper() for line in lines if (read := _FINGERPRINT.fullmatch(line)))
    if not found:
        raise BadInputError("The offer names no SHA-256 fingerprint of its certificate.", place="offer", mend=_MEND)
    return found


def _active(audio: _Section, session: _Section) -> bool:
    """Whether we open the handshake: only where the browser will not (RFC 5763, 5)."""
    setup = (audio.values("setup") or session.values("setup") or [""])[0]
    if setup not in {"actpass", "active", "passive"}:
        raise _unreadable("a=setup")
    return setup == "passive"


def _direction(audio: _Section, session: _Section) -> str:
    for section in (audio, session):
        for offered, answered in _ANSWERED.items():
            if offered in section.attributes:
                return answered
        if "inactive" in section.attributes:
            raise BadInputError("The offered stream neither sends nor receives.", place="offer", mend=_MEND)
    return "sendrecv"


def _candidates(audio: _Section) -> list[Candidate]:
    """Addresses over UDP. A name ending in `.local` is asked of nobody: such a browser is found when it calls."""
    found = []
    for line in audio.values("candidate")[:MOST_CANDIDATES]:
        try:
            candidate = Candidate.from_sdp(line)
            ip_address(candidate.host)
        except ValueError:
            continue
        if candidate.transport.lower() == "udp" and candidate.component == 1 and 0 < candidate.port < 1 << 16:
            found.append(candidate)
    return found


def _unreadable(what: str) -> BadInputError:
    return BadInputError(f"The offer can't be read at {what}.", place="offer", mend=_MEND)


_MEND: Final = "Open the telephone page again in a current browser."
