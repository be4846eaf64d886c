"""The sealed recording: whatever is done to a file is found, and whatever a crash leaves can be read."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.kernel.errors import SealBrokenError
from trustdesk.sipedge.api import Law, Mark, SealedReader, SealedWriter

KEY, BOUND = bytes(range(32)), "7|12345"
bodies = st.lists(st.binary(min_size=1, max_size=300), min_size=1, max_size=8)


def frames_of(sounds: Sequence[bytes], *, bound: str = BOUND, key: bytes = KEY) -> tuple[list[bytes], SealedWriter]:
    writer = SealedWriter(key, bound)
    return [writer.sound(Law.A, number * 1000, sound) for number, sound in enumerate(sounds)], writer


def opened(content: bytes, *, chunks: int, head: str) -> list[bytes] | None:
    """What the file says where it agrees with the log, None where it does not."""
    with NamedTemporaryFile() as file:
        file.write(content)
        file.flush()
        try:
            with SealedReader(Path(file.name), key=KEY, bound=BOUND) as reader:
                if not reader.agrees(chunks=chunks, head=head):
                    return None
                return [chunk.sound for chunk in reader.chunks()]
        except SealBrokenError:
            return None


@given(bodies)
def test_what_was_sealed_is_read(sounds: list[bytes]) -> None:
    frames, writer = frames_of(sounds)
    assert opened(b"".join(frames), chunks=writer.chunks, head=writer.head) == sounds


@given(bodies, st.data())
def test_every_cut_is_found(sounds: list[bytes], data: st.DataObject) -> None:
    frames, writer = frames_of(sounds)
    whole = b"".join(frames)
    cut = whole[: data.draw(st.integers(0, len(whole) - 1))]
    assert opened(cut, chunks=writer.chunks, head=writer.head) is None


@given(bodies, st.data())
def test_every_altered_bit_is_found(sounds: list[bytes], data: st.DataObject) -> None:
    frames, writer = frames_of(sounds)
    altered = bytearray(b"".join(frames))
    place = data.draw(st.integers(0, len(altered) * 8 - 1))
    altered[place // 8] ^= 1 << place % 8
    assert opened(bytes(altered), chunks=writer.chunks, head=writer.head) is None


@given(bodies, st.data())
def test_every_other_order_is_found(sounds: list[bytes], data: st.DataObject) -> None:
    frames, writer = frames_of(sounds)
    order = data.draw(st.permutations(range(len(frames))))
    shuffled = b"".join(frames[number] for number in order)
    same = list(order) == list(range(len(frames)))
    assert (opened(shuffled, chunks=writer.chunks, head=writer.head) is not None) == same


@given(bodies, st.binary(min_size=1, max_size=50))
def test_everything_added_is_found(sounds: list[bytes], more: bytes) -> None:
    frames, writer = frames_of(sounds)
    assert opened(b"".join(frames) + more, chunks=writer.chunks, head=writer.head) is None
    again = writer.sound(Law.A, 0, more)  # even by one who has the key, once the log has the head
    assert opened(b"".join(frames) + again, chunks=writer.chunks - 1, head=frames_of(sounds)[1].head) is None


@given(bodies, st.data())
def test_a_chunk_does_not_open_at_another_place_whatever_the_log_says(sounds: list[bytes], data: st.DataObject) -> None:
    """A file whose log is lost still shows by itself that its chunks are not where they were."""
    frames, _writer = frames_of([*sounds, b"last"])
    gone = data.draw(st.integers(0, len(frames) - 2))
    with NamedTemporaryFile() as file:
        file.write(b"".join(frames[:gone] + frames[gone + 1 :]))
        file.flush()
        with SealedReader(Path(file.name), key=KEY, bound=BOUND) as reader, pytest.raises(SealBrokenError):
            list(reader.chunks())


@given(bodies, st.data())
def test_a_crash_loses_the_running_frame_only(sounds: list[bytes], data: st.DataObject) -> None:
    frames, _writer = frames_of(sounds)
    whole = sum(map(len, frames[:-1]))
    cut = data.draw(st.integers(0, len(frames[-1]) - 1))
    with NamedTemporaryFile() as file:
        file.write(b"".join(frames)[: whole + cut])
        file.flush()
        with SealedReader(Path(file.name), key=KEY, bound=BOUND) as reader:
            assert [chunk.sound for chunk in reader.chunks()] == sounds[:-1]
            assert reader.torn == (cut > 0)
            assert not reader.ended


@given(st.sampled_from([(KEY, "7|12346"), (bytes(32), BOUND)]))
def test_another_key_or_another_recording_opens_nothing(other: tuple[bytes, str]) -> None:
    key, bound = other
    frames, _writer = frames_of([b"sound"], key=key, bound=bound)
    with NamedTemporaryFile() as file:
        file.write(b"".join(frames))
        file.flush()
        with SealedReader(Path(file.name), key=KEY, bound=BOUND) as reader, pytest.raises(SealBrokenError):
            reader.chunk(1)


def test_a_chunk_is_at_most_a_second_and_marks_are_marks() -> None:
    writer = SealedWriter(KEY, BOUND)
    with pytest.raises(ValueError, match="one second"):
        writer.sound(Law.A, 0, bytes(8001))
    frame = writer.mark(Mark.BEGAN, 5)
    assert opened(frame, chunks=1, head=writer.head) == [b""]
