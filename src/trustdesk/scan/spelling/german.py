"""German: the genitive of a name is that of its last word (Amtliches Regelwerk, sections 96 and 97)."""

_HISSING = ("s", "ss", "ß", "x", "z", "tz", "ce")


def inflected(word: str) -> list[str]:
    """Müllers, Schmitz', Schmitzes, Schmitzens; the Müllers."""
    if not word or not word[-1].isalpha():
        return []
    if word.lower().endswith(_HISSING):
        return [word + "es", word + "ens", word + "'", word + "en"]
    return [word + "s", word + "sche", word + "schen"]
