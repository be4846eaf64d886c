"""The tree against the published vectors of RFC 6962 implementations, and the proofs against the tree."""

from hashlib import sha256

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustdesk.audit.merkle import (
    consistency_proof,
    consistent,
    inclusion_proof,
    root_from_inclusion,
    root_of,
)
from trustdesk.audit.verifier import Frontier, UnreadableError, leaf_hash

# The eight leaves and nine roots that every Certificate Transparency implementation tests itself with.
INPUTS = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
LEAVES = [leaf_hash(bytes.fromhex(text)) for text in INPUTS]


def naive_root(leaves: list[bytes]) -> bytes:
    """The definition of RFC 9162, 2.1.1, word for word."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    half = 1
    while half * 2 < len(leaves):
        half *= 2
    return sha256(b"\x01" + naive_root(leaves[:half]) + naive_root(leaves[half:])).digest()


def some_leaves(count: int) -> list[bytes]:
    return [leaf_hash(str(number).encode()) for number in range(count)]


@pytest.mark.parametrize("size", range(9))
def test_the_published_roots(size: int) -> None:
    assert root_of(LEAVES[:size]).hex() == ROOTS[size]


@given(size=st.integers(0, 200))
def test_the_frontier_gives_the_root_of_the_definition(size: int) -> None:
    leaves = some_leaves(size)
    assert root_of(leaves) == naive_root(leaves)


@given(size=st.integers(1, 150), data=st.data())
def test_every_leaf_proves_itself(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, lambda start, end: naive_root(leaves[start:end]))
    assert root_from_inclusion(index, size, leaves[index], path) == naive_root(leaves)


@given(size=st.integers(2, 150), data=st.data())
def test_another_leaf_does_not(size: int, data: st.DataObject) -> None:
    leaves = some_leaves(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, lambda start, end: naive_root(leaves[start:end]))
    assert root_from_inclusion(index, size, leaf_hash(b"another"), path) != naive_root(leaves)


@pytest.mark.parametrize("change", [-1, 1])
def test_a_path_of_the_wrong_length_is_refused(change: int) -> None:
    path = inclusion_proof(2, 7, lambda start, end: naive_root(LEAVES[start:end]))
    path = path[:-1] if change < 0 else [*path, bytes(32)]
    with pytest.raises(ValueError, match="path"):
        root_from_inclusion(2, 7, LEAVES[2], path)


@given(new=st.integers(1, 120), data=st.data())
@settings(max_examples=200)
def test_growth_proves_itself_and_a_changed_past_does_not(new: int, data: st.DataObject) -> None:
    leaves = some_leaves(new)
    old = data.draw(st.integers(1, new))
    proof = consistency_proof(old, new, lambda start, end: naive_root(leaves[start:end]))
    old_root, new_root = naive_root(leaves[:old]), naive_root(leaves)
    assert consistent(old, new, old_root, new_root, proof)
    assert not consistent(old, new, leaf_hash(b"rewritten"), new_root, proof)
    assert not consistent(old, new, old_root, leaf_hash(b"rewritten"), proof)
    assert not consistent(old, new, old_root, new_root, [*proof, bytes(32)])


def test_peaks_of_another_size_are_refused() -> None:
    with pytest.raises(UnreadableError, match="peaks"):
        Frontier(3, [bytes(32)])
