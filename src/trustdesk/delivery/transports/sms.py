"""SMS by HTTP and JSON: our own small contract (docs/reference/sms.md), for which a gateway of any provider is a page
of code.

The gateway knows each message by its name: told twice it sends once, and asked it says whether it has it.
"""

import json
from collections.abc import Mapping

from trustdesk.delivery.transports import https
from trustdesk.delivery.transports.faults import Accepted, NoAnswerError, PutOffError, RejectedError, code
from trustdesk.delivery.transports.parcel import Parcel, Text
from trustdesk.kernel.clock import rfc3339

NOTHING: Mapping[str, str] = {}
_OK, _ACCEPTED, _NOT_FOUND = 200, 202, 404
_REJECTED = frozenset({400, 413, 422})


class HttpSmsCarrier:
    """One gateway; each message is one request."""

    def __init__(self, *, url: str, key: str, seconds: float) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._seconds = seconds
        self._parcel: Text | None = None

    def __repr__(self) -> str:
        return "HttpSmsCarrier(…)"

    def open(self) -> None:
        return

    def prepare(self, parcel: Parcel) -> None:
        if not isinstance(parcel, Text):
            raise RejectedError("not-a-text")
        self._parcel = parcel

    def hand_over(self) -> Accepted:
        if self._parcel is None:
            raise PutOffError("nothing-prepared")
        said = {
            "id": self._parcel.name,
            "to": self._parcel.recipient,
            "from": self._parcel.sender,
            "text": self._parcel.text,
            "valid_until": rfc3339(self._parcel.valid_until),
            "receipt_url": self._parcel.receipt_url,
        }
        told = {"Content-Type": "application/json", "Idempotency-Key": f'"{self._parcel.name}"'}
        answer = self._ask("POST", "/messages", json.dumps(said).encode(), told)
        if answer.status in {_OK, _ACCEPTED}:
            return Accepted(answer.status)
        reason = _reason(answer.body)
        if answer.status in _REJECTED:
            raise RejectedError(reason or "content-refused", reply=answer.status)
        raise PutOffError(reason or "gateway-refused", reply=answer.status)

    def abandon(self) -> None:
        self._parcel = None

    def close(self) -> None:
        self._parcel = None

    def look_up(self, name: str) -> bool | None:
        """Whether the gateway has this message; None where it does not say."""
        try:
            answer = self._ask("GET", f"/messages/{name}")
        except (PutOffError, NoAnswerError):
            return None
        return {_OK: True, _NOT_FOUND: False}.get(answer.status)

    def _ask(self, method: str, path: str, body: bytes = b"", told: Mapping[str, str] = NOTHING) -> https.Answer:
        headers = {"Authorization": f"Bearer {self._key}", **told}
        # The administrator chose the gateway; it may well stand in the own house.
        return https.request(
            method,
            self._url + path,
            headers=headers,
            body=body,
            seconds=self._seconds,
            allowed=https.any_address,
        )


def _reason(body: bytes) -> str:
    try:
        return code(json.loads(body)["code"])
    except (ValueError, KeyError, TypeError):
        return ""
