"""Whole calls with real telephones, proved on decrypted audio and on what each of them hears."""

import time
from pathlib import Path

import pytest
from tests.baresip import softphone, strength
from tests.integration.sipedge.edge_process import MUSIC_HERTZ, NOTICE_HERTZ, NUMBER, edge_process
from tests.integration.sipedge.whole_calls import (
    CALLER,
    FIRST,
    PHONES,
    SECOND,
    SURE,
    agent,
    caller,
    check_only,
    desk,
    dial,
    done,
    seconds,
    talking,
)

from trustdesk.sipedge.words.asks import Found, LookUp, PlanFor
from trustdesk.sipedge.words.commands import Connect, Consult, Deed, Dial, Trunk, Written
from trustdesk.sipedge.words.plan import AskConsent, Mode, Plan, Terms
from trustdesk.sipedge.words.told import Happened

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("transport", "codec"), [("udp", "PCMA"), ("tcp", "PCMU")])
def test_both_hear_each_other_and_each_is_stored_apart(tmp_path: Path, transport: str, codec: str) -> None:
    with edge_process(tmp_path, phones=PHONES) as edge, caller(tmp_path, "PCMA") as far:
        with desk(edge, tmp_path, transport=transport, codec=codec) as near:
            talking(edge, far)
            time.sleep(3)
            far.hang_up()
            edge.board.wait_for(Happened.ENDED)
            near.wait_for("CALL_CLOSED")
        assert strength(far.heard()[-8000:], FIRST) > SURE
        assert strength(near.heard()[-8000:], CALLER) > SURE
        assert strength(far.heard()[:8000], NOTICE_HERTZ) > SURE
        check_only(edge, 1, CALLER)
        check_only(edge, 2, FIRST)


def test_a_pause_stores_nothing_and_its_length_can_be_read(tmp_path: Path) -> None:
    with edge_process(tmp_path, phones=PHONES) as edge, caller(tmp_path) as far, desk(edge, tmp_path):
        talking(edge, far)
        time.sleep(1.5)
        done(edge, Deed(call=1, verb="pause"))
        time.sleep(2)
        done(edge, Deed(call=1, verb="unpause"))
        time.sleep(1.5)
        done(edge, Deed(call=1, verb="hang-up"))
        edge.board.wait_for(Happened.ENDED)
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            check_only(edge, recording, hertz)
            with edge.opened(recording) as sound:
                (gap,) = sound.gaps
                assert gap.milliseconds is not None
                assert gap.end_ms is not None
                assert 1900 < gap.milliseconds < 3000
                assert not sound.samples(gap.start_ms + 20, gap.end_ms - 20).any()


def test_on_hold_there_is_music_and_nothing_is_stored(tmp_path: Path) -> None:
    with edge_process(tmp_path, phones=PHONES) as edge, caller(tmp_path) as far, desk(edge, tmp_path):
        talking(edge, far)
        done(edge, Deed(call=1, verb="hold"))
        time.sleep(2)
        assert strength(far.heard()[-4000:], MUSIC_HERTZ) > SURE
        done(edge, Deed(call=1, verb="resume"))
        time.sleep(1.5)
        far.hang_up()
        edge.board.wait_for(Happened.ENDED)
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            check_only(edge, recording, hertz)
            with edge.opened(recording) as sound:
                assert [gap.milliseconds is not None and gap.milliseconds > 1900 for gap in sound.gaps] == [True]


