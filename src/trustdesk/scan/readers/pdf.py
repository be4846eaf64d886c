"""PDF by PDFium, page by page. It is not thread-safe and is used by one thread of a process only."""

from typing import BinaryIO

import pypdfium2
from pypdfium2 import raw

from trustdesk.scan.contracts import MIB, Piece, Reason, Unread
from trustdesk.scan.readers.budget import Budget, Source, UnreadableError
from trustdesk.scan.readers.members import Parts, Read, in_memory, inside

_BIG = 32 * MIB
_PASSWORD = raw.FPDF_ERR_PASSWORD
_SECURITY = raw.FPDF_ERR_SECURITY


def read_pdf(budget: Budget, source: Source, stream: BinaryIO, read: Read) -> Parts:
    """The text of each page, what the document says of itself, its attachments; pages that are pictures are named."""
    try:
        document = pypdfium2.PdfDocument(_held(stream) or stream)
    except pypdfium2.PdfiumError as error:
        locked = getattr(error, "err_code", None) in {_PASSWORD, _SECURITY}
        raise UnreadableError(Reason.ENCRYPTED if locked else Reason.BROKEN) from None
    try:
        said = "\n".join(filter(None, document.get_metadata_dict().values()))
        if said:
            yield Piece(source.place, said)
        for number in range(len(document)):
            budget.check_time()
            yield from _page(budget, document, number, inside(source.place, f"page {number + 1}"))
        for number in range(document.count_attachments()):
            budget.member()
            attachment = document.get_attachment(number)
            name = attachment.get_name()
            content = bytes(attachment.get_data())
            budget.spend(len(content))
            yield from read(in_memory(inside(source.place, name), name, content, source.depth + 1))
    finally:
        document.close()


def _held(stream: BinaryIO) -> bytes:
    """The whole document where it is not big: PDFium asks a stream for a few bytes at a time, through Python."""
    content = stream.read(_BIG)
    if len(content) < _BIG:
        return content
    stream.seek(0)
    return b""


def _page(budget: Budget, document: pypdfium2.PdfDocument, number: int, place: str) -> Parts:
    try:
        page = document[number]
        text = page.get_textpage().get_text_range()
        pictures = not text.strip() and next(page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
        page.close()
    except pypdfium2.PdfiumError:
        yield Unread(place, Reason.BROKEN)
        return
    budget.spend(len(text))
    if text:
        yield Piece(place, text)
    if pictures:
        yield Unread(place, Reason.NO_TEXT)
