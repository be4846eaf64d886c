"""An interface that is asked for what came after a cursor, page after page, until there is no more."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import urllib3

from trustdesk.feeds.setups import CURSOR, HttpSetup
from trustdesk.feeds.transports.arrivals import Arrival, Asked, nothing
from trustdesk.outside.api import (
    OutsideError,
    close_pool,
    http_faults,
    http_pool,
    placed_in_address,
    placed_in_body,
    pointed,
)
from trustdesk.outside.contracts import Fault

_MOST_PAGES = 200
"""At one look; the next one goes on where this one ended."""
_MOST_READ = 32_000_000
_STATUS = {401: Fault.SIGN_IN, 403: Fault.FORBIDDEN, 404: Fault.SCHEMA, 408: Fault.TIMEOUT, 504: Fault.TIMEOUT}
_STATUS |= dict.fromkeys((409, 423, 425, 429, 503), Fault.BUSY)


def look(asked: Asked) -> Iterator[Arrival]:
    """The pages after the cursor; each moves it on in the transaction in which it is stored."""
    setup = asked.setup
    assert isinstance(setup, HttpSetup)  # noqa: S101 - chosen by the transport
    pool = http_pool()
    try:
        for _page in range(_MOST_PAGES):
            cursor = asked.cursor or str(setup.first_cursor)
            content = _answer(pool, setup, asked.secret, cursor)
            document = _read(content)
            following, records = _next(setup, document), _records(setup, document)
            if not records:
                asked.cursor = following  # nothing of ours there: the next look begins behind it
                return
            if asked.lines:
                content = b"".join(json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in records)
            place = f"{cursor[:100]}:{hashlib.sha256(content).hexdigest()[:16]}"
            yield Arrival(place, iter([content]), following, nothing)
            if following == cursor:
                return
            asked.cursor = following
    finally:
        close_pool(pool)


def _answer(pool: urllib3.PoolManager, setup: HttpSetup, secret: str, cursor: str) -> bytes:
    headers = {"Accept": "application/json", "User-Agent": "trustdesk", **_signed_in(setup, secret)}
    body = None
    if setup.body is not None:
        body = json.dumps(_placed(setup, cursor)).encode()
        headers["Content-Type"] = "application/json"
    address = setup.address + placed_in_address(setup.path, {CURSOR: cursor})
    with http_faults("path"):
        answer = pool.request(setup.method, address, headers=headers, body=body, redirect=False, preload_content=False)
        try:
            content = answer.read(_MOST_READ + 1)
        finally:
            answer.close()
            answer.release_conn()
    if answer.status != 200:
        raise OutsideError(_fault(answer.status), where="path")
    if len(content) > _MOST_READ:
        raise OutsideError(Fault.UNREADABLE, where="path")
    return bytes(content)


def _placed(setup: HttpSetup, cursor: str) -> Any:  # noqa: ANN401 - JSON
    """The body of the question; a cursor that is a number stands there as one."""
    if not isinstance(setup.first_cursor, int):
        return placed_in_body(setup.body, {CURSOR: cursor})
    try:
        number = int(cursor)
    except ValueError:
        raise OutsideError(Fault.SCHEMA, where="next_cursor") from None
    return json.loads(json.dumps(setup.body).replace(json.dumps(f"{{{CURSOR}}}"), str(number)))


def _fault(status: int) -> Fault:
    if status in _STATUS:
        return _STATUS[status]
    if status >= 500:
        return Fault.UNREACHABLE
    return Fault.REFUSED if status >= 400 else Fault.UNREADABLE  # a redirect would lead elsewhere


def _signed_in(setup: HttpSetup, secret: str) -> dict[str, str]:
    match setup.sign_in:
        case "bearer":
            return {"Authorization": f"Bearer {secret}"}
        case "basic":
            pair = base64.b64encode(f"{setup.user}:{secret}".encode()).decode()
            return {"Authorization": f"Basic {pair}"}
        case "header":
            return {setup.header or "X-Api-Key": secret}
        case _:
            return {}


def _read(content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return json.loads(content)
    except ValueError:
        raise OutsideError(Fault.UNREADABLE, where="path") from None


def _records(setup: HttpSetup, document: Any) -> list[Any]:  # noqa: ANN401 - JSON
    try:
        found = pointed(document, setup.records)
    except LookupError:
        raise OutsideError(Fault.SCHEMA, where="records") from None
    if found is None:
        return []
    if not isinstance(found, list):
        raise OutsideError(Fault.SCHEMA, where="records")
    return found


def _next(setup: HttpSetup, document: Any) -> str:  # noqa: ANN401 - JSON
    try:
        found = pointed(document, setup.next_cursor)
    except LookupError:
        raise OutsideError(Fault.SCHEMA, where="next_cursor") from None
    if isinstance(found, bool) or not isinstance(found, str | int) or found == "":
        raise OutsideError(Fault.SCHEMA, where="next_cursor")
    return str(found)[:500]
