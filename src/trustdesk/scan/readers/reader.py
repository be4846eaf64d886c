"""Which kind a file is, by its first bytes and only then by its name, and which reader takes it."""

import bz2
import gzip
import lzma
import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from trustdesk.scan.contracts import Bounds, Reason, Unread
from trustdesk.scan.readers.budget import Budget, Headed, Source, UnreadableError
from trustdesk.scan.readers.mail import messages, read_message
from trustdesk.scan.readers.members import Parts, Zip, guarded, inside, read_packed, read_tar
from trustdesk.scan.readers.text import chunked, decoded, numbered, pieces, unescaped, unescaped_json, without_tags

_HEAD = 1024
_SIGNS = (
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\x1f\x8b", "gzip"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"II*\x00", "picture"),
    (b"MM\x00*", "picture"),
    (b"From ", "mbox"),
    (b"SQLite format 3\x00", "sqlite"),
    (b"PAR1", "parquet"),
    (b"PARE", "locked"),
    (b"ARROW1\x00\x00", "arrow"),
)
_MAIL_HEADERS = re.compile(
    rb"\A(?:[!-9;-~]{1,76}:[^\n]*\n(?:[ \t][^\n]*\n)*)*?"
    rb"(?:From|Received|Return-Path|Message-ID|Date|Subject|Delivered-To|MIME-Version):",
    re.IGNORECASE,
)
_ENDINGS = {
    "json": (".json", ".jsonl", ".ndjson", ".geojson", ".har"),
    "markup": (".html", ".htm", ".xhtml", ".xml", ".svg", ".rss"),
    "mail": (".eml",),
    "mbox": (".mbox",),
    "csv": (".csv", ".tsv"),
    "zip": (".zip", ".docx", ".xlsx", ".pptx", ".odt", ".ods"),
    "pdf": (".pdf",),
}
_STRICT = ("zip", "pdf")
"""Kinds whose name is a promise: where the first bytes break it, the file is damaged."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


def kind_of(name: str, head: bytes) -> str:
    """What a file is taken for; `broken` where its name promises what its bytes are not.

    Else `text`, `json`, `markup`, `csv`, `mail`, `mbox`, `pdf`, `zip`, `tar`, `gzip`, `bz2`, `xz`, `ole`, `picture`,
    `sqlite`, `parquet`, `locked` (a Parquet with its footer encrypted), `arrow`, `binary` or `empty`.
    """
    if signed := _signed(head):
        return signed
    low = name.lower()
    named = next((kind for kind, endings in _ENDINGS.items() if low.endswith(endings)), "")
    if named in _STRICT:
        return "broken"
    if named or not head:
        return named if head else "empty"
    if _is_binary(head):
        return "binary"
    if _MAIL_HEADERS.match(head):
        return "mail"
    return {b"{": "json", b"[": "json", b"<": "markup"}.get(head.lstrip()[:1], "text")


def _signed(head: bytes) -> str:
    for sign, kind in _SIGNS:
        if head.startswith(sign):
            return kind
    if b"%PDF-" in head:
        return "pdf"
    return "tar" if head[257:262] == b"ustar" else ""


def _is_binary(head: bytes) -> bool:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff")) or abs(head[0::2].count(0) - head[1::2].count(0)) > len(head) / 4
    return not wide and len(_CONTROLS.findall(head)) > len(head) / 50


class Reader:
    """Reads one file, whatever is packed into it, within one budget."""

    def __init__(self, bounds: Bounds) -> None:
        self._budget = Budget(bounds)
        self.kind = ""
        self._readers: dict[str, Callable[[Source], Parts]] = {
            "zip": self._zip,
            "tar": self._tar,
            "gzip": self._gzip,
            "bz2": self._bz2,
            "xz": self._xz,
            "pdf": self._pdf,
            "mail": self._mail,
            "mbox": self._mbox,
            "ole": self._ole,
            "picture": self._picture,
            "empty": self._empty,
            "broken": self._broken,
            "locked": self._locked,
            "sqlite": self._sqlite,
            "parquet": self._parquet,
            "arrow": self._arrow,
        }

    def read(self, source: Source) -> Parts:
        """Its pieces; `kind` is what it was taken for."""
        try:
            yield from guarded(source.place, lambda: self._read(source))
        except UnreadableError as error:
            yield Unread(source.place, error.reason)
        except Exception:  # noqa: BLE001  (a file that a library stumbles over must not end the scan of all others)
            yield Unread(source.place, Reason.BROKEN)

    def _read(self, source: Source) -> Parts:
        if source.depth > self._budget.bounds.depth:
            raise UnreadableError(Reason.TOO_DEEP)
        headed = Headed(source.stream, _HEAD)
        kind = kind_of(source.name, headed.head)
        self.kind = self.kind or kind
        if source.seekable is not None:
            source.seekable.seek(0)
        source = replace(source, stream=source.seekable or headed)
        taken = self._readers.get(kind)
        yield from taken(source) if taken else self._text(source, kind, headed.head)

    def _empty(self, _: Source) -> Parts:
        return iter(())

    def _broken(self, _: Source) -> Parts:
        raise UnreadableError(Reason.BROKEN)

    def _picture(self, _: Source) -> Parts:
        raise UnreadableError(Reason.NO_TEXT)

    def _zip(self, source: Source) -> Parts:
        archive = Zip(self._budget, source)
        if not source.depth and archive.kind:
            self.kind = archive.kind
        return archive.parts(self._read)

    def _tar(self, source: Source) -> Parts:
        return read_tar(self._budget, source, self._read)

    def _gzip(self, source: Source) -> Parts:
        return read_packed(self._budget, source, self._read, lambda stream: gzip.GzipFile(fileobj=stream))

    def _bz2(self, source: Source) -> Parts:
        return read_packed(self._budget, source, self._read, bz2.BZ2File)

    def _xz(self, source: Source) -> Parts:
        return read_packed(self._budget, source, self._read, lzma.LZMAFile)

    def _pdf(self, source: Source) -> Parts:
        # PDFium takes a while to load, and most files are none.
        from trustdesk.scan.readers.pdf import read_pdf  # noqa: PLC0415

        return read_pdf(self._budget, source, self._budget.whole(source), self._read)

    def _locked(self, _: Source) -> Parts:
        raise UnreadableError(Reason.ENCRYPTED)

    def _sqlite(self, source: Source) -> Parts:
        from trustdesk.scan.readers.sqlite import read_sqlite  # noqa: PLC0415  (as above)

        return self._rows(source, read_sqlite)

    def _parquet(self, source: Source) -> Parts:
        from trustdesk.scan.readers.columnar import read_parquet  # noqa: PLC0415  (as above)

        return self._rows(source, read_parquet)

    def _arrow(self, source: Source) -> Parts:
        from trustdesk.scan.readers.columnar import read_arrow  # noqa: PLC0415  (as above)

        return self._rows(source, read_arrow)

    def _rows(self, source: Source, read: Callable[[Budget, Source], Parts]) -> Parts:
        """A table; one that is damaged is searched as text all the same."""
        try:
            yield from read(self._budget, source)
        except UnreadableError as error:
            if error.reason is Reason.BROKEN and source.seekable is not None:
                source.seekable.seek(0)
                yield from self._text(source, "damaged", b"")
            raise

    def _mail(self, source: Source) -> Parts:
        content = b"".join(self._budget.blocks(source, most=self._budget.bounds.member_bytes))
        return read_message(self._budget, source, content, self._read)

    def _mbox(self, source: Source) -> Parts:
        found = messages(self._budget.blocks(source), self._budget.bounds.member_bytes)
        for number, content in enumerate(found, start=1):
            one = replace(source, place=inside(source.place, f"message {number}"))
            yield from guarded(one.place, partial(read_message, self._budget, one, content, self._read))

    def _ole(self, source: Source) -> Parts:
        """Word and Excel of before 2007, Outlook: their texts are seen through, and they are told as unread."""
        content = b"".join(self._budget.blocks(source, most=self._budget.bounds.member_bytes))
        for encoding in ("utf-16-le", "cp1252"):
            yield from pieces(source.place, chunked(content.decode(encoding, "replace")))
        raise UnreadableError(Reason.ENCRYPTED if _LOCKED in content else Reason.UNKNOWN_KIND)

    def _text(self, source: Source, kind: str, head: bytes) -> Parts:
        change = {"json": unescaped, "markup": without_tags}.get(kind, unescaped_json)
        texts = decoded(self._budget.blocks(source), head)
        yield from numbered(source.place, texts, change, rows=kind == "csv")
        if kind == "binary":
            raise UnreadableError(Reason.UNKNOWN_KIND)  # searched as text all the same
