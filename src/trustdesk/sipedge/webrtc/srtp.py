"""Audio under the handshake's keys (RFC 3711, AES-GCM as in RFC 7714), by libsrtp."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from pylibsrtp import Error, Policy, Session


@dataclass(frozen=True, slots=True)
class Profile:
    """A protection profile as libsrtp numbers it, and how much key and salt it takes."""

    number: int
    key_bytes: int
    salt_bytes: int


PROFILES: Final[Mapping[bytes, Profile]] = {  # by OpenSSL's names, the better one first
    b"SRTP_AEAD_AES_128_GCM": Profile(Policy.SRTP_PROFILE_AEAD_AES_128_GCM, 16, 12),
    b"SRTP_AES128_CM_SHA1_80": Profile(Policy.SRTP_PROFILE_AES128_CM_SHA1_80, 16, 14),
}


@dataclass(frozen=True, slots=True)
class Keys:
    """Master key and salt of each direction."""

    profile: Profile
    ours: bytes = field(repr=False)
    theirs: bytes = field(repr=False)


class Audio:
    """RTP and RTCP of one browser, both directions. What does not prove itself, or comes twice, is None."""

    def __init__(self, keys: Keys) -> None:
        number = keys.profile.number
        self._out = Session(Policy(key=keys.ours, ssrc_type=Policy.SSRC_ANY_OUTBOUND, srtp_profile=number))
        self._in = Session(Policy(key=keys.theirs, ssrc_type=Policy.SSRC_ANY_INBOUND, srtp_profile=number))

    def seal(self, packet: bytes) -> bytes | None:
        try:
            return self._out.protect_rtcp(packet) if is_rtcp(packet) else self._out.protect(packet)
        except (Error, ValueError):
            return None

    def open(self, packet: bytes) -> bytes | None:
        try:
            return self._in.unprotect_rtcp(packet) if is_rtcp(packet) else self._in.unprotect(packet)
        except (Error, ValueError):
            return None


def is_rtcp(packet: bytes) -> bool:
    """Which of the two that share a port (RFC 5761, 4)."""
    return len(packet) > 1 and 192 <= packet[1] <= 223  # packet types, with the bit where RTP has its marker
