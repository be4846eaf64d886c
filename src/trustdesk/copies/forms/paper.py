"""The copy as PDF: the same sections as the page, with bookmarks, page numbers and an embedded font.

DejaVu Sans (free licence, beside the files) has the letters of every language of the product, and Greek and Cyrillic.
"""

import io
from collections.abc import Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.translation import gettext as _
from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_LEFT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate, Paragraph, Spacer

import trustdesk
from trustdesk.copies.contracts import Document
from trustdesk.copies.forms.page import made_of, title_of
from trustdesk.copies.reading import Entry, Section

_FONTS = Path(trustdesk.__file__).parent / "fonts"
_REGULAR, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_INK, _QUIET = HexColor("#1b1f24"), HexColor("#57606a")
_MARGIN = 20 * mm
_LONGEST = 4_000  # letters of one paragraph: a longer one is cut in pieces, which may stand on several pages


def pdf(document: Document, sections: Sequence[Section]) -> bytes:
    """The file, whole: its table of contents stands at its end."""
    _register()
    target = io.BytesIO()
    paper = _Paper(document, target)
    paper.build(list(_story(document, sections)))
    return target.getvalue()


def _story(document: Document, sections: Sequence[Section]) -> Iterator[Any]:
    styles = _styles()
    yield Paragraph(escape(title_of(document)), styles["title"])
    yield Paragraph(escape(made_of(document)), styles["quiet"])
    yield _heading(_("What the law wants you to know"), styles["heading"], 0)
    for topic in document.topics:
        yield _heading(topic.title, styles["topic"], 1)
        for paragraph in topic.paragraphs:
            yield from _paragraphs(paragraph, styles["body"])
    for section in sections:
        yield _heading(section.title, styles["heading"], 0)
        for entry in section.entries:
            yield from _entry(entry, styles)


def _entry(entry: Entry, styles: dict[str, ParagraphStyle]) -> Iterator[Any]:
    quiet = _QUIET.hexval().replace("0x", "#")
    pairs = " · ".join(f'<font color="{quiet}">{escape(label)}:</font> {escape(said)}' for label, said in entry.pairs)
    yield Paragraph(escape(entry.head) or "-", styles["head" if pairs or entry.text else "body"])
    if pairs:
        yield Paragraph(pairs, styles["body"])
    if entry.text:
        yield from _paragraphs(entry.text, styles["text"])
    yield Spacer(0, 2 * mm)


def _paragraphs(text: str, style: ParagraphStyle) -> Iterator[Any]:
    for line in text.split("\n"):
        for start in range(0, len(line), _LONGEST):
            yield Paragraph(escape(line[start : start + _LONGEST]), style)


class _Heading(Paragraph):
    """A heading that is a bookmark as well."""

    level = 0


def _heading(text: str, style: ParagraphStyle, level: int) -> _Heading:
    heading = _Heading(escape(text), style)
    heading.level = level
    return heading


class _Paper(BaseDocTemplate):
    """A4 with the company and the page's number below, and an outline of the headings."""

    def __init__(self, document: Document, target: io.BytesIO) -> None:
        title = title_of(document)
        super().__init__(
            target, pagesize=A4, title=title, author=document.company, lang=document.language, creator="trustdesk"
        )
        self._foot, self._marks = title, 0
        width, height = A4
        frame = Frame(_MARGIN, _MARGIN, width - 2 * _MARGIN, height - 2 * _MARGIN, 0, 0, 0, 0)
        self.addPageTemplates([PageTemplate(frames=[frame], onPage=self._number)])

    def afterFlowable(self, flowable: object) -> None:  # noqa: N802 - reportlab's name
        """Each heading becomes a line of the outline."""
        if isinstance(flowable, _Heading):
            self._marks += 1
            key = f"heading-{self._marks}"
            self.canv.bookmarkPage(key)
            self.canv.addOutlineEntry(flowable.getPlainText(), key, flowable.level, closed=flowable.level == 0)

    def _number(self, canvas: Any, _template: object) -> None:  # noqa: ANN401 - reportlab has no types
        canvas.showOutline()
        canvas.setFont(_REGULAR, 8)
        canvas.setFillColor(_QUIET)
        canvas.drawString(_MARGIN, 12 * mm, self._foot)
        canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, str(canvas.getPageNumber()))


@cache
def _register() -> None:
    for name in (_REGULAR, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))
    pdfmetrics.registerFontFamily(_REGULAR, normal=_REGULAR, bold=_BOLD, italic=_REGULAR, boldItalic=_BOLD)


def _styles() -> dict[str, ParagraphStyle]:
    body = ParagraphStyle(
        "body", fontName=_REGULAR, fontSize=9, leading=13, textColor=_INK, alignment=TA_LEFT, splitLongWords=1
    )
    made = partial(ParagraphStyle, parent=body)
    return {
        "body": body,
        "title": made("title", fontName=_BOLD, fontSize=20, leading=26),
        "quiet": made("quiet", textColor=_QUIET),
        "heading": made(
            "heading", fontName=_BOLD, fontSize=13, leading=18, spaceBefore=14, spaceAfter=4, keepWithNext=1
        ),
        "topic": made("topic", fontName=_BOLD, fontSize=10, leading=14, spaceBefore=8, spaceAfter=2, keepWithNext=1),
        "head": made("head", fontName=_BOLD, keepWithNext=1),
        "text": made("text", leftIndent=8, borderColor=_QUIET, spaceBefore=2),
    }
