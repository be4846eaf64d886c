"""Other people's data in a text about a person, blacked out (GDPR Art. 15(4)). Pure: texts in, texts out.

What is the person's own stays: their names in every inflection, their numbers and addresses, also superseded ones.
What stands for nobody in particular stays too. In doubt a name is blacked out: the person can ask, the other can't.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import phonenumbers
from stdnum import iban
from stdnum.de import idnr
from stdnum.exceptions import ValidationError
from stdnum.fi import hetu
from stdnum.hu import anum
from stdnum.pl import pesel

BLACK = "████"
"""The same length for everything: also how long a name is says something."""

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00)\d[\d ()/.\-]{6,18}\d(?!\w)")
_NUMBERS = (
    re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)"),  # IBAN
    re.compile(r"(?<!\w)\d{6}[+\-A-FU-Y]\d{3}[0-9A-Y](?!\w)"),  # Finnish personal identity code
    re.compile(r"(?<!\w)\d(?:[ \-]?\d){8,13}(?!\w)"),  # PESEL, IdNr, tax numbers
)
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019\-][^\W\d_]+)*")
_NEXT = re.compile(r"[ \u00a0]{1,2}|, ?")  # between two words of one name: "Kovács, János"
_LEAST_STEM = 3
_LONGEST_ENDING = 5

# Words before (in Hungarian also after) which a name stands: forms of address, and whose relation somebody is.
_LEADING_WORDS = """
mr mrs ms miss dr wife husband son daughter mother father brother sister neighbour neighbor partner
herr herrn frau ehefrau ehemann gattin sohn tochter mutter vater bruder schwester nachbar nachbarin partnerin
herra rouva neiti vaimo vaimonsa aviomies miehensä poika poikansa tytär tyttärensä äiti äitinsä isä isänsä veli sisko
naapuri puoliso puolisonsa
felesége férje fia lánya anyja apja testvére bátyja húga öccse nővére szomszédja élettársa asszony
pan pani pana panem panią mąż męża żona żony żonę syn syna córka córki matka matki ojciec ojca brat siostra sąsiad
sąsiadka partnerka
"""
_FOLLOWING = frozenset(("úr", "úrral", "úrnak", "asszony", "néni", "bácsi"))
_NATIONAL = (hetu.is_valid, pesel.is_valid, idnr.is_valid, anum.is_valid, iban.is_valid)

T = TypeVar("T")


def folded(word: str) -> str:
    """Without case and diacritics: "Mäkelä" and "MAKELA" are one name."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter)).replace("ł", "l")


@dataclass(frozen=True, slots=True)
class Person:
    """What is the person's own, and who else is known by name. `names` are words of names in any notation."""

    names: frozenset[str]
    emails: frozenset[str]
    numbers: frozenset[str]  # digits and letters only: phones in E.164 without the plus, references, customer numbers
    places: frozenset[str]  # words of their addresses and towns: names of streets are names of people too
    others: frozenset[str]  # words of names of those who are known: staff, who shares a number or an address
    regions: Sequence[str]  # in which countries' notation a phone number may stand, ISO 3166-1 alpha-2


Known = Callable[[Iterable[str]], frozenset[str]]
"""Which of these words stand in a name of somebody else in the register."""


