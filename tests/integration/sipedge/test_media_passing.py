"""What each side of a call hears, through a real media process: tones are said, and found by their spectrum."""

import asyncio
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from tests.phones import KEYS_TYPE, Heard, Phone, desk, hears, run, share, two

from trustdesk.sipedge.media import rtcp
from trustdesk.sipedge.media.contracts import Event, Far, Law, Place

pytestmark = pytest.mark.slow


def numbered_without_a_gap(packets: list[Heard]) -> bool:
    """One stream of one name whose numbers follow each other."""
    steps = {(after.sequence - before.sequence) & 0xFFFF for before, after in pairwise(packets)}
    return steps == {1} and len({one.ssrc for one in packets}) == 1


@pytest.mark.parametrize("laws", [(Law.A, Law.A), (Law.MU, Law.MU), (Law.A, Law.MU), (Law.MU, Law.A)])
def test_two_hear_each_other_in_the_law_of_each(tmp_path: Path, laws: tuple[Law, Law]) -> None:
    async def call() -> None:
        async with two(tmp_path, laws=laws) as made:
            await asyncio.sleep(1)
            for leg, hertz in (("a", 900), ("b", 400)):
                phone = made.phones[leg]
                assert share(phone.heard(400), hertz) > 0.98
                assert {one.kind for one in phone.packets} == {phone.law}
                assert numbered_without_a_gap(phone.packets)

    run(call())


