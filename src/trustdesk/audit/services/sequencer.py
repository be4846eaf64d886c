"""Numbering: from rows that are written in any order to the leaves of a tree, under a role of its own.

A row belongs to the log when its transaction has ended. Transactions end in another order than they began, so the
sequencer takes only rows of transactions below the oldest one still running (`pg_snapshot_xmin`): nothing can still
turn up there, and no row is ever passed over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import psycopg

from trustdesk.audit.entry import Entry
from trustdesk.audit.merkle import NodeRecorder
from trustdesk.audit.verifier import HASH_BYTES, leaf_hash
from trustdesk.isolation.api import raw_pool

BATCH = 10_000
_LOCK = "SELECT cluster, xid::text, controller_id, entry_id FROM audit_position WHERE id = 1 FOR UPDATE"
# Always along the index in the order of transactions, a batch at a time: any other plan reads the whole table, and
# every pass of the sequencer would cost more with every entry. A crash may take unsigned numbers back, all of them or
# none; what is signed is on the disk, because the signature's own commit waits for it and for all before it.
_PLAN = "SELECT " + ", ".join(
    f"set_config('{name}', '{value}', true)"
    for name, value in {
        "enable_seqscan": "off",
        "enable_bitmapscan": "off",
        "enable_sort": "off",
        "jit": "off",  # a forbidden plan that is needed after all counts as so dear that it would be compiled
        "plan_cache_mode": "force_custom_plan",
        "synchronous_commit": "off",
    }.items()
)
_HERE = "SELECT system_identifier, pg_snapshot_xmin(pg_current_snapshot())::text FROM pg_control_system()"
_ROWS = """
SELECT e.controller_id, e.id, e.at, e.kind, e.key_period, e.body, e.list_digest, e.xid::text, e.subjects,
  leaf.entry_id IS NOT NULL AS numbered
