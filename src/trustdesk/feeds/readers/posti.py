"""The postcode file (PCF) and the basic address file (BAF) of Posti: records of a fixed width in octets, ISO 8859-1.

Columns are counted from one, as Posti's descriptions of the two files have them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO, Literal

from trustdesk.batch.contracts import FileReason, ListFile, UnreadableFileError, gettext_noop
from trustdesk.feeds.readers.values import Fault, FaultCode

POSTCODES, STREETS = b"PONOT", b"KATUN"
_WIDTHS = {POSTCODES: 220, STREETS: 256}
_LONGEST = 4_096  # octets of a line that are looked at
_POSTCODE = re.compile(r"[0-9]{5}")
_DIGITS = re.compile(r"[0-9]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
Side = Literal["", "odd", "even"]
_SIDES: Mapping[str, Side] = {"": "", "0": "", "1": "odd", "2": "even"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Postcode:
    """A postcode: its names in both languages, since when, and of which kind (1: of streets, 2: of boxes, …)."""

    edition: date
    postcode: str
    town_fi: str
    town_sv: str
    kind: str
    valid_from: date
    municipality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetRange:
    """Houses of a street that have one postcode. `lowest` and `highest` None: all of that side, or of both."""

    edition: date
    postcode: str
    street_fi: str
    street_sv: str
    side: Side
    lowest: int | None
    highest: int | None
    municipality: str


ReferenceRow = Postcode | StreetRange


class _FaultError(Exception):
    def __init__(self, code: FaultCode, place: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.place = place


def read_posti(file: ListFile) -> Iterator[ReferenceRow | Fault]:
    """The rows of either file, in one pass. Records that name no street (boxes only) give none.

    UnreadableFileError where the file is neither; everything else that is wrong is a Fault of its record.
    """
    with file.open("rb") as stream:
        kind = stream.read(5)
        if kind not in _WIDTHS:
            raise UnreadableFileError(
                FileReason.EMPTY if not kind else FileReason.UNKNOWN_KIND,
                gettext_noop("This is neither a postcode file (PCF) nor a basic address file (BAF)."),
                place="byte 0",
            )
        stream.seek(0)
        for number, (line, ended) in enumerate(_lines(stream), start=1):
            try:
                row = _READERS[kind](_Fields(_text(line, ended, kind)))
            except _FaultError as fault:
                yield Fault(f"row {number}", fault.place, fault.code)
            else:
                if row is not None:
                    yield row


def _lines(stream: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Each line without its end, and whether it had one. Of an endless one the beginning is kept."""
    while line := stream.readline(_LONGEST):
        ended = line.endswith(b"\n")
        rest = line
        while not ended and rest:
            rest = stream.readline(_LONGEST)
            ended = rest.endswith(b"\n")
        if line := line.removesuffix(b"\n").removesuffix(b"\r"):
            yield line, ended


def _text(line: bytes, ended: bool, kind: bytes) -> str:  # noqa: FBT001 - whether the line was whole
    width = _WIDTHS[kind]
    if not line.isascii() and _is_utf8(line):
        raise _FaultError(FaultCode.WRONG_ENCODING)
    if len(line) != width:
        raise _FaultError(FaultCode.WRONG_WIDTH if ended else FaultCode.TRUNCATED)
    if not line.startswith(kind):
        raise _FaultError(FaultCode.UNKNOWN_RECORD)
    text = line.decode("iso-8859-1")
    if found := _CONTROL.search(text):
        raise _FaultError(FaultCode.WRONG_ENCODING, f"octet {found.start() + 1}")
    return text


def _is_utf8(line: bytes) -> bool:
    """Two letters of ISO 8859-1 that are one of UTF-8 are no letters that Finnish or Swedish puts side by side."""
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class _Fields:
    text: str

    def at(self, first: int, length: int) -> str:
        return self.text[first - 1 : first - 1 + length].strip()

    def day(self, first: int, place: str) -> date:
        said = self.at(first, 8)
        try:
            if len(said) == 8 and _DIGITS.fullmatch(said):
                return date(int(said[:4]), int(said[4:6]), int(said[6:]))
        except ValueError:
            pass
        raise _FaultError(FaultCode.BAD_DATE, place)

    def number(self, first: int, place: str) -> int | None:
        said = self.at(first, 5)
        if not _DIGITS.fullmatch(said):
            raise _FaultError(FaultCode.IMPOSSIBLE, place)
        return int(said) if said else None

    def postcode(self) -> str:
        said = self.at(14, 5)
        if not _POSTCODE.fullmatch(said):
            raise _FaultError(FaultCode.BAD_NUMBER, "postcode")
        return said


def _postcode(fields: _Fields) -> Postcode:
    return Postcode(
        edition=fields.day(6, "run date"),
        postcode=fields.postcode(),
        town_fi=fields.at(19, 30),
        town_sv=fields.at(49, 30),
        valid_from=fields.day(103, "entry into force"),
        kind=fields.at(111, 1),
        municipality=fields.at(177, 3),
    )


def _street(fields: _Fields) -> StreetRange | None:
    edition, postcode = fields.day(6, "run date"), fields.postcode()
    street_fi, street_sv, side = fields.at(103, 30), fields.at(133, 30), fields.at(187, 1)
    if side not in _SIDES:
        raise _FaultError(FaultCode.IMPOSSIBLE, "building data type")
    lowest = fields.number(188, "smallest building number")
    fields.number(195, "smallest building number 2")
    highest = fields.number(201, "highest building number")
    further = fields.number(208, "highest building number 2")  # of 13/15 the second
    if lowest is not None and highest is not None and lowest > max(highest, further or 0):
        raise _FaultError(FaultCode.IMPOSSIBLE, "highest building number")
    if not street_fi and not street_sv:
        return None
    return StreetRange(
        edition=edition,
        postcode=postcode,
        street_fi=street_fi,
        street_sv=street_sv,
        side=_SIDES[side],
        lowest=lowest,
        highest=max(highest, further or 0) if highest is not None else None,
        municipality=fields.at(214, 3),
    )


_READERS: Mapping[bytes, Callable[[_Fields], ReferenceRow | None]] = {POSTCODES: _postcode, STREETS: _street}
