"""Ports that nobody has."""

import socket


def free_port(host: str = "127.0.0.1") -> int:
    """Free over UDP and TCP: what speaks SIP listens on both."""
    while True:
        with socket.socket() as tcp, socket.socket(type=socket.SOCK_DGRAM) as udp:
            tcp.bind((host, 0))
            port = int(tcp.getsockname()[1])
            try:
                udp.bind((host, port))
            except OSError:
                continue
            return port