def test_sound_that_passes_is_the_same_octet_for_octet(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            await asyncio.sleep(0.5)
            said = made.phones["a"]._sound * 2
            assert all(one.payload in said for one in made.phones["b"].packets)

    run(call())


def test_numbers_go_on_over_every_switch_with_a_marker_at_each(tmp_path: Path) -> None:
    """Notice, silence, notice, the other side, a third, the other side again: one stream to the one who hears it."""

    async def call() -> None:
        async with two(tmp_path) as made, Phone(1300, ssrc=77) as third:
            media, ear, heard = made.media, made.ear, made.phones["a"].packets
            clip = made.clip(2000, 200)
            await media.part("a")
            for _again in range(2):
                playing = await media.play("a", [clip])
                assert (await ear.wait(Event.PLAYED, "a")).playing == playing
                await asyncio.sleep(0.1)
                ear.all.clear()
            await media.join(["a", "b"])
            await asyncio.sleep(0.3)
            await made.open("c", third)
            await media.join(["a", "c"])
            await asyncio.sleep(0.3)
            assert hears(made.phones["a"].heard(200), 1300)
            assert not hears(made.phones["a"].heard(200), 900)
            await media.join(["a", "b"])
            await asyncio.sleep(0.3)
            assert numbered_without_a_gap(heard)
            times = np.array([(after.timestamp - before.timestamp) % (1 << 32) for before, after in pairwise(heard)])
            assert times.min() >= 160
            assert sum(one.marker for one in heard) >= 5
            jumps = {number + 1 for number in np.flatnonzero(times != 160)}
            assert all(heard[number].marker for number in jumps)

    run(call())


def test_a_notice_is_played_whole_at_the_pace_of_the_clock_and_told_when_it_was_heard(tmp_path: Path) -> None:
    async def call() -> None:
        loop = asyncio.get_running_loop()
        async with desk(tmp_path) as made, Phone(400) as phone:
            await made.open("a", phone)
            begun = loop.time()
            await made.media.play("a", [made.clip(1500, 300), made.clip(2500, 310)])
            await made.ear.wait(Event.PLAYED, "a")
            took = loop.time() - begun
            assert len(phone.packets) == 31  # 300 ms and 310 ms, each filled up to frames of 20
            assert took >= 0.62
            assert share(phone.heard()[: 8 * 300], 1500) > 0.95
            assert share(phone.heard()[8 * 300 : 8 * 600], 2500) > 0.95

    run(call())


def test_music_goes_on_until_it_is_stopped_and_then_nothing_is_told(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            await made.media.play("a", [made.clip(1500, 100)], loop=True)
            await asyncio.sleep(0.6)
            assert share(made.phones["a"].heard(400), 1500) > 0.9
            assert hears(made.phones["b"].heard(200), 400)  # who waits is heard all the same by who is joined
            await made.media.stop("a")
            await asyncio.sleep(0.3)
            assert hears(made.phones["a"].heard(150), 900)
            assert not made.ear.of(Event.PLAYED)

    run(call())


def test_muted_means_that_nobody_hears_it(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            await made.media.mute("a", on=True)
            await asyncio.sleep(0.4)
            assert not hears(made.phones["b"].heard(250), 400)
            assert hears(made.phones["a"].heard(250), 900)
            await made.media.mute("a", on=False)
            await asyncio.sleep(0.3)
            assert hears(made.phones["b"].heard(150), 400)
            assert numbered_without_a_gap(made.phones["b"].packets)

    run(call())


def test_three_hear_each_other_and_not_themselves_and_a_listener_is_not_heard(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made, Phone(1300, law=Law.MU) as third, Phone(2200) as ear:
            await made.open("c", third)
            await made.open("d", ear)
            await made.media.join(["a", "b", "c"], listeners=["d"])
            await asyncio.sleep(1)
            tones = {"a": 400, "b": 900, "c": 1300, "d": 2200}
            heard = {
                leg: {other for other, hertz in tones.items() if hears(phone.heard(500), hertz)}
                for leg, phone in made.phones.items()
            }
            assert heard == {"a": {"b", "c"}, "b": {"a", "c"}, "c": {"a", "b"}, "d": {"a", "b", "c"}}
            await made.media.part("c")
            await asyncio.sleep(0.5)
            assert not hears(made.phones["a"].heard(200), 1300)
            assert share(made.phones["a"].heard(200), 900) > 0.98  # two are left: they pass through again
            assert all(numbered_without_a_gap(made.phones[leg].packets) for leg in "ab")

    run(call())


def test_a_listener_to_two_hears_both_while_they_pass_through(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made, Phone(2200) as ear:
            await made.open("d", ear)
            await made.media.join(["a", "b"], listeners=["d"])
            await asyncio.sleep(0.8)
            assert hears(ear.heard(400), 400)
            assert hears(ear.heard(400), 900)
            assert share(made.phones["a"].heard(400), 900) > 0.98

    run(call())


def test_keys_are_told_once_and_reach_nobody(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            for key in "19*#":
                made.phones["a"].press(key)
                await asyncio.sleep(0.15)
            await asyncio.sleep(0.2)
            assert [event.digit for event in made.ear.of(Event.DIGIT, "a")] == list("19*#")
            assert KEYS_TYPE not in {one.kind for one in made.phones["b"].packets}
            assert numbered_without_a_gap(made.phones["b"].packets)

    run(call())


def test_keys_are_pressed_for_the_far_side_as_events_of_100_ms(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            await made.media.send_digits("b", "42")
            await asyncio.sleep(1)
            packets = made.phones["b"].packets
            events = [one for one in packets if one.kind == KEYS_TYPE]
            assert [one.payload[0] for one in events] == [4] * 8 + [2] * 8
            assert len({one.timestamp for one in events}) == 2
            assert [bool(one.payload[1] & 0x80) for one in events[:8]] == [False] * 5 + [True] * 3
            assert int.from_bytes(events[7].payload[2:]) == 800
            assert [one.marker for one in events] == ([True] + [False] * 7) * 2
            assert numbered_without_a_gap(packets)
            assert hears(made.phones["b"].heard(150), 400)
            with pytest.raises(ValueError, match="keys"):
                await made.media.send_digits("a", "x")

    run(call())


def test_the_real_source_is_learned_and_strangers_are_not_heard_after_that(tmp_path: Path) -> None:
    """The far side said another port than it sends from, as phones behind a router do."""

    async def call() -> None:
        async with two(tmp_path) as made, Phone(2500, ssrc=99) as behind, Phone(3100, ssrc=66) as stranger:
            place = await made.media.open_leg("c", call=1, law=Law.A)
            said = Far(place=Place("127.0.0.9", 4_000), law=Law.A)
            await made.media.set_far("c", said)
            behind.talk_to(place)
            await made.ear.wait(Event.LEARNED, "c")
            await made.media.join(["a", "c"])
            stranger.talk_to(place)
            await asyncio.sleep(0.5)
            assert hears(behind.heard(200), 400)  # it is spoken to where it is, not where it said
            assert share(made.phones["a"].heard(200), 2500) > 0.98
            assert not stranger.packets

    run(call())


def test_a_stranger_who_comes_first_gives_way_to_the_one_who_was_named(tmp_path: Path) -> None:
    async def call() -> None:
        async with desk(tmp_path) as made, Phone(400) as phone, Phone(3100) as stranger:
            place = await made.media.open_leg("a", call=1, law=Law.A)
            await made.media.set_far("a", phone.far())
            stranger._to = (place.host, place.port)
            stranger.say_frame()
            stranger.say_frame()
            phone.talk_to(place)
            await made.ear.wait(Event.LEARNED, "a")
            await made.media.play("a", [made.clip(1500, 200)])
            await made.ear.wait(Event.PLAYED, "a")
            assert phone.packets
            assert not stranger.packets

    run(call())


def test_after_a_new_agreement_the_source_is_learned_anew(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made, Phone(1700, ssrc=5) as moved:
            made.phones["b"].be_quiet()
            made.ear.all.clear()
            await made.media.set_far("b", moved.far())
            moved.talk_to(Place("127.0.0.1", made.phones["b"]._to[1]))
            await made.ear.wait(Event.LEARNED, "b")
            await asyncio.sleep(0.4)
            assert hears(made.phones["a"].heard(200), 1700)
            assert hears(moved.heard(200), 400)
            assert numbered_without_a_gap(made.phones["a"].packets)

    run(call())


def test_who_falls_silent_is_told_of_and_who_comes_back_too(tmp_path: Path) -> None:
    async def call() -> None:
        loop = asyncio.get_running_loop()
        async with two(tmp_path) as made:
            made.phones["b"].be_quiet()
            since = loop.time()
            told = await made.ear.wait(Event.SILENT, "b")
            assert 2.4 < loop.time() - since < 3.1
            assert 2500 <= told.milliseconds < 3000
            made.phones["b"].talk_to(Place("127.0.0.1", made.phones["b"]._to[1]))
            await made.ear.wait(Event.BACK, "b")
            assert not made.ear.of(Event.SILENT, "a")

    run(call())


def test_who_is_held_by_the_other_side_may_be_silent(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            made.phones["b"].be_quiet()
            await made.media.set_far("b", made.phones["b"].far(sends=False))
            await asyncio.sleep(3)
            assert not made.ear.of(Event.SILENT)

    run(call())


def test_a_browser_speaks_by_a_socket_of_the_file_system(tmp_path: Path) -> None:
    async def call() -> None:
        async with desk(tmp_path) as made, Phone(400) as phone, Phone(900, path=tmp_path / "browser") as browser:
            await made.open("a", phone)
            place = await made.media.open_leg("b", call=1, law=Law.A, local=True)
            assert place.host == ""
            assert Path(place.path).parent == tmp_path
            await made.media.set_far("b", Far(place=Place(""), law=Law.A))  # where it is, its first packet says
            browser.talk_to(place)
            await made.ear.wait(Event.LEARNED, "b")
            await made.media.join(["a", "b"])
            await asyncio.sleep(0.5)
            assert hears(phone.heard(200), 900)
            assert hears(browser.heard(200), 400)
            await made.media.close_leg("b")
            assert place.path not in map(str, made.sockets())

    run(call())


def test_losses_and_lateness_are_counted_and_passed_on_as_they_are(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            phone = made.phones["a"]
            phone.be_quiet()
            await asyncio.sleep(0.1)
            before = len(made.phones["b"].packets)
            for number in range(20):
                if number in {5, 6}:
                    phone.sequence, phone.timestamp = phone.sequence + 1, phone.timestamp + 160  # two are lost
                    continue
                phone.say_frame()
            phone.sequence -= 3  # one comes again, late
            phone.timestamp -= 480
            phone.say_frame()
            await asyncio.sleep(0.2)
            numbers = [one.sequence for one in made.phones["b"].packets[before:]]
            assert sorted({(after - before) & 0xFFFF for before, after in pairwise(numbers[:18])}) == [
                1,
                3,
            ]
            assert (numbers[17] - numbers[18]) & 0xFFFF == 2
            found = await made.media.close_leg("a")
            assert found.lost == 1  # a repeated one counts as one that came (RFC 3550, 6.4.1)
            assert found.sent > 0
            assert found.received > 18

    run(call())


def test_rtcp_reports_what_was_sent_and_heard(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            phone = made.phones["a"]
            await asyncio.wait_for(phone.reported.wait(), 9)
            kinds = {kind: body for kind, _count, body in rtcp.packets(phone.control[0])}
            assert set(kinds) == {rtcp.SENDER, rtcp.DESCRIPTION}
            who = {one.ssrc for one in phone.packets}
            assert {int.from_bytes(kinds[rtcp.SENDER][:4])} == who
            assert int.from_bytes(kinds[rtcp.SENDER][24:28]) == phone.ssrc
            assert abs(int.from_bytes(kinds[rtcp.SENDER][16:20]) - len(phone.packets)) < 30

    run(call())


def test_what_is_not_rtp_harms_nobody(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            phone = made.phones["a"]
            for junk in (
                b"",
                b"\x80",
                b"\x80\xc8\x00\x06" + bytes(24),
                b"\xbf" * 12,
                bytes(1400),
                b"\xb0\x08" + bytes(10),
            ):
                phone.socket.sendto(junk, phone._to)
            await asyncio.sleep(0.4)
            assert hears(made.phones["b"].heard(200), 400)

    run(call())


def test_legs_that_are_not_there_and_places_that_are_none(tmp_path: Path) -> None:
    async def call() -> None:
        async with two(tmp_path) as made:
            for wrong in (
                made.media.part("x"),
                made.media.join(["a", "x"]),
                made.media.pause("a"),
                made.media.close_leg("x"),
            ):
                with pytest.raises(LookupError):
                    await wrong
            for place in (
                Place("example.com", 4000),
                Place("127.0.0.1", 99_999_999),
                Place("::1", 4000),
                Place("127.0.0.1"),
            ):
                with pytest.raises(ValueError, match=r".+"):
                    await made.media.set_far("a", Far(place=place, law=Law.A))
            with pytest.raises(OSError, match="No such file"):
                await made.media.play("a", [tmp_path / "missing"])
            await asyncio.sleep(0.3)
            assert hears(made.phones["b"].heard(200), 400)  # nothing of that has changed anything

    run(call())
