"""From a spelling to what is looked for in the view: a row of words, or a row of digits."""

import re
from itertools import chain, product
from typing import NamedTuple

from trustdesk.scan.contracts import Kind, Variant
from trustdesk.scan.folding import view

ANY_TAG = "+*@"
"""Between the halves of an e-mail address: whatever stands behind a plus (RFC 5233)."""
_NUMBERS = frozenset({Kind.PHONE, Kind.REFERENCE, Kind.ID, Kind.BIRTH_DATE})
_SPACE = b" "
_GAPS = 3
_WIDE = _SPACE * 3


class Key(NamedTuple):
    """What the search tells apart. `exact` keeps the signs between words; `tail` has to follow a `+` and a tag."""

    digits: bool
    content: bytes
    exact: bool = False
    tail: str = ""


def key_of(variant: Variant) -> Key | None:
    """None where nothing is left of the spelling."""
    text = variant.text
    if variant.kind is Kind.EMAIL:
        text, _, tail = text.partition(ANY_TAG)
        content = view(text).folded.strip()
        return Key(digits=False, content=content, exact=True, tail=tail.casefold()) if content else None
    seen = view(text).folded
    folded = seen.decode("ascii").split()
    if not folded:
        return None
    if variant.kind in _NUMBERS and all(word.isdecimal() for word in folded):
        return Key(digits=True, content="".join(folded).encode())
    written = seen.strip()
    kept = len(folded) > _GAPS + 1 or _WIDE in written
    return Key(digits=False, content=written if kept else " ".join(folded).encode())


def spelled(key: Key) -> tuple[bytes, ...]:
    """A row of words between its boundaries: with one sign between two words, or two (a comma and a blank).

    Where the words are many, as in garbled names, the signs are those of the spelling, or all alike.
    """
    if key.digits:
        return (key.content,)
    split = key.content.split()
    gaps = len(split) - 1
    if key.exact or not gaps:
        return (_SPACE + key.content + _SPACE,)
    if gaps > _GAPS or _WIDE in key.content:
        rows = {key.content, _SPACE.join(split), (_SPACE * 2).join(split)}
        return tuple(_SPACE + row + _SPACE for row in sorted(rows))
    ways = product((_SPACE, _SPACE * 2), repeat=gaps)
    return tuple(_SPACE + b"".join(chain.from_iterable(zip(split, (*way, _SPACE), strict=True))) for way in ways)


_BETWEEN = r"[\s\-./()\[\]_'\u2019\u2010-\u2015\u2212\u00b7]"
_ONE_NUMBER = re.compile(rf"\d(?:{_BETWEEN}{{0,4}}\d)*")
_PREFIX_BEFORE = re.compile(r"(?:\+|(?<!\d)00)\s?\d{1,3}[\s\-./(]*(?:0?\)?[\s\-./]*)?\Z")
_LONGEST_PREFIX = 12


def is_one_number(text: str) -> bool:
    """True where only what people write between the digits of one number stands between them."""
    return _ONE_NUMBER.fullmatch(text) is not None


def after_a_prefix(text: str, start: int) -> bool:
    """True where an international prefix stands before: the number is then that of the country it names."""
    return _PREFIX_BEFORE.search(text[max(start - _LONGEST_PREFIX, 0) : start]) is not None


def follows(text: str, end: int, tail: str) -> bool:
    """True where a plus, a tag and this domain stand behind."""
    found = re.compile(r"\+[^\s@+]{1,64}(?:@|%40)").match(text, end)
    return found is not None and text[found.end() : found.end() + len(tail)].casefold() == tail