@pytest.mark.parametrize("key", ["1", "2", ""])
def test_only_the_key_of_agreement_lets_anything_reach_the_disk(tmp_path: Path, key: str) -> None:
    def plan(_ask: PlanFor, call: int) -> Plan:
        consent = AskConsent(clips=(edge.clips["notice"],), wait_seconds=2, times=1)
        steps = edge.steps(edge.notice, consent)
        return Plan(call=call, controller=1, language="de", steps=steps, terms=Terms(mode=Mode.ALL_PARTY))

    with edge_process(tmp_path, plan, phones=PHONES) as edge, caller(tmp_path) as far, desk(edge, tmp_path):
        dial(edge, far)
        edge.board.wait_for(Happened.NOTICE_HEARD)
        far.press(key)
        assert edge.board.wait_for(Happened.CONSENT).digits == key
        edge.board.wait_for(Happened.QUEUED)
        done(edge, Connect(call=1, agent=agent(edge)))
        edge.board.wait_for(Happened.JOINED, times=2)
        time.sleep(2)
        far.hang_up()
        edge.board.wait_for(Happened.ENDED)
        assert len(edge.files()) == (2 if key == "1" else 0)
        assert bool(edge.board.keys) == (key == "1")


def test_a_reference_that_begins_with_the_key_of_the_callback_is_a_reference(tmp_path: Path) -> None:
    """Typed on a real telephone; and the key alone is the callback."""
    with edge_process(tmp_path) as edge, caller(tmp_path) as far:
        wait = edge.steps()[-1].model_copy(update={"callback_key": "5"})

        def plan(_ask: PlanFor, call: int) -> Plan:
            return Plan(call=call, controller=1, language="en", steps=(wait,), terms=Terms(mode=Mode.OFF))

        edge.board.plan = plan
        edge.board.found = Found(queue="case-queue", clips=(edge.clips["notice"],))
        dial(edge, far)
        edge.board.wait_for(Happened.QUEUED, queue="service")
        far.press("512345678903")
        edge.board.wait_for(Happened.QUEUED, queue="case-queue")
        assert [ask.digits for ask in edge.board.asks if isinstance(ask, LookUp)] == ["512345678903"]
        assert "callback-asked" not in edge.board.happened()
        far.press("5")
        edge.board.wait_for(Happened.CALLBACK_ASKED)


def test_what_was_told_is_told_again_until_it_is_written(tmp_path: Path) -> None:
    """A switchboard that is killed hears the whole story from its next beginning; what is written is forgotten."""
    with edge_process(tmp_path) as edge, caller(tmp_path) as far:
        dial(edge, far)
        edge.board.wait_for(Happened.QUEUED)
        before = [(word.happened, word.nth) for word in edge.board.heard]
        edge.board.shut()
        far.hang_up()
        time.sleep(0.5)
        for written in (False, True):
            edge.board.heard.clear()
            edge.board.open()
            ended = edge.board.wait_for(Happened.ENDED)
            told = [(word.happened, word.nth) for word in edge.board.heard]
            assert told[: len(before)] == before
            assert [nth for _happened, nth in told] == list(range(1, ended.nth + 1))
            if written:
                done(edge, Written(calls=(1,)))
            edge.board.shut()
        edge.board.heard.clear()
        snapshots = len(edge.board.snapshots)
        edge.board.open()
        edge.board.until(lambda: len(edge.board.snapshots) > snapshots, what="snapshot")
        assert edge.board.heard == []


def test_keys_pressed_are_not_in_the_recording(tmp_path: Path) -> None:
    with edge_process(tmp_path, phones=PHONES) as edge, caller(tmp_path) as far, desk(edge, tmp_path):
        talking(edge, far)
        time.sleep(1)
        far.press("1234")
        time.sleep(1)
        far.hang_up()
        edge.board.wait_for(Happened.ENDED)
        check_only(edge, 1, CALLER)


