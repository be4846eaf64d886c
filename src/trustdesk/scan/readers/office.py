"""DOCX, XLSX and their kin (ISO/IEC 29500, ODF): a zip of XML, of which the text and the names of authors are taken.

The XML is cut, not parsed: nothing in it can be expanded, fetched or nested, and it is several times as fast.
"""

import re
from collections.abc import Iterator

from trustdesk.scan.contracts import Piece
from trustdesk.scan.readers.references import dereferenced, dereferenced_in_a_line
from trustdesk.scan.readers.text import chunked, one_line, pieces

_PARAGRAPH_ENDS = {"</w:p>": "</w:tc>", "</a:p>": "</a:txBody></a:tc>", "</text:p>": "</table:table-cell>"}
"""Ends of paragraphs, and what follows the one that ends a cell."""
_BREAK = re.compile("<w:(?:tab|br|cr)/>|<a:br|</text:h>|<text:(?:tab/>|line-break/>|s)")
_TEXT = re.compile(r">([^<]+)")
_SAYING = ("author=", "Target=", "userId=", "descr=", "title=")
_TAG = re.compile(r"<[^<>]*>")
_SAID = re.compile(r"""\s(?:\w+:)?(?:author|initials|title|name|descr|Target|userId)="([^"]+)\"""")
_RUNNING = ("word/", "ppt/slides/", "ppt/notes", "content.xml")
_LONG = 524_288
_BETWEEN_TAGS = re.compile(r">\s+<")
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
    yield from pieces(place, chunked(dereferenced(text)))
    said = {dereferenced(found) for found in _SAID.findall(markup)} if any(one in markup for one in _SAYING) else set()
    if said:
        yield Piece(place, "\n".join(sorted(said)))


def _running(markup: str) -> str:
    markup = _BREAK.sub(r"\n\g<0>", markup)
    for end, cell in _PARAGRAPH_ENDS.items():
        if end in markup:
            # A tag is begun behind the sign: what stands between a paragraph and the next tag is no text.
            markup = markup.replace(end, f"{end}\n<").replace(f"{end}\n<{cell}", f"{end}\t<{cell}")
            return "".join(_TEXT.findall(markup))
    return _TAG.sub("\n", markup)


def strings(markup: str) -> list[str]:
    """The texts that cells of a workbook refer to by number, with their references as they are."""
    prefix = _prefix(markup)
    *ended, _ = _without_indentation(markup).split(f"</{prefix}si>")
    return [one_line("".join(_TEXT.findall(one, max(one.rfind(f"<{prefix}si"), 0)))) for one in ended]


def rows(place: str, markup: str, shared: list[str]) -> Iterator[Piece]:
    """A sheet row by row, its cells apart by tabs."""
    yield from pieces(place, _lines(markup, shared), rows=True)


def _prefix(markup: str) -> str:
    found = _PREFIX.search(markup)
    return (found[1] or "") if found else ""


def _lines(markup: str, shared: list[str]) -> Iterator[str]:
    prefix = _prefix(markup)
    sheet = _Sheet(prefix, shared)
    start, end = max(markup.find(f"<{prefix}sheetData"), 0), f"</{prefix}row>"
    while (stop := _after(markup, end, start)) > start:
        yield sheet.text(markup[start:stop])
        start = stop
    # Behind the rows: headers and footers, notes of validation, links.
    yield dereferenced(_TAG.sub(" ", markup[start:]))


def _after(markup: str, end: str, start: int) -> int:
    """Behind the first row that ends far enough on, or behind the last one; `start` where no more of them ends."""
    at = markup.find(end, start + _LONG)
    if at < 0:
        at = markup.rfind(end, start)
    return at + len(end) if at >= 0 else start


def _without_indentation(markup: str) -> str:
    """Lines and blanks between tags are the program's that wrote them; a blank alone is one between words."""
    return _BETWEEN_TAGS.sub(_if_of_one_line, markup) if "\n" in markup or "\r" in markup else markup


def _if_of_one_line(found: re.Match[str]) -> str:
    return "><" if "\n" in found[0] or "\r" in found[0] else found[0]


class _Sheet:
    """Makes lines of many rows at once: going cell by cell takes longer than all else that is done with a file."""

    def __init__(self, prefix: str, shared: list[str]) -> None:
        self._row, self._cell, self._formula = (f"</{prefix}{tag}>" for tag in ("row", "c", "f"))
        self._shared = shared
        self._reference = re.compile(
            rf"""<{prefix}c\b(?=[^<>]*\st=["']s["'])[^<>]*>\s*<{prefix}v\b[^<>]*>\s*([0-9]{{1,9}})(?![0-9])"""
        )

    def text(self, rows: str) -> str:
        rows = one_line(_without_indentation(rows))
        if self._shared:
            rows = self._reference.sub(self._referred, rows)
        # A tag is begun behind each sign: what stands between cells and rows is no text.
        rows = (
            rows.replace(f"{self._cell}{self._row}", "<>\n<").replace(self._row, "<>\n<").replace(self._cell, "<>\t<")
        )
        rows = rows.replace(self._formula, "<> <")  # before the value
        return dereferenced_in_a_line("".join(_TEXT.findall(rows)))

    def _referred(self, found: re.Match[str]) -> str:
        number = int(found[1])
        return f"<v>{self._shared[number]}" if number < len(self._shared) else "<v>"
