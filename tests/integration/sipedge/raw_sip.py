"""SIP said by hand, from any address of loopback, to a real edge."""

import hashlib
import re
import socket
from typing import Self

from tests.integration.sipedge.edge_process import EdgeProcess
from tests.integration.sipedge.whole_calls import PASSWORD
from tests.sipwire import Far

REALM = "trustdesk.test"


class Wire:
    """A socket that says SIP."""

    def __init__(self, edge: EdgeProcess, host: str) -> None:
        self.host = host
        self._edge = edge
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind((host, 0))
        self.port = int(self._socket.getsockname()[1])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        self._socket.close()

    def say(self, text: str) -> None:
        self._socket.sendto(text.encode(), ("127.0.0.1", self._edge.ports["udp"]))

    def answers(self, *, seconds: float = 0.5) -> list[str]:
        """What comes until nothing has come for so long."""
        self._socket.settimeout(seconds)
        came = []
        while True:
            try:
                came.append(self._socket.recv(65_536).decode())
            except TimeoutError:
                return came

    def ask(self, text: str) -> str:
        """The final answer; waited for, however busy the machine is."""
        self.say(text)
        self._socket.settimeout(15)
        while (answer := self._socket.recv(65_536).decode()).startswith("SIP/2.0 1"):
            pass
        return answer


def status(answer: str) -> int:
    return int(answer.split(" ")[1])


def proof(asked: str, *, password: str = PASSWORD, count: int = 1) -> str:
    nonce = re.search(r'nonce="([^"]+)"', asked)
    assert nonce is not None

    def md5(text: str) -> str:
        return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()

    uri = f"sip:{REALM}"
    first, second = md5(f"desk2:{REALM}:{password}"), md5(f"REGISTER:{uri}")
    response = md5(f"{first}:{nonce[1]}:{count:08x}:c:auth:{second}")
    return (
        f'Authorization: Digest username="desk2", realm="{REALM}", nonce="{nonce[1]}", uri="{uri}", '
        f'response="{response}", algorithm=MD5, cnonce="c", qop=auth, nc={count:08x}'
    )


def register(wire: Wire, number: int, *headers: str) -> str:
    far = Far(call_id="register-desk2", via=f"SIP/2.0/UDP {wire.host}:{wire.port}", uri=f"sip:{REALM}", number=number)
    text = far.request("REGISTER", headers=("Expires: 60", *headers))
    text = re.sub(r"To: <[^>]*>", f"To: <sip:desk2@{REALM}>", text)
    return text.replace("<sip:caller@192.0.2.10:5060>", f"<sip:desk2@{wire.host}:{wire.port}>")
