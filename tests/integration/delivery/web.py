"""Servers under https on this machine: a plain one that keeps what it is told, and an SMS gateway as
docs/reference/sms.md describes it.
"""

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Self

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

            do_GET = do_POST = _serve  # noqa: N815 - the library's names

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


@dataclass
class Gateway:
    """An SMS gateway that does what the contract says. `fate` lets it fail once, before or after it took a message."""

    key: str = "the gateway's key"
    sent: dict[str, dict[str, str]] = field(default_factory=dict)
    times: list[str] = field(default_factory=list)
    fate: Callable[[Request], Answer | None] | None = None
    after: bool = False

    def answer(self, request: Request) -> Answer | None:
        if request.headers.get("Authorization") != f"Bearer {self.key}":
            return 401, {}, b'{"code": "unauthorized"}'
        if request.method == "GET":
            name = request.path.rsplit("/", 1)[1]
            return (200, {}, json.dumps({"id": name}).encode()) if name in self.sent else (404, {}, b"{}")
        said = json.loads(request.body)
        assert request.headers["Idempotency-Key"] == f'"{said["id"]}"'
        if self.fate is not None and not self.after:
            fate, self.fate = self.fate, None
            return fate(request)
        if said["id"] in self.sent:
            return 200, {}, json.dumps({"id": said["id"]}).encode()
        self.sent[said["id"]] = said
        self.times.append(said["to"])
        if self.fate is not None:
            fate, self.fate = self.fate, None
            return fate(request)
        return 202, {}, json.dumps({"id": said["id"]}).encode()
