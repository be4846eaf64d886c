"""A whole exchange bounded in time: a socket's own timeout starts anew with every byte that trickles in."""

import contextlib
import os
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def deadline(held: socket.socket, seconds: float) -> Iterator[None]:
    """Cut the connection when the time is over; whoever reads or writes then gets an error, not patience.

    The cut is made below TLS: `shutdown` of a TLS socket from another thread would for a moment leave it in clear.
    """
    below = socket.socket(fileno=os.dup(held.fileno()))

    def cut() -> None:
        with contextlib.suppress(OSError):
            below.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        below.close()
