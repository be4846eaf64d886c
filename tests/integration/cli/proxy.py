"""As much of a reverse proxy as an administrator sets up: HTTPS in front, and who asked in X-Forwarded-For."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ADDRESS = "127.0.0.9"  # where it asks from: this is the proxy that the settings name
_OWN = {"connection", "transfer-encoding", "keep-alive", "x-forwarded-for", "x-forwarded-proto"}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    backend_port = 0

    def do_GET(self) -> None:
        self._relay()

    def do_POST(self) -> None:
        self._relay()

    def _relay(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        said = self.headers.get("X-Forwarded-For")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in _OWN}
        headers["X-Forwarded-For"] = f"{said}, {self.client_address[0]}" if said else str(self.client_address[0])
        headers["X-Forwarded-Proto"] = "https"
        backend = http.client.HTTPConnection("127.0.0.1", self.backend_port, timeout=30, source_address=(ADDRESS, 0))
        try:
            backend.request(self.command, self.path, body=body, headers=headers)
            self._pass_on(backend.getresponse())
        finally:
            backend.close()

    def _pass_on(self, answer: http.client.HTTPResponse) -> None:
        """Each piece as it comes, as a proxy does that is asked not to collect them."""
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in _OWN:
                self.send_header(name, value)
        chunked = answer.getheader("Content-Length") is None
        if chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        while piece := answer.read1(65_536):
            self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if chunked else piece)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the standard library's own signature
        """Say nothing."""


@contextmanager
def proxied(port: int, backend_port: int, certificate: Path, key: Path) -> Iterator[None]:
    """The proxy on this port, in front of that one, while the block runs."""
    handler = type("Handler", (_Handler,), {"backend_port": backend_port})
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield
        finally:
            server.shutdown()
            thread.join()
