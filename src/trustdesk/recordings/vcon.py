"""A conversation as a vCon (draft-ietf-vcon-vcon-core-04, syntax 0.4.0), signed: its form and its check. Pure, offline.

Signed is the general JSON form of a JWS (RFC 7515, 7.2.1) with Ed25519 (RFC 8037), the log's signing key. The draft
wants a certificate in the header; ours is self-signed, so whoever checks compares the key with the one the company
has named, as for the log's checkpoints.
"""

import base64
import binascii
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.errors import BadInputError
from trustdesk.seal.api import SigningKey, VerifyKey, certificate_of

VERSION = "0.4.0"
MEDIA_TYPE = "application/vcon"
NOTICE = "recording-notice"
Json = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFile:
    """A WAV file that lies beside the vCon, by a name relative to it, and the digest of its content."""

    name: str
    sha512: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: its WAV file, inside or beside the vCon, and what its recording rests on. `third`: others are heard on
    the caller's channel.
    """

    start: datetime
    milliseconds: int
    wav: bytes | SoundFile
    third: bool
    grounds: Sequence[Json]


def unsigned(*, host: str, calls: Sequence[Call], parties: Sequence[Json], subject: str, now: datetime) -> Json:
    """The vCon. Party 0 is who called us or was called, party 1 the company; they are the WAV's two channels. Third
    parties are party 2, on the caller's channel.
    """
    others = [{"type": "person"}] if any(call.third for call in calls) else []
    return {
        "vcon": VERSION,
        "uuid": uuid8(host, now),
        "created_at": rfc3339(now),
        "subject": subject,
        "parties": [*parties, *others],
        "dialog": [_dialog(number, call) for number, call in enumerate(calls)],
        "analysis": [],
        "attachments": [_notice(number, call) for number, call in enumerate(calls)],
    }


def signed(content: Json, key: SigningKey, *, name: str, now: datetime) -> str:
    """The vCon in its signed form."""
    protected = _packed(json.dumps({"alg": "EdDSA"}).encode())
    payload = _packed(json.dumps(content, sort_keys=True).encode())
    header = {
        "x5c": [base64.b64encode(certificate_of(key, name=name, now=now)).decode()],
        "uuid": content["uuid"],
    }
    signature = _packed(key.sign(f"{protected}.{payload}".encode()))
    signatures = [{"header": header, "protected": protected, "signature": signature}]
    return json.dumps({"payload": payload, "signatures": signatures})


def verified(text: str, key: VerifyKey) -> Json:
    """The vCon in a signed one, its signature checked. BadInputError where it is not this key's, or was altered."""
    try:
        held = json.loads(text)
        payload = held["payload"]
        good = any(_good(one, payload, key) for one in held["signatures"])
        content: Json = json.loads(_unpacked(payload))
        uuids = {content["uuid"], *(one["header"].get("uuid", content["uuid"]) for one in held["signatures"])}
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error, RecursionError):
        raise BadInputError(
            "This is not a signed vCon, or not all of one.",
            place="vcon",
            mend="Give the file as it was exported, to its last character, or ask for it again.",
        ) from None
    if not good or len(uuids) != 1:
        raise BadInputError(
            "The vCon was not signed by this key, or was altered since.",
            place="signature",
            mend="Ask for it again, and compare the key with the one the company has named.",
        )
    return content


def audio_of(dialog: Json) -> bytes:
    """The WAV file inside a dialog object. BadInputError where there is none."""
    if dialog.get("encoding") != "base64url" or not isinstance(dialog.get("body"), str):
        raise BadInputError("This dialog holds no audio.", place="dialog")
    return _unpacked(str(dialog["body"]))


def uuid8(host: str, now: datetime) -> str:
    """A UUID of version 8 as the draft makes it: time as in version 7, then 62 bits of the host's SHA-1."""
    milliseconds = int(now.timestamp() * 1000) & (2**48 - 1)
    named = int.from_bytes(hashlib.sha1(host.encode(), usedforsecurity=False).digest()[:8]) >> 2
    value = milliseconds << 80 | 8 << 76 | secrets.randbits(12) << 64 | 2 << 62 | named
    text = f"{value:032x}"
    return "-".join((text[:8], text[8:12], text[12:16], text[16:20], text[20:]))


def _dialog(number: int, call: Call) -> Json:
    return {
        "type": "recording",
        "start": rfc3339(call.start),
        "duration": call.milliseconds / 1000,
        "parties": [[0, 2] if call.third else 0, 1],
        "mediatype": "audio/x-wav",
        **_sound(number, call.wav),
    }


def _sound(number: int, wav: bytes | SoundFile) -> Json:
    """The file itself, or where it lies and what it is (section 2.4)."""
    if isinstance(wav, SoundFile):
        return {
            "filename": wav.name.rpartition("/")[2],
            "url": wav.name,
            "content_hash": f"sha512-{_packed(wav.sha512)}",
        }
    return {"filename": f"call-{number + 1}.wav", "encoding": "base64url", "body": _packed(wav)}


def _notice(number: int, call: Call) -> Json:
    return {
        "purpose": NOTICE,
        "start": rfc3339(call.start),
        "party": 1,
        "dialog": number,
        "mediatype": "application/json",
        "encoding": "json",
        "body": list(call.grounds),  # the value itself, not its text (section 2.3.2)
    }


def _good(one: Json, payload: str, key: VerifyKey) -> bool:
    protected = str(one["protected"])
    if json.loads(_unpacked(protected)).get("alg") != "EdDSA":
        return False
    return key.verify(_unpacked(str(one["signature"])), f"{protected}.{payload}".encode())


def _packed(content: bytes) -> str:
    """Base64url without padding (RFC 7515, 2)."""
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _unpacked(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
