"""What grows old: kinds of data, each with the instant from which its time runs, told by the capability that holds it.

How long a kind is kept is decided elsewhere, by rules (GDPR Art. 5(1)(e)). A capability says what it has that is older
than an instant, and drops what it is told to drop.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Registry

Key = tuple[int, int]
"""Where a thing stands in the order of its kind."""
FIRST: Key = (0, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """What is asked for: things behind `after` whose time began before `before`, at most `limit`, as of `now`."""

    before: datetime
    now: datetime
    after: Key = FIRST
    limit: int = 2_000


@dataclass(frozen=True, slots=True)
class Aged:
    """One thing. `since` is when its time began; `purposes` are what it was held for, where that is known."""

    key: Key
    customer_id: int
    since: datetime
    purposes: tuple[str, ...] = ()
    country: str = ""


class Ageing(Protocol):
    """One kind of data of one capability. Both functions are called inside the scope of the company."""

    category: str
    """What it is, by the Data Privacy Vocabulary."""

    def aged(self, context: AccessContext, look: Look) -> Sequence[Aged]:
        """What is asked for, in the order of the keys; fewer than the limit mean that there are no more. What a legal
        hold or a law keeps is not among them, or is said to be of `before`.
        """
        ...

    def drop(self, context: AccessContext, things: Sequence[Aged], *, now: datetime) -> Sequence[Aged]:
        """Forget them, and give those that went: what has changed meanwhile stays."""
        ...


ageing: Registry[Ageing] = Registry("kind of data that grows old")
Dealings = Callable[[AccessContext, Sequence[int]], Mapping[int, datetime]]
"""When each of these customers was last heard of, as far as a capability knows. Inside the scope."""
dealings: Registry[Dealings] = Registry("dealings with customers")
