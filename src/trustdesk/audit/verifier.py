"""Checks an export of a trustdesk log, alone: this one file, Python >= 3.11 and the `cryptography` package.

    python verifier.py EXPORT [--against CHECKPOINT]... [--key KEY]

An export is text: its first line is JSON (origin, size, keys, signed checkpoints), every further line is one entry, and
the bytes of that line are the leaf of a Merkle tree as RFC 9162 section 2.1.1 builds it. A line that begins with "+"
belongs to the entry before it: a piece of a long sealed list, which the entry names by its digest.
Checkpoints are signed notes (c2sp.org/signed-note, c2sp.org/tlog-checkpoint).

Whoever holds the signing key can rewrite the whole log and sign it anew. Only a checkpoint that was handed out and kept
by somebody else shows that; without one the answer is "self-consistent only".

Exit code: 0 agrees with every checkpoint kept outside; 3 self-consistent only; 1 altered or incomplete; 2 nothing could
be checked (a file is missing or is no export).
"""

import argparse
import base64
import binascii
import json
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import BinaryIO

FORMAT = "trustdesk-log-export-1"
AGREES, ALTERED, UNREADABLE, SELF_CONSISTENT = 0, 1, 2, 3
HASH_BYTES = 32
_ED25519 = b"\x01"
_MOST_SIGNATURES = 100
_LONGEST_HEADER = 1 << 28  # bytes
_LEAVES = re.compile(r"leaves-(\d+)-(\d+)\.bin", re.ASCII)
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+(\S+)")  # a name has neither spaces nor plus
_SIGNATURE = re.compile("\u2014 ([^\\s+]+) (\\S+)")


class UnreadableError(ValueError):
    """What was given is not an export, a checkpoint or a key."""


# ── the tree (RFC 9162, 2.1.1)
def leaf_hash(data: bytes) -> bytes:
    return sha256(b"\x00" + data).digest()


class Frontier:
    """The roots of the full subtrees over the leaves so far: all it takes to append and to name the root."""

    __slots__ = ("peaks", "size")

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        self.size = size
        self.peaks = list(peaks)
        if len(self.peaks) != size.bit_count() or any(len(peak) != HASH_BYTES for peak in self.peaks):
            raise UnreadableError("these peaks do not belong to a tree of this size")

    def append(self, leaf: bytes) -> None:
        peaks = self.peaks
        rest = self.size
        while rest & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            rest >>= 1
        peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + peak + root).digest()
        return root


