"""Calls are signed as the vector in the test suites of Standard Webhooks' own libraries, to the last letter."""

from datetime import UTC, datetime

from trustdesk.delivery.services.calling import signed

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NAME, AT = "msg_p5jXN8AQM9LWM0D4loKWxJek", datetime.fromtimestamp(1614265330, tz=UTC)
BODY = '{"test": 2432232314}'
SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_vector_of_its_libraries() -> None:
    headers = signed(NAME, BODY, [SECRET], now=AT)
    assert headers["webhook-id"] == NAME
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == SIGNATURE


def test_with_two_secrets_there_are_two_signatures() -> None:
    other = "whsec_YW5vdGhlciBzZWNyZXQgdGhhdCBpcyBub3QgdGhlIGZpcnN0"
    signatures = signed(NAME, BODY, [SECRET, other], now=AT)["webhook-signature"].split(" ")
    assert signatures[0] == SIGNATURE
    assert len(set(signatures)) == 2
