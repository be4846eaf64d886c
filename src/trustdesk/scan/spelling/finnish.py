"""Finnish: case endings on the last word of a name, with the stem and the grade of consonants that they want."""

_VOWELS = "aeiouyäöå"
_GRADES = (
    ("kk", "k"), ("pp", "p"), ("tt", "t"), ("nk", "ng"), ("nt", "nn"), ("mp", "mm"), ("lt", "ll"), ("rt", "rr"),
    ("ht", "hd"), ("t", "d"), ("k", ""), ("p", "v"),
)  # fmt: skip
_CLOSED = ("n", "ssa", "sta", "lla", "lta", "lle", "ksi", "t")
_OPEN = ("na",)
# Words whose i is an e in every other case; family names are made of them (Niemi, Mäkijärvi).
_E_STEMS = (
    "mäki", "niemi", "järvi", "salmi", "koski", "lahti", "lehti", "lampi", "joki", "saari", "vuori", "kivi", "nurmi",
    "talvi", "hirvi", "suomi", "kangas", "nummi", "lumi", "tuomi", "pohja", "sormi", "veräjä", "hanhi", "kuusi",
)  # fmt: skip


def inflected(word: str) -> list[str]:
    """The word in every case that a name takes in a sentence, without the plain word."""
    low = word.lower()
    if len(low) < 2 or not low[-1].isalpha():
        return []
    if low.endswith("nen"):
        stem = word[:-3] + "se"
        return _cased(word, [stem], [stem], [word[:-3] + "sta", stem + "en"])
    if low[-1] in _VOWELS:
        return _of_vowel(word, low)
    return _of_consonant(word, low)


def _of_vowel(word: str, low: str) -> list[str]:
    weak, strong = [_weak(word), word], [word]
    more = [word + low[-1] + "n", word + "a", word + "ta", word + "h" + low[-1] + "n"]
    if low.endswith(_E_STEMS) and low.endswith("i"):
        stem = word[:-1] + "e"
        weak += [_weak(stem), stem]
        strong.append(stem)
        more += [stem + "en", stem + "a", word[:-1] + "ta", word[:-2] + "tta"]
    if low.endswith("e"):
        stem = word + "e"
        weak.append(stem)
        strong.append(stem)
        more += [word + "tta", stem + "seen"]
    return _cased(word, weak, strong, more)


def _of_consonant(word: str, low: str) -> list[str]:
    stems, more = [word + "i"], [word + "iin", word + "ia"]
    if low.endswith("s"):
        stem = word[:-1] + "kse"
        stems.append(stem)
        more += [word + "ta", stem + "en"]
        if low[-2:-1] in "aeiäi" and low[-2:-1]:
            long = word[:-1] + low[-2]
            stems.append(long)
            more += [long + "seen"]
    if low.endswith("en"):
        stems.append(word[:-1] + "me")
    return _cased(word, stems, stems, more)


def _weak(stem: str) -> str:
    """The stem with its last consonants in the weak grade (Pekka, Pekan; Virta, Virran; Lahde-, Mäe-)."""
    body, last = stem[:-1], stem[-1]
    for strong, weak in _GRADES:
        if body.lower().endswith(strong):
            return body[: len(body) - len(strong)] + weak + last
    return stem


def _cased(word: str, weak: list[str], strong: list[str], more: list[str]) -> list[str]:
    forms = [stem + ending for stem in weak for ending in _CLOSED]
    forms += [stem + ending for stem in strong for ending in _OPEN]
    front = not any(letter in "aou" for letter in word.lower())
    return [_fronted(form, len(word) - 2) if front else form for form in dict.fromkeys(forms + more)]


def _fronted(form: str, kept: int) -> str:
    return form[:kept] + form[kept:].replace("a", "ä")
