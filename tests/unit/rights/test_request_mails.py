"""Letters as people and machines write them: what they say, who they are not, and what can't be read."""

from contextlib import suppress
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.conversations import references
from trustdesk.rights import mails
from trustdesk.rights.contracts import Kind

OWN = ("rights@example.org",)


def mail(text: str = "Please tell me all.", *, subject: str = "My data", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = headers.pop("sender", "Aino Mäkelä <aino@example.com>")
    message["To"] = "rights@example.org"
    message["Subject"] = subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message.as_bytes()


def test_a_letter_says_who_wrote_what() -> None:
    found = mails.parsed(mail("Hyvät vastaanottajat,\n\nkertokaa kaikki.", subject="Tietoni: näytä"), own=OWN)
    assert (found.sender, found.name) == ("aino@example.com", "Aino Mäkelä")
    assert found.words == "Tietoni: näytä\n\nHyvät vastaanottajat,\n\nkertokaa kaikki."
    assert (found.machine, found.attachments, found.references) == ("", 0, ())


@pytest.mark.parametrize(
    ("headers", "why"),
    [
        ({"Auto_Submitted": "auto-replied"}, "automatic"),
        ({"X_Autoreply": "yes"}, "automatic"),
        ({"Precedence": "bulk"}, "list"),
        ({"List_Id": "<news.example.com>"}, "list"),
        ({"Return_Path": "<>"}, "report"),
        ({"sender": "MAILER-DAEMON@example.com"}, "report"),
        ({"sender": "no-reply@example.com"}, "report"),
        ({"sender": "Rights <RIGHTS@example.org>"}, "own"),
        ({"Auto_Submitted": "no"}, ""),
        ({"sender": "noreplyson@example.com"}, ""),
    ],
)
def test_what_machines_send_is_known(headers: dict[str, str], why: str) -> None:
    assert mails.parsed(mail(**headers), own=OWN).machine == why


def test_a_report_of_a_mail_server_is_a_machines() -> None:
    raw = mail().replace(
        b"Content-Type: text/plain", b"Content-Type: multipart/report; boundary=x\r\nX-Was: text/plain"
    )
    assert mails.parsed(raw, own=OWN).machine == "report"


def test_a_reference_is_found_however_it_is_written_and_a_wrong_one_is_none() -> None:
    first, second = references.fresh(), references.fresh()
    wrong = first[:-1] + str((int(first[-1]) + 1) % 10)
    text = (
        f"About {references.grouped(first)} and {second[:4]}-{second[4:8]}-{second[8:]}, not {wrong}, +358401234567890."
    )
    assert mails.parsed(mail(text)).references == (first, second)


def test_a_page_is_read_as_it_is_shown() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "x"
    message.set_content("<head><title>t</title><style>p{}</style></head><p>Forget&nbsp;me,<br>now.</p>", subtype="html")
    assert mails.parsed(message.as_bytes()).text == "Forget me,\nnow."


def test_what_hangs_on_it_is_counted_and_not_read() -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "a@example.com", "My passport"
    message.set_content("See the picture.")
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="passport.png")
    found = mails.parsed(message.as_bytes())
    assert (found.attachments, found.text) == (1, "See the picture.")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Was wissen Sie über mich?", Kind.ACCESS),
        ("Bitte löschen Sie alle meine Daten.", Kind.ERASURE),
        ("Kérem, töröljék az adataimat!", Kind.ERASURE),
        ("Proszę o usunięcie moich danych.", Kind.ERASURE),
        ("Poistakaa tietoni.", Kind.ERASURE),
        ("Please correct my address.", Kind.RECTIFICATION),
        ("Oikaiskaa nimeni.", Kind.RECTIFICATION),
        ("Ich widerspreche der Werbung.", Kind.OBJECTION),
        ("Cofam zgodę na marketing.", Kind.WITHDRAWAL),
        ("Visszavonom a hozzájárulásomat.", Kind.WITHDRAWAL),
        ("Einschränkung der Verarbeitung, bitte.", Kind.RESTRICTION),
        ("I want my data in a portable form.", Kind.PORTABILITY),
    ],
)
def test_the_right_is_guessed(text: str, kind: Kind) -> None:
    assert mails.parsed(mail(text, subject="x")).kind is kind


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"", "no-sender"),
        (b"From: nobody\r\n\r\nHello", "no-sender"),
        (b"From: a@example.com\r\n\r\n", "empty"),
        (b"From: a@example.com\r\n\r\n" + b"x" * mails.LARGEST, "too-large"),
        (b"From: a@example.com\r\nContent-Type: text/plain; charset=no-such\r\n\r\nHello", "unreadable"),
    ],
)
def test_what_cannot_be_read_says_why(raw: bytes, why: str) -> None:
    with pytest.raises(mails.BrokenMailError, match=why):
        mails.parsed(raw)


@given(st.binary(max_size=2000), st.sampled_from([b"", b"From: a@example.com\r\n", b"From: a@b.c\r\nContent-Type: "]))
def test_whatever_comes_in_it_is_read_or_broken(rest: bytes, begin: bytes) -> None:
    with suppress(mails.BrokenMailError):
        found = mails.parsed(begin + rest)
        assert found.words or found.attachments
