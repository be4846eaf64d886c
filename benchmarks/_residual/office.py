"""Workbooks and letters of an office, in every corner of them that holds text."""

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks._residual.plan import Row
from benchmarks._residual.texts import COLUMNS, record

FORMS = ("body", "runs", "table", "header", "comment")
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_WORD = f'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="{_OFFICE}"'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SECTION = '<w:sectPr><w:headerReference w:type="default" r:id="r0"/></w:sectPr>'
_PARTS = {"document": "document.main", "header1": "header", "comments": "comments"}


def plant_workbooks(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    """Every fifth row on a hidden sheet; some remarks as comments of a cell; digits as numbers."""
    places = {}
    for container, rows in containers.items():
        book = Workbook()
        shown = book.active
        assert isinstance(shown, Worksheet)
        hidden = book.create_sheet("old")
        hidden.sheet_state = "hidden"
        for sheet in (shown, hidden):
            sheet.append(COLUMNS)
        for number, row in enumerate(rows):
            _append(hidden if number % 5 == 0 else shown, row, commented=number % 7 == 0)
        name = f"customers-{container}.xlsx"
        book.save(folder / name)
        places[container] = name
    return places


def _append(sheet: Worksheet, row: Row, *, commented: bool) -> None:
    values: dict[str, str | int] = dict(record(row))
    if row.contact.isdigit() and not row.contact.startswith("0"):
        values["contact"] = int(row.contact)
    remark = str(values["remark"])
    values["remark"] = "" if commented else remark
    sheet.append(list(values.values()))
    if commented:
        sheet.cell(sheet.max_row, len(COLUMNS)).comment = Comment(remark, "desk")


def plant_documents(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    places = {}
    for number, (container, rows) in enumerate(containers.items()):
        (row,) = rows
        form = FORMS[number % len(FORMS)]
        name = f"letter-{container}.docx"
        (folder / name).write_bytes(document(row, form))
        places[container] = name
    return places


def document(row: Row, form: str) -> bytes:
    """A letter to the customer; what was noted stands in the part that `form` names."""
    noted = f"{row.remark} {row.contact}".strip()
    person = row.person
    paragraphs = [_paragraph(_run(line)) for line in (person.name, *str(person.address).split(", "), row.ticket)]
    if form == "table":
        cells = "".join(f"<w:tc>{_paragraph(_run(text))}</w:tc>" for text in (row.ticket, row.remark, row.contact))
        columns = '<w:gridCol w:w="3000"/>' * 3
        table = f"<w:tblPr/><w:tblGrid>{columns}</w:tblGrid><w:tr>{cells}</w:tr>"
        paragraphs += [f"<w:tbl>{table}</w:tbl>", _paragraph("")]
    elif form == "runs":  # as a word processor leaves what was spell-checked and corrected
        pieces = [noted[place : place + 5] for place in range(0, len(noted), 5)]
        paragraphs.append(_paragraph("".join(map(_run, pieces))))
    elif form == "body":
        paragraphs.append(_paragraph(_run(noted)))
    header = _paragraph(_run(noted if form == "header" else "trustdesk"))
    comment = _paragraph(_run(noted if form == "comment" else "ok"))
    return _package(
        {
            "document": f"<w:document {_WORD}><w:body>{''.join(paragraphs)}{_SECTION}</w:body></w:document>",
            "header1": f"<w:hdr {_WORD}>{header}</w:hdr>",
            "comments": f'<w:comments {_WORD}><w:comment w:id="0" w:author="desk">{comment}</w:comment></w:comments>',
        }
    )


def _paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _run(text: str) -> str:
    marked = escape(text).replace("\n", '</w:t><w:br/><w:t xml:space="preserve">')
    marked = marked.replace("\t", '</w:t><w:tab/><w:t xml:space="preserve">')
    return f'<w:r><w:t xml:space="preserve">{marked}</w:t></w:r>'


def _package(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    types = "".join(
        f'<Override PartName="/word/{part}.xml" ContentType="{_TYPE}.{kind}+xml"/>' for part, kind in _PARTS.items()
    )
    relations = "".join(
        f'<Relationship Id="r{number}" Type="{_OFFICE}/{part.rstrip("1")}" Target="{part}.xml"/>'
        for number, part in enumerate(list(_PARTS)[1:])
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
        f'<Relationship Id="r0" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        **{f"word/{part}.xml": text for part, text in parts.items()},
    }
    with zipfile.ZipFile(out, "w") as package:
        for name, text in files.items():
            member = zipfile.ZipInfo(name)
            member.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(member, (_HEAD + text).encode())
    return out.getvalue()