# ── signed notes (c2sp.org/signed-note)
@dataclass(frozen=True)
class Key:
    """A public key and the name it signs under, written `name+id+base64(0x01 || key)`."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + _ED25519 + self.public).digest()[:4]

    def __str__(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(_ED25519 + self.public).decode()}"

    def signed(self, text: bytes, signature: bytes) -> bool:
        from cryptography.exceptions import InvalidSignature  # noqa: PLC0415 - its absence is answered in `main`
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey  # noqa: PLC0415

        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text)
        except (InvalidSignature, ValueError):
            return False
        return True


def parse_key(text: str) -> Key:
    parts = _KEY.fullmatch(text.strip())
    raw = _base64(parts[3]) if parts else b""
    if parts is None or raw[:1] != _ED25519 or len(raw) != 1 + HASH_BYTES:
        raise UnreadableError("a key is written name+id+base64 and is an Ed25519 key")
    key = Key(parts[1], raw[1:])
    if key.key_id.hex() != parts[2]:
        raise UnreadableError("the key's id does not belong to the key")
    return key


@dataclass(frozen=True)
class Checkpoint:
    """Origin, size and root of a log at one moment, and who signed it: (name, key id, signature)."""

    origin: str
    size: int
    root: bytes
    text: bytes
    signatures: tuple[tuple[str, bytes, bytes], ...]

    def check_signed_by(self, keys: Sequence[Key]) -> None:
        """UnreadableError unless a known key signed it; a wrong signature of a known key spoils the whole note."""
        known = {(key.name, key.key_id): key for key in keys}
        ours = [(known[one[:2]], one[2]) for one in self.signatures if one[:2] in known]
        if not ours:
            raise UnreadableError(f"no known key signed the checkpoint of {self.size} entries")
        if not all(key.signed(self.text, signature) for key, signature in ours):
            raise UnreadableError(f"the signature under the checkpoint of {self.size} entries is wrong")


def parse_checkpoint(note: bytes) -> Checkpoint:
    try:
        text, blank, signed = note.decode().rpartition("\n\n")
    except UnicodeDecodeError as error:
        raise UnreadableError("a checkpoint is UTF-8 text") from error
    if not blank or not note.endswith(b"\n") or any(byte < 0x20 and byte != 0x0A for byte in note):
        raise UnreadableError("a checkpoint is text, a blank line and signatures")
    lines = text.split("\n")
    if len(lines) < 3 or not all(lines) or not re.fullmatch(r"0|[1-9][0-9]{0,18}", lines[1], re.ASCII):
        raise UnreadableError("a checkpoint has a line each for origin, size and root")
    root = _base64(lines[2])
    if len(root) != HASH_BYTES:
        raise UnreadableError("a checkpoint's root is a SHA-256 hash")
    signatures = tuple(_signature(line) for line in signed.split("\n")[:-1])
    if not 0 < len(signatures) <= _MOST_SIGNATURES:
        raise UnreadableError("a checkpoint has between 1 and 100 signatures")
    return Checkpoint(lines[0], int(lines[1]), root, text.encode() + b"\n", signatures)


def _signature(line: str) -> tuple[str, bytes, bytes]:
    parts = _SIGNATURE.fullmatch(line)
    raw = _base64(parts[2]) if parts else b""
    if parts is None or len(raw) <= 4:
        raise UnreadableError("a signature line is an em dash, a name and base64")
    return parts[1], raw[:4], raw[4:]


def _base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise UnreadableError("this is not base64") from error


# ── what was kept outside
class KeptLeaves:
    """Leaf hashes as they were handed out: files `leaves-FROM-TO.bin` beside a checkpoint, 32 bytes an entry."""

    def __init__(self, hashes: bytes) -> None:
        self.hashes = hashes
        self.size = len(hashes) // HASH_BYTES

    @classmethod
    def beside(cls, checkpoint: Path) -> "KeptLeaves":
        """All that follow one another from the first entry on; empty where none were kept."""
        named = [(_LEAVES.fullmatch(path.name), path) for path in checkpoint.parent.iterdir()]
        found = sorted((int(name[1]), int(name[2]), path) for name, path in named if name)
        parts = {start: (end, path) for start, end, path in found}  # the longest where two begin alike
        hashes = bytearray()
        while (reached := len(hashes) // HASH_BYTES) in parts:
            upto, path = parts[reached]
            piece = path.read_bytes()
            if upto <= reached or len(piece) != (upto - reached) * HASH_BYTES:
                break
            hashes += piece
        return cls(bytes(hashes))

    def __getitem__(self, index: int) -> bytes:
        return self.hashes[index * HASH_BYTES : (index + 1) * HASH_BYTES]

    def proven(self, checkpoints: Sequence[Checkpoint]) -> int:
        """How many of them the checkpoints vouch for: the files need no trust of their own."""
        frontier = Frontier()
        proven = 0
        for checkpoint in sorted(checkpoints, key=lambda one: one.size):
            if checkpoint.size > self.size:
                break
            while frontier.size < checkpoint.size:
                frontier.append(self[frontier.size])
            if frontier.root() != checkpoint.root:
                break
            proven = checkpoint.size
        return proven


# ── the export
@dataclass(frozen=True)
class Header:
    origin: str
    size: int
    keys: tuple[Key, ...]
    checkpoints: tuple[Checkpoint, ...]


@dataclass
class Report:
    """The verdict. `first_bad` is an entry's number (from 0) where it is known, else `bad_range`, half-open."""

    code: int = SELF_CONSISTENT
    entries: int = 0
    first_bad: int | None = None
    bad_range: tuple[int, int] | None = None
    agreed_upto: int = 0
    lines: list[str] = field(default_factory=list)

    def altered(self, sentence: str) -> None:
        self.code = ALTERED
        self.lines.append(sentence)


