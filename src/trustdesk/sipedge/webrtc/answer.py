"""Our answer to a browser's offer: one stream of G.711, keys as events, everything over one port."""

import secrets
from collections.abc import Sequence
from typing import Final

from aioice import Candidate

from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.webrtc.offer import Offered

_CODECS: Final = {Law.A: "PCMA/8000", Law.MU: "PCMU/8000"}
_NOWHERE: Final = ("0.0.0.0", 9)  # noqa: S104 -- an address for no address (RFC 8839, 4.3.1), nothing is bound to it


def write_answer(
    offered: Offered, *, ufrag: str, password: str, fingerprint: str, candidates: Sequence[Candidate]
) -> str:
    """The SDP (RFC 8829, 5.3). Candidates are complete: nothing trickles after."""
    types = [int(offered.law)] + ([] if offered.keys_type is None else [offered.keys_type])
    host, port = next(((one.host, one.port) for one in candidates), _NOWHERE)
    lines = [
        "v=0",
        f"o=- {secrets.randbits(62)} 1 IN IP4 127.0.0.1",
        "s=-",
        "t=0 0",
        *([f"a=group:BUNDLE {offered.mid}"] if offered.bundled else []),
        f"m=audio {port} UDP/TLS/RTP/SAVPF {' '.join(map(str, types))}",
        f"c=IN {'IP6' if ':' in host else 'IP4'} {host}",
        f"a=mid:{offered.mid}",
        f"a=ice-ufrag:{ufrag}",
        f"a=ice-pwd:{password}",
        *(f"a=candidate:{one.to_sdp()}" for one in candidates),
        "a=end-of-candidates",
        f"a=fingerprint:sha-256 {fingerprint}",
        f"a=setup:{'active' if offered.active else 'passive'}",
        "a=rtcp-mux",
        f"a={offered.direction}",
        "a=msid:exchange audio",
        f"a=rtpmap:{int(offered.law)} {_CODECS[offered.law]}",
        *_keys(offered.keys_type),
        "a=ptime:20",
    ]
    return "".join(f"{line}\r\n" for line in lines)


def _keys(keys_type: int | None) -> list[str]:
    return [] if keys_type is None else [f"a=rtpmap:{keys_type} telephone-event/8000", f"a=fmtp:{keys_type} 0-15"]
