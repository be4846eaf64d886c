"""The certificate on paper: what it says in words, and how a stranger checks the file it stands for.

DejaVu Sans (free licence, beside the files) has the letters of every language of the product, Greek and Cyrillic too.
"""

import hashlib
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

import trustdesk
from trustdesk.proof.contracts import CertificateView
from trustdesk.proof.documents import Said, whole_of

_FONTS = Path(trustdesk.__file__).parent / "fonts"
_REGULAR, _BOLD = "DejaVuSans", "DejaVuSans-Bold"
_INK, _QUIET, _LINE = HexColor("#1b1f24"), HexColor("#57606a"), HexColor("#d0d7de")
_MARGIN = 22 * mm
_LABEL = 52 * mm
_PADDING = 6  # of reportlab's frame
Facts = list[tuple[str, str]]


Words = Callable[[str, str], str]
"""A capability and what of it, as people read it."""


def printed(view: CertificateView, *, language: str, words: Words) -> bytes:
    """See `proof.api.printed`."""
    _register()
    whole = whole_of(view.document)
    said: Said = whole["certificate"]
    target = io.BytesIO()
    with override(language):
        paper = SimpleDocTemplate(
            target,
            pagesize=A4,
            leftMargin=_MARGIN,
            rightMargin=_MARGIN,
            topMargin=_MARGIN,
            bottomMargin=_MARGIN,
            title=_("Certificate of erasure"),
            author=said["controller"]["name"],
            lang=language,
            creator="trustdesk",
        )
        paper.build(list(_story(said, whole, view, words)), onFirstPage=_foot, onLaterPages=_foot)
    return target.getvalue()


def _story(said: Said, whole: Said, view: CertificateView, words: Words) -> Iterator[Any]:
    styles = _styles()
    yield Paragraph(escape(said["controller"]["name"]), styles["quiet"])
    yield Paragraph(_("Certificate of erasure"), styles["title"])
    yield Paragraph(
        _(
            "A person's data were erased, and everything was looked through for what might be left of them. This"
            " certificate names nobody. Whoever was given a code can find out that it is theirs."
        ),
        styles["body"],
    )
    sections = (
        ("", _head(said)),
        (_("Erased"), [(words(one["capability"], one["what"]), str(one["count"])) for one in said["erased"]]),
        (_("Kept, because a law says so"), [_kept(one, words) for one in said["kept"]]),
        (_("Connected systems"), [_system(one) for one in said["systems"]]),
        (_("Looked through afterwards"), _scanned(said["scan"])),
        (_("To check it"), _checking(said, whole, view)),
    )
    for title, facts in sections:
        if title:
            yield Paragraph(title, styles["heading"])
        yield _table(facts or [(_("nothing"), "")], styles)
    yield Spacer(0, 4 * mm)
    yield Paragraph(
        _(
            "This paper shows what the file says; only the file can be verified, by the program `trustdesk"
            " verify-certificate` or its single file `verifier.py`, offline and without trusting whoever issued it."
        ),
        styles["quiet"],
    )


def _head(said: Said) -> Facts:
    dates = said["dates"]
    return [
        (_("Number"), said["number"]),
        (_("Keys destroyed"), _instant(dates["erased_at"])),
        (_("Looked through until"), _instant(dates["scanned_until"])),
        (_("Issued"), _instant(dates["issued_at"])),
        (_("Out of all backups from"), _day(said["backup_free_from"])),
    ]


def _kept(one: Said, words: Words) -> tuple[str, str]:
    until = _day(one["until"]) if one["until"] else _("until what the law names has ended")
    return (words(one["capability"], one["what"]), f"{one['count']} · {one['law']} · {until}")


def _system(one: Said) -> tuple[str, str]:
    return (f"{one['name']} · {one['kind']}", _("%(erased)d erased") % one)


def _scanned(scan: Said) -> Facts:
    hits = scan["hits"]
    facts = [
        (_("Tables"), _("%(tables)d with %(columns)d columns, %(rows)d rows") % scan),
        (_("Files"), str(scan["files"])),
        (_("Texts about others opened"), str(scan["others_opened"])),
        (_("Found"), str(hits["shown"])),
        (_("of which removed"), str(hits["cleared"])),
        (_("of which may stay"), str(hits["justified"])),
    ]
    facts += [(_("by law"), f"{one['law']}: {one['count']}") for one in hits["laws"]]
    return facts + [(_("Not readable"), f"{reason}: {many}") for reason, many in sorted(scan["unread"].items())]


def _checking(said: Said, whole: Said, view: CertificateView) -> Facts:
    log = _("entry %(index)d of the log") % whole["log"] if whole["log"] else _("not yet covered by a checkpoint")
    check = said["check"]
    return [
        (_("Signed by"), whole["key"]),
        (_("In the log"), log),
        (_("SHA-256 of the file"), hashlib.sha256(view.document).hexdigest()),
        (_("Check values"), str(len(check["values"])) if check else _("none: no code was asked for")),
    ]


def _table(facts: Facts, styles: dict[str, ParagraphStyle]) -> Table:
    cells = [
        [Paragraph(escape(label), styles["label"]), Paragraph(escape(said), styles["body"])] for label, said in facts
    ]
    table = Table(cells, colWidths=[_LABEL, A4[0] - 2 * (_MARGIN + _PADDING) - _LABEL])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, _LINE),
            ]
        )
    )
    return table


def _foot(canvas: Any, _paper: object) -> None:  # noqa: ANN401 - reportlab has no types
    canvas.setFont(_REGULAR, 8)
    canvas.setFillColor(_QUIET)
    canvas.drawRightString(A4[0] - _MARGIN, 12 * mm, str(canvas.getPageNumber()))


def _instant(text: str) -> str:
    return date_format(datetime.fromisoformat(text), "DATETIME_FORMAT") + " UTC"


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "DATE_FORMAT")


@cache
def _register() -> None:
    for name in (_REGULAR, _BOLD):
        pdfmetrics.registerFont(TTFont(name, str(_FONTS / f"{name}.ttf")))


def _styles() -> dict[str, ParagraphStyle]:
    body = ParagraphStyle("body", fontName=_REGULAR, fontSize=9, leading=13, textColor=_INK, splitLongWords=True)
    return {
        "body": body,
        "label": ParagraphStyle("label", parent=body, textColor=_QUIET),
        "quiet": ParagraphStyle("quiet", parent=body, textColor=_QUIET, fontSize=8, leading=12),
        "title": ParagraphStyle("title", parent=body, fontName=_BOLD, fontSize=20, leading=28, spaceAfter=6),
        "heading": ParagraphStyle("heading", parent=body, fontName=_BOLD, fontSize=12, spaceBefore=14, spaceAfter=4),
    }
