"""Character references of HTML and XML (`&#225;`, `&aacute;`), as `html.unescape` reads them and many times as fast.

Workbooks and exports of some programs write every letter beyond ASCII so: these are read all at once.
"""

import html
import re

import numpy as np

_REFERENCE = re.compile(r"&(?:#(?:[0-9]{1,9}|[xX][0-9a-fA-F]{1,8});?|[^\t\n\f <&#;]{1,32};?)")
_MANY = 32
_DIGITS = 5
_FIRST, _SURROGATES, _LAST = 0xA0, range(0xD800, 0xE000), 0xFFFD
"""From here on a letter can't become a part of another reference, and HTML takes each number for what it is."""


def dereferenced(text: str) -> str:
    """The text with its references read."""
    return _REFERENCE.sub(_letters, _numbered(text)) if "&" in text else text


def dereferenced_in_a_line(text: str) -> str:
    """The same, with a blank for line ends: where they are written as references they end no line of the text."""
    return _REFERENCE.sub(_letters_in_a_line, _numbered(text)) if "&" in text else text


def _letters(found: re.Match[str]) -> str:
    return html.unescape(found[0])


def _letters_in_a_line(found: re.Match[str]) -> str:
    letters = html.unescape(found[0])
    return " " if letters in {"\n", "\r"} else letters


def _numbered(text: str) -> str:
    """The text with its decimal references to letters read, where they are many."""
    if text.count("&#") < _MANY:
        return text
    units = np.frombuffer(f"{text}{' ' * _DIGITS}  ".encode("utf-16-le", "surrogatepass"), dtype="<u2")
    at = np.flatnonzero(units == ord("&"))
    at = at[units[at + 1] == ord("#")]
    number = np.zeros(len(at), dtype=np.uint32)
    length = np.zeros(len(at), dtype=np.uint8)  # to the semicolon; none as long as it was not met
    reading = np.ones(len(at), dtype=bool)
    for step in range(2, _DIGITS + 3):
        unit = units[at + step]
        length[reading & (unit == ord(";"))] = step
        reading &= (unit >= ord("0")) & (unit <= ord("9"))
        number[reading] = number[reading] * 10 + (unit[reading] - ord("0"))
    fit = (length > 0) & (number >= _FIRST) & (number <= _LAST)
    fit &= (number < _SURROGATES.start) | (number >= _SURROGATES.stop)
    at, length = at[fit], length[fit]
    read, kept = units.copy(), np.ones(len(units), dtype=bool)
    read[at] = number[fit]
    for step in range(1, _DIGITS + 3):
        kept[at[length >= step] + step] = False
    kept[-_DIGITS - 2 :] = False
    return read[kept].tobytes().decode("utf-16-le", "surrogatepass")
