"""A person's name in its orders, cases and abbreviations."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from trustdesk.scan.contracts import Kind, Name, Strength, Variant
from trustdesk.scan.folding import words
from trustdesk.scan.nearness import FAMILY, GIVEN, INITIAL, TITLES, WHOLE
from trustdesk.scan.spelling import finnish, german, hungarian, polish
from trustdesk.scan.spelling.letters import garbled, with_pairs

_PARTICLES = frozenset(
    (
        "von",
        "van",
        "vom",
        "zu",
        "zur",
        "zum",
        "der",
        "den",
        "de",
        "del",
        "della",
        "di",
        "da",
        "du",
        "la",
        "le",
        "af",
        "av",
    )
)
_SHORTEST, _SHORTEST_JOINED = 3, 8
_FAMILY_FIRST = frozenset({"HU"})


class _Parts(NamedTuple):
    given: tuple[str, ...]
    family: tuple[str, ...]

    @property
    def called(self) -> str:
        return " ".join(self.given)

    @property
    def surname(self) -> str:
        return " ".join(self.family)


def spellings(name: Name, country: str, shared: Iterable[Name] = ()) -> Iterator[Variant]:
    """All variants of one name, without the number of its person; those of `shared` names are weak."""
    parts = _parts(name, country)
    others = {_called(one.given, one.family) for one in shared}
    if not parts.given or not parts.family:
        for word in {parts.called, parts.surname} - {""}:
            strength = Strength.ALONE if " " in word and _called(word, "") not in others else Strength.NEAR
            for form in _one(word, inflections(word)):
                yield Variant(Kind.NAME, form, strength, about=FAMILY)
        return
    for given, family in _calls(parts):
        strength = Strength.NEAR if _called(given, family) in others else Strength.ALONE
        for form in _full(parts, given, family):
            yield Variant(Kind.NAME, form, strength, about=WHOLE)
    yield from _weak(parts)


def _parts(name: Name, country: str) -> _Parts:
    given, family = (tuple(TITLES.sub("", part).replace(",", " ").split()) for part in (name.given, name.family))
    if given or len(family) < len(("given", "family")):
        return _Parts(given, family)
    if country in _FAMILY_FIRST:
        return _Parts(family[1:], family[:1])
    first = next((at for at, word in enumerate(family) if word.lower() in _PARTICLES), len(family) - 1) or 1
    return _Parts(family[:first], family[first:])


def inflections(word: str) -> list[str]:
    """Of the last word of a name, in the languages that add to it alone."""
    return [*hungarian.inflected(word), *finnish.inflected(word), *german.inflected(word)]


def _called(given: str, family: str) -> frozenset[str]:
    return frozenset(words(f"{given} {family}"))


def _full(parts: _Parts, given: str, family: str) -> Iterator[str]:
    plain = (f"{given} {family}", f"{family} {given}")
    for form in plain:
        yield from with_pairs(form)
        yield from garbled(form)
        if len(joined := form.replace(" ", "")) >= _SHORTEST_JOINED:
            yield joined
    yield from (spelled for form in _inflected(given, family) for spelled in with_pairs(form))
    if len(parts.family) > 1 and parts.family[0].lower() in _PARTICLES:
        yield f"{parts.family[-1]} {given} {' '.join(parts.family[:-1])}"


def _inflected(given: str, family: str) -> Iterator[str]:
    for first, last in ((given, family), (family, given)):
        yield from (f"{first} {form}" for form in _last_inflected(last))
    yield from (f"{form} {given}" for form in german.inflected(family))
    yield from _polish(given, family)


def _calls(parts: _Parts) -> list[tuple[str, str]]:
    """What goes with what: all given names or only the first, the family name with and without its particles.

    A double name by its halves, and names whose apostrophe or hyphen was lost.
    """
    bare = " ".join(word for word in parts.family if word.lower() not in _PARTICLES)
    calls = [(given, family) for given in (parts.called, parts.given[0]) for family in (parts.surname, bare)]
    halves = parts.surname.split("-")
    if len(halves) > 1:
        calls += [(given, half) for given in (parts.called, parts.given[0]) for half in (halves[0], halves[-1])]
    calls += [(_joined(given), _joined(family)) for given, family in calls]
    middle = [word[0] for word in parts.given[1:]]
    if middle:
        calls.append((" ".join([parts.given[0], *middle]), parts.surname))
    return [pair for pair in dict.fromkeys(calls) if all(pair)]


def _joined(name: str) -> str:
    """O'Connor as OConnor, Anne-Marie as AnneMarie."""
    return "".join(sign for sign in name if sign.isalnum() or sign.isspace())


def _last_inflected(phrase: str) -> list[str]:
    """Of the last word, which alone decides the vowels of endings: Mäkelä-Laineelta."""
    at = max(phrase.rfind(" "), phrase.rfind("-")) + 1
    return [phrase[:at] + form for form in inflections(phrase[at:])]


def _polish(given: str, family: str) -> Iterator[str]:
    woman = polish.is_woman(given.split(maxsplit=1)[0])
    surnames: list[polish.Declined | None] = list(polish.whole_family(family, woman=woman)) or [None]
    for called in polish.all_given(given):
        for surname in surnames:
            for case, form in zip(polish.Declined._fields, called, strict=True):
                declined = family if surname is None else getattr(surname, case)
                yield from (f"{form} {declined}", f"{declined} {form}")


def _weak(parts: _Parts) -> Iterator[Variant]:
    family, given = parts.surname, parts.called
    bare = parts.family[-1]
    woman = polish.is_woman(parts.given[0])
    declined = [form for one in polish.whole_family(bare, woman=woman) for form in one]
    for form in _one(family, [*_last_inflected(family), bare, _joined(family), *declined]):
        yield Variant(Kind.NAME, form, Strength.NEAR, about=FAMILY)
    for initial in _initials(parts):
        for surname in dict.fromkeys((family, bare, _joined(family))):
            for spelled in with_pairs(surname):
                for form in (f"{initial} {spelled}", f"{spelled} {initial}"):
                    yield Variant(Kind.NAME, form, Strength.NEAR, about=INITIAL)
    for form in hungarian.wife_of(parts.given[0]):
        yield Variant(Kind.NAME, f"{family} {form}", Strength.NEAR, about=FAMILY)
    for word in dict.fromkeys((given, parts.given[0], _joined(given))):
        cases = [form for one in polish.all_given(word) for form in one]
        for form in _one(word, [*_last_inflected(word), *cases]):
            yield Variant(Kind.NAME, form, Strength.NEAR, about=GIVEN)


def _initials(parts: _Parts) -> list[str]:
    """Of the first given name, one letter or the two that are one sound in Hungarian (Zs., Gy.); and of all of them."""
    letters = [hungarian.initial(word) for word in parts.given]
    return list(dict.fromkeys((parts.given[0][0], letters[0], " ".join(letters))))


def _one(word: str, forms: list[str]) -> list[str]:
    """The word and its forms, as far as they are long enough to say anything."""
    spelled = [one for form in (word, *forms) for one in with_pairs(form)]
    return [form for form in dict.fromkeys([*spelled, *garbled(word)]) if len(form) >= _SHORTEST]
