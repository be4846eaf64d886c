"""What is stored of a call, proved on the decrypted sound, and what is never stored."""

import asyncio
import os
import resource
import signal
import stat
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
from tests.phones import Desk, Phone, desk, hears, read, run, share, two

from trustdesk.sipedge.audio.sealed import Mark
from trustdesk.sipedge.media.contracts import Event, Law

pytestmark = pytest.mark.slow


def process_of(made: Desk) -> int:
    child = made.media._processes[0]._child
    assert child
    return child.pid


def limit_files(pid: int, octets: int) -> None:
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (octets, octets))


@asynccontextmanager
async def phones(tones: Sequence[int]) -> AsyncIterator[list[Phone]]:
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(Phone(hertz)) for hertz in tones]


async def ended(made: Desk, leg: str, path: Path) -> None:
    """The recording is over, and what was told of it is what the file is."""
    told = await made.ear.wait(Event.RECORDED, leg)
    assert told.reason == ""
    with read(path) as reader:
        assert reader.agrees(chunks=told.chunks, head=told.head)
        assert reader.ended
        assert reader.milliseconds == told.milliseconds


def test_what_a_leg_says_is_stored_and_not_what_it_hears(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path, laws=(Law.A, Law.MU)) as made:
            one, other = await made.record("a", 1), await made.record("b", 2)
            await asyncio.sleep(2.3)
            await made.media.end_recording("a")
            await made.media.close_leg("b")  # ends it too
            await ended(made, "a", one)
            await ended(made, "b", other)
            for path, hertz, law in ((one, 400, Law.A), (other, 900, Law.MU)):
                with read(path) as reader:
                    assert share(reader.samples(reader.start_ms + 40, reader.end_ms - 40), hertz) > 0.99
                    assert {chunk.law for chunk in reader.chunks() if chunk.law is not None} == {law}
                    assert [len(chunk.sound) for chunk in reader.chunks() if not chunk.mark][:2] == [8000, 8000]
                assert stat.S_IMODE(path.stat().st_mode) == 0o600
            clear = b"".join(phone._sound[:800] for phone in made.phones.values())
            assert clear[:64] not in one.read_bytes()

    run(call())


def test_nothing_is_stored_before_record_nor_of_a_pause_and_its_length_is_known(tmp_path: Path) -> None:
    async def call() -> None:
        loop = asyncio.get_running_loop()
        async with two(tmp_path) as made:
            phone = made.phones["a"]
            before = phone._sound
            phone._sound = made.clip(3000, 1000).read_bytes()  # said before `record`: never to be found
            await asyncio.sleep(0.4)
            phone._sound = before
            await asyncio.sleep(0.1)
            path = await made.record("a")
            await asyncio.sleep(1.2)
            await made.media.pause("a")
            paused = loop.time()
            phone._sound = made.clip(3000, 1000).read_bytes()
            await asyncio.sleep(1.5)
            assert share(made.phones["b"].heard(300), 3000) > 0.98  # who is on the line hears it all the same
            phone._sound = before
            await asyncio.sleep(0.1)
            gap = loop.time() - paused
            await made.media.unpause("a")
            await asyncio.sleep(1.2)
            await made.media.end_recording("a")
            await ended(made, "a", path)
            with read(path) as reader:
                whole = reader.samples(reader.start_ms, reader.end_ms)
                assert not hears(whole, 3000)
                assert hears(whole, 400)
                [found] = reader.gaps
                assert found.why is Mark.PAUSED
                assert found.milliseconds == pytest.approx(gap * 1000, abs=60)
                assert found.end_ms
                assert not reader.samples(found.start_ms, found.end_ms).any()

    run(call())


