"""Archives: zip (office documents too), tar, and what is packed alone; each member is read as a file of its own."""

import lzma
import re
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import BinaryIO, cast

from trustdesk.scan.contracts import STEP, Piece, Reason, Unread
from trustdesk.scan.readers import office
from trustdesk.scan.readers.budget import Budget, Source, Stream, UnreadableError, broken

Parts = Iterator[Piece | Unread]
Read = Callable[[Source], Parts]
DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    OverflowError,
    RuntimeError,
)
_ENCRYPTED = 0x1
_PACKED = re.compile(r"\.(?:gz|bz2|xz)\Z", re.IGNORECASE)
_XML = (".xml", ".rels", ".vml")
_SHEETS = "xl/worksheets/sheet"
_STRINGS = "xl/sharedstrings.xml"


def guarded(place: str, parts: Callable[[], Parts]) -> Parts:
    """The parts, or that this place can't be read; what gives up the whole file goes on upwards."""
    try:
        yield from parts()
    except UnreadableError as error:
        if error.everything:
            raise
        yield Unread(place, error.reason)


class Zip:
    """An archive, or an office document: `kind` says which."""

    def __init__(self, budget: Budget, source: Source) -> None:
        self._budget, self._source = budget, source
        with broken(*DAMAGED):
            self._archive = zipfile.ZipFile(budget.whole(source))
            self._members = [info for info in self._archive.infolist() if not info.is_dir()]
        self.kind = office.kind_of({info.filename for info in self._members})
        self._strings: list[str] | None = None

    def parts(self, read: Read) -> Parts:
        """Members in their order; of an office document the text of its parts, and embedded files."""
        for info in self._members:
            self._budget.member()
            place = inside(self._source.place, info.filename)
            yield from guarded(place, partial(self._part, info, place, read))

    def _part(self, info: zipfile.ZipInfo, place: str, read: Read) -> Parts:
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableError(Reason.ENCRYPTED)
        self._budget.check_ratio(info.file_size, info.compress_size)
        name = info.filename.lower()
        if not self.kind or not name.endswith(_XML):
            with broken(*DAMAGED), self._archive.open(info) as stream:
                yield from read(Source(place, info.filename, stream, self._source.depth + 1, packed=info.compress_size))
            return
        if name == _STRINGS:
            return  # shown where cells refer to them
        markup = office.decoded(self._content(info))
        if name.startswith(_SHEETS):
            yield from office.rows(place, markup, self._shared())
        else:
            yield from office.paragraphs(place, info.filename, markup)

    def _content(self, info: zipfile.ZipInfo) -> bytes:
        if info.file_size > self._budget.bounds.member_bytes:
            raise UnreadableError(Reason.TOO_BIG)
        with broken(*DAMAGED), self._archive.open(info) as stream:
            source = Source("", info.filename, stream, packed=info.compress_size)
            return b"".join(self._budget.blocks(source, most=self._budget.bounds.member_bytes))

    def _shared(self) -> list[str]:
        if self._strings is None:
            found = next((info for info in self._members if info.filename.lower() == _STRINGS), None)
            self._strings = office.strings(office.decoded(self._content(found))) if found else []
        return self._strings


def read_tar(budget: Budget, source: Source, read: Read) -> Parts:
    """A tape archive from the front; links and devices hold no text."""
    with broken(*DAMAGED), tarfile.open(fileobj=cast("BinaryIO", source.stream), mode="r|") as archive:
        for member in archive:
            budget.member()
            if not member.isfile():
                continue
            place = inside(source.place, member.name)
            stream = archive.extractfile(member)
            if stream is not None:
                inner = Source(place, member.name, stream, source.depth + 1)
                yield from guarded(place, partial(read, inner))


class _Counted:
    """What comes out of a packed stream, watched: a bomb may be a tape archive of nothing."""

    def __init__(self, budget: Budget, stream: Stream, packed: int) -> None:
        self._budget, self._stream, self._packed = budget, stream, packed
        self._total = 0

    def read(self, size: int = -1, /) -> bytes:
        block = self._stream.read(size)
        self._total += len(block)
        if self._packed:
            self._budget.check_ratio(self._total, self._packed)
        self._budget.check_time()
        return block


def read_packed(budget: Budget, source: Source, read: Read, unpack: "Callable[[BinaryIO], Stream]") -> Parts:
    """One file packed alone; its name is that of the packed one without the ending."""
    name = _PACKED.sub("", source.name)
    with broken(*DAMAGED):
        stream = _Counted(budget, unpack(cast("BinaryIO", source.stream)), source.packed)
        yield from read(Source(source.place, name, stream, source.depth + 1))


def inside(place: str, name: str) -> str:
    return f"{place}{STEP}{name}" if place else name


def in_memory(place: str, name: str, content: bytes, depth: int) -> Source:
    """A part that lies in memory."""
    stream = BytesIO(content)
    return Source(place, name, stream, depth, seekable=stream)
