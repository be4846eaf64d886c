"""The product's web process, and an agent who signed in there with password and second factor and chose a company."""

import base64
import hashlib
import hmac
import http.client
import os
import re
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

from benchmarks._company import Company

EMAIL, PASSWORD, TOTP = "agent@example.com", secrets.token_urlsafe(18), base64.b32encode(secrets.token_bytes(20))


class Browser:
    """One kept connection with its cookies."""

    def __init__(self, port: int, cookies: dict[str, str]) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.cookies = cookies

    def get(self, path: str) -> tuple[int, str, str]:
        return self._ask("GET", path, None)

    def post(self, path: str, **fields: str) -> tuple[int, str, str]:
        token = self.cookies["trustdesk_csrf"]
        return self._ask("POST", path, urlencode({**fields, "csrfmiddlewaretoken": token}))

    def _ask(self, method: str, path: str, body: str | None) -> tuple[int, str, str]:
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read().decode()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value
        return answer.status, answer.headers.get("Location", ""), text


def seat_an_agent(company: Company) -> int:
    """The operator's id."""
    from trustdesk.accounts.api import provision_for_demo  # noqa: PLC0415  # after django.setup()
    from trustdesk.mandates.api import give_seat  # noqa: PLC0415

    now = datetime.now(UTC)
    operator_id = provision_for_demo(
        email=EMAIL,
        name="Agent",
        language="en",
        password=PASSWORD,
        totp_secret=TOTP.decode(),
        installation_roles=(),
        now=now,
    )
    give_seat(
        controller_id=company.controller_id,
        mandate_id=company.context().mandate_id,
        operator_id=operator_id,
        role="agent",
        purposes=["service"],
        starts_at=now - timedelta(minutes=1),
        ends_at=None,
        by=None,
        now=now,
    )
    return operator_id


def collect_static() -> None:
    from trustdesk.cli.environment import close_connections  # noqa: PLC0415
    from trustdesk.cli.installation import collect_static as collect  # noqa: PLC0415

    collect()
    close_connections()


@contextmanager
def web(module: str, home: Path) -> Iterator[tuple[int, int]]:
    """The web process on a free port of loopback; the port and the process's number."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    listening = {"TRUSTDESK_LISTEN_HOST": "127.0.0.1", "TRUSTDESK_LISTEN_PORT": str(port)}
    log = home / f"{module}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", module], env={**os.environ, **listening}, stdout=out, stderr=out
        )
    try:
        _wait(process, port, log)
        yield port, process.pid
    finally:
        process.terminate()
        process.wait(20)


def _wait(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(log.read_text()[-2000:])


def sign_in(browser: Browser, company: Company) -> None:
    browser.get("/sign-in/")
    status, location, page = browser.post("/sign-in/", login=EMAIL, password=PASSWORD)
    assert status == 302, page
    browser.get(location)
    status, location, page = browser.post(location, code=_code())
    assert status == 302, page
    _status, _location, page = browser.get("/choose/")
    assert company.name in unescape(page), page
    status, location, page = browser.post(
        "/choose/",
        controller_id=str(company.controller_id),
        mandate_id=re.findall(r'name="mandate_id"[^>]*value="(\d+)"', page)[0],
        purpose="service",
    )
    assert (status, location) == (302, "/desk/"), page


def _code() -> str:
    """The six digits of RFC 6238 that the authenticator would show now."""
    moment = (int(time.time()) // 30).to_bytes(8, "big")
    digest = hmac.digest(base64.b32decode(TOTP), moment, hashlib.sha1)
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"
