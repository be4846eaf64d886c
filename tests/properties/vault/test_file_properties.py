"""A sealed file reads as the bytes it was made of, from any place; whatever is done to it, it does not open."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trustdesk.kernel.errors import SealBrokenError
from trustdesk.seal.api import OVERHEAD, BoxKey, new_key
from trustdesk.vault.services.files import BLOCK, SealedFile, _boxes

SLOW = settings(max_examples=40, deadline=None)
SIZES = st.sampled_from([0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK, 3 * BLOCK + 7]) | st.integers(0, 3 * BLOCK)
BOX = BLOCK + OVERHEAD


@contextmanager
def written(content: bytes, cuts: list[int]) -> Iterator[SealedFile]:
    with tempfile.TemporaryDirectory() as folder:
        sealed = SealedFile(Path(folder) / "list.csv", 1, 2, BoxKey(new_key()))
        edges = [0, *sorted(cut % (len(content) + 1) for cut in cuts), len(content)]
        pieces = [content[start:end] for start, end in pairwise(edges)]
        sealed.path.write_bytes(b"".join(_boxes(sealed, pieces)))
        yield sealed


def content_of(size: int) -> bytes:
    return bytes(number * 31 % 251 for number in range(997)) * (size // 997) + b"x" * (size % 997)


@SLOW
@given(size=SIZES, cuts=st.lists(st.integers(0, 4 * BLOCK), max_size=5))
def test_what_was_written_is_read_however_it_came(size: int, cuts: list[int]) -> None:
    content = content_of(size)
    with written(content, cuts) as sealed:
        with sealed.open() as stream:
            assert stream.read() == content
        assert sealed.size == size
        boxes = max(1, -(-size // BLOCK))
        assert sealed.path.stat().st_size == size + boxes * OVERHEAD


WHENCE = st.sampled_from([io.SEEK_SET, io.SEEK_CUR, io.SEEK_END])
STEPS = st.lists(st.tuples(WHENCE, st.integers(-BLOCK, 3 * BLOCK), st.integers(0, 2 * BLOCK)), max_size=12)


@SLOW
@given(size=SIZES, steps=STEPS)
def test_it_is_read_from_any_place_as_a_plain_file_is(size: int, steps: list[tuple[int, int, int]]) -> None:
    content = content_of(size)
    plain = io.BytesIO(content)
    with written(content, []) as sealed, sealed.open() as stream:
        for whence, offset, length in steps:
            start = {io.SEEK_SET: 0, io.SEEK_CUR: plain.tell(), io.SEEK_END: size}[whence]
            if start + offset >= 0:
                assert stream.seek(offset, whence) == plain.seek(offset, whence)
            assert stream.read(length) == plain.read(length)
            assert stream.tell() == plain.tell()


@SLOW
@given(size=st.integers(0, 2 * BLOCK + 100), place=st.integers(0), bit=st.integers(0, 7))
def test_a_bit_that_was_flipped_is_seen(size: int, place: int, bit: int) -> None:
    with written(content_of(size), []) as sealed:
        stored = bytearray(sealed.path.read_bytes())
        stored[place % len(stored)] ^= 1 << bit
        sealed.path.write_bytes(stored)
        with pytest.raises(SealBrokenError), sealed.open() as stream:
            stream.read()


@SLOW
@given(boxes=st.integers(2, 4), rest=st.integers(0, BLOCK), cut=st.integers(1))
def test_a_file_that_was_cut_off_does_not_even_open(boxes: int, rest: int, cut: int) -> None:
    with written(content_of((boxes - 1) * BLOCK + max(rest, 1)), []) as sealed:
        stored = sealed.path.read_bytes()
        for kept in (cut % len(stored), (cut % boxes) * BOX):
            sealed.path.write_bytes(stored[:kept])
            with pytest.raises(SealBrokenError):
                sealed.open()


@given(order=st.permutations(range(3)), doubled=st.booleans())
@settings(deadline=None)
def test_boxes_have_their_places(order: list[int], *, doubled: bool) -> None:
    with written(content_of(3 * BLOCK), []) as sealed:
        stored = sealed.path.read_bytes()
        boxes = [stored[place * BOX : (place + 1) * BOX] for place in order]
        sealed.path.write_bytes(b"".join([*boxes, boxes[-1]] if doubled else boxes))
        if order == [0, 1, 2] and not doubled:
            with sealed.open() as stream:
                assert len(stream.read()) == 3 * BLOCK
            return
        with pytest.raises(SealBrokenError), sealed.open() as stream:
            stream.read()
