"""Checks a trustdesk erasure certificate, alone: this one file, Python >= 3.11 and the `cryptography` package (>= 45).

    python verifier.py CERTIFICATE [--key KEY] [--mine "a datum of mine" --salt CODE]

A certificate is one line of JSON in one form only (keys in order, no spaces). `certificate` is what is said,
`signature` an Ed25519 signature over it, `key` who signed, and `log`, where it is there, the proof that the log of the
company speaks of it: one line of the log whose body is the SHA-256 of what was signed, and its path (RFC 9162, 2.1.3)
to a signed checkpoint (c2sp.org/tlog-checkpoint).

Nothing in it names the person. The person holds a code; Argon2id (RFC 9106) over a datum of theirs, with the code as
salt, gives one of the check values in the certificate, and nobody without the code can try who it may be.

Exit code: 0 signed by the key that was given, and in the log; 3 it agrees with itself only (no key was given, or it
is not in the log yet); 1 altered; 2 nothing could be checked; 4 signed, but the datum or the code is not its person's.
"""

import argparse
import base64
import json
import re
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

FORMAT = "trustdesk-erasure-certificate/1"
AGREES, ALTERED, UNREADABLE, SELF_CONSISTENT, NOT_YOURS = 0, 1, 2, 3, 4
LARGEST = 1 << 22  # bytes
_HASH = 32
_ED25519 = b"\x01"
_KEY = re.compile(r"([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)")
_ARGON2 = {"algorithm": "argon2id", "version": 19, "passes": 3, "lanes": 4, "memory_kib": 65_536, "length": _HASH}
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32
_SALT, _CHECKED = 16, 28  # bytes of a salt; letters of a code, the last two of which are a check


class UnreadableError(ValueError):
    """What was given is no certificate, key or code."""


class AlteredError(ValueError):
    """It is a certificate, and something in it does not fit the rest."""


@dataclass(frozen=True)
class Report:
    """The verdict: an exit code, and what to tell; of what the certificate says only where it was signed."""

    code: int
    lines: list[str] = field(default_factory=list)


