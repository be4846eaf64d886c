"""An interface in clear on this machine that gives changes page after page, as the how-to describes it."""

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlsplit

Answer = tuple[int, Mapping[str, str], bytes]


@dataclass
class Interface:
    """Changes in their order; a question names how many it has had. `fault` answers in its place."""

    changes: list[Mapping[str, str]] = field(default_factory=list)
    page: int = 2
    fault: Callable[[], Answer | None] | None = None
    asked: list[tuple[str, str, Mapping[str, str], bytes]] = field(default_factory=list)

    def __enter__(self) -> Self:
        interface = self

        class Handler(BaseHTTPRequestHandler):
            def _serve(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                interface.asked.append((self.command, self.path, dict(self.headers.items()), body))
                answer = interface.fault() if interface.fault is not None else interface._answer(self.path, body)
                if answer is None:
                    self.close_connection = True
                    return
                status, headers, content = answer
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(content))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = _serve  # noqa: N815 - the library's names

            def log_message(self, *_words: object) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_fault: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def _answer(self, path: str, body: bytes) -> Answer:
        if body:
            after = json.loads(body)["after"]
            assert isinstance(after, int)
        else:
            after = int(parse_qs(urlsplit(path).query)["after"][0])
        given = self.changes[after : after + self.page]
        return 200, {}, json.dumps({"changes": given, "last": after + len(given)}).encode()
