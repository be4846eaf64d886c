"""Calls are signed as the example that the makers of Standard Webhooks publish, to the last letter."""

from datetime import UTC, datetime

from trustdesk.delivery.services.calling import signed

SECRET = "whsec_plJ3nmyCDGBKInavdOK15jsl"
NAME, AT = "msg_loFOjxBNrRLzqYUf", datetime.fromtimestamp(1731705121, tz=UTC)
BODY = '{"event_type":"ping","data":{"success":true}}'
SIGNATURE = "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0="


def test_the_published_example() -> None:
    headers = signed(NAME, BODY, [SECRET], now=AT)
    assert headers["webhook-id"] == NAME
    assert headers["webhook-timestamp"] == "1731705121"
    assert headers["webhook-signature"] == SIGNATURE


def test_with_two_secrets_there_are_two_signatures() -> None:
    other = "whsec_YW5vdGhlciBzZWNyZXQgdGhhdCBpcyBub3QgdGhlIGZpcnN0"
    signatures = signed(NAME, BODY, [SECRET, other], now=AT)["webhook-signature"].split(" ")
    assert signatures[0] == SIGNATURE
    assert len(set(signatures)) == 2
