"""Real files of the kinds that offices keep, made from lines of text: for the tests of the scan, and for its bench."""

import zipfile
import zlib
from collections.abc import Sequence
from email.message import EmailMessage
from io import BytesIO
from xml.sax.saxutils import escape

import openpyxl

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive; every member has the same date, so that the same members are the same bytes."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def docx(lines: Sequence[str], *, author: str = "", picture: bytes = b"") -> bytes:
    """A Word document, a paragraph a line, each in two runs, as editing leaves them; with a letterhead's picture."""
    paragraphs = []
    for line in lines:
        half = len(line) // 2
        runs = "".join(
            f'<w:r><w:rPr><w:lang w:val="hu-HU"/></w:rPr><w:t xml:space="preserve">{escape(part)}</w:t></w:r>'
            for part in (line[:half], line[half:])
        )
        paragraphs.append(f'<w:p w:rsidR="00A77427"><w:pPr><w:pStyle w:val="Normal"/></w:pPr>{runs}</w:p>')
    said = f'<w:ins w:id="1" w:author="{escape(author)}"/>' if author else ""
    body = (
        f'<?xml version="1.0"?><w:document xmlns:w="{_WORD}"><w:body>{said}{"".join(paragraphs)}</w:body></w:document>'
    )
    members = {"[Content_Types].xml": _TYPES.encode(), "word/document.xml": body.encode()}
    return zipped(members | ({"word/media/image1.jpeg": b"\xff\xd8\xff" + picture} if picture else {}))


def xlsx(rows: Sequence[Sequence[object]]) -> bytes:
    """A workbook of one sheet, by openpyxl."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Sheet")
    for row in rows:
        sheet.append(list(row))
    buffer = BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def mail(subject: str, lines: Sequence[str], attachments: dict[str, bytes] | None = None, *, sender: str = "") -> bytes:
    """A message with its text in quoted-printable and its attachments in base64."""
    message = EmailMessage()
    message["From"] = sender or "Desk <desk@example.com>"
    message["To"] = "archive@example.com"
    message["Subject"] = subject
    message["Date"] = "Mon, 05 Jan 2026 10:00:00 +0100"
    message.set_content("\n".join(lines), cte="quoted-printable")
    for name, content in (attachments or {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def pdf(pages: Sequence[Sequence[str]], *, encrypted: bool = False, picture: bytes = b"") -> bytes:
    """A PDF of text in one font whose letters are numbered as they come (ISO 32000-1, 9.10: ToUnicode)."""
    codes: dict[str, int] = {}
    contents = [_page(lines, codes) for lines in pages]
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", ""]
    objects.append(f"<< /Type /Font /Subtype /TrueType /BaseFont /Arial /FirstChar 0 /LastChar 255 /Widths "
                   f"[{' '.join(['500'] * 256)}] /FontDescriptor 4 0 R /ToUnicode 5 0 R >>")  # fmt: skip
    objects.append("<< /Type /FontDescriptor /FontName /Arial /Flags 4 /FontBBox [0 -200 1000 900] /ItalicAngle 0"
                   " /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80 >>")  # fmt: skip
    streams: dict[int, bytes] = {4: _unicode_of(codes), 5: picture}
    objects += ["", ""]
    kids = []
    for content in contents:
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {len(objects) + 2} 0 R"
                       " /Resources << /Font << /F1 3 0 R >> >> >>")  # fmt: skip
        streams[len(objects)] = content
        objects.append("")
    objects[1] = f"<< /Type /Pages /Count {len(kids)} /Kids [{' '.join(kids)}] >>"
    return _assembled(objects, streams, encrypted=encrypted)


def _page(lines: Sequence[str], codes: dict[str, int]) -> bytes:
    coded = ("".join(f"{codes.setdefault(letter, len(codes) + 1):02x}" for letter in line) for line in lines)
    shown = ["BT /F1 9 Tf 40 800 Td 12 TL", *(f"<{line}> Tj T*" for line in coded)]
    return "\n".join([*shown, "ET"]).encode()


def _unicode_of(codes: dict[str, int]) -> bytes:
    pairs = "\n".join(f"<{code:02x}> <{letter.encode('utf-16-be').hex()}>" for letter, code in codes.items())
    return (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /U def /CMapType 2 def\n"
        f"1 begincodespacerange <00> <ff> endcodespacerange {len(codes)} beginbfchar\n{pairs}\nendbfchar\n"
        "endcmap CMapName currentdict /CMap defineresource pop end end"
    ).encode()


def _assembled(objects: Sequence[str], streams: dict[int, bytes], *, encrypted: bool) -> bytes:
    out = BytesIO()
    out.write(b"%PDF-1.7\n")
    offsets = []
    for number, text in enumerate(objects):
        offsets.append(out.tell())
        body = text.encode()
        if number in streams:
            packed = zlib.compress(streams[number])
            body = f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
        out.write(f"{number + 1} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.writelines(f"{offset:010d} 00000 n \n".encode() for offset in offsets)
    locked = f"/Encrypt << /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{'ab' * 32}> /U <{'cd' * 32}> >>"
    trailer = f"/Size {len(objects) + 1} /Root 1 0 R {locked if encrypted else ''} /ID [<{'00' * 16}> <{'00' * 16}>]"
    out.write(f"trailer\n<< {trailer} >>\nstartxref\n{start}\n%%EOF\n".encode())
    return out.getvalue()
