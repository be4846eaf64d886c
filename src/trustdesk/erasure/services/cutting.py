"""What is cut out of a text about somebody else: whole names, numbers and e-mail addresses of who is forgotten.

Names also in the cases of the four languages and in the spellings of the scan, which looks for them afterwards.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise

from trustdesk.register.contracts import KnownBy
from trustdesk.scan.api import Automaton, find, variants
from trustdesk.scan.contracts import CONTEXT, Kind, Name, Person, Strength
from trustdesk.vault.api import normal_value

MARK = "[…]"
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\w+])(?:\+?\d|\(\+?\d{1,5}\))[\d\s()/.\-]{3,}\d(?!\w)")
_MAIL = re.compile(r"[^\s<>()\[\],;:@]+@[^\s<>()\[\],;:@]+\w")
_APART = 3  # letters between two words of one name: a space, a comma and a space
_LEAST_WORDS = 2
_FAMILY_FIRST, _FAMILY_LAST = "HU", ""
"""A whole name does not say which of its words is the family's: it is read both ways."""

Cut = Callable[[str], str]


def cut_of(known: Sequence[KnownBy]) -> Cut:
    """A function that puts a mark in the place of each of these in a text, in whatever order, case or notation."""
    whole = list(dict.fromkeys(value.text for value in known if value.found_as == "name"))
    names = [name for name in (sorted(_folded(text)) for text in whole) if len(name) >= _LEAST_WORDS]
    numbers = {value.text for value in known if value.found_as == "phone"}
    mails = {value.text for value in known if value.found_as == "email"}

    @cache
    def spelled() -> Automaton:
        # There are hundreds, and most people are in nobody's texts: made when there is one to cut.
        people = (
            Person(country=country, names=(Name("", text),))
            for text in whole
            for country in (_FAMILY_FIRST, _FAMILY_LAST)
        )
        return Automaton.of(
            one
            for number, person in enumerate(people)
            for one in variants(person, number=number)
            if one.kind is Kind.NAME and one.strength is Strength.ALONE and _is_whole(one.text, person.names[0].family)
        )

    def cut(text: str) -> str:
        spans = [*_names(text, names), *_spelled(text, spelled())]
        spans += [*_alike(text, _NUMBER, "phone", numbers), *_alike(text, _MAIL, "email", mails)]
        for start, end in reversed(_apart(text, spans)):
            text = text[:start] + MARK + text[end:]
        return text

    return cut


def _is_whole(form: str, name: str) -> bool:
    """Not a shorter one: without the second given name, or with half of a double name, it may be somebody else's."""
    return len(_WORD.findall(form)) >= max(len(_WORD.findall(name)), _LEAST_WORDS)


def _spelled(text: str, forms: Automaton) -> Iterator[tuple[int, int]]:
    for hit in find(forms, text):
        # Where a letter that is not seen, or an escape, stands before, places have moved: that is left to the scan.
        if hit.context == text[max(hit.start - CONTEXT, 0) : hit.end + CONTEXT]:
            yield hit.start, hit.end


def _folded(text: str) -> list[str]:
    return [_fold(word) for word in _WORD.findall(text)]


def _fold(word: str) -> str:
    return normal_value("text", word, country="") or word.casefold()


def _names(text: str, names: Sequence[Sequence[str]]) -> Iterator[tuple[int, int]]:
    found = [(match.start(), match.end(), _fold(match.group())) for match in _WORD.finditer(text)]
    for name in names:
        for first in range(len(found) - len(name) + 1):
            window = found[first : first + len(name)]
            near = all(after[0] - before[1] <= _APART for before, after in pairwise(window))
            if near and sorted(word for _start, _end, word in window) == list(name):
                yield window[0][0], window[-1][1]


def _alike(text: str, pattern: re.Pattern[str], kind: str, wanted: set[str]) -> Iterator[tuple[int, int]]:
    tails = {_tail(value) if kind == "phone" else value for value in wanted}
    for match in pattern.finditer(text):
        said = match.group().casefold()
        if (_tail(said) if kind == "phone" else said) in tails:
            yield match.span()


def _tail(number: str) -> str:
    """The last nine digits: the same in every notation."""
    return "".join(letter for letter in number if letter.isdigit())[-9:]


def _apart(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Those that do not overlap, in order: of two the one without a comma, then the earlier, then the longer.

    In `Kovács János, Kovács Péter` the words of the name stand twice, and the second time they are of two people.
    """
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda span: ("," in text[slice(*span)], span[0], -span[1])):
        if all(end <= other or start >= last for other, last in kept):
            kept.append((start, end))
    return sorted(kept)
