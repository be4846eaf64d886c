"""Numbers as carriers write them."""

import pytest
from tests.sipwire import Far

from trustdesk.sipedge.sip.message import Request, parse
from trustdesk.sipedge.sip.numbers import called, caller, number_in
from trustdesk.sipedge.sip.uri import parse_uri


@pytest.mark.parametrize(
    ("uri", "number"),
    [
        ("sip:+3612345678@a.example", "+3612345678"),
        ("sip:+36-1-234.5678@a.example;user=phone", "+3612345678"),
        ("sip:003612345678@a.example", "+3612345678"),
        ("tel:+36-1-2345678", "+3612345678"),
        ("sip:3612345678@a.example", "3612345678"),
        ("sip:0612345678@a.example", "0612345678"),
        ("sip:%2B3612345678@a.example", "+3612345678"),
        ("sip:alice@a.example", "alice"),
    ],
)
def test_they_are_read_as_e164_where_they_can_be(uri: str, number: str) -> None:
    assert number_in(parse_uri(uri)) == number


def invite(
    *headers: str, from_: str = "<sip:+36201112233@192.0.2.10>", uri: str = "sip:3612345678@us.example"
) -> Request:
    text = Far(uri=uri).request("INVITE", headers=headers).replace("<sip:+36201112233@192.0.2.10>", from_)
    request = parse(text.encode())
    assert isinstance(request, Request)
    return request


def test_one_of_ours_is_known_without_its_plus() -> None:
    assert called(invite(), ("+3612345678",)) == "+3612345678"
    assert called(invite(), ()) == "3612345678"


@pytest.mark.parametrize(
    ("headers", "from_", "expected"),
    [
        ((), "<sip:+36201112233@192.0.2.10>", "+36201112233"),
        (("P-Asserted-Identity: <sip:+4930123@carrier>",), "<sip:+36201112233@192.0.2.10>", "+4930123"),
        (("P-Asserted-Identity: <sip:+4930123@carrier>", "Privacy: id"), "<sip:+36201112233@192.0.2.10>", ""),
        (("Privacy: user;critical",), "<sip:+36201112233@192.0.2.10>", ""),
        (("Privacy: none",), "<sip:+36201112233@192.0.2.10>", "+36201112233"),
        ((), '"Anonymous" <sip:anonymous@anonymous.invalid>', ""),
        ((), "<sip:192.0.2.10>", ""),
        (("P-Asserted-Identity: <<<",), "<sip:+36201112233@192.0.2.10>", "+36201112233"),
    ],
)
def test_who_calls(headers: tuple[str, ...], from_: str, expected: str) -> None:
    assert caller(invite(*headers, from_=from_), believed=True) == expected


def test_a_phone_asserts_nothing() -> None:
    request = invite("P-Asserted-Identity: <sip:+4930123@carrier>")
    assert caller(request, believed=False) == "+36201112233"