FROM audit_entry e
LEFT JOIN LATERAL (  -- one look-up a row; without LIMIT the planner would read the whole table of leaves instead
  SELECT l.entry_id FROM audit_leaf l WHERE l.controller_id = e.controller_id AND l.entry_id = e.id LIMIT 1
) leaf ON true
WHERE (e.xid, e.controller_id, e.id) > (%s::xid8, %s, %s) AND (%s OR e.xid < %s::xid8)
ORDER BY e.xid, e.controller_id, e.id
LIMIT %s
"""
_MOVE = "UPDATE audit_position SET cluster = %s, xid = %s::xid8, controller_id = %s, entry_id = %s WHERE id = 1"
_TREES = "SELECT controller_id, size, peaks FROM audit_tree WHERE controller_id = ANY(%s) FOR UPDATE"
_GROW = (
    "INSERT INTO audit_tree (controller_id, size, peaks) VALUES (%s, %s, %s)"
    " ON CONFLICT (controller_id) DO UPDATE SET size = EXCLUDED.size, peaks = EXCLUDED.peaks"
)
_LEAVES = (
    "INSERT INTO audit_leaf (controller_id, leaf_index, entry_id, hash)"
    " SELECT %s::int4, %s::int8 + n - 1, id, hash"
    " FROM unnest(%b::int8[], %b::bytea[]) WITH ORDINALITY AS new (id, hash, n)"
)
_NODES = (
    "INSERT INTO audit_node (controller_id, level, node_index, hash)"
    " SELECT %s::int4, * FROM unnest(%b::int2[], %b::int8[], %b::bytea[])"
)
_SUBJECTS = (
    "INSERT INTO audit_subject (controller_id, token, entry_id)"
    " SELECT %s::int4, * FROM unnest(%b::int8[], %b::int8[]) ON CONFLICT DO NOTHING"
)
_LISTED = (
    "INSERT INTO audit_subject (controller_id, token, entry_id)"
    " SELECT p.controller_id, token, p.entry_id FROM audit_list p, unnest(p.subjects) AS token"
    " WHERE p.controller_id = %s AND p.entry_id = %s ON CONFLICT DO NOTHING"
)


@dataclass(slots=True)
class _Grown:
    """What one batch adds to one tree, as columns."""

    frontier: NodeRecorder
    start: int
    entries: list[int] = field(default_factory=list)
    hashes: list[bytes] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    of_entries: list[int] = field(default_factory=list)
    with_list: list[int] = field(default_factory=list)

    def add(self, entry: Entry, tokens: Sequence[int]) -> None:
        leaf = leaf_hash(entry.line())
        self.frontier.append(leaf)
        self.entries.append(entry.id)
        self.hashes.append(leaf)
        self.tokens += tokens
        self.of_entries += [entry.id] * len(tokens)
        if entry.list_digest is not None:
            self.with_list.append(entry.id)

    def write(self, connection: psycopg.Connection, controller_id: int) -> None:
        connection.execute(_LEAVES, [controller_id, self.start, self.entries, self.hashes])
        nodes = [list(column) for column in zip(*self.frontier.nodes, strict=True)]
        for statement, columns in ((_SUBJECTS, [self.tokens, self.of_entries]), (_NODES, nodes)):
            if columns and columns[0]:
                connection.execute(statement, [controller_id, *columns])
        for entry_id in self.with_list:
            connection.execute(_LISTED, [controller_id, entry_id])
        connection.execute(_GROW, [controller_id, self.frontier.size, b"".join(self.frontier.peaks)])


Place = tuple[str, int, int]
_START: Place = ("0", -1, 0)


def sequence(*, limit: int = BATCH) -> int:
    """Give numbers to all rows that may have one now; how many. Two at once wait for each other."""
    with raw_pool("sequencer").connection() as connection:
        run = _Run(connection, limit)
        while not run.finished:
            with connection.transaction():
                run.batch()
        return run.total


class _Run:
    """From where the last run ended to the horizon of this one, a batch a transaction."""

    def __init__(self, connection: psycopg.Connection, limit: int) -> None:
        self.connection = connection
        self.limit = limit
        self.total = 0
        self.finished = False
        self.horizon = ""
        self.caught_up: Place = _START  # in another cluster only, see below

    def batch(self) -> None:
        self.connection.execute(_PLAN)
        cluster, *place = _one(self.connection, _LOCK)
        here, newest = _one(self.connection, _HERE)
        self.horizon = self.horizon or newest
        # Restored into another cluster: its transactions count anew and the stored numbers say nothing about what is
        # visible. Every row is looked at once; those that have their number already keep it.
        elsewhere = cluster != here
        values = [*(self.caught_up if elsewhere else place), elsewhere, self.horizon, self.limit]
        rows = self.connection.execute(_ROWS, values, binary=True).fetchall()
        new = [row for row in rows if not row[9]]
        if new:
            _append(self.connection, new)
        self.total += len(new)
        self.finished = len(rows) < self.limit
        if self.finished:
            reached = self.horizon if elsewhere else _later(place[0], self.horizon)
            self.connection.execute(_MOVE, [here, reached, -1, 0])
        elif elsewhere:
            self.caught_up = (rows[-1][7], rows[-1][0], rows[-1][1])
        else:
            self.connection.execute(_MOVE, [here, rows[-1][7], rows[-1][0], rows[-1][1]])


def _later(one: str, other: str) -> str:
    return one if int(one) > int(other) else other


def _append(connection: psycopg.Connection, rows: Sequence[tuple]) -> None:  # type: ignore[type-arg]
    grown = _trees(connection, {row[0] for row in rows})
    for row in rows:
        grown[row[0]].add(Entry(*row[:7]), row[8])
    for controller_id, tree in grown.items():
        tree.write(connection, controller_id)


def _trees(connection: psycopg.Connection, controllers: set[int]) -> dict[int, _Grown]:
    """The trees as they stand, held until the commit. In one order, so that nobody waits in a circle."""
    held = {row[0]: row[1:] for row in connection.execute(_TREES, [sorted(controllers)]).fetchall()}
    trees = {}
    for controller_id in sorted(controllers):
        size, peaks = held.get(controller_id, (0, b""))
        trees[controller_id] = _Grown(NodeRecorder(size, split_hashes(peaks)), size)
    return trees


def split_hashes(joined: bytes) -> list[bytes]:
    return [joined[start : start + HASH_BYTES] for start in range(0, len(joined), HASH_BYTES)]


def _one(connection: psycopg.Connection, statement: str) -> tuple:  # type: ignore[type-arg]
    row = connection.execute(statement).fetchone()
    assert row is not None  # noqa: S101 - the statements give one row by their form
    return row
