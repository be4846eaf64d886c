"""Exports and hand-outs made by hand: what the verifier reads, without a database."""

import base64
import json
from collections.abc import Sequence
from pathlib import Path

from trustdesk.audit.verifier import FORMAT, Frontier, Key, leaf_hash
from trustdesk.seal.api import SigningKey

ORIGIN = "trustdesk/test/7"


def a_line(number: int) -> bytes:
    body = base64.b64encode(f"sealed {number}".encode()).decode()
    entry = {"at": "2026-11-22T10:00:00.000000Z", "body": body, "controller": 7, "id": f"E{number:012}"}
    return json.dumps({**entry, "key": "2026-11", "kind": "opening"}, separators=(",", ":")).encode()


def verifier_key(key: SigningKey, origin: str = ORIGIN) -> Key:
    return Key(origin, key.verify_key.raw)


def a_note(leaves: Sequence[bytes], key: SigningKey, origin: str = ORIGIN) -> str:
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    text = f"{origin}\n{len(leaves)}\n{base64.b64encode(frontier.root()).decode()}\n"
    signature = base64.b64encode(key.key_id(origin) + key.sign(text.encode())).decode()
    return f"{text}\n\u2014 {origin} {signature}\n"


def write_export(path: Path, lines: Sequence[bytes], key: SigningKey, *, sizes: Sequence[int] = ()) -> Path:
    """An honest export of these lines, however they came about; `sizes` are the earlier checkpoints."""
    leaves = [leaf_hash(line) for line in lines]
    notes = [a_note(leaves[:size], key) for size in [*sizes, len(leaves)]]
    write_lines(path, lines, notes=notes, size=len(lines), keys=[str(verifier_key(key))])
    return path


def write_lines(path: Path, lines: Sequence[bytes], *, notes: Sequence[str], size: int, keys: Sequence[str]) -> None:
    header = {"format": FORMAT, "origin": ORIGIN, "size": size, "keys": keys, "checkpoints": notes}
    path.write_bytes(b"\n".join([json.dumps(header).encode(), *lines]) + b"\n")


def hand_out(folder: Path, lines: Sequence[bytes], key: SigningKey, *, sizes: Sequence[int], leaves: bool) -> Path:
    """What the client company kept: a checkpoint a day and, where chosen, the leaves between them; the last one."""
    folder.mkdir()
    hashes = [leaf_hash(line) for line in lines]
    before = 0
    for size in sizes:
        (folder / f"checkpoint-{size}.txt").write_text(a_note(hashes[:size], key))
        if leaves:
            (folder / f"leaves-{before}-{size}.bin").write_bytes(b"".join(hashes[before:size]))
        before = size
    return folder / f"checkpoint-{before}.txt"
