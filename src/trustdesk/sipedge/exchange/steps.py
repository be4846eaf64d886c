"""Going through the steps of a plan with one party: menu, notice, reference, consent, waiting, farewell."""

import asyncio
from collections.abc import Sequence

from trustdesk.sipedge.exchange.call import Call
from trustdesk.sipedge.exchange.legs import Legs
from trustdesk.sipedge.exchange.parties import Heard, Party
from trustdesk.sipedge.link.contracts import Link, NoAnswerError
from trustdesk.sipedge.words.asks import Found, LookUp, NotFound
from trustdesk.sipedge.words.plan import AskConsent, Farewell, Menu, Notice, SayReference, Step, Wait
from trustdesk.sipedge.words.told import Happened

_MENU_TIMES = 2
_AFTER_REFERENCE_SECONDS = 2.0  # time to ask for it again
BETWEEN_DIGITS_SECONDS = 4.0  # who reads twelve digits off a letter needs it; who pressed a key for a callback waits it
_DIGITS = frozenset("0123456789")


class Steps:
    """The steps of one party. `run` ends after a farewell, or when the caller of it cancels."""

    def __init__(self, call: Call, party: Party, legs: Legs, link: Link) -> None:
        self._call = call
        self._party = party
        self._legs = legs
        self._link = link
        self._reference: SayReference | None = None

    async def run(self, steps: Sequence[Step]) -> bool:
        """True where the last step was a farewell: then the call is over."""
        self._party.forget_keys()  # what was pressed while somebody spoke was meant for them
        for step in steps:
            if isinstance(step, Menu):
                await self._menu(step)
            elif isinstance(step, Notice):
                await self._notice(step)
            elif isinstance(step, SayReference):
                await self._say_reference(step)
            elif isinstance(step, AskConsent):
                await self._consent(step)
            elif isinstance(step, Wait):
                await self._wait(step)
            elif isinstance(step, Farewell):
                await self._legs.play_to_end(self._party.leg, step.clips)
                return True
        return False

    async def _menu(self, step: Menu) -> None:
        for _ in range(_MENU_TIMES):
            key = await self._press(step.clips, frozenset(step.choices), step.wait_seconds)
            if key:
                self._call.tell(Happened.KEY_PRESSED, leg=self._party.leg, digits=key)
                self._call.queue = step.choices[key]
                return
        self._call.queue = step.otherwise

    async def _notice(self, step: Notice) -> None:
        """Heard is what came to its end: every frame was sent, and the leg is still there."""
        if await self._legs.play_to_end(self._party.leg, step.clips):
            self._party.heard = Heard(step.version)
            self._call.tell(Happened.NOTICE_HEARD, leg=self._party.leg, version=step.version)

    async def _say_reference(self, step: SayReference) -> None:
        self._reference = step
        key = step.repeat_key
        while key == step.repeat_key:
            key = await self._press(step.clips, _DIGITS | {step.repeat_key}, _AFTER_REFERENCE_SECONDS)
            if key in _DIGITS:
                digits, key = await self._in_a_row(key)
                await self._look_up(digits)
        self._call.tell(Happened.REFERENCE_SAID, leg=self._party.leg)

    async def _consent(self, step: AskConsent) -> None:
        pressed = ""
        for _ in range(step.times):
            pressed = await self._press(step.clips, frozenset({step.agree_key, step.refuse_key}), step.wait_seconds)
            if pressed:
                break
        self._party.consent_key = pressed if pressed == step.agree_key else ""
        self._call.tell(Happened.CONSENT, leg=self._party.leg, digits=pressed)

    async def _wait(self, step: Wait) -> None:
        """Until somebody is connected: then whoever connects cancels."""
        self._call.queue = self._call.queue or step.queue
        self._call.waiting = step
        self._call.place = "waiting"
        self._call.tell(Happened.QUEUED, queue=self._call.queue)
        key = ""
        while True:
            await self._legs.music(self._party.leg, step.music)
            key = await self._waiting_key(step, key or await self._party.keys.get())

    async def _waiting_key(self, step: Wait, key: str) -> str:
        """What a key means while somebody waits; another one that was pressed meanwhile, or none.

        Digits in a row are a reference, whatever they begin with. The key of a callback alone, pressed once or in
        impatience several times, asks for one, when no other digit has come in time.
        """
        if key in _DIGITS:
            digits, other = await self._in_a_row(key)
            if await self._look_up(digits):
                self._call.tell(Happened.QUEUED, queue=self._call.queue)
            elif set(digits) == {step.callback_key} and not self._is_whole(digits):
                self._call.tell(Happened.CALLBACK_ASKED, leg=self._party.leg)
            return other
        if key == step.callback_key:
            self._call.tell(Happened.CALLBACK_ASKED, leg=self._party.leg)
        elif self._reference is not None and key == self._reference.repeat_key:
            await self._legs.play_to_end(self._party.leg, self._reference.clips)
        return ""

    async def _in_a_row(self, first: str) -> tuple[str, str]:
        """Digits until they are a reference, time is over, or another key comes; and that key."""
        digits = first
        while not self._is_whole(digits):
            try:
                async with asyncio.timeout(BETWEEN_DIGITS_SECONDS):
                    key = await self._party.keys.get()
            except TimeoutError:
                break
            if key not in _DIGITS:
                return digits, key
            digits += key
        return digits, ""

    def _is_whole(self, digits: str) -> bool:
        return len(digits) >= self._call.plan.reference_length

    async def _look_up(self, digits: str) -> bool:
        """True where they are the reference of a case, and the caller goes to that case's queue."""
        if not self._is_whole(digits):
            return False
        try:
            answer = await self._link.ask(LookUp(call=self._call.number, digits=digits))
        except NoAnswerError:
            return False
        self._party.forget_keys()  # a digit too many is the beginning of nothing
        if isinstance(answer, Found):
            self._call.queue = answer.queue
            await self._legs.play_to_end(self._party.leg, answer.clips)
            self._party.forget_keys()
            return True
        if isinstance(answer, NotFound):
            await self._legs.play_to_end(self._party.leg, answer.clips)
        return False

    async def _press(self, clips: Sequence[str], wanted: frozenset[str], wait_seconds: float) -> str:
        """The first wanted key, pressed while the clips play or up to `wait_seconds` after them; empty: none."""
        party = self._party
        party.forget_keys()
        playing = asyncio.create_task(self._legs.play_to_end(party.leg, clips))
        pressing: asyncio.Task[str] | None = None
        try:
            while not playing.done():
                pressing = asyncio.create_task(party.keys.get())
                await asyncio.wait({pressing, playing}, return_when=asyncio.FIRST_COMPLETED)
                key = pressing.result() if pressing.done() else ""
                pressing.cancel()
                if key in wanted:
                    await self._legs.stop(party.leg)
                    return key
            async with asyncio.timeout(wait_seconds):
                while (key := await party.keys.get()) not in wanted:
                    pass
                return key
        except TimeoutError:
            return ""
        finally:
            playing.cancel()
            if pressing is not None:
                pressing.cancel()  # whoever hung up presses nothing more
