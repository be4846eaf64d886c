"""Reading a recording by time: seconds, gaps, outline, WAV."""

import io
import wave
from pathlib import Path

import numpy as np
import pytest

from trustdesk.sipedge.api import Gap, Law, Mark, SealedReader, SealedWriter, StereoWav, linear, tone

KEY, BOUND = bytes(32), "1|2"


def written(path: Path, *, start: int = 0, hertz: int = 400) -> Path:
    """Two seconds, a pause of 3.5 s, half a second in µ-law, muted for 200 ms, ended."""
    writer = SealedWriter(KEY, BOUND)
    sound = tone(hertz, 2000)
    path.write_bytes(
        writer.mark(Mark.BEGAN, start)
        + writer.sound(Law.A, start, sound[:8000])
        + writer.sound(Law.A, start + 1000, sound[8000:])
        + writer.mark(Mark.PAUSED, start + 2000)
        + writer.mark(Mark.UNPAUSED, start + 5500)
        + writer.sound(Law.MU, start + 5500, tone(hertz, 500, law=Law.MU))
        + writer.mark(Mark.MUTED, start + 6000)
        + writer.sound(Law.MU, start + 6000, b"\xff" * 1600)
        + writer.mark(Mark.UNMUTED, start + 6200)
        + writer.mark(Mark.ENDED, start + 6200)
    )
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "one.sealed", start=700)


def test_lengths_and_gaps_are_exact(file: Path) -> None:
    with SealedReader(file, key=KEY, bound=BOUND) as reader:
        assert (reader.start_ms, reader.end_ms, reader.milliseconds) == (700, 6900, 6200)
        assert reader.gaps == [Gap(Mark.PAUSED, 2700, 6200), Gap(Mark.MUTED, 6700, 6900)]
        assert [gap.milliseconds for gap in reader.gaps] == [3500, 200]
        assert reader.ended


def test_a_gap_that_a_crash_left_open_has_no_end(tmp_path: Path) -> None:
    writer = SealedWriter(KEY, BOUND)
    path = tmp_path / "torn.sealed"
    path.write_bytes(writer.mark(Mark.BEGAN, 0) + writer.mark(Mark.PAUSED, 900) + writer.mark(Mark.ENDED, 999)[:-1])
    with SealedReader(path, key=KEY, bound=BOUND) as reader:
        assert reader.torn
        assert reader.gaps == [Gap(Mark.PAUSED, 900, None)]


def test_any_part_is_the_same_part_of_the_whole(file: Path) -> None:
    with SealedReader(file, key=KEY, bound=BOUND) as reader:
        whole = reader.samples(0, 8000)
        assert len(whole) == 64_000
        assert not whole[: 700 * 8].any()
        assert not whole[2700 * 8 : 6200 * 8].any()
        assert (whole[700 * 8 : 2700 * 8] == linear(tone(400, 2000), Law.A)).all()
        for start, end in ((0, 1), (650, 1750), (1699, 1701), (2600, 6300), (6650, 7100), (7000, 8000), (5, 5)):
            assert (reader.samples(start, end) == whole[start * 8 : end * 8]).all()


def test_the_outline_is_loud_where_it_was_loud(file: Path) -> None:
    with SealedReader(file, key=KEY, bound=BOUND) as reader:
        peaks = reader.peaks(62)
    assert min(peaks[:20]) > 0.1
    assert max(peaks[20:55]) == 0
    assert min(peaks[55:60]) > 0.1
    assert max(peaks[60:]) == 0


def test_a_file_with_nothing_in_it_is_empty_and_not_broken(tmp_path: Path) -> None:
    path = tmp_path / "empty.sealed"
    path.touch()
    with SealedReader(path, key=KEY, bound=BOUND) as reader:
        assert (reader.milliseconds, reader.chunks_count, reader.ended, reader.gaps) == (0, 0, False, [])
        assert reader.peaks(3) == [0, 0, 0]
        assert not reader.samples(0, 10).any()


def test_wav_has_both_sides_in_step_and_can_be_read_from_anywhere(tmp_path: Path) -> None:
    left = written(tmp_path / "l", start=700)
    right = written(tmp_path / "r", start=1000, hertz=900)
    with SealedReader(left, key=KEY, bound=BOUND) as one, SealedReader(right, key=KEY, bound=BOUND) as other:
        sound = StereoWav([one], [other])
        whole = b"".join(sound.pieces())
        assert len(whole) == sound.size
        for start, stop in ((0, 10), (40, 60), (44, 45), (30_001, 90_007), (sound.size - 3, sound.size + 9)):
            assert sound.read(start, stop) == whole[start:stop]
        assert b"".join(sound.pieces(101, 5001)) == whole[101:5001]
    with wave.open(io.BytesIO(whole)) as read:
        assert (read.getnchannels(), read.getsampwidth(), read.getframerate()) == (2, 2, 8000)
        assert read.getnframes() == 8 * (7200 - 700)
        frames = np.frombuffer(read.readframes(read.getnframes()), dtype="<i2").reshape(-1, 2)
    assert (frames[:16000, 0] == linear(tone(400, 2000), Law.A)).all()
    assert (frames[300 * 8 : 300 * 8 + 16000, 1] == linear(tone(900, 2000), Law.A)).all()


def test_several_voices_on_a_side_are_added_and_clipped(file: Path) -> None:
    with SealedReader(file, key=KEY, bound=BOUND) as reader:
        once = StereoWav([reader], []).read(44, 44 + 6400)
        twice = StereoWav([reader, reader], []).read(44, 44 + 6400)
    one, two = (np.frombuffer(part, dtype="<i2").astype(int) for part in (once, twice))
    assert (two == np.clip(one * 2, -32768, 32767)).all()
    assert np.abs(one).max() > 5000