def test_muted_is_silence_in_the_file_with_a_mark(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            path = await made.record("a")
            await asyncio.sleep(0.5)
            await made.media.mute("a", on=True)
            await asyncio.sleep(0.8)
            await made.media.mute("a", on=False)
            await asyncio.sleep(0.5)
            await made.media.end_recording("a")
            await ended(made, "a", path)
            with read(path) as reader:
                [found] = reader.gaps
                assert found.why is Mark.MUTED
                assert found.end_ms
                assert not hears(reader.samples(found.start_ms, found.end_ms), 400)
                assert hears(reader.samples(reader.start_ms, found.start_ms), 400)
                assert hears(reader.samples(found.end_ms + 40, reader.end_ms), 400)

    run(call())


def test_keys_are_not_stored_and_the_length_is_that_of_the_clock(tmp_path: Path) -> None:
    async def call() -> None:
        loop = asyncio.get_running_loop()
        async with two(tmp_path) as made:
            path = await made.record("a")
            begun = loop.time()
            await asyncio.sleep(0.5)
            for key in "4711":
                made.phones["a"].press(key)
                await asyncio.sleep(0.3)
            await asyncio.sleep(0.3)
            await made.media.end_recording("a")
            took = loop.time() - begun
            await ended(made, "a", path)
            assert [event.digit for event in made.ear.of(Event.DIGIT, "a")] == list("4711")
            with read(path) as reader:
                assert reader.milliseconds == pytest.approx(took * 1000, abs=80)
                sound = b"".join(chunk.sound for chunk in reader.chunks())
                assert len(sound) == pytest.approx(reader.milliseconds * 8, abs=80 * 8)
                assert b"\x04\x0a\x00\xa0" not in sound  # the event of the key 4

    run(call())


def test_who_says_nothing_is_silence_of_the_right_length(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            path = await made.record("a")
            await asyncio.sleep(1)
            made.phones["a"].be_quiet()
            await asyncio.sleep(2.2)
            with read(path) as reader:  # while it goes on: all but the running second is there
                assert reader.end_ms - reader.start_ms > 1800
            await made.media.end_recording("a")
            await ended(made, "a", path)
            with read(path) as reader:
                assert 3150 < reader.milliseconds < 3500
                assert hears(reader.samples(reader.start_ms, reader.start_ms + 900), 400)
                assert not hears(reader.samples(reader.start_ms + 1200, reader.end_ms), 400)

    run(call())


def test_legs_of_a_call_are_on_one_clock(tmp_path: Path) -> None:
    """The same click, said on both legs at once, is at the same place of both recordings."""

    async def call() -> None:
        async with two(tmp_path) as made:
            one = await made.record("a", 1)
            await asyncio.sleep(0.7)
            other = await made.record("b", 2)
            await asyncio.sleep(0.5)
            for phone in made.phones.values():
                phone._sound = b"\x2a" * 160 + b"\xd5" * 7840
                phone._at = 0
            await asyncio.sleep(0.9)
            places = []
            for leg, path in (("a", one), ("b", other)):
                await made.media.end_recording(leg)
                await ended(made, leg, path)
                with read(path) as reader:
                    loud = abs(reader.samples(0, reader.end_ms).astype(int)) > 30_000
                    places.append(int(loud.argmax()) // 8)
            assert abs(places[0] - places[1]) < 60

    run(call())


def test_a_media_process_killed_mid_call_leaves_all_but_the_last_second_and_another_takes_its_place(
    tmp_path: Path,
) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            path = await made.record("a")
            await asyncio.sleep(3.3)
            os.kill(process_of(made), signal.SIGKILL)
            for leg in "ab":
                await made.ear.wait(Event.DIED, leg)
            with read(path) as reader:
                assert not reader.ended
                assert reader.milliseconds >= 2200
                assert share(reader.samples(reader.start_ms + 40, reader.end_ms), 400) > 0.99
            with pytest.raises((LookupError, ConnectionError)):
                await made.media.part("a")
            await asyncio.sleep(1.5)
            async with Phone(700) as again:
                await made.open("a", again, call=2)
                await made.media.play("a", [made.clip(1500, 100)])
                await made.ear.wait(Event.PLAYED, "a")

    run(call())


@pytest.mark.parametrize("how", ["asked to end", "left by its parent"])
def test_a_process_that_ends_closes_its_recordings_first(tmp_path: Path, how: str) -> None:
    async def call() -> Path:
        async with two(tmp_path) as made:
            path = await made.record("a")
            await asyncio.sleep(1.5)
            process = made.media._processes[0]
            if how == "asked to end":
                os.kill(process_of(made), signal.SIGTERM)
            else:
                assert process._writer
                process._writer.close()
            await made.ear.wait(Event.DIED, "a")
            return path

    path = run(call())
    with read(path) as reader:
        assert reader.ended
        assert not reader.torn
        assert reader.milliseconds > 1300


def test_a_disk_that_is_full_ends_the_recording_and_not_the_call(tmp_path: Path) -> None:
    """The limit of a file's size stands for the disk: the system refuses the write either way."""

    async def call() -> None:
        async with two(tmp_path) as made:
            limit_files(process_of(made), 20_000)
            path = await made.record("a")
            told = await made.ear.wait(Event.RECORDED, "a")
            assert told.reason
            assert told.recording == 1
            with read(path) as reader:
                assert reader.agrees(chunks=told.chunks, head=told.head)
                assert reader.milliseconds == 2000
            await asyncio.sleep(0.3)
            assert hears(made.phones["b"].heard(200), 400)
            with pytest.raises(LookupError):
                await made.media.end_recording("a")
            assert len(made.ear.of(Event.RECORDED)) == 1

    run(call())


@pytest.mark.parametrize("why", ["no folder", "not empty", "a link"])
def test_a_file_that_can_not_be_is_told_of_and_nothing_is_overwritten(tmp_path: Path, why: str) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            path = tmp_path / "1.sealed"
            kept = tmp_path / "kept"
            kept.write_bytes(b"kept")
            if why == "no folder":
                made.folder = tmp_path / "missing"
            elif why == "not empty":
                path.write_bytes(b"kept")
            else:
                path.symlink_to(kept)
            await made.record("a")
            told = await made.ear.wait(Event.RECORDED, "a")
            assert told.reason
            assert (told.chunks, told.milliseconds) == (0, 0)
            assert kept.read_bytes() == b"kept"
            if why == "not empty":
                assert path.read_bytes() == b"kept"
            await asyncio.sleep(0.2)
            assert hears(made.phones["b"].heard(150), 400)

    run(call())


def test_the_calls_of_several_processes(tmp_path: Path) -> None:
    """Calls are spread, a call's legs are together, legs of two calls can't be joined, one dies and the other stays."""

    async def call() -> None:
        async with desk(tmp_path, processes=2) as made, phones([400, 900, 1300, 2200]) as every:
            for number, phone in enumerate(every):
                await made.open(f"{number}", phone, call=number // 2)
            pool = made.media
            assert pool._process("0") is pool._process("1")
            assert pool._process("2") is pool._process("3")
            assert pool._process("0") is not pool._process("2")
            with pytest.raises(LookupError):
                await pool.join(["0", "2"])
            await pool.join(["2", "3"])
            child = pool._process("0")._child
            assert child
            child.kill()
            await made.ear.wait(Event.DIED, "1")
            await asyncio.sleep(0.4)
            assert hears(every[2].heard(200), 2200)
            assert not made.ear.of(Event.DIED, "2")

    run(call())
