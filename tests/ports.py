"""Ports that nobody has."""

import os
import socket
from itertools import count

# Below what the kernel gives away by itself to whoever calls out (32768 and up), so that a port found free is still
# free when the program it is for takes it; and each process of the tests has a stretch of its own.
_FIRST, _STRETCHES, _STRETCH = 12_000, 8, 1_000
_WORKER = int(os.environ.get("PYTEST_XDIST_WORKER", "gw7").removeprefix("gw")) % _STRETCHES
_tries = count(os.getpid() % (_STRETCH // 2))


def free_port(host: str = "127.0.0.1") -> int:
    """Free over UDP and TCP, it and the next one: what speaks SIP listens on both, and with TLS one above."""
    while True:
        port = _FIRST + _WORKER * _STRETCH + next(_tries) % (_STRETCH // 2) * 2
        if all(_free(host, one) for one in (port, port + 1)):
            return port


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as tcp, socket.socket(family, socket.SOCK_DGRAM) as udp:
        try:
            tcp.bind((host, port))
            udp.bind((host, port))
        except OSError:
            return False
        return True
