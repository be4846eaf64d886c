"""Names: the order of words never counts, married names are found by the husband's, titles are not asked for."""

from trustdesk.vault.services.folding import fold, words_with_apostrophes

SHORTEST_START = 3  # two letters would let 37 % of surnames be guessed from a stolen dump by frequency alone
LONGEST_START = 12  # longer queries are cut here; hardly any two names differ after their twelfth letter only

_TITLES = frozenset({"dr", "prof", "ifj", "id", "ozv", "mgr", "inz", "dipl", "mag", "herr", "frau", "mr", "mrs", "ms"})
_GERMAN_SPELLING = frozenset({"DE", "AT", "CH", "LI", "LU"})
_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue"})


def stored_words(name: str, country: str) -> tuple[list[str], list[str]]:
    """The whole words and the beginnings that a name is found by."""
    parts = _stored_parts(fold(name))
    if country in _GERMAN_SPELLING:
        parts += _other_spellings(name, parts)
    starts: dict[str, None] = {}
    for word in parts:
        for length in range(SHORTEST_START, min(len(word), LONGEST_START) + 1):
            starts[word[:length]] = None
    whole = dict.fromkeys(parts)
    if country == "HU" or "né" in name or "NÉ" in name:
        whole.update(
            dict.fromkeys(word[:-2] for word in parts if word.endswith("ne") and len(word) > SHORTEST_START + 1)
        )
    return list(whole), list(starts)


def asked_words(query: str, *, complete: bool) -> tuple[list[str], list[str]]:
    """The whole words and the beginnings that a customer must have to be found. `complete`: whole words only."""
    parts = dict.fromkeys(word.replace("'", "") for word in words_with_apostrophes(fold(query)))
    if not parts.keys() <= _TITLES:
        parts = dict.fromkeys(word for word in parts if word not in _TITLES)
    if complete:
        return list(parts), []
    whole = [word for word in parts if len(word) < SHORTEST_START]
    starts = dict.fromkeys(word[:LONGEST_START] for word in parts if len(word) >= SHORTEST_START)
    return whole, list(starts)


def _stored_parts(folded: str) -> list[str]:
    parts: list[str] = []
    for word in words_with_apostrophes(folded):
        if "'" in word:
            parts.append(word.replace("'", ""))
            parts += word.split("'")
        else:
            parts.append(word)
    return parts


def _other_spellings(name: str, parts: list[str]) -> list[str]:
    """Müller is found by Mueller, and Mueller by Müller, where German is written."""
    spelled_out = fold(name.translate(_SPELLED_OUT)) if not name.isascii() else ""
    found = [word for word in _stored_parts(spelled_out) if word not in parts]
    for word in parts:
        short = word.replace("ae", "a").replace("oe", "o").replace("ue", "u")
        if short != word:
            found.append(short)
    return found
