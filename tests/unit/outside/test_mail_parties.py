"""Who stands in a mail, however its addresses are written and whichever release of the library reads them."""

import pytest

from trustdesk.outside.contracts import EMAIL, Person
from trustdesk.outside.kinds.mails import Reader
from trustdesk.outside.matching import Whose
from trustdesk.outside.setups import ImapSetup

PERSON = Person(customer_id=1, known={EMAIL: ["janos.kovacs@example.hu"]})
SETUP = ImapSetup(host="mail.example", user="desk", own=("shop.example",))


@pytest.mark.parametrize(
    ("sender", "to", "whose", "alone"),
    [
        ("Janos.Kovacs@example.hu", "desk@shop.example", Whose.THEIRS, True),
        ("=?utf-8?q?Kov=C3=A1cs_J=C3=A1nos?= <janos.kovacs@example.hu>", "desk@shop.example", Whose.THEIRS, True),
        ("Kovács, János <janos.kovacs@example.hu>", "desk@shop.example", Whose.THEIRS, True),
        ('"Kovács, János" <janos.kovacs@example.hu>', "", Whose.THEIRS, True),
        ("desk@shop.example", "janos.kovacs@example.hu, Eva <eva@example.hu>", Whose.THEIRS, False),
        ("desk@shop.example", "Eva, Nagy <eva@example.hu>, janos.kovacs@example.hu", Whose.THEIRS, False),
        ("xjanos.kovacs@example.hu", "desk@shop.example", Whose.ANOTHERS, False),
        ("", "", Whose.ANOTHERS, False),
    ],
)
def test_parties(sender: str, to: str, whose: Whose, *, alone: bool) -> None:
    raw = f"From: {sender}\nTo: {to}\nSubject: Order\nContent-Type: text/plain; charset=utf-8\n\nHello\n".encode()
    reader = Reader(SETUP, PERSON)
    assert (reader.whose(raw), reader.alone(raw)) == (whose, alone)
