"""What each kind of system can do. A connector lives for one try: opened, asked, closed."""

from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Protocol, Self

from trustdesk.outside.contracts import Correction, Count, Person, Record, Sample
from trustdesk.outside.matching import Whose

Show = Callable[[Sample], None]
Take = Callable[[Record], None]
SAMPLES = 3
"""So many samples a place are shown in a dry run."""


class Connector(Protocol):
    """Every method raises OutsideError with what went wrong, and may be called again: what is done stays done.

    `person` carries no more than the setup's keys. Counts are one a declared place, in its order.
    """

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None: ...

    def check(self) -> None:
        """Reach it, sign in, and see that everything declared is there."""

    def find(self, person: Person, show: Show) -> Sequence[Count]:
        """Look, and change nothing. `show` is given a few samples a place."""

    def export(self, person: Person, take: Take) -> Sequence[Count]:
        """Hand out what is the person's, one record after the other."""

    def rectify(self, person: Person, corrections: Sequence[Correction]) -> Sequence[Count]:
        """Put values right where they stand."""

    def erase(self, person: Person) -> Sequence[Count]:
        """Delete or clear what is the person's, as declared. `found` counts what was there to do."""


class Tally:
    """Counts in the making."""

    def __init__(self, place: str) -> None:
        self.place = place
        self.found = self.doubtful = self.changed = 0

    def add(self, whose: Whose) -> None:
        self.found += whose is Whose.THEIRS
        self.doubtful += whose is Whose.DOUBTFUL

    def count(self) -> Count:
        return Count(place=self.place, found=self.found, doubtful=self.doubtful, changed=self.changed)


def masked(text: str) -> str:
    """A few letters, enough to recognise: `k…` of a word, `k…@p…` of an address, the last two digits of a number."""
    if "@" in text:
        local, _at, domain = text.partition("@")
        return f"{local[:1]}…@{domain[:1]}…"
    if sum(letter.isdigit() for letter in text) > len(text) / 2:
        return f"…{text.strip()[-2:]}" if len(text.strip()) > 4 else "…"
    return " ".join(f"{word[:1]}…" for word in text.split()[:4])


def sample(place: str, fields: Mapping[str, str | None], *, doubtful: bool) -> Sample:
    """The first few filled fields, masked."""
    filled = [(name, masked(text)) for name, text in fields.items() if text]
    return Sample(place=place, doubtful=doubtful, fields=tuple(filled[:6]))
