"""Inclusion and consistency proofs over the tree of RFC 9162, 2.1.3 and 2.1.4.

The functions ask for the hash of a range of leaves (`subtree(start, end)`), so that the caller decides what is kept and
what is computed: a list in a test, stored nodes in the database.
"""

from collections.abc import Callable, Iterable, Sequence
from hashlib import sha256

from trustdesk.audit.verifier import Frontier

Subtree = Callable[[int, int], bytes]


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes (RFC 9162, 2.1.1)."""
    frontier = Frontier()
    for leaf in leaves:
        frontier.append(leaf)
    return frontier.root()


def split(size: int) -> int:
    """The largest power of two smaller than `size` (> 1)."""
    return 1 << ((size - 1).bit_length() - 1)


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[bytes]:
    """The path from leaf `index` to the root of the first `size` leaves (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    path: list[bytes] = []
    start, end = 0, size
    while end - start > 1:
        middle = start + split(end - start)
        if index < middle:
            path.append(subtree(middle, end))
            end = middle
        else:
            path.append(subtree(start, middle))
            start = middle
    return path[::-1]


def root_from_inclusion(index: int, size: int, leaf: bytes, path: Sequence[bytes]) -> bytes:
    """The root that leaf and path lead to (RFC 9162, 2.1.3.2); ValueError where the path has the wrong length."""
    if not 0 <= index < size:
        raise ValueError("no such leaf in a tree of this size")
    place, last, root = index, size - 1, leaf
    for step in path:
        if last == 0:
            raise ValueError("the path is too long")
        if place & 1 or place == last:
            root = node_hash(step, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, step)
        place, last = place >> 1, last >> 1
    if last != 0:
        raise ValueError("the path is too short")
    return root


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[bytes]:
    """The nodes that show the first `old` leaves unchanged among the first `new` (RFC 9162, 2.1.4.1)."""
    if not 0 < old <= new:
        raise ValueError("a later tree is not smaller than an earlier one")
    proof: list[bytes] = []
    start, end, known = 0, new, True
    while old != end:
        middle = start + split(end - start)
        if old <= middle:
            proof.append(subtree(middle, end))
            end = middle
        else:
            proof.append(subtree(start, middle))
            start, known = middle, False
    if not known:
        proof.append(subtree(start, end))
    return proof[::-1]


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """True where the proof leads to both roots (RFC 9162, 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    if not path:
        return False
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    first = second = path[0]
    for step in path[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            second = node_hash(second, step)
        place, last = place >> 1, last >> 1
    return last == 0 and first == old_root and second == new_root


TILE = 8
"""The levels of the tree that are stored: every eighth, so that a proof reads at most 256 hashes a level."""


class NodeRecorder(Frontier):
    """A frontier that notes the full subtrees of the stored levels as they come about: (level, index, hash)."""

    __slots__ = ("nodes",)

    def __init__(self, size: int = 0, peaks: Iterable[bytes] = ()) -> None:
        super().__init__(size, peaks)
        self.nodes: list[tuple[int, int, bytes]] = []

    def append(self, leaf: bytes) -> None:
        peaks = self.peaks
        rest, level = self.size, 0
        while rest & 1:
            leaf = sha256(b"\x01" + peaks.pop() + leaf).digest()
            rest, level = rest >> 1, level + 1
            if level % TILE == 0:
                self.nodes.append((level, rest, leaf))
        peaks.append(leaf)
        self.size += 1