# ── the one form, and what is signed
def canonical(content: object) -> bytes:
    """The one way in which it is written."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def message(said: dict[str, Any]) -> bytes:
    """What is signed, and what the log names by its SHA-256: no other document of the same key begins like this."""
    return FORMAT.encode() + b"\n" + canonical(said)


# ── keys (c2sp.org/signed-note)
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


def parse_key(text: str, *, name: str = "") -> Key:
    """A key as the log names it, or its 32 bytes in base64, which then signs under `name`."""
    parts = _KEY.fullmatch(text.strip())
    try:
        raw = base64.b64decode(parts[3] if parts else text.strip(), validate=True)
    except ValueError:
        raw = b""
    public = raw.removeprefix(_ED25519) if parts else raw
    key = Key(parts[1] if parts else name, public)
    if len(public) != _HASH or (parts is not None and str(key) != text.strip()):
        raise UnreadableError("a key is the line of key.txt (name+id+base64), or its 32 bytes in base64")
    return key


# ── the log
def _root(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """Where leaf and path lead (RFC 9162, 2.1.3.2)."""
    place, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise AlteredError("its path in the log is too long")
        if place & 1 or place == last:
            root = sha256(b"\x01" + step + root).digest()
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = sha256(b"\x01" + root + step).digest()
        place, last = place >> 1, last >> 1
    if last != 0:
        raise AlteredError("its path in the log is too short")
    return root


def _checkpoint(note: str, key: Key) -> tuple[int, bytes]:
    """Size and root of a checkpoint that this key signed, in the one form in which it is written."""
    text, blank, signature = note.partition("\n\n")
    lines = text.split("\n")
    raw = _from_base64(signature.removeprefix(f"\u2014 {key.name} ").removesuffix("\n"))
    written = f"{text}\n\n\u2014 {key.name} {base64.b64encode(raw).decode()}\n"
    if not blank or written != note or raw[:4] != key.key_id or not key.signed(text.encode() + b"\n", raw[4:]):
        raise AlteredError("the log's checkpoint in it was not signed by this key")
    if len(lines) != 3 or lines[0] != key.name or not re.fullmatch(r"[1-9][0-9]{0,18}", lines[1], re.ASCII):
        raise AlteredError("the log's checkpoint in it is none of this log")
    return int(lines[1]), _from_base64(lines[2])


def _from_base64(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def _from_hex(text: str) -> bytes:
    raw = bytes.fromhex(text)
    if raw.hex() != text:
        raise AlteredError("it is not written as a certificate is")
    return raw


def _check_log(log: dict[str, Any], said: dict[str, Any], key: Key) -> str:
    """The line's time, where the log's line speaks of this certificate and stands under the checkpoint."""
    line = str(log["line"])
    entry = json.loads(line)
    digest = base64.b64encode(sha256(message(said)).digest()).decode()
    if entry["kind"] != "certificate" or entry["body"] != digest or entry["controller"] != said["controller"]["number"]:
        raise AlteredError("the line of the log in it speaks of something else")
    size, root = _checkpoint(str(log["checkpoint"]), key)
    index = log["index"]
    if type(index) is not int or not 0 <= index < size:
        raise AlteredError("its number in the log is not one of this checkpoint")
    leaf = sha256(b"\x00" + line.encode()).digest()
    if _root(index, size, leaf, [_from_hex(step) for step in log["path"]]) != root:
        raise AlteredError("the log's checkpoint in it does not cover it")
    return f"in the log: entry number {index} of {size}, written {entry['at']}"


# ── the person's own check
def normal(text: str) -> str:
    """A datum in the form in which it is checked: an e-mail address in small letters, digits alone where there are no
    letters, else words in alphabetical order, without accents and in small letters.
    """
    folded = "".join(one for one in unicodedata.normalize("NFKD", text) if not unicodedata.combining(one)).casefold()
    if "@" in folded:
        return "".join(folded.split())
    words = re.findall(r"[^\W_]+", folded)
    return " ".join(sorted(words)) if any(one.isalpha() for one in folded) else "".join(words)


def code_of(salt: bytes) -> str:
    """The salt as the person is given it: seven groups of four letters, of which the last two are a check."""
    value = int.from_bytes(salt) << 10 | int.from_bytes(sha256(salt).digest()[:2]) >> 6
    letters = "".join(_LETTERS[value >> shift & 31] for shift in range(5 * (_CHECKED - 1), -1, -5))
    return "-".join(letters[start : start + 4] for start in range(0, _CHECKED, 4))


def salt_of(code: str) -> bytes:
    """The salt behind a code, as it was typed."""
    typed = re.sub(r"[\s-]", "", code).upper().translate(str.maketrans("OIL", "011"))
    if len(typed) != _CHECKED or any(letter not in _LETTERS for letter in typed):
        raise UnreadableError(f"the code has {_CHECKED} letters and digits in groups of four")
    value = 0
    for letter in typed:
        value = value << 5 | _LETTERS.index(letter)
    if value >> (10 + 8 * _SALT):
        raise UnreadableError("this is not a code: see whether it was copied right")
    salt = (value >> 10).to_bytes(_SALT)
    if code_of(salt).replace("-", "") != typed:
        raise UnreadableError("this is not a code: see whether it was copied right")
    return salt


def check_value(datum: str, salt: bytes) -> str:
    """The check value of a datum, in hexadecimal."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id  # noqa: PLC0415 - see `Key.signed`

    derivation = Argon2id(salt=salt, length=_HASH, iterations=3, lanes=4, memory_cost=65_536)
    return derivation.derive(normal(datum).encode()).hex()


def _mine(said: dict[str, Any], mine: str, code: str) -> str:
    check = said["check"]
    if check is None:
        raise UnreadableError("it has no check values: the person never asked for a code")
    if {name: check[name] for name in _ARGON2} != _ARGON2:
        raise UnreadableError("its check values were made in a way that this verifier does not know")
    if check_value(mine, salt_of(code)) not in check["values"]:
        return ""
    return "yours: the datum with this code gives one of its check values"


# ── all of it
def read(raw: bytes) -> tuple[dict[str, Any], dict[str, Any]]:
    """The whole and what it says, unchecked."""
    try:
        whole = json.loads(raw)
        said = whole["certificate"]
        known = said["format"] == FORMAT
    except (ValueError, LookupError, TypeError, RecursionError):
        raise UnreadableError("this is not an erasure certificate, or not all of one") from None
    if not known:
        raise UnreadableError("this certificate is of a format that this verifier does not know")
    return whole, said


