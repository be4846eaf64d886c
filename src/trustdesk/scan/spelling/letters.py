"""One word in the ways people write, type and garble its letters; folding has taken care of case and diacritics."""

import re
from functools import lru_cache
from html.entities import html5
from urllib.parse import quote

_PAIRS = {"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "å": "aa", "ø": "oe", "æ": "ae", "ő": "oe", "ű": "ue"}
_UMLAUTS = "".join(single for single in _PAIRS if single != "ß")
_SINGLE = {"ae": "ä", "oe": "ö", "ue": "ü", "aa": "å", "ss": "ß"}
# Where two letters are two sounds: Michael, Manuel, Bauer, Noemi's kin.
_TWO_SOUNDS = re.compile(r"(?:ae|oe|ue)l\b|[aeq]ue|eue|aue|oe[tms]|ae[tl]", re.IGNORECASE)
_WRITTEN = re.compile(r"[^\x00-\x7f]")


def with_pairs(text: str) -> list[str]:
    """Müller as Mueller and back, Strauß as Strauss and back, Åberg as Aaberg; Süß as Süss and as Suess."""
    forms = [text]
    for singles in ("ß", _UMLAUTS):
        forms += [_paired(form, singles) for form in forms]
    if not _TWO_SOUNDS.search(text):
        forms += [_contracted(form, ("ae", "oe", "ue", "aa")) for form in forms]
    forms += [_contracted(form, ("ss",)) for form in forms]
    return list(dict.fromkeys(forms))


def _paired(text: str, singles: str) -> str:
    for single in singles:
        text = text.replace(single, _PAIRS[single]).replace(single.upper(), _PAIRS[single].capitalize())
    return text


def _contracted(text: str, pairs: tuple[str, ...]) -> str:
    for pair in pairs:
        text = re.sub(pair, _SINGLE[pair], text, flags=re.IGNORECASE)
    return text


def garbled(text: str) -> list[str]:
    """As programs write letters beyond ASCII, and as one program misreads what another wrote.

    Escapes of URLs and of mail (RFC 3986, RFC 2047, RFC 2152), of JSON, HTML and programs; UTF-8 taken for a Windows
    page; letters lost.
    """
    forms = [quote(text), text.replace(" ", "%20")] if " " in text else []
    if text.isascii():
        return forms
    forms += [quote(text), quote(text.replace(" ", "+"), safe="+"), quote(quote(text)), text.encode("utf-7").decode()]
    forms.append(_WRITTEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text))
    forms.append(_WRITTEN.sub(lambda found: f"&#{ord(found[0])};", text))
    forms.append(_WRITTEN.sub(lambda found: f"&#x{ord(found[0]):x};", text))
    forms.append(_WRITTEN.sub(lambda found: f"&{_entities().get(found[0], f'#{ord(found[0])};')}", text))
    forms.append(_WRITTEN.sub(lambda found: f"\\x{ord(found[0]):02x}", text))
    forms.append(_WRITTEN.sub(lambda found: "".join(f"\\{byte:03o}" for byte in found[0].encode()), text))
    forms += [_escaped_bytes(text, page) for page in ("iso-8859-2", "iso-8859-1")]
    forms += [text.encode().decode(page, "replace") for page in ("cp1252", "cp1250")]
    forms += [_WRITTEN.sub("?", text), _WRITTEN.sub("", text)]
    return [form for form in dict.fromkeys(forms) if form]


@lru_cache(maxsize=1)
def _entities() -> dict[str, str]:
    """The names of letters in HTML; some have several, of which the longer ones are the ones that are used."""
    return {letter: name for name, letter in sorted(html5.items(), key=lambda item: len(item[0])) if name[-1] == ";"}


def _escaped_bytes(text: str, page: str) -> str:
    return "".join(
        letter if letter.isascii() else "".join(f"={byte:02X}" for byte in letter.encode(page, "replace"))
        for letter in text
    )
