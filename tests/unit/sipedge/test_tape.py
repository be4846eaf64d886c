"""Where sound is laid on a recording: by its timestamps, and by the clock where they can't be right."""

from collections.abc import Sequence

import pytest

from trustdesk.sipedge.audio.sealed import Mark
from trustdesk.sipedge.media.contracts import Law
from trustdesk.sipedge.media.tape import Tape

FRAME = b"\x2a" * 160
QUIET = b"\xd5"
START = 500


class Paper:
    """Stands for the scribe, whose threads and files are tested elsewhere."""

    def __init__(self) -> None:
        self.written: list[tuple[int, bytes, Law | Mark]] = []

    def begin(self, *_unused: object) -> None:
        self.written.append((START, b"", Mark.BEGAN))

    def sound(self, _reel: object, law: Law, at_ms: int, parts: Sequence[bytes]) -> None:
        self.written.append((at_ms, b"".join(parts), law))

    def mark(self, _reel: object, mark: Mark, at_ms: int) -> None:
        self.written.append((at_ms, b"", mark))

    def laid(self) -> bytes:
        """All sound in its place, from START on; what nobody wrote is a zero."""
        sounds = [(at - START, sound) for at, sound, _law in self.written if sound]
        whole = bytearray(max((at * 8 + len(sound) for at, sound in sounds), default=0))
        for at, sound in sounds:
            assert not any(whole[at * 8 : at * 8 + len(sound)]), "nothing is written over"
            whole[at * 8 : at * 8 + len(sound)] = sound
        return bytes(whole)


@pytest.fixture
def paper() -> Paper:
    return Paper()


@pytest.fixture
def tape(paper: Paper) -> Tape:
    return Tape(paper, "a", None, Law.A, START)  # type: ignore[arg-type]


def say(tape: Tape, frames: range, *, late_ms: int = 0, zero: int = 0xFFFFFF00) -> None:
    """Frame n is of 20 n milliseconds after the beginning, and comes when it is over."""
    for number in frames:
        tape.add((zero + number * 160) & 0xFFFFFFFF, FRAME, Law.A, START + (number + 1) * 20 + late_ms)


def ended(tape: Tape, paper: Paper, at_ms: int) -> bytes:
    tape.mark(Mark.ENDED, START + at_ms)
    assert paper.written[-1] == (START + at_ms, b"", Mark.ENDED)
    return paper.laid()


def test_what_follows_is_laid_after_each_other_in_chunks_of_a_second(tape: Tape, paper: Paper) -> None:
    say(tape, range(125))
    assert ended(tape, paper, 2500) == FRAME * 125
    assert [at for at, sound, _law in paper.written if sound] == [500, 1500, 2500]


def test_what_was_lost_is_silence_of_its_length(tape: Tape, paper: Paper) -> None:
    say(tape, range(10))
    say(tape, range(13, 20))
    assert ended(tape, paper, 400) == FRAME * 10 + QUIET * 480 + FRAME * 7


def test_what_comes_late_is_laid_in_its_place(tape: Tape, paper: Paper) -> None:
    say(tape, range(5))
    say(tape, range(6, 8))
    say(tape, range(5, 6), late_ms=60)
    say(tape, range(8, 10))
    assert ended(tape, paper, 200) == FRAME * 10


def test_what_comes_after_its_second_is_sealed_is_left_out(tape: Tape, paper: Paper) -> None:
    say(tape, range(49))
    say(tape, range(50, 60))
    say(tape, range(40, 41), late_ms=400)
    assert ended(tape, paper, 1200) == FRAME * 49 + QUIET * 160 + FRAME * 10


def test_the_first_packet_has_its_place_by_the_clock(tape: Tape, paper: Paper) -> None:
    say(tape, range(15, 20))
    assert ended(tape, paper, 400) == QUIET * 2400 + FRAME * 5


def test_a_stream_that_begins_anew_goes_on_at_the_clock(tape: Tape, paper: Paper) -> None:
    say(tape, range(10))
    tape.lift()
    say(tape, range(12, 15), zero=77)
    assert ended(tape, paper, 300) == FRAME * 10 + QUIET * 320 + FRAME * 3


def test_a_sender_whose_timestamps_jump_is_laid_by_the_clock(tape: Tape, paper: Paper) -> None:
    say(tape, range(10))
    say(tape, range(10, 15), zero=0x12345678)
    assert ended(tape, paper, 300) == FRAME * 15


def test_a_flood_fills_no_more_than_the_time_it_took(tape: Tape, paper: Paper) -> None:
    for number in range(5000):  # a hundred seconds of sound within one
        tape.add(number * 160, FRAME, Law.A, START + number // 5)
    tape.mark(Mark.ENDED, START + 1000)
    assert len(paper.laid()) <= 1550 * 8  # half a second ahead of the clock is still taken for unevenness


def test_where_nothing_comes_any_more_silence_does(tape: Tape, paper: Paper) -> None:
    say(tape, range(10))
    for at in range(250, 5001, 250):
        tape.look(START + at)
    assert sum(len(sound) for _at, sound, _law in paper.written) >= 3500 * 8  # is on the disk meanwhile
    assert ended(tape, paper, 5000) == FRAME * 10 + QUIET * (4800 * 8)


def test_a_pause_holds_nothing_whatever_comes_and_the_marks_say_how_long(tape: Tape, paper: Paper) -> None:
    say(tape, range(10))
    tape.mark(Mark.PAUSED, START + 210)
    say(tape, range(10, 100))
    tape.look(START + 1900)
    tape.mark(Mark.UNPAUSED, START + 2000)
    say(tape, range(100, 105))
    whole = ended(tape, paper, 2100)
    assert whole == FRAME * 10 + QUIET * 80 + bytes(1790 * 8) + FRAME * 5
    assert [(at - START, what) for at, _sound, what in paper.written if isinstance(what, Mark)] == [
        (0, Mark.BEGAN),
        (210, Mark.PAUSED),
        (2000, Mark.UNPAUSED),
        (2100, Mark.ENDED),
    ]


def test_another_law_is_another_chunk(tape: Tape, paper: Paper) -> None:
    say(tape, range(5))
    tape.add((0xFFFFFF00 + 5 * 160) & 0xFFFFFFFF, b"\x00" * 160, Law.MU, START + 120)
    tape.mark(Mark.ENDED, START + 120)
    assert [(at - START, len(sound), law) for at, sound, law in paper.written if sound] == [
        (0, 800, Law.A),
        (100, 160, Law.MU),
    ]


def test_packets_of_odd_lengths_lose_nothing(tape: Tape, paper: Paper) -> None:
    at = 0
    for length in (80, 240, 163, 157, 480, 8, 0, 160):
        tape.add(at, b"\x2a" * length, Law.A, START + (at + length) // 8)
        at += length
    whole = ended(tape, paper, 170)
    assert whole.count(b"\x2a") == at