def verify(raw: bytes, *, key: str = "", mine: str = "", code: str = "") -> Report:
    """Check a certificate; `key` is the company's public key, known from elsewhere. Whatever is given, it answers."""
    try:
        whole, said = read(raw)
        lines, doubts = _check(raw, whole, said, key)
        own = _mine(said, mine, code) if mine or code else ""
        content = told(said)
    except UnreadableError as error:
        return Report(UNREADABLE, [f"NOTHING CHECKED: {error}."])
    except AlteredError as error:
        return Report(ALTERED, [f"ALTERED: {error}."])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return Report(ALTERED, ["ALTERED: something in it is not as it was issued."])
    if (mine or code) and not own:
        head = ["NOT YOURS: signed, but this datum with this code gives none of its check values."]
        return Report(NOT_YOURS, [*head, *lines, *content])
    head = ["AGREES: signed by this key, in its log, and not altered since."]
    if doubts:
        head = [f"AGREES WITH ITSELF ONLY: {' '.join(doubts)}"]
    return Report(SELF_CONSISTENT if doubts else AGREES, [*head, *lines, *([own] if own else []), *content])


def _check(raw: bytes, whole: dict[str, Any], said: dict[str, Any], known: str) -> tuple[list[str], list[str]]:
    """What was found, and what is left to doubt. AlteredError where anything does not fit."""
    if canonical(whole) + b"\n" != raw or whole.keys() != {"certificate", "signature", "key", "log"}:
        raise AlteredError("it is not written as a certificate is")
    try:
        named = parse_key(whole["key"])
    except UnreadableError:
        raise AlteredError("the key in it is none") from None
    trusted = parse_key(known, name=named.name) if known else named
    if trusted != named:
        raise AlteredError("another key signed it than the one that was given")
    if not trusted.signed(message(said), _from_hex(whole["signature"])):
        raise AlteredError("its signature is not over what it says")
    lines, doubts = [], []
    if not known:
        doubts.append("compare its key with the one the company has named (--key).")
    if whole["log"] is None:
        doubts.append("the log does not cover it yet: fetch it again in an hour.")
    else:
        if whole["log"].keys() != {"line", "index", "path", "checkpoint"}:
            raise AlteredError("its proof in the log is not written as one is")
        lines.append(_check_log(whole["log"], said, trusted))
    return lines, doubts


def told(said: dict[str, Any]) -> list[str]:
    """What a certificate says, in short."""
    scan, hits = said["scan"], said["scan"]["hits"]
    kept = [
        f"  kept        {one['what']}: {one['count']}, {one['law']}, until {one['until'] or 'it ends'}"
        for one in said["kept"]
    ]
    return [
        f"  number      {said['number']}",
        f"  controller  {said['controller']['name']}",
        f"  issued      {said['dates']['issued_at']}",
        f"  erased      {sum(one['count'] for one in said['erased'])} in {len(said['erased'])} places",
        *kept,
        f"  elsewhere   erased in {len(said['systems'])} connected systems",
        f"  scanned     {scan['tables']} tables, {scan['columns']} columns, {scan['files']} files",
        f"  found       {hits['shown']}, of which {hits['cleared']} cleared, {hits['justified']} justified",
        f"  backups     from {said['backup_free_from']} on none can open the person",
    ]


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="trustdesk verify-certificate", description="Check an erasure certificate.")
    parser.add_argument("certificate", type=Path, help="the certificate, a JSON file")
    parser.add_argument("--key", default="", help="the company's public key, known from elsewhere")
    parser.add_argument("--mine", default="", help="a datum of yours: a name, e-mail, phone with country code")
    parser.add_argument("--salt", default="", help="the code you were given, once")
    chosen = parser.parse_args(argv)
    try:
        with chosen.certificate.open("rb") as file:
            report = verify(file.read(LARGEST), key=chosen.key, mine=chosen.mine, code=chosen.salt)
    except OSError as error:
        report = Report(UNREADABLE, [f"NOTHING CHECKED: {error.strerror or 'the file can not be read'}."])
    except ImportError:
        report = Report(UNREADABLE, ["NOTHING CHECKED: it takes `cryptography` >= 45 (pip install cryptography)."])
    sys.stdout.write("\n".join(report.lines) + "\n")
    return report.code


if __name__ == "__main__":
    raise SystemExit(main())
