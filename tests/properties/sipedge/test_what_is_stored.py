"""Whatever is done in whatever order: nobody is stored who has not heard and, where it is asked, agreed; nothing is
stored of hold and pause; nothing is left over.
"""

import asyncio
from collections.abc import Sequence

from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.unit.sipedge.edge_twins import CONSENT, NOTICE, WAIT, House

from trustdesk.sipedge.media.contracts import Far, Law, Place
from trustdesk.sipedge.sip.contracts import Offer
from trustdesk.sipedge.webrtc.contracts import BrowserEvent
from trustdesk.sipedge.words.commands import Agent, Command, Connect, Consult, Deed, Dial, Overhear, Refile, Requeue
from trustdesk.sipedge.words.plan import Mode, Plan, Terms
from trustdesk.sipedge.words.told import Happened, Told

AGENTS = [
    Agent(operator=11, attachment="a1", agreed=True),
    Agent(operator=12, attachment="a2"),
    Agent(operator=13, phone="desk1", notice=NOTICE, agreed=True),
    Agent(operator=14, phone="desk2"),
]
VERBS = [
    "hold",
    "resume",
    "mute",
    "unmute",
    "pause",
    "unpause",
    "complete",
    "conference",
    "back",
    "leave",
    "hang-up",
    "repeat-reference",
]

agents = st.sampled_from(AGENTS)
commands: st.SearchStrategy[Command] = st.one_of(
    agents.map(lambda agent: Connect(call=1, agent=agent)),
    agents.map(lambda agent: Consult(call=1, agent=agent)),
    st.sampled_from([(), (NOTICE,), (NOTICE, CONSENT)]).map(
        lambda steps: Consult(call=1, trunk=1, number="+3620000000", steps=steps)
    ),
    st.sampled_from(VERBS).map(lambda verb: Deed(call=1, verb=verb)),  # type: ignore[arg-type]
    st.sampled_from([(WAIT,), (NOTICE, WAIT), (CONSENT, WAIT)]).map(lambda steps: Requeue(call=1, steps=steps)),
    st.sampled_from(["1.1", "1.2", "1.3"]).map(lambda leg: Refile(call=1, leg=leg)),
    st.booleans().map(lambda on: Overhear(call=1, attachment="boss", on=on)),
)
happenings = st.sampled_from(
    ["1", "2", "far-hold", "far-back", "a1-gone", "a2-gone", "unanswered", "answered", "keyless"]
)
scenes = st.lists(st.one_of(commands, happenings), min_size=1, max_size=14)


async def happen(house: House, word: str) -> None:
    if word in "12":
        house.press(word)
    elif word.startswith("far"):
        call = house.edge.calls.get(1)
        far = Far(place=Place("127.0.0.2", 4000), law=Law.A, sends=word == "far-back")
        for party in list(call.parties.values()) if call else []:
            sip = party.sip
            if sip is not None and getattr(sip, "events", None) is not None and not party.gone:
                await sip.events.changed(Offer(far=far))  # type: ignore[attr-defined]
                break
    elif word.endswith("gone"):
        house.browsers.queue.put_nowait(BrowserEvent(word[:2], "gone"))
    elif word == "keyless":
        house.link.keys = False
    else:
        house.signalling.answers = word == "answered"


def check(house: House) -> None:
    """Of each leg that is stored at this instant."""
    for leg in house.media.stored_now():
        call = next(call for call in house.edge.calls.values() if leg in call.parties)
        party, joined = call.parties[leg], call.joined()
        assert party.joined
        assert party.heard is not None
        assert not call.still
        assert call.plan.terms.mode is not Mode.OFF
        assert len(joined) > 1
        assert any(other.ours for other in joined)
        if call.plan.terms.mode in {Mode.CONSENT, Mode.ALL_PARTY}:
            assert all(other.consent_key == "1" for other in joined if not other.ours)
        if call.plan.terms.mode is Mode.ALL_PARTY:
            assert all(other.agreed for other in joined if other.ours)
    for one in house.media.joined:
        for other in house.media.joined:
            assert one is other or not one & other


async def play(mode: Mode, words: Sequence[Command | str], key: str, *, out: bool) -> None:
    async with House() as house:
        await house.attach("a1", 11)
        await house.attach("a2", 12, notice=False)
        await house.attach("boss", 20)
        asked = (NOTICE, CONSENT) if mode in {Mode.CONSENT, Mode.ALL_PARTY} else (NOTICE,)
        house.media.slow.add("/consent")
        if out:
            terms = Terms(mode=mode, beep="/beep", lost=("/lost",))
            plan = Plan(call=1, controller=1, language="en", steps=asked, terms=terms)
            await house.exchange.command(
                Dial(plan=plan, agent=AGENTS[0], trunk=1, number="+3620000000", caller="", name="")
            )
        else:
            await house.call_in(*asked, WAIT, mode=mode)
        await house.settle()
        house.press(key, "1.2" if out else "1.1")
        await house.settle()
        for word in words:
            await (happen(house, word) if isinstance(word, str) else house.exchange.command(word))
            for _ in range(20):
                check(house)
                await asyncio.sleep(0)
        await house.exchange.close()
        await house.settle()
        event(f"{mode}: stored {min(len(house.media.begun), 3)}")
        told = [word for word in house.link.told if isinstance(word, Told)]
        begun = {word.recording for word in told if word.happened is Happened.RECORDING}
        assert begun <= {word.recording for word in told if word.happened is Happened.RECORDED}
        assert house.media.storing == {}
        assert house.media.legs <= {"idle.a1", "idle.a2", "idle.boss"}
        assert all(attachment.call == 0 for attachment in house.edge.attachments.values())
        assert house.edge.calls == {}


@settings(max_examples=300)
@given(mode=st.sampled_from(Mode), words=scenes, key=st.sampled_from(["1", "1", "2"]), out=st.booleans())
def test_nothing_is_stored_that_may_not_be(mode: Mode, words: list[Command | str], key: str, *, out: bool) -> None:
    asyncio.run(play(mode, words, key, out=out))
