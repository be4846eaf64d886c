"""Certificates made by hand, without a database: one line in a log of a few, under a signed checkpoint."""

import base64
import json
from typing import Any

from tests.unit.audit.exports import a_line, a_note
from trustdesk.audit.contracts import InclusionProof, Vouched
from trustdesk.audit.merkle import inclusion_proof, root_of
from trustdesk.audit.verifier import leaf_hash
from trustdesk.proof.documents import document, sign
from trustdesk.proof.verifier import FORMAT, Key, check_value
from trustdesk.seal.api import SigningKey

NAME = "trustdesk/test/7"
KEY = SigningKey.from_bytes(bytes(range(32)))
SALT = bytes(range(16))
MINE = ("Kovács János", "+36 30 123 4567", "janos@example.test", "1980-05-06")
BEFORE, AFTER = 5, 8


def key_of(key: SigningKey = KEY) -> Key:
    return Key(NAME, key.verify_key.raw)


def what_is_said(*, check: bool = True) -> dict[str, Any]:
    values = sorted(check_value(one, SALT) for one in MINE[:2])
    argon2 = {"algorithm": "argon2id", "version": 19, "passes": 3, "lanes": 4, "memory_kib": 65_536, "length": 32}
    hits = {"shown": 2, "cleared": 1, "justified": 1, "laws": [{"law": "2000. évi C. törvény 169. §", "count": 1}]}
    return {
        "format": FORMAT,
        "number": "06C0000000001",
        "controller": {"number": 7, "name": "Alföldi Víz"},
        "cause": "request",
        "dates": {"planned_at": "2026-11-26T10:00:00Z", "issued_at": "2026-11-26T12:00:00Z"},
        "erased": [{"capability": "register", "what": "values", "count": 12}],
        "kept": [{"what": "invoices", "count": 3, "law": "2000. évi C. törvény 169. § (2)", "until": "2034-12-31"}],
        "steps": [{"step": "outside.erase", "done_at": "2026-11-26T11:00:00Z", "counts": {"systems": 1}}],
        "systems": [{"name": "Shop", "kind": "sql", "found": 2, "erased": 2, "doubtful": 0}],
        "scan": {"tables": 140, "columns": 900, "files": 12, "bytes": 1_000_000, "hits": hits},
        "backup_free_from": "2026-12-04",
        "check": {**argon2, "values": values} if check else None,
    }


def vouched_for(digest: bytes, *, key: SigningKey = KEY) -> Vouched:
    body = base64.b64encode(digest).decode()
    entry = {"at": "2026-11-26T12:00:00.000000Z", "body": body, "controller": 7, "id": "06C0000000002"}
    line = json.dumps({**entry, "key": "", "kind": "certificate"}, separators=(",", ":")).encode()
    lines = [*(a_line(number) for number in range(BEFORE)), line, *(a_line(number) for number in range(10, 10 + AFTER))]
    leaves = [leaf_hash(one) for one in lines]
    path = inclusion_proof(BEFORE, len(leaves), lambda start, end: root_of(leaves[start:end]))
    note = a_note(leaves, key, NAME)
    proof = InclusionProof(index=BEFORE, size=len(leaves), leaf=leaf_hash(line), path=tuple(path), checkpoint=note)
    return Vouched(line, proof)


def a_certificate(*, check: bool = True, in_log: bool = True, key: SigningKey = KEY) -> bytes:
    text, signature, digest = sign(what_is_said(check=check), key)
    vouched = vouched_for(digest, key=key) if in_log else None
    return document(text, signature, key=key_of(key), vouched=vouched)
