"""What is cut out of a text about somebody else: whole names, numbers and e-mail addresses of who is forgotten."""

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from trustdesk.register.contracts import KnownBy
from trustdesk.vault.api import normal_value

MARK = "[…]"
_WORD = re.compile(r"[^\W\d_]+")
_NUMBER = re.compile(r"(?<![\w+])(?:\+?\d|\(\+?\d{1,5}\))[\d\s()/.\-]{3,}\d(?!\w)")
_MAIL = re.compile(r"[^\s<>()\[\],;:@]+@[^\s<>()\[\],;:@]+\w")
_APART = 3  # letters between two words of one name: a space, a comma and a space
_LEAST_WORDS = 2

Cut = Callable[[str], str]


def cut_of(known: Sequence[KnownBy]) -> Cut:
    """A function that puts a mark in the place of each of these in a text, in whatever order, case or notation."""
    names = [sorted(_folded(value.text)) for value in known if value.found_as == "name"]
    names = [name for name in names if len(name) >= _LEAST_WORDS]
    numbers = {value.text for value in known if value.found_as == "phone"}
    mails = {value.text for value in known if value.found_as == "email"}

    def cut(text: str) -> str:
        spans = [*_names(text, names), *_alike(text, _NUMBER, "phone", numbers), *_alike(text, _MAIL, "email", mails)]
        for start, end in reversed(_joined(spans)):
            text = text[:start] + MARK + text[end:]
        return text

    return cut


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


def _joined(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
