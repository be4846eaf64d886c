r"""Letters as programs write them where only few were safe: read again in texts of every kind, once or doubled.

`\u00e1` and `\xC3\xA1` (JSON, Python, nginx), `\303\241`, `%C3%A1` (RFC 3986), `&aacute;` `&#225;` `&#xe1;` (HTML).
Lines stay as many as they were: an escaped line break is a blank.
"""

import html
import re

from trustdesk.scan.readers.text import narrow

_HEX = "[0-9a-fA-F]"
# Each begins with one letter of its own, which the engine looks for by itself: texts without any cost next to nothing.
_BACKSLASHED = re.compile(
    rf"\\\\*(?:u(?P<code>{_HEX}{{4}})|(?P<hex>x{_HEX}{{2}}(?:\\+x{_HEX}{{2}})*)"
    r"|(?P<octal>3[0-7]{2}(?:\\+2[0-7]{2})+)|(?P<control>[nrtbf]))"
)
_ENTITY = re.compile(rf"&(?:amp;)*(#\d{{1,7}}|#[xX]{_HEX}{{1,6}}|[A-Za-z]{{2,31}}\d{{0,2}});")
_PERCENT = re.compile(rf"%(?:25)*{_HEX}{{2}}(?:%(?:25)*{_HEX}{{2}})*")
_PATH = re.compile(r"(?<!\w)[A-Za-z]:(?:\\+[^\s\\:\"*?<>|]+)+\Z")
"""Up to here it is a path of Windows: what follows the next backslash is a name."""
_LONGEST_PATH = 200
_NESTED = 4
_INDENTED = re.compile(r"\n {2,}")


def plain(text: str) -> str:
    """The text with all escapes read, also those of escaped texts inside escaped texts, and its lines evened."""
    return evened(unescaped(text))


def evened(text: str) -> str:
    """Lines that go on further in: between two words are a sign or two, not the indentation of a form."""
    return _INDENTED.sub("\n ", text)


def unescaped(text: str) -> str:
    """The text with all escapes read, also those of escaped texts inside escaped texts."""
    for _ in range(_NESTED):
        before = text
        if "\\" in text:
            text = _BACKSLASHED.sub(_backslashed, text)
        if "&" in text:
            text = _ENTITY.sub(_entity, text)
        if "%" in text:
            text = _PERCENT.sub(_percent, text)
        if text == before:
            break
    return text


def _backslashed(found: re.Match[str]) -> str:
    if found["code"]:
        return _one_line(chr(int(found["code"], 16)))
    if found["hex"]:
        return _of_bytes(bytes(int(one, 16) for one in re.findall(_HEX + "{2}", found["hex"])))
    if found["octal"]:
        return _of_bytes(bytes(int(one, 8) for one in re.findall("[0-7]{3}", found["octal"])))
    at = found.start()
    return found[0] if _PATH.search(found.string[max(at - _LONGEST_PATH, 0) : at]) else " "


def _entity(found: re.Match[str]) -> str:
    return _one_line(html.unescape(f"&{found[1]};"))


def _percent(found: re.Match[str]) -> str:
    return _of_bytes(bytes(int(one[-len("00") :], 16) for one in found[0].split("%")[1:]))


def _of_bytes(content: bytes) -> str:
    return _one_line(narrow(content))


def _one_line(letters: str) -> str:
    return "".join(" " if one < " " or "\ud800" <= one <= "\udfff" else one for one in letters)
