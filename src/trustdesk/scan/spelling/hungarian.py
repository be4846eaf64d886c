"""Hungarian: suffixes after vowel harmony, on the last word of a name."""

_BACK, _FRONT = "aáoóuú", "eéiíöőüű"
_LONG = {"a": "á", "e": "é"}
_DIGRAPHS = ("cs", "dz", "gy", "ly", "ny", "sz", "ty", "zs")
# Letters of old family names that are spoken as one and written as they are: Tóth, Rácz, Batthyány.
_OLD = {"th": "t", "cz": "c", "gh": "g", "ch": "h"}
_BY_HARMONY = {
    True: ("nak", "ban", "ba", "ból", "ra", "ról", "tól", "nál", "hoz"),
    False: ("nek", "ben", "be", "ből", "re", "ről", "től", "nél", "hez", "höz"),
}
_ALWAYS = ("ért", "ig", "ként", "é", "ék", "éké", "éknak", "éknek", "éknál", "éknél", "ékhoz", "ékhez", "ékat", "éket")


def harmonies(word: str) -> tuple[bool, ...]:
    """Whether back suffixes are right; both ways where a word has vowels of both kinds (Katalin, Ágnes)."""
    vowels = [letter for letter in word.lower() if letter in _BACK + _FRONT]
    kinds = {letter in _BACK for letter in vowels}
    return tuple(sorted(kinds)) or (True, False)


def inflected(word: str) -> list[str]:
    """The word with every suffix that a name takes in a sentence, without the plain word."""
    if not word or not word[-1].isalpha():
        return []
    last = word[-1].lower()
    base = word[:-1] + _LONG[last] if last in _LONG else word
    vowel = last in _BACK + _FRONT
    forms = [base + suffix for suffix in _ALWAYS]
    forms += [base + "t"] if vowel else [base + end for end in ("t", "ot", "at", "et", "öt", "on", "en", "ön")]
    for back in harmonies(word):
        forms += [base + suffix for suffix in _BY_HARMONY[back]]
        forms += with_val(word, base, back=back)
    return forms


def with_val(word: str, base: str, *, back: bool) -> list[str]:
    """`-val, -vel`: the v becomes the consonant before it (Jánossal, Kováccsal, Naggyal, Kiss-sel, Tóthtal)."""
    end = "al" if back else "el"
    low = word.lower()
    if low[-1] in _BACK + _FRONT:
        return [f"{base}v{end}"]
    forms = [f"{word}{low[-1]}{end}"]
    for digraph in _DIGRAPHS:
        if low.endswith(digraph):
            forms = [f"{word[:-2]}{digraph[0]}{digraph}{end}", f"{word}{digraph}{end}"]
            if low.endswith(digraph[0] + digraph):
                forms.append(f"{word}{end}")
    for old, sound in _OLD.items():
        if low.endswith(old):
            forms = [f"{word}{sound}{end}", f"{word}{low[-1]}{end}"]
    if low[-1] == low[-2:-1]:
        forms = [f"{word}{end}", f"{word}-{low[-1]}{end}"]
    if low[-1] == "y":
        forms.append(f"{word}v{end}")
    return forms


def wife_of(word: str) -> list[str]:
    """A husband's name with -né: another person, whose name still says his."""
    last = word[-1:].lower()
    base = word[:-1] + _LONG[last] if last in _LONG else word
    return [base + "né", *(base + "né" + suffix for suffix in ("t", "nak", "nek", "val", "vel", "hoz", "hez", "tól"))]


def initial(word: str) -> str:
    """The first letter, which may be written with two or three signs: Zs. of Zsófia, Gy. of György."""
    low = word.lower()
    return next((word[: len(letter)] for letter in ("dzs", *_DIGRAPHS) if low.startswith(letter)), word[:1])
