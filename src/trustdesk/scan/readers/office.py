"""DOCX, XLSX and their kin (ISO/IEC 29500, ODF): a zip of XML, of which the text and the names of authors are taken.

The XML is cut, not parsed: nothing in it can be expanded, fetched or nested, and it is several times as fast.
"""

import html
import re
from collections.abc import Iterator
from itertools import chain

from trustdesk.scan.contracts import Piece
from trustdesk.scan.readers.text import chunked, one_line, pieces

_PARAGRAPH_ENDS = ("</w:p>", "</a:p>", "</text:p>")
_CELL_END = ("</w:tc>", "</a:txBody></a:tc>", "</table:table-cell>")
_BREAKS = ("<w:tab/>", "<w:br/>", "<w:cr/>", "<a:br", "</text:h>", "<text:tab/>", "<text:line-break/>", "<text:s")
_TEXT = re.compile(r">([^<]+)")
_SAYING = ("author=", "Target=", "userId=", "descr=", "title=")
_TAG = re.compile(r"<[^<>]*>")
_SAID = re.compile(r"""\s(?:\w+:)?(?:author|initials|title|name|descr|Target|userId)="([^"]+)\"""")
_RUNNING = ("word/", "ppt/slides/", "ppt/notes", "content.xml")
_LONG = 131_072
_PREFIX = re.compile(r"<(\w+:)?(?:worksheet|sst)\b")


def kind_of(names: set[str]) -> str:
    """`docx`, `xlsx`, `pptx` or `odf` by the members of a zip; empty where it is an archive of files."""
    if "[Content_Types].xml" in names:
        for kind, part in (("docx", "word/"), ("xlsx", "xl/"), ("pptx", "ppt/")):
            if any(name.startswith(part) for name in names):
                return kind
    return "odf" if {"mimetype", "content.xml"} <= names else ""


def decoded(content: bytes) -> str:
    """XML says its encoding; office programs write UTF-8, and UTF-16 with its mark."""
    return content.decode("utf-16" if content[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8", "replace")


def paragraphs(place: str, name: str, markup: str) -> Iterator[Piece]:
    """The text of a part by paragraphs, deleted words of tracked changes too; then who is named in its attributes.

    A word may be in several runs, whose tags are no gaps; in what is not running text every tag is one.
    """
    text = _running(markup) if name.startswith(_RUNNING) else _TAG.sub("\n", markup)
    yield from pieces(place, chunked(_plain(text)))
    said = {_plain(found) for found in _SAID.findall(markup)} if any(one in markup for one in _SAYING) else set()
    if said:
        yield Piece(place, "\n".join(sorted(said)))


def _running(markup: str) -> str:
    for tag in _BREAKS:
        markup = markup.replace(tag, f"\n{tag}")
    for end in _PARAGRAPH_ENDS:
        if end in markup:
            parts = markup.split(end)
            texts = ["".join(_TEXT.findall(part)) for part in parts]
            ends = ["\t" if part.startswith(_CELL_END) else "\n" for part in parts[1:]]
            return "".join(chain.from_iterable(zip(texts, [*ends, ""], strict=True)))
    return _TAG.sub("\n", markup)


def _plain(text: str) -> str:
    return html.unescape(text) if "&" in text else text


def strings(markup: str) -> list[str]:
    """The texts that cells of a workbook refer to by number."""
    prefix = _prefix(markup)
    *ended, _ = markup.split(f"</{prefix}si>")
    return [_plain(_TAG.sub("", one[one.rfind(f"<{prefix}si") :])) for one in ended]


def rows(place: str, markup: str, shared: list[str]) -> Iterator[Piece]:
    """A sheet row by row, its cells apart by tabs."""
    yield from pieces(place, _lines(markup, shared), rows=True)


def _prefix(markup: str) -> str:
    found = _PREFIX.search(markup)
    return (found[1] or "") if found else ""


def _lines(markup: str, shared: list[str]) -> Iterator[str]:
    prefix = _prefix(markup)
    lines: list[str] = []
    length = 0
    *ended, rest = markup.split(f"</{prefix}row>")
    for row in ended:
        *cells, _ = row.split(f"</{prefix}c>")
        lines.append("\t".join(one_line(_cell(cell[cell.rfind(f"<{prefix}c ") :], shared)) for cell in cells))
        length += len(lines[-1])
        if length > _LONG:
            yield "\n".join([*lines, ""])
            lines, length = [], 0
    # Behind the rows: headers and footers, notes of validation, links.
    yield "\n".join([*lines, _plain(_TAG.sub(" ", rest))])


def _cell(cell: str, shared: list[str]) -> str:
    attributes, _, inner = cell.partition(">")
    simple = inner.startswith("<v>") and inner.endswith("</v>")
    # A formula stands before its value.
    text = inner[len("<v>") : -len("</v>")] if simple else _TAG.sub(" " if "<f" in inner else "", inner)
    if 't="s"' in attributes:
        return shared[int(text)] if text.isdecimal() and int(text) < len(shared) else ""
    return _plain(text)