@dataclass(slots=True)
class Mask:
    """Blacks out, and counts what it blacked out."""

    person: Person
    known: Known
    count: int = 0
    _own: frozenset[str] = field(init=False)
    _others: frozenset[str] = field(init=False)
    _places: frozenset[str] = field(init=False)
    _asked: dict[str, bool] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._own = frozenset(map(folded, self.person.names))
        self._others = frozenset(map(folded, self.person.others)) - self._own
        self._places = frozenset(map(folded, self.person.places))

    def value(self, given: T) -> T:
        """The same with every text in it masked: also of lists and mappings."""
        if isinstance(given, str):
            return self.text(given)  # type: ignore[return-value]
        if isinstance(given, Mapping):
            return {key: self.value(each) for key, each in given.items()}  # type: ignore[return-value]
        if isinstance(given, list | tuple):
            return [self.value(each) for each in given]  # type: ignore[return-value]
        return given

    def text(self, text: str) -> str:
        """The text, with the data of others blacked out."""
        spans = [*self._emails(text), *self._phones(text), *self._identifiers(text)]
        taken = _merged(spans)
        spans = _merged([*taken, *self._names(text, taken)])
        self.count += len(spans)
        parts, place = [], 0
        for start, end in spans:
            parts += [text[place:start], BLACK]
            place = end
        return "".join([*parts, text[place:]])

    def learn(self, texts: Iterable[str]) -> None:
        """Ask the register about all words of these texts at once, instead of text by text."""
        words = {word.group() for text in texts for word in _WORD.finditer(text) if word.group()[0].isupper()}
        self._ask(words)

    def _emails(self, text: str) -> Iterable[tuple[int, int]]:
        for found in _EMAIL.finditer(text):
            if found.group().casefold() not in self.person.emails:
                yield found.span()

    def _phones(self, text: str) -> Iterable[tuple[int, int]]:
        for found in _INTERNATIONAL.finditer(text):
            if not self._is_own(found.group()):
                yield found.span()
        for region in self.person.regions:
            matcher = phonenumbers.PhoneNumberMatcher(text, region, leniency=phonenumbers.Leniency.VALID)
            for match in matcher:
                number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
                if not self._is_own(number) and not self._is_own(match.raw_string):
                    yield match.start, match.end

    def _identifiers(self, text: str) -> Iterable[tuple[int, int]]:
        for pattern in _NUMBERS:
            for found in pattern.finditer(text):
                if _is_national(found.group()) and not self._is_own(found.group()):
                    yield found.span()

    def _is_own(self, number: str) -> bool:
        digits = "".join(letter for letter in number if letter.isalnum()).upper()
        return digits in self.person.numbers or digits.removeprefix("00") in self.person.numbers

    def _names(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
        words = [word for word in _WORD.finditer(text) if not _inside(word.span(), taken)]
        capital = [word.group()[0].isupper() for word in words]
        self._ask({word.group() for word, big in zip(words, capital, strict=True) if big})
        for run in _runs(text, words, capital):
            yield from self._of_run(words, run)

    def _of_run(self, words: Sequence["re.Match[str]"], run: range) -> Iterable[tuple[int, int]]:
        before = folded(words[run.start - 1].group()) if run.start else ""
        after = folded(words[run.stop].group()) if run.stop < len(words) else ""
        strange = [place for place in run if not self._mine(words[place].group())]
        # A form of address may begin a sentence, and so the run itself.
        led = before in _LEADING_FOLDED or after in _FOLLOWING_FOLDED
        if folded(words[run.start].group()) in _LEADING_FOLDED:
            strange, led = [place for place in strange if place != run.start], True
        named = set(strange) if led else set(self._named([words[place].group() for place in run], run.start))
        for place in strange:
            if place in named or self._someone(words[place].group()):
                yield words[place].span()

    def _named(self, words: Sequence[str], start: int) -> Iterable[int]:
        """The places of words that read like somebody's name together: two or more that stand in names, the own among
        them, and that are not just the own street.
        """
        group: list[int] = []
        for place, word in enumerate([*words, ""]):
            if word and (self._mine(word) or self._asked.get(word, False)):
                group.append(place)
                continue
            if len(group) > 1 and not all(_in(folded(words[each]), self._places) for each in group):
                yield from (start + each for each in group)
            group = []

    def _mine(self, word: str) -> bool:
        return _in(folded(word), self._own)

    def _someone(self, word: str) -> bool:
        return _in(folded(word), self._others)

    def _ask(self, words: Iterable[str]) -> None:
        new = {word for word in words if word not in self._asked}
        if new:
            found = self.known(new)
            self._asked |= {word: word in found for word in new}


_LEADING_FOLDED = frozenset(map(folded, _LEADING_WORDS.split()))
_FOLLOWING_FOLDED = frozenset(map(folded, _FOLLOWING))


def _in(word: str, names: frozenset[str]) -> bool:
    """Whether the word is one of the names, as it stands or inflected: "Virtasen", "Kovácsnak", "Nowakowi"."""
    if word in names:
        return True
    return any(
        word.startswith(_stem(name)) and len(word) - len(_stem(name)) <= _LONGEST_ENDING
        for name in names
        if len(name) > _LEAST_STEM and word[:_LEAST_STEM] == name[:_LEAST_STEM]
    )


def _stem(name: str) -> str:
    """What inflection leaves: Finnish "-nen" becomes "-sen", a last vowel gives way in Polish and Hungarian."""
    if name.endswith("nen") and len(name) > _LEAST_STEM + 2:
        return name[:-3]
    return name[:-1] if name[-1] in "aeiouyo" and len(name) > _LEAST_STEM + 1 else name


def _runs(text: str, words: Sequence["re.Match[str]"], capital: Sequence[bool]) -> Iterable[range]:
    """Words with capitals that stand next to each other."""
    start = 0
    while start < len(words):
        if not capital[start]:
            start += 1
            continue
        stop = start + 1
        while stop < len(words) and capital[stop] and _NEXT.fullmatch(text, words[stop - 1].end(), words[stop].start()):
            stop += 1
        yield range(start, stop)
        start = stop


def _is_national(text: str) -> bool:
    for valid in _NATIONAL:
        try:
            if valid(text):
                return True
        except ValidationError:
            continue
    return False


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _inside(span: tuple[int, int], taken: Sequence[tuple[int, int]]) -> bool:
    return any(start <= span[0] and span[1] <= end for start, end in taken)
