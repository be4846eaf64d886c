"""One entry: what is sealed into it, and the line of text that the tree commits to."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import NamedTuple

import orjson

from trustdesk.audit.verifier import list_digest
from trustdesk.kernel.clock import rfc3339
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.seal.api import BoxKey, TokenKey, derive

MOST_SUBJECTS = 1_000
"""So many customers stand in the entry itself; a longer list is cut into sealed pieces of as many."""


class MonthKey:
    """The key of a tree's bodies in one month, ready to use."""

    __slots__ = ("box", "period", "tokens")

    def __init__(self, period: str, key: bytes) -> None:
        self.period = period
        self.box = BoxKey(key)
        self.tokens = TokenKey(derive(key, "trustdesk log subject"))

    def __repr__(self) -> str:
        return f"MonthKey({self.period})"

    def subject_tokens(self, subjects: Sequence[int]) -> list[int]:
        return self.tokens.tokens("subject", [str(subject) for subject in dict.fromkeys(subjects)])


class Entry(NamedTuple):
    """A row of the log as it stands in the database. A tuple, because it is made a million times for one export."""

    controller_id: int
    id: int
    at: datetime
    kind: str
    key_period: str
    body: bytes
    list_digest: bytes | None = None

    def line(self) -> bytes:
        """The canonical text: keys in order, no spaces, nothing that would need escaping."""
        extra = f',"list":"{self.list_digest.hex()}"' if self.list_digest is not None else ""
        return (
            f'{{"at":"{rfc3339(self.at)}","body":"{base64.b64encode(self.body).decode()}",'
            f'"controller":{self.controller_id},"id":"{to_public(self.id)}",'
            f'"key":"{self.key_period}","kind":"{self.kind}"{extra}}}'
        ).encode()

    def bound(self) -> bytes:
        """What the body is bound to: it does not open in another row."""
        return body_bound(self.controller_id, self.id, self.kind)


class Written(NamedTuple):
    """An entry to be inserted, with its blind tokens and the pieces of its list (body, tokens)."""

    entry: Entry
    subjects: list[int]
    pieces: list[tuple[bytes, list[int]]]


def body_bound(controller_id: int, entry_id: int, kind: str) -> bytes:
    return f"audit_entry|{controller_id}|{entry_id}|{kind}|1".encode()


def piece_bound(controller_id: int, entry_id: int, number: int) -> bytes:
    return f"audit_list|{controller_id}|{entry_id}|{number}|1".encode()


def piece_line(body: bytes) -> bytes:
    """The text of a piece in an export, after its "+"."""
    return base64.b64encode(body)


def who(context: AccessContext) -> dict[str, object]:
    """The actor. The session stands as a digest: enough to group entries, useless to take the session over."""
    return {
        "operator": context.operator_id,
        "mandate": context.mandate_id,
        "purpose": context.purpose,
        "session": _session(context.session_id),
    }


@lru_cache(maxsize=1024)  # a session has many entries, and its id is a digest already
def _session(session_id: str) -> str:
    return hashlib.sha256(b"log|" + session_id.encode()).hexdigest()[:16]


def write(
    key: MonthKey,
    *,
    controller_id: int,
    at: datetime,
    kind: str,
    content: Mapping[str, object],
    subjects: Sequence[int] = (),
) -> Written:
    """Seal what happened. Nothing personal is left in clear: subjects become tokens, the rest the sealed body."""
    entry_id = new_id()
    inside: dict[str, object] = {**content, "subject_count": len(subjects)}
    pieces: list[tuple[bytes, list[int]]] = []
    digest = None
    tokens: list[int] = []
    if len(subjects) <= MOST_SUBJECTS:
        inside["subjects"] = list(subjects)
        tokens = key.subject_tokens(subjects)
    else:
        pieces = _pieces(key, controller_id, entry_id, subjects)
        digest = bytes.fromhex(list_digest(hashlib.sha256(piece_line(body)).digest() for body, _ in pieces))
    body = key.box.seal(
        orjson.dumps(inside, default=str, option=orjson.OPT_NON_STR_KEYS),
        bound=body_bound(controller_id, entry_id, kind),
    )
    return Written(Entry(controller_id, entry_id, at, kind, key.period, body, digest), tokens, pieces)


def _pieces(key: MonthKey, controller_id: int, entry_id: int, subjects: Sequence[int]) -> list[tuple[bytes, list[int]]]:
    pieces = []
    for number, start in enumerate(range(0, len(subjects), MOST_SUBJECTS)):
        some = list(subjects[start : start + MOST_SUBJECTS])
        body = key.box.seal(orjson.dumps(some), bound=piece_bound(controller_id, entry_id, number))
        pieces.append((body, key.subject_tokens(some)))
    return pieces
