"""A mail as it goes over the wire: every header one line of the right meaning, whatever was given."""

from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.headerregistry import AddressHeader
from email.message import EmailMessage
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.delivery.composing import Letter, Unsubscribe, compose, deliverable, needs_utf8
from trustdesk.kernel.errors import BadInputError

AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
STOP = Unsubscribe(
    link="https://desk.example.org/unsubscribe/abc/",
    mailbox="returns+u.abc@example.org",
    list_id="news.2.example.org",
)
ADDRESSED = {"to", "cc", "bcc", "from", "reply-to", "sender"}
ONCE = {"from", "to", "subject", "date", "message-id", "content-language", "auto-submitted", "mime-version"}
LINES = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), max_size=200)


def letter(**given_values: object) -> Letter:
    values: dict[str, Any] = {
        "sender": "desk@example.org",
        "sender_name": "Tisza Távközlés Kft.",
        "recipient": "anna@example.com",
        "reply_to": "",
        "subject": "Számla",
        "text": "Tisztelt Anna!\n\nKöszönjük.",
        "language": "hu",
        "message_id": "<abc@example.org>",
        "at": AT,
    }
    return Letter(**(values | given_values))


def read(raw: bytes) -> EmailMessage:
    return message_from_bytes(raw, policy=policy.default)


def names(raw: bytes) -> list[str]:
    """The names of the header's fields as a simple reader of lines sees them."""
    head = raw.split(b"\r\n\r\n", 1)[0]
    return [line.split(b":", 1)[0].decode().lower() for line in head.split(b"\r\n") if line[:1] not in b" \t"]


def test_it_says_what_was_given() -> None:
    mail = read(compose(letter(reply_to="ask@example.org")))
    assert mail["subject"] == "Számla"
    assert str(mail["from"]) == '"Tisza Távközlés Kft." <desk@example.org>'
    assert (mail["to"], mail["reply-to"]) == ("anna@example.com", "ask@example.org")
    assert mail["date"].datetime == AT
    assert mail["message-id"] == "<abc@example.org>"
    assert mail["auto-submitted"] == "auto-generated"
    text, page = (mail.get_body((kind,)) for kind in ("plain", "html"))
    assert text is not None
    assert page is not None
    assert text.get_content().replace("\r\n", "\n") == "Tisztelt Anna!\n\nKöszönjük.\n"
    assert '<html lang="hu">' in page.get_content()
    assert mail.get_content_type() == "multipart/alternative"


def test_marketing_can_be_stopped_by_one_click_and_by_mail() -> None:
    """RFC 8058, 2 and 3.1; RFC 2369; RFC 2919."""
    mail = read(compose(letter(unsubscribe=STOP)))
    assert mail["list-unsubscribe"] == (
        "<https://desk.example.org/unsubscribe/abc/>, <mailto:returns+u.abc@example.org?subject=unsubscribe>"
    )
    assert mail["list-unsubscribe-post"] == "List-Unsubscribe=One-Click"
    assert mail["list-id"] == "<news.2.example.org>"


def test_what_is_no_marketing_has_no_list() -> None:
    assert not [name for name in names(compose(letter())) if name.startswith("list-")]


@given(LINES, LINES, st.text(max_size=500))
def test_nothing_given_becomes_a_header(subject: str, name: str, text: str) -> None:
    raw = compose(letter(subject=subject, sender_name=name, text=text.replace("\r", ""), unsubscribe=STOP))
    found = names(raw)
    assert set(found) == ONCE | {"list-id", "list-unsubscribe", "list-unsubscribe-post", "content-type"}
    assert len(found) == len(set(found))
    mail = read(raw)
    assert cast("AddressHeader", mail["to"]).addresses[0].addr_spec == "anna@example.com"
    assert cast("AddressHeader", mail["from"]).addresses[0].addr_spec == "desk@example.org"
    assert " ".join(str(mail["subject"]).split()) == " ".join(subject.split())


@given(st.text(max_size=2_000))
def test_the_text_arrives_as_it_was_written(text: str) -> None:
    text = text.replace("\r", "").encode("utf-8", "replace").decode()
    body = read(compose(letter(text=text))).get_body(("plain",))
    assert body is not None
    assert body.get_content().replace("\r\n", "\n") == text + "\n"


@given(LINES, st.text(max_size=3_000))
def test_it_needs_neither_eight_bits_nor_long_lines(subject: str, text: str) -> None:
    raw = compose(letter(subject=subject, text=text.replace("\r", ""), unsubscribe=STOP))
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("place", ["subject", "sender_name", "sender", "recipient", "reply_to", "message_id"])
def test_a_line_break_is_refused_whatever_stands_before(place: str) -> None:
    evil = {"sender": "a@example.org", "recipient": "a@example.org", "reply_to": "a@example.org"}.get(place, "a")
    with pytest.raises(Exception, match=r"."):
        compose(letter(**{place: f"{evil}\r\nBcc: b@example.org"}))


@pytest.mark.parametrize(
    ("address", "written"),
    [
        ("anna@example.com", "anna@example.com"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),  # IDNA 2003 made strasse of it: somebody else's domain
        ("o'brien+x@example.com", "o'brien+x@example.com"),
    ],
)
def test_the_domain_is_written_in_ascii(address: str, written: str) -> None:
    assert deliverable(address).lower() == written


@pytest.mark.parametrize(
    "address",
    ["", "@", "a@", "@b", "a b@c", "a@b\r\nc", "a\n@b", "a@b@", "a@b@c", '"a b"@c.example', "a@" + "x" * 300],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(BadInputError):
        deliverable(address)


def test_only_a_local_part_beyond_ascii_needs_smtputf8() -> None:
    assert not needs_utf8(letter(recipient=deliverable("anna@bücher.example")))
    eager = letter(recipient=deliverable("jános@example.com"))
    assert needs_utf8(eager)
    assert "jános@example.com".encode() in compose(eager)
