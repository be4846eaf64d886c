"""A mail as it goes over the wire: RFC 5322, 2045-2047 and 6532, by the standard library; RFC 8058 and 3834 by hand.

Everything leaves in seven bits, so that no server on the way needs 8BITMIME (RFC 6152). Only an address that is not
ASCII itself asks for SMTPUTF8 (RFC 6531).
"""

from dataclasses import dataclass, field
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime

import idna

from trustdesk.delivery.wording import as_html
from trustdesk.kernel.errors import BadInputError

_SEVEN_BITS = policy.SMTP.clone(cte_type="7bit")
_UTF8 = policy.SMTPUTF8.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unsubscribe:
    """How marketing is stopped: by one POST to `link` (RFC 8058), or by a mail to `mailbox` where there is one."""

    link: str
    mailbox: str = ""
    list_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """All that a mail is made of."""

    sender: str
    sender_name: str
    recipient: str = field(repr=False)
    reply_to: str
    subject: str = field(repr=False)
    text: str = field(repr=False)
    language: str
    message_id: str
    at: datetime
    unsubscribe: Unsubscribe | None = None


def deliverable(address: str) -> str:
    """The address with its domain in ASCII (RFC 5890), so that only a local part beyond ASCII needs SMTPUTF8.

    By IDNA 2008: the standard library's codec is that of 2003, by which straße is another domain. BadInputError where
    it is none; the address is not repeated.
    """
    local, _at, domain = address.rpartition("@")
    try:
        written = (domain.encode("idna") if domain.isascii() else idna.encode(domain, uts46=True)).decode("ascii")
        # What would have to be quoted (RFC 5322, 3.2.4) is nobody's address, and twice quoted it would be another one.
        good = Address(username=local, domain=written).addr_spec == f"{local}@{written}"
    except (UnicodeError, ValueError, IndexError):
        written, good = "", False
    blank = any(ord(sign) <= ord(" ") or ord(sign) == 0x7F for sign in address)
    if not (good and local and written) or blank:
        raise BadInputError("This is not an address for mail.", place="address")
    return f"{local}@{written}"


def needs_utf8(letter: Letter) -> bool:
    """True where an address can be written only with SMTPUTF8."""
    return not all(address.isascii() for address in (letter.sender, letter.recipient, letter.reply_to))


def compose(letter: Letter) -> bytes:
    """The mail, lines ended by CRLF. ValueError where a value would break out of its header."""
    mail = EmailMessage(policy=_UTF8 if needs_utf8(letter) else _SEVEN_BITS)
    mail["From"] = _mailbox(letter.sender, letter.sender_name)
    mail["To"] = _mailbox(letter.recipient)
    if letter.reply_to:
        mail["Reply-To"] = _mailbox(letter.reply_to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(letter.at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office answers, please
    if letter.unsubscribe is not None:
        stop = letter.unsubscribe
        ways = [f"<{stop.link}>", *([f"<mailto:{stop.mailbox}?subject=unsubscribe>"] if stop.mailbox else [])]
        mail["List-Id"] = f"<{stop.list_id}>"
        mail["List-Unsubscribe"] = ", ".join(ways)
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text + "\n", cte="quoted-printable")
    mail.add_alternative(as_html(letter.text, letter.language), subtype="html", cte="quoted-printable")
    mail["Content-Language"] = letter.language  # last: what is set before the content belongs to its first part
    return mail.as_bytes()


def _mailbox(address: str, name: str = "") -> Address:
    local, _at, domain = address.rpartition("@")
    return Address(name, username=local, domain=domain)