def read_header(line: bytes) -> Header:
    try:
        raw = json.loads(line)
        known, origin, size = raw["format"] == FORMAT, str(raw["origin"]), int(raw["size"])
        keys, notes = [str(key) for key in raw["keys"]], [str(note).encode() for note in raw["checkpoints"]]
    except (ValueError, KeyError, TypeError) as error:
        raise UnreadableError("the first line is not the header of an export") from error
    if not known:
        raise UnreadableError("this export is of a format that this verifier does not know")
    return Header(origin, size, tuple(map(parse_key, keys)), tuple(map(parse_checkpoint, notes)))


def entries(file: BinaryIO) -> Iterator[tuple[bytes, list[bytes]]]:
    """Each entry's line, without its newline, and the digests of the pieces of its list."""
    entry: bytes | None = None
    pieces: list[bytes] = []
    for raw in file:
        line = raw[:-1] if raw.endswith(b"\n") else raw
        if line.startswith(b"+") and entry is not None:
            pieces.append(sha256(line[1:]).digest())
            continue
        if entry is not None:
            yield entry, pieces
        entry, pieces = line, []
    if entry is not None:
        yield entry, pieces


def list_digest(pieces: Iterable[bytes]) -> str:
    """How an entry names its list: SHA-256 over the digests of the pieces, in hexadecimal."""
    return sha256(b"".join(pieces)).hexdigest()


def _list_fits(line: bytes, pieces: list[bytes]) -> bool:
    return f'"list":"{list_digest(pieces)}"'.encode() in line if pieces else b'"list":"' not in line


def _named(line: bytes) -> str:
    try:
        return "the line there is entry {id!r} of {at!r}".format(**json.loads(line))
    except (ValueError, LookupError, TypeError):
        return "the line there is no entry"


class _Walk:
    """One pass over the entries, beside the checkpoints and the kept leaves."""

    def __init__(self, header: Header, outside: Sequence[Checkpoint], kept: KeptLeaves) -> None:
        self.report = Report()
        self.kept = kept
        self.proven = kept.proven(outside)
        self.wanted: dict[int, list[tuple[str, bytes]]] = {}
        kinds = [("kept outside", one) for one in outside] + [("in the export", one) for one in header.checkpoints]
        for kind, one in kinds:
            self.wanted.setdefault(one.size, []).append((kind, one.root))

    def run(self, lines: Iterable[tuple[bytes, list[bytes]]]) -> Report:
        frontier = Frontier()
        append, wanted, kept, proven = frontier.append, self.wanted, self.kept, self.proven
        self._roots(frontier)
        for index, (line, pieces) in enumerate(lines):
            leaf = sha256(b"\x00" + line).digest()
            if (index < proven and kept[index] != leaf) or not _list_fits(line, pieces):
                self.report.first_bad = index
                self.report.altered(f"ALTERED: the first bad entry is number {index}; {_named(line)}.")
                break
            append(leaf)
            if index + 1 in wanted and not self._roots(frontier):
                break
        self.report.entries = frontier.size
        return self.report

    def _roots(self, frontier: Frontier) -> bool:
        for kind, root in self.wanted.get(frontier.size, ()):
            if root != frontier.root():
                good = self.report.agreed_upto
                self.report.bad_range = (good, frontier.size)
                self.report.altered(
                    f"ALTERED: the checkpoint of {frontier.size} entries {kind} disagrees, the one of {good} still "
                    f"agrees: the first bad entry is one of {good} to {frontier.size - 1}."
                )
                return False
        if frontier.size in self.wanted:
            self.report.agreed_upto = frontier.size
        return True