def test_an_attended_transfer_and_a_conference(tmp_path: Path) -> None:
    with (
        edge_process(tmp_path, phones=PHONES) as edge,
        caller(tmp_path) as far,
        desk(edge, tmp_path),
        desk(edge, tmp_path, "desk2", SECOND) as second,
    ):
        talking(edge, far)
        done(edge, Consult(call=1, agent=agent(edge, "desk2", 6)))
        second.wait_for("CALL_ESTABLISHED")
        time.sleep(2.5)  # the notice of whoever is consulted, and some words between the two
        assert strength(second.heard()[-4000:], FIRST) > SURE
        assert strength(far.heard()[-4000:], MUSIC_HERTZ) > SURE
        done(edge, Deed(call=1, verb="conference"))
        time.sleep(2)
        heard = far.heard()[-8000:]
        assert strength(heard, FIRST) > 0.2
        assert strength(heard, SECOND) > 0.2
        done(edge, Deed(call=1, verb="leave"))
        time.sleep(2)
        assert strength(far.heard()[-4000:], SECOND) > SURE
        far.hang_up()
        edge.board.wait_for(Happened.ENDED)
        voices = {key.leg: number for number, key in zip(edge.board.keys, edge.board.key_asks(), strict=True)}
        assert len(voices) == 3
        check_only(edge, voices["1.1"], CALLER)
        check_only(edge, voices["1.3"], SECOND)


def test_a_call_out_tells_whoever_answers_before_it_stores(tmp_path: Path) -> None:
    with softphone(
        tmp_path / "far",
        account="<sip:+36209998877@127.0.0.1>;regint=0;answermode=auto;audio_codecs=PCMA/8000/1",
        says_hertz=CALLER,
    ) as far:
        trunk = Trunk(trunk=1, addresses=("127.0.0.0/8",), target=f"sip:127.0.0.1:{far.sip_port}")
        with edge_process(tmp_path, phones=PHONES, trunks=(trunk,)) as edge, desk(edge, tmp_path):
            plan = Plan(call=9, controller=1, language="en", steps=(edge.notice,), terms=Terms(mode=Mode.NOTICE))
            command = Dial(plan=plan, agent=agent(edge), trunk=1, number="+36209998877", caller=NUMBER, name="Company")
            done(edge, command)
            edge.board.wait_for(Happened.RECORDING, times=2)
            time.sleep(2)
            done(edge, Deed(call=9, verb="hang-up"))
            edge.board.wait_for(Happened.ENDED)
            far.wait_for("CALL_CLOSED")
            assert far.wait_for("CALL_ESTABLISHED")["peeruri"].startswith(f"sip:{NUMBER}@")
            assert strength(far.heard()[:8000], NOTICE_HERTZ) > SURE
            roles = {ask.role: number for number, ask in zip(edge.board.keys, edge.board.key_asks(), strict=True)}
            check_only(edge, roles["customer"], CALLER)
            check_only(edge, roles["agent"], FIRST)


def test_without_a_switchboard_the_caller_hears_an_apology(tmp_path: Path) -> None:
    with edge_process(tmp_path, switchboard=False) as edge, caller(tmp_path) as far:
        edge.until_it_listens()
        dial(edge, far)
        far.wait_for("CALL_CLOSED")
        assert strength(far.heard()[:2400], 900.0) > 0.2
        assert edge.files() == []


def test_a_call_outlives_the_switchboard_and_is_told_to_the_next(tmp_path: Path) -> None:
    with edge_process(tmp_path, phones=PHONES) as edge, caller(tmp_path) as far, desk(edge, tmp_path) as near:
        talking(edge, far)
        edge.board.shut()
        time.sleep(2)
        assert strength(near.heard()[-4000:], CALLER) > SURE
        far.hang_up()
        near.wait_for("CALL_CLOSED")
        edge.board.open()
        edge.board.wait_for(Happened.ENDED)
        assert edge.board.snapshots[-1].calls == ()
        check_only(edge, 1, CALLER)
        check_only(edge, 2, FIRST)


def test_what_a_killed_edge_leaves_is_readable_to_the_last_second(tmp_path: Path) -> None:
    with edge_process(tmp_path, phones=PHONES) as edge, caller(tmp_path) as far, desk(edge, tmp_path):
        talking(edge, far)
        time.sleep(4.5)
        edge.kill()
        for recording, hertz in ((1, CALLER), (2, FIRST)):
            with edge.opened(recording) as sound:
                assert not sound.ended
                assert sound.milliseconds >= 3000
                assert min(seconds(sound, hertz)) > SURE
