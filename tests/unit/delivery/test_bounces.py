"""What comes back to the return mailbox, as servers really write it and as strangers would forge it."""

from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.delivery import references
from trustdesk.delivery.bounces import BOUNCE, MESSAGE_ID, UNSUBSCRIBE, Bounce, StopByMail, tagged, understand
from trustdesk.delivery.references import Reference

REFERENCE = Reference(2, 1234567890123456789)
MAILBOX = "returns@example.org"

# After RFC 3464, appendix E.
REPORT = """\
Date: Wed, 25 Nov 2026 09:31:00 +0000
From: Mail Delivery Subsystem <MAILER-DAEMON@mail.example.com>
To: <{to}>
Subject: Returned mail: see transcript for details
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="B1"

--B1

The following address had permanent fatal errors: <somebody@example.com>

--B1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.com
{envelope}
Original-Recipient: rfc822;somebody@example.com
Final-Recipient: RFC822; somebody@example.com
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <somebody@example.com>... User unknown

--B1
Content-Type: {returned}

Message-ID: <{message_id}@example.org>
Subject: Hello

--B1--
"""


def report(**given_values: str) -> bytes:
    values = {
        "to": "returns@example.org",
        "envelope": "Arrival-Date: Wed, 25 Nov 2026 09:30:00 +0000",
        "action": "failed",
        "status": "5.1.1",
        "returned": "message/rfc822",
        "message_id": "unknown",
    }
    return REPORT.format(**(values | given_values)).replace("\n", "\r\n").encode()


def test_it_is_known_by_the_address_it_came_back_to() -> None:
    assert understand(report(to=tagged(MAILBOX, BOUNCE, REFERENCE))) == Bounce(REFERENCE, "failed", "5.1.1")
    assert understand(report(to=tagged(MAILBOX, BOUNCE, REFERENCE).upper())) == Bounce(REFERENCE, "failed", "5.1.1")


def test_it_is_known_by_the_envelope_id() -> None:
    envelope = f"Original-Envelope-Id: {references.written(BOUNCE, REFERENCE)}\nReporting-MTA: dns; x"
    assert understand(report(envelope=envelope)) == Bounce(REFERENCE, "failed", "5.1.1")


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_it_is_known_by_the_message_that_came_back(returned: str) -> None:
    raw = report(returned=returned, message_id=references.written(MESSAGE_ID, REFERENCE))
    assert understand(raw) == Bounce(REFERENCE, "failed", "5.1.1")


def test_it_is_known_by_the_delivered_to_that_the_own_server_wrote() -> None:
    raw = b"Delivered-To: " + tagged(MAILBOX, BOUNCE, REFERENCE).encode() + b"\r\n" + report()
    assert understand(raw) == Bounce(REFERENCE, "failed", "5.1.1")


@pytest.mark.parametrize("action", ["failed", "delayed", "delivered", "relayed", "expanded", "Failed (user unknown)"])
def test_the_action_is_what_the_server_says(action: str) -> None:
    understood = understand(report(to=tagged(MAILBOX, BOUNCE, REFERENCE), action=action, status="4.4.1"))
    word = action.split(maxsplit=1)[0].lower()
    assert understood == (Bounce(REFERENCE, word, "4.4.1") if action == word else None)


def test_a_code_that_we_did_not_write_is_not_believed() -> None:
    whole = references.written(BOUNCE, REFERENCE)
    forged = f"returns+b.{whole[:-1]}{'2' if whole[-1] == '3' else '3'}@example.org"
    other = f"returns+b.{references.written(UNSUBSCRIBE, REFERENCE)}@example.org"
    assert understand(report(to=forged)) is None
    assert understand(report(to=other)) is None


def test_a_plain_answer_is_nothing() -> None:
    mail = EmailMessage()
    mail["To"] = tagged(MAILBOX, BOUNCE, REFERENCE)
    mail.set_content("I am on holiday.")
    assert understand(mail.as_bytes()) is None


def test_an_unsubscription_by_mail() -> None:
    mail = EmailMessage()
    mail["To"] = tagged(MAILBOX, UNSUBSCRIBE, REFERENCE)
    mail["Subject"] = "unsubscribe"
    mail.set_content("")
    assert understand(mail.as_bytes()) == StopByMail(REFERENCE)


@given(st.binary(max_size=2_000))
def test_rubbish_is_nothing(raw: bytes) -> None:
    assert understand(raw) is None


@given(st.binary(max_size=300), st.integers(0, 1_000))
def test_a_damaged_notification_is_understood_or_not_but_never_a_fault(noise: bytes, place: int) -> None:
    whole = report(to=tagged(MAILBOX, BOUNCE, REFERENCE))
    understood = understand(whole[:place] + noise + whole[place:])
    assert understood is None or understood.reference == REFERENCE
