"""What a call tells its owner: in order, one word after the other, never from inside a message's handling."""

from collections import deque
from collections.abc import Awaitable, Callable, Coroutine

from trustdesk.sipedge.faults import log_fault
from trustdesk.sipedge.sip.contracts import CallEvents

Word = Callable[[CallEvents], Awaitable[None]]
Spawn = Callable[[Coroutine[object, object, None]], object]


class Teller:
    """Keeps words until there is somebody to hear them."""

    __slots__ = ("_owner", "_spawn", "_speaking", "_words")

    def __init__(self, spawn: Spawn) -> None:
        self._spawn = spawn
        self._owner: CallEvents | None = None
        self._words: deque[Word] = deque()
        self._speaking = False

    def begin(self, owner: CallEvents) -> None:
        self._owner = owner
        self._wake()

    def tell(self, word: Word) -> None:
        self._words.append(word)
        self._wake()

    def _wake(self) -> None:
        if self._owner is not None and self._words and not self._speaking:
            self._speaking = True
            self._spawn(self._speak(self._owner))

    async def _speak(self, owner: CallEvents) -> None:
        try:
            while self._words:
                try:
                    await self._words.popleft()(owner)
                except Exception as fault:  # noqa: BLE001 - one word that fails must not cost the next ones
                    log_fault("sip.owner_failed", fault)
        finally:
            self._speaking = False
