"""One automaton over all spellings of all people, and what makes a hit of what it finds."""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property

import numpy as np

from trustdesk.scan import boundaries, patterns
from trustdesk.scan.contracts import CONTEXT, STEP, Hit, Kind, Piece, Variant
from trustdesk.scan.escapes import evened, plain, unescaped
from trustdesk.scan.folding import BARRIER, view
from trustdesk.scan.index import Index, in_pairs
from trustdesk.scan.nearness import Match, Nearness
from trustdesk.scan.patterns import Key

_BATCH = 131_072
_WALL = f" {BARRIER} "


class Automaton:
    """All spellings of all people, made ready. Pass it to other processes as it is: it is built anew there."""

    def __init__(self, variants: Sequence[Variant]) -> None:
        self.variants = tuple(variants)
        self._nearness = Nearness(self.variants)

    @cached_property
    def _indexes(self) -> tuple[Index | None, Index | None]:
        """Words and digits; built where it is searched, which is often another process."""
        owners: dict[Key, list[int]] = {}
        for number, variant in enumerate(self.variants):
            keys = {patterns.key_of(variant)}
            if (read := unescaped(variant.text)) != variant.text:
                # A spelling that was garbled into an escape is met as the escape is read.
                keys.add(patterns.key_of(variant._replace(text=read)))
            for key in keys:
                if key is not None:
                    owners.setdefault(key, []).append(number)
        return Index.of(owners, digits=False), Index.of(owners, digits=True)

    def prepare(self) -> None:
        """Build now what the first search would build."""
        _ = self._indexes

    @classmethod
    def of(cls, variants: Iterable[Variant]) -> "Automaton":
        """Made from the variants of one or many people; what the search does not tell apart is looked for once."""
        return cls(tuple(variants))

    def __reduce__(self) -> tuple[object, ...]:
        return Automaton, (self.variants,)

    def matches(self, text: str, folded: bytes) -> list[Match]:
        """Where spellings stand, in order, weak ones too; of several of one thing in one place the longest."""
        found = [*self._word_matches(text, folded), *self._digit_matches(text, folded)]
        found.sort(key=lambda match: (match.start, -match.end))
        return found

    def _word_matches(self, text: str, folded: bytes) -> Iterator[Match]:
        index = self._indexes[0]
        if index is None:
            return
        for start, end, row in index.found(b" " + folded + b" "):
            first, last = start, end - 2  # the blank put before, and the boundaries themselves
            for key, owners in row.owners:
                if key.tail and not patterns.follows(text, last, key.tail):
                    continue
                if whole := self._whole(text, first, last, owners):
                    yield Match(first, last, whole)

    def _whole(self, text: str, start: int, end: int, owners: tuple[int, ...]) -> tuple[int, ...]:
        if boundaries.stands_free(text, start, end):
            return owners
        return tuple(one for one in owners if boundaries.is_whole(text, start, end, self.variants[one]))

    def _digit_matches(self, text: str, folded: bytes) -> Iterator[Match]:
        index = self._indexes[1]
        if index is None:
            return
        letters = np.frombuffer(folded, dtype=np.uint8)
        places = np.flatnonzero((letters - ord("0")) < len("0123456789"))
        for start, end, row in index.found(in_pairs(letters[places].tobytes())):
            first, last = int(places[start]), int(places[end]) + 1
            if (start and places[start - 1] == first - 1) or (end + 1 < len(places) and places[end + 1] == last):
                continue  # a part of a longer number
            if patterns.is_one_number(text[first:last]):
                for _, owners in row.owners:
                    if own := self._own(text, first, last, owners):
                        yield Match(first, last, own)

    def _own(self, text: str, start: int, end: int, owners: tuple[int, ...]) -> tuple[int, ...]:
        """A national number behind another country's prefix is somebody else's, and so is an id of other letters."""
        owners = tuple(one for one in owners if boundaries.is_own_number(text, start, end, self.variants[one]))
        if not patterns.after_a_prefix(text, start):
            return owners
        return tuple(number for number in owners if self.variants[number].kind is not Kind.PHONE)

    def hits(self, piece: Piece) -> list[Hit]:
        """The hits of one piece; those that end in its overlap were found in the piece before."""
        return self._hits(_changed(piece, unescaped))

    def _hits(self, piece: Piece) -> list[Hit]:
        seen = view(piece.text)
        if seen.is_indented:
            piece = _changed(piece, evened)
            seen = view(piece.text)
        text, folded = seen.text, seen.folded
        overlap = piece.overlap
        if overlap and len(text) != len(piece.text):
            overlap = len(view(piece.text[:overlap]).text)
        hits: list[Hit] = []
        line, counted = piece.line, 0
        for match in self._nearness.resolved(text, self.matches(text, folded), rows=piece.rows):
            if match.end <= overlap:
                continue
            place = piece.place
            if piece.line:
                line, counted = line + text.count("\n", counted, match.start), match.start
                place = f"{place}{STEP}line {line}" if place else f"line {line}"
            around = text[max(match.start - CONTEXT, 0) : match.end + CONTEXT]
            hits.extend(
                Hit(place, self.variants[number].person, number, around, match.start, match.end)
                for number in match.owners
            )
        return hits

    def search(self, pieces: Iterable[Piece]) -> Iterator[Hit]:
        """The hits of many short pieces, in their order."""
        batch: list[Piece] = []
        length = 0
        for piece in (_changed(one, plain) for one in pieces):
            batch.append(piece)
            length += len(piece.text) + len(_WALL)
            if length >= _BATCH:
                yield from self._batch(batch)
                batch, length = [], 0
        yield from self._batch(batch)

    def _batch(self, batch: list[Piece]) -> Iterator[Hit]:
        starts, length = [], 0
        for piece in batch:
            starts.append(length)
            length += len(piece.text) + len(_WALL)
        joined = _WALL.join(piece.text for piece in batch)
        text, folded, _ = view(joined)
        if len(text) != len(joined):
            # Something was spelled out, and places moved: each piece for itself.
            for piece in batch:
                yield from self._hits(piece)
            return
        touched = {bisect_right(starts, match.start) - 1 for match in self.matches(text, folded)}
        for number in sorted(touched):
            yield from self._hits(batch[number])


def _changed(piece: Piece, change: Callable[[str], str]) -> Piece:
    """The piece with its text read by one of the ways of `escapes`."""
    text = change(piece.text)
    if text is piece.text or text == piece.text:
        return piece
    head = change(piece.text[: piece.overlap])
    return piece._replace(text=head + change(piece.text[piece.overlap :]), overlap=len(head))
