"""One ZIP of all forms, written while it is read: memory holds a piece, whatever it contains.

Its last file is the manifest: what is in it, how long each is, and its SHA-256.
"""

import hashlib
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

import orjson

from trustdesk.kernel.clock import rfc3339

MANIFEST = "manifest.json"
_PIECE = 1 << 16


@dataclass(slots=True)
class Member:
    """One file to be packed. `told`: called with the SHA-512 of its content once that is written."""

    name: str
    media_type: str
    pieces: Callable[[], Iterable[bytes]]
    level: int = 6
    told: Callable[[bytes], None] | None = None


@dataclass(slots=True)
class _Sink:
    """Where the archive writes to: it is emptied as it fills, and can't be sought in."""

    held: list[bytes] = field(default_factory=list)
    place: int = 0

    def write(self, data: bytes, /) -> int:
        self.held.append(bytes(data))
        self.place += len(data)
        return len(data)

    def tell(self) -> int:
        return self.place

    def flush(self) -> None:
        """Nothing waits here."""

    def close(self) -> None:
        """Nothing is held open."""

    def drained(self) -> bytes:
        data, self.held = b"".join(self.held), []
        return data


def packed(members: Iterable[Member], *, made_at: datetime) -> Iterator[bytes]:
    """The archive's octets."""
    sink = _Sink()
    listed: list[dict[str, object]] = []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            sha256, sha512, size = hashlib.sha256(), hashlib.sha512(), 0
            with archive.open(_info(member, made_at), "w", force_zip64=True) as target:
                for piece in member.pieces():
                    target.write(piece)
                    sha256.update(piece)
                    sha512.update(piece)
                    size += len(piece)
                    if len(sink.held) > 1 or size > _PIECE:
                        yield sink.drained()
            listed.append(
                {"name": member.name, "media_type": member.media_type, "size": size, "sha256": sha256.hexdigest()}
            )
            if member.told is not None:
                member.told(sha512.digest())
            yield sink.drained()
        manifest = {"made_at": rfc3339(made_at), "files": listed}
        archive.writestr(_info(Member(MANIFEST, "application/json", list), made_at), orjson.dumps(manifest))
    yield sink.drained()


def _info(member: Member, made_at: datetime) -> zipfile.ZipInfo:
    clock = (made_at.year, made_at.month, made_at.day, made_at.hour, made_at.minute, made_at.second)
    info = zipfile.ZipInfo(member.name, clock)
    info.compress_type = zipfile.ZIP_DEFLATED
    info._compresslevel = member.level  # type: ignore[attr-defined]  # noqa: SLF001 - public from Python 3.13 on
    info.external_attr = 0o600 << 16
    return info
