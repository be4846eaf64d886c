"""Ports that nobody has."""

import socket


def free_port(host: str = "127.0.0.1") -> int:
    """Free over UDP and TCP: what speaks SIP listens on both."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    while True:
        with socket.socket(family) as tcp, socket.socket(family, socket.SOCK_DGRAM) as udp:
            tcp.bind((host, 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind((host, port))
            except OSError:
                continue
            return port
