"""Mail by itself and in archives, in every coding that mail has."""

import mailbox
import random
from email.message import EmailMessage
from email.policy import SMTP
from html import escape
from pathlib import Path

from benchmarks._residual.office import document
from benchmarks._residual.plan import LEGACY, Row

FORMS = (
    "quoted-printable",
    "base64",
    "old encoding",
    "html",
    "header",
    "attached text",
    "attached letter",
    "forwarded",
)
_SOURCES = ("name with HTML entities", "e-mail with an entity")  # spelled for a page: only read so in one
_CHARSETS = {"cp1250": "iso-8859-2", "cp1252": "iso-8859-1"}


def plant_mails(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    places = {}
    for container, rows in containers.items():
        (row,) = rows
        name = f"{container}.eml"
        (folder / name).write_bytes(mail(row).as_bytes(policy=SMTP))
        places[container] = name
    return places


def plant_mailboxes(folder: Path, containers: dict[str, list[Row]]) -> dict[str, str]:
    places = {}
    for container, rows in containers.items():
        name = f"inbox-{container}.mbox"
        box = mailbox.mbox(folder / name)
        for row in rows:
            box.add(mail(row).as_bytes())
        box.close()
        places[container] = name
    return places


def form_of(row: Row) -> str:
    """By the ticket, so that it is the same for the same seed; what fits no header or no page goes elsewhere."""
    if row.spelling in _SOURCES:
        return "html"
    form = random.Random(row.ticket).choice(FORMS)
    noted = _noted(row)
    if form == "header" and not noted.isprintable():
        return "base64"
    if form == "old encoding" and not _encodable(_body(row), _charset(row)):
        return "quoted-printable"
    return form


def mail(row: Row) -> EmailMessage:
    person, form, noted = row.person, form_of(row), _noted(row)
    message = EmailMessage()
    message["From"] = f'"{person.name}" <{person.email}>'
    message["To"] = "service@company.example"
    message["Date"] = "Mon, 02 Feb 2026 09:15:00 +0100"
    message["Message-ID"] = f"<{row.ticket}@company.example>"
    message["Subject"] = f"{row.ticket} {noted}" if form == "header" else f"Ticket {row.ticket}"
    body = _body(row)
    if form in ("quoted-printable", "base64"):
        message.set_content(body, cte=form)
    elif form == "old encoding":
        message.set_content(body, charset=_charset(row), cte="quoted-printable")
    elif form == "html":
        _as_page(message, row, noted)
    else:
        message.set_content(f"{row.ticket}\n", cte="8bit")
        _attach(message, row, form, noted)
    return message


def _as_page(message: EmailMessage, row: Row, noted: str) -> None:
    text = noted if row.spelling in _SOURCES else escape(noted).replace("\n", "<br>")
    message.set_content("See the page.\n", cte="7bit")
    page = f"<html><body><p>{row.ticket}</p><p style='color:#333'>{text}</p></body></html>\n"
    message.add_alternative(page, subtype="html", cte="quoted-printable")


def _attach(message: EmailMessage, row: Row, form: str, noted: str) -> None:
    if form == "attached text":
        message.add_attachment(noted, filename="note.txt", cte="base64")
    elif form == "attached letter":
        message.add_attachment(
            document(row, "body"),
            maintype="application",
            subtype="vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename="letter.docx",
        )
    elif form == "forwarded":
        inner = EmailMessage()
        inner["From"], inner["Subject"] = "desk@company.example", "Fwd"
        inner.set_content(noted, cte="quoted-printable")
        message.add_attachment(inner)


def _noted(row: Row) -> str:
    return f"{row.remark} {row.contact}".strip()


def _body(row: Row) -> str:
    return f"{row.ticket}\n\n{_noted(row)}\n\n{row.person.name}\n{row.person.mobile}\n"


def _charset(row: Row) -> str:
    return _CHARSETS.get(LEGACY[row.person.country], "iso-8859-1")


def _encodable(text: str, charset: str) -> bool:
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        return False
    return True
