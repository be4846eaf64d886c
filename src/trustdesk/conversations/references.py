"""References: twelve digits said to a caller. They find a case and say nothing of anybody.

Eleven digits are random; the last is Damm's check digit (H. M. Damm, 2004), which catches every single wrong digit and
every two neighbors that changed places, the slips people make when they hear and type.
"""

import re
import secrets

from stdnum import damm

DIGITS = 12
_SPACES = re.compile(r"[\s./_\u2010-\u2015-]+")
_FIGURE = re.compile(r"\s*/\s*\d{1,3}\s*\Z")


def fresh() -> str:
    """A new reference, of 10^11 that can be."""
    body = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}d}"
    return body + damm.calc_check_digit(body)


def read(text: str) -> str:
    """The twelve digits of what somebody typed or said, with spaces or hyphens, also with the figure of a complaint
    after a stroke; empty where it is no reference.
    """
    for tried in (text, _FIGURE.sub("", text)):
        digits = _SPACES.sub("", tried)
        if len(digits) == DIGITS and digits.isascii() and digits.isdecimal() and damm.is_valid(digits):
            return digits
    return ""


def grouped(reference: str) -> str:
    """In groups of three, as it is shown and said."""
    return " ".join(reference[place : place + 3] for place in range(0, len(reference), 3))