def verify(export: Path, *, against: Sequence[Path] = (), keys: Sequence[str] = ()) -> Report:
    """Check the export; `against` are checkpoints kept outside, `keys` the public keys known from elsewhere."""
    with export.open("rb") as file:
        header = read_header(file.readline(_LONGEST_HEADER))
        known = tuple(parse_key(key) for key in keys) or header.keys
        outside = [parse_checkpoint(path.read_bytes()) for path in against]
        try:
            _check_signatures(header, outside, known)
        except UnreadableError as error:
            return Report(ALTERED, lines=[f"ALTERED: {error}."])
        kept = max((KeptLeaves.beside(path) for path in against), key=lambda one: one.size, default=KeptLeaves(b""))
        walk = _Walk(header, outside, kept)
        report = walk.run(entries(file))
    if report.code != ALTERED:
        _check_complete(header, outside, report)
    _conclude(report, outside, walk)
    return report


def _check_signatures(header: Header, outside: Sequence[Checkpoint], keys: Sequence[Key]) -> None:
    for checkpoint in (*header.checkpoints, *outside):
        checkpoint.check_signed_by(keys)
        if checkpoint.origin != header.origin:
            raise UnreadableError(f"a checkpoint is of the log {checkpoint.origin}, the export of {header.origin}")
    if header.size not in {checkpoint.size for checkpoint in header.checkpoints}:
        raise UnreadableError("no signed checkpoint covers the whole export")


def _check_complete(header: Header, outside: Sequence[Checkpoint], report: Report) -> None:
    promised = max([header.size, *(one.size for one in outside)])
    if report.entries != promised:
        report.first_bad = min(report.entries, promised)
        wrong = "is missing" if report.entries < promised else "is one too many"
        report.altered(f"ALTERED: entry number {report.first_bad} {wrong}: {promised} entries were signed for.")


def _conclude(report: Report, outside: Sequence[Checkpoint], walk: _Walk) -> None:
    if report.code == ALTERED:
        if outside and report.first_bad is None and not walk.proven:
            report.lines.append("Put the leaves files that were handed out beside the checkpoint to learn which entry.")
    elif outside:
        report.code, upto = AGREES, max(one.size for one in outside)
        report.lines.append(f"AGREES: the first {upto} of {report.entries} entries are those of the checkpoint kept.")
    else:
        report.lines.append(
            f"SELF-CONSISTENT ONLY: {report.entries} entries agree with their own checkpoints. Whoever holds the "
            "signing key could have written them anew: compare with a checkpoint kept by somebody else (--against)."
        )


def _checkpoints(places: Sequence[Path]) -> list[Path]:
    """A folder stands for every checkpoint in it."""
    found = [sorted(place.glob("checkpoint-*.txt")) if place.is_dir() else [place] for place in places]
    if not all(found):
        raise UnreadableError("there is no checkpoint-*.txt in the folder")
    return [path for some in found for path in some]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="trustdesk verify", description="Check an export of a trustdesk log.")
    parser.add_argument("export", type=Path, help="the export")
    parser.add_argument(
        "--against", type=Path, action="append", default=[], help="a checkpoint kept outside, or a folder"
    )
    parser.add_argument("--key", action="append", default=[], help="the log's public key, known from elsewhere")
    chosen = parser.parse_args(argv)
    try:
        report = verify(chosen.export, against=_checkpoints(chosen.against), keys=chosen.key)
    except (UnreadableError, OSError) as error:
        report = Report(UNREADABLE, lines=[f"NOTHING CHECKED: {error}."])
    except ImportError:
        report = Report(UNREADABLE, lines=["NOTHING CHECKED: it takes `cryptography` (pip install cryptography)."])
    sys.stdout.write("\n".join(report.lines) + "\n")
    return report.code


if __name__ == "__main__":
    raise SystemExit(main())
