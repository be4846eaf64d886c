"""Servers under https on this machine: a plain one that keeps what it is told, and an SMS gateway as
docs/reference/sms.md describes it.
"""

import json
import re
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

import pytest
from django.test import override_settings
from standardwebhooks import Webhook
from tests.integration.delivery.certificates import certificate


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes


Answer = tuple[int, dict[str, str], bytes]


@dataclass
class Web:
    """Answers each request by `answer`; None closes the connection without a word."""

    folder: Path
    answer: Callable[[Request], Answer | None] = lambda _request: (200, {}, b"")
    requests: list[Request] = field(default_factory=list)

    def __enter__(self) -> Self:
        pem, key = certificate(self.folder)
        self.certificate = pem
        web = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                request = Request(self.command, self.path, dict(self.headers.items()), self.rfile.read(length))
                web.requests.append(request)
                said = web.answer(request)
                self.close_connection = True
                if said is None:
                    return
                status, headers, body = said
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            do_GET = do_POST = do_PATCH = do_DELETE = _serve  # noqa: N815 - the library's names

            def log_message(self, *_words: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, key)
        plain = self._server.socket
        self._server.socket = context.wrap_socket(plain, server_side=True, do_handshake_on_connect=False)
        self._server.handle_error = lambda *_words: None  # type: ignore[method-assign]
        self.port: int = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"


_E164 = r"\+[1-9][0-9]{6,14}"
_FORMS = {
    "id": re.compile(r"[A-Za-z0-9.]{1,41}"),
    "to": re.compile(_E164),
    "from": re.compile(rf"[A-Za-z0-9]{{1,11}}|{_E164}"),
    "text": re.compile(".+", re.DOTALL),
    "valid_until": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "receipt_url": re.compile(r"https?://[^/\s]+/\S*"),  # plain where the installation itself stands on plain http
}
_PARTS = _FORMS.keys()
_MESSAGES = "/sms/messages"


@dataclass
class Gateway:
    """An SMS gateway that holds to docs/reference/sms.md line by line, and refuses whoever does not. `fate` lets it
    fail once, before or after it took a message (None is no answer); with `each`, at the first request of every one.
    `asked_at`: when a message for a number came in.
    """

    key: str = "the gateway's key"
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)  # the numbers whose phones rang
    asked_at: dict[str, float] = field(default_factory=dict)
    fate: Callable[[Request], Answer | None] | None = None
    after: bool = False
    each: bool = False
    failed: set[str] = field(default_factory=set)

    def answer(self, request: Request) -> Answer | None:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return _refused(401, "unauthorized")
        if request.method == "GET" and request.path.startswith(f"{_MESSAGES}/"):
            name = request.path.removeprefix(f"{_MESSAGES}/")
            return (200, {}, json.dumps({"id": name}).encode()) if name in self.sent else _refused(404, "unknown")
        if request.method != "POST" or request.path != _MESSAGES:
            return _refused(404, "no-such-place")
        said, wrong = read_message(request)
        if wrong:
            return _refused(422, wrong)
        return self._take(request, said)

    def _take(self, request: Request, said: dict[str, str]) -> Answer | None:
        self.asked_at.setdefault(said["to"], time.monotonic())
        fate = self._fate_of(said["id"])
        if fate is not None and not self.after:
            return fate(request)
        if said["id"] in self.sent:
            return 200, {}, json.dumps({"id": said["id"]}).encode()
        self.sent[said["id"]] = said
        if datetime.fromisoformat(said["valid_until"]) > datetime.now(UTC):
            self.times.append(said["to"])
        if fate is not None:
            return fate(request)
        return 202, {}, json.dumps({"id": said["id"]}).encode()

    def _fate_of(self, name: str) -> Callable[[Request], Answer | None] | None:
        fate = None if name in self.failed else self.fate
        self.failed.add(name)
        if not self.each:
            self.fate = None
        return fate


def read_message(request: Request) -> tuple[dict[str, str], str]:
    """What a request says, and what is wrong with it by the document; nothing where it is empty."""
    try:
        said = json.loads(request.body.decode("utf-8"))
    except ValueError:
        return {}, "not-json"
    if not isinstance(said, dict) or said.keys() != _PARTS or not all(isinstance(part, str) for part in said.values()):
        return {}, "other-parts"
    wrong = [f"invalid-{name.replace('_', '-')}" for name, form in _FORMS.items() if not form.fullmatch(said[name])]
    if request.headers.get("Content-Type", "").partition(";")[0] != "application/json":
        wrong.append("not-json")
    if request.headers.get("Idempotency-Key") != f'"{said["id"]}"':
        wrong.append("other-key")
    return said, wrong[0] if wrong else ""


def _refused(status: int, code: str) -> Answer:
    return status, {}, json.dumps({"code": code}).encode()


SECRET = "whsec_dGhlIHNlY3JldCBvZiB0aGUgZ2F0ZXdheSdzIHJlY2VpcHRz"
"""By which the gateway signs its receipts."""


@contextmanager
def gateway_here(folder: Path) -> Iterator[Gateway]:
    """The installation's SMS gateway, under https on this machine."""
    gateway = Gateway()
    with Web(folder, answer=gateway.answer) as web, pytest.MonkeyPatch.context() as patch:
        patch.setenv("SSL_CERT_FILE", str(web.certificate))
        with override_settings(
            TRUSTDESK_SMS_URL=f"{web.url}/sms/",
            TRUSTDESK_SMS_KEY=gateway.key,
            TRUSTDESK_SMS_RECEIPT_SECRET=SECRET,
            EMAIL_TIMEOUT=1.0,
        ):
            yield gateway


def receipt_of(name: str, kind: str, *, secret: str = SECRET, **more: str) -> tuple[str, dict[str, str]]:
    """What the gateway reports of a message: the body, and the headers that sign it."""
    body = json.dumps({"type": kind, "timestamp": "2026-11-25T09:00:12Z", "data": {"id": name, **more}})
    return body, signed(body, secret)


def signed(body: str, secret: str = SECRET) -> dict[str, str]:
    now = datetime.now(UTC)
    signature = Webhook(secret).sign("receipt_1", now, body)
    return {"webhook-id": "receipt_1", "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature}
