"""A company's OpenID Connect provider on loopback: it says of everybody what the test wants it to say."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Claims = dict[str, Any]


@contextmanager
def provider(claims: Claims) -> Iterator[str]:
    """Its address; `claims` is what its userinfo endpoint answers (OpenID Connect Core 1.0, section 5.3)."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # http.server's name
            base = f"http://127.0.0.1:{server.server_port}"
            if self.path.startswith("/.well-known/"):
                self.say(
                    {
                        "issuer": base,
                        "authorization_endpoint": f"{base}/authorize",
                        "token_endpoint": f"{base}/token",
                        "userinfo_endpoint": f"{base}/userinfo",
                        "jwks_uri": f"{base}/keys",
                        "token_endpoint_auth_methods_supported": ["client_secret_post"],
                    },
                )
            else:
                self.say(claims)

        def do_POST(self) -> None:  # as above
            self.rfile.read(int(self.headers["Content-Length"]))
            self.say({"access_token": "opaque", "token_type": "Bearer", "expires_in": 60})

        def say(self, answer: Claims) -> None:
            body = json.dumps(answer).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_given: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
