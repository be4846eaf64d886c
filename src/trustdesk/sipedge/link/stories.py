"""What was told of each call, kept until the switchboard says that it stands in its tables.

A word that was heard is not written yet: a switchboard that is killed in between never knew it. So each word of a call
has its place in the call's story, and at every connection the whole of it is told again; what was written is passed
over by its place.
"""

from collections.abc import Iterable, Iterator

from trustdesk.sipedge.words.told import Happened, Told

_MOST_ENDED = 2_000  # calls whose end nobody has written, while the database is away; older ones were lost, then
_LATE = frozenset({Happened.RECORDED})
"""What may come after the end: it begins no story."""


class Stories:
    """One for the edge."""

    def __init__(self) -> None:
        self._going: dict[int, list[Told]] = {}
        self._ended: dict[int, list[Told]] = {}

    def add(self, word: Told) -> Told:
        """The word with its place, from 1; 0 for what comes after everything else of the call is forgotten."""
        story = self._going.get(word.call) or self._ended.get(word.call)
        if story is None:
            if word.happened in _LATE:
                return word
            story = self._going[word.call] = []
        placed = word.model_copy(update={"nth": len(story) + 1})
        story.append(placed)
        if placed.happened is Happened.ENDED and self._going.pop(word.call, None) is not None:
            self._ended[word.call] = story
            if len(self._ended) > _MOST_ENDED:
                del self._ended[next(iter(self._ended))]
        return placed

    def forget(self, calls: Iterable[int]) -> None:
        """These stand in the tables, with their end. Of a call that goes on nothing is forgotten."""
        for call in calls:
            self._ended.pop(call, None)

    def __iter__(self) -> Iterator[Told]:
        """Call by call, the ended first, each in its order."""
        for story in (*self._ended.values(), *self._going.values()):
            yield from story
