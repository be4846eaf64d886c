"""A mailbox of a real Dovecot: the person's mails go, those that others stand in are taken apart, no others move."""

from typing import Any

import pytest
from tests.dovecot import HOST, PASSWORD, Mailboxes
from tests.integration.outside.setups import PERSON

from trustdesk.kernel.ids import new_id
from trustdesk.outside.contracts import Fault, Record
from trustdesk.outside.faults import OutsideError
from trustdesk.outside.kinds.imap import ImapConnector
from trustdesk.outside.kinds.mails import MARK
from trustdesk.outside.setups import ImapSetup


def mail(sender: str, to: str, text: str = "Hello", subject: str = "Order", **headers: str) -> bytes:
    more = "".join(f"{name.replace('_', '-')}: {value}\n" for name, value in headers.items())
    return (
        f"From: {sender}\nTo: {to}\nSubject: {subject}\nMessage-ID: <{new_id()}@example.com>\n{more}"
        f"MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{text}\n"
    ).encode()


THEIRS = mail("=?utf-8?q?Kov=C3=A1cs_J=C3=A1nos?= <Janos.Kovacs@example.hu>", "desk@shop.example")
BOTH = mail(
    "desk@shop.example",
    "janos.kovacs@example.hu, Eva <eva@example.hu>",
    "Dear Eva and János, call +36 30 123-4567 or write to janos.kovacs@example.hu.",
    Date="Thu, 26 Nov 2026 09:00:00 +0000",
)
OF_THEM = mail("eva@example.hu", "desk@shop.example", "The order K-1001 is not mine; K-10012 is.")
SIMILAR = mail("xjanos.kovacs@example.hu", "desk@shop.example", "My number is K-10010.")
ONCE = mail("jani@old.example.hu", "desk@shop.example")


def connector(
    mailboxes: Mailboxes, user: str, password: str = PASSWORD, change: dict[str, Any] | None = None
) -> ImapConnector:
    setup = {
        "host": HOST,
        "port": mailboxes.port,
        "user": user,
        "own": ["shop.example"],
        "mentioned": ["customer_number", "phone"],
        **(change or {}),
    }
    return ImapConnector(ImapSetup.model_validate(setup), password)


@pytest.fixture
def user(trusting: Mailboxes) -> str:
    return f"u{new_id()}"


def test_mails_go_are_taken_apart_or_stay(trusting: Mailboxes, user: str) -> None:
    trusting.put(user, THEIRS, BOTH, OF_THEM, SIMILAR, ONCE)
    with connector(trusting, user) as there:
        there.check()
        records: list[Record] = []
        there.export(PERSON, records.append)
        done = there.erase(PERSON)
    with connector(trusting, user) as there:
        after = there.find(PERSON, lambda _sample: None)
    assert [record.content is not None and b"Janos.Kovacs" in record.content for record in records] == [True]
    assert [(one.found, one.doubtful, one.changed) for one in (*done, *after)] == [(3, 1, 3), (0, 1, 0)]
    held = trusting.held(user)
    assert [one.replace(b"\r\n", b"\n") for one in held[:2]] == [SIMILAR, ONCE]
    both, of_them = (one.decode() for one in held[2:])
    assert "eva@example.hu" in both
    assert "Dear Eva" in both
    assert "26 Nov 2026" in both
    assert "janos.kovacs" not in both.lower()
    assert "123-4567" not in both
    assert "K-1001 " not in of_them
    assert "K-10012 is" in of_them


def test_a_try_that_was_killed_leaves_no_second_copy(
    trusting: Mailboxes, user: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    trusting.put(user, BOTH)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, connector(trusting, user) as there:
        patched.setattr(ImapConnector, "_delete", killed)
        with pytest.raises(KeyboardInterrupt):
            there.erase(PERSON)
    assert len(trusting.held(user)) == 2
    with connector(trusting, user) as there:
        assert there.erase(PERSON)[0].changed == 1
    assert [MARK.encode() in one for one in trusting.held(user)] == [True]


def test_what_a_colleague_marked_as_deleted_is_not_ours_to_expunge(trusting: Mailboxes, user: str) -> None:
    trusting.put(user, SIMILAR, THEIRS)
    with trusting.signed_in(user) as colleague:
        colleague.select("INBOX")
        colleague.store("1", "+FLAGS", r"(\Deleted)")
        with connector(trusting, user) as there:
            assert there.erase(PERSON)[0].changed == 1
        assert len(trusting.held(user)) == 1


def test_other_folders_starttls_and_html(trusting: Mailboxes, user: str) -> None:
    formatted = mail("janos.kovacs@example.hu", "desk@shop.example, eva@example.hu", "<p>Hi <b>Eva</b>, K-1001</p>")
    trusting.put(user, formatted.replace(b"text/plain", b"text/html"), folder="Ügyek")
    change = {"port": trusting.starttls_port, "encryption": "starttls", "folders": ["Ügyek"]}
    with connector(trusting, user, change=change) as there:
        assert there.erase(PERSON)[0].changed == 1
    left = trusting.held(user, "Ügyek")[0]
    assert b"Hi  Eva" in left.replace(b"<b>", b"")
    assert b"K-1001" not in left
    assert b"<p>" not in left


@pytest.mark.parametrize(
    ("change", "fault", "where"),
    [
        ({"folders": ["No such folder"]}, Fault.SCHEMA, "No such folder"),
        ({"password": "wrong"}, Fault.SIGN_IN, ""),
        ({"port": 1}, Fault.UNREACHABLE, ""),
        ({"host": "::ffff:169.254.0.1"}, Fault.NOT_ALLOWED, ""),
    ],
)
def test_what_is_wrong_is_told_apart(
    trusting: Mailboxes, user: str, change: dict[str, Any], fault: Fault, where: str
) -> None:
    password = change.get("password", PASSWORD)
    change = {name: value for name, value in change.items() if name != "password"}
    with connector(trusting, user, password, change) as there, pytest.raises(OutsideError) as told:
        there.check()
    assert (told.value.fault, told.value.where) == (fault, where)


def test_a_certificate_of_nobody_is_none(mailboxes: Mailboxes) -> None:
    with connector(mailboxes, "nobody") as there, pytest.raises(OutsideError) as told:
        there.check()
    assert told.value.fault is Fault.IDENTITY
