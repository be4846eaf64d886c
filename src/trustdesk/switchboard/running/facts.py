"""What the floor knows of a company's queues, read from its settings and spoken in its languages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from trustdesk.sipedge.contracts import Wait

Clips = tuple[str, ...]
Speaking = Callable[[str, int, int | None], Clips]
"""Language, place in the queue, minutes or None: the clips that say so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFacts:
    """A queue: who answers it, and what becomes of who waits. `overflow` is a word of telephony's: stay, queue,
    callback, closed. Skills are 0 to 100 by operator.
    """

    code: str
    skills: Mapping[int, int] = field(default_factory=dict)
    wrap_up_seconds: int = 30
    longest_wait_seconds: int = 1_800
    overflow: str = "stay"
    overflow_after_seconds: int = 300
    overflow_queue: str = ""
    callback_offered: bool = False
    music: Mapping[str, Clips] = field(default_factory=dict)
    closed: Mapping[str, Clips] = field(default_factory=dict)
    callback_offer: Mapping[str, Clips] = field(default_factory=dict)
    called_back: Mapping[str, Clips] = field(default_factory=dict)
    callback_key: str = ""

    def wait(self, language: str) -> Wait:
        key = self.callback_key if self.callback_offered or self.overflow == "callback" else ""
        return Wait(queue=self.code, music=self.music.get(language, ()), callback_key=key)


def unknown(code: str) -> QueueFacts:
    """A queue that nobody set, or no longer: nobody answers it."""
    return QueueFacts(code=code)
