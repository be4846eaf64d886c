"""A page's stream as a browser reads it, and things to announce on it."""

import asyncio
import queue
import socket
import threading
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

import httpx
from django.conf import settings
from django.test import Client

ENDED = "ended"
T = TypeVar("T")


class Listening:
    """The events of one stream as they come in."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._events: queue.Queue[str] = queue.Queue()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        event = ""
        try:
            for line in self.response.iter_lines():
                name, _colon, value = line.partition(": ")
                event = value if name == "event" else event
                if name == "data":
                    self._events.put(f"{event} {value}")
        except httpx.TransportError:
            pass
        self._events.put(ENDED)

    def next(self, *, seconds: float = 30) -> str:
        return self._events.get(timeout=seconds)

    def news(self) -> str:
        """The next that is more than a sign of life."""
        while (event := self.next()).startswith("alive"):
            continue
        return event

    def silent(self, *, seconds: float = 0.6) -> bool:
        try:
            self._events.get(timeout=seconds)
        except queue.Empty:
            return True
        return False


def apart(work: Coroutine[object, object, T]) -> T:
    """Run to its end on an event loop of another thread: this one may have the browser's."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(asyncio.run, work).result()


def cookies(client: Client) -> dict[str, str]:
    name = settings.SESSION_COOKIE_NAME
    return {name: client.cookies[name].value}


@contextmanager
def listening(address: str, client: Client) -> Iterator[Listening]:
    """The stream, open; its first words, that everything may have changed, still to be read."""
    with (
        httpx.Client(cookies=cookies(client), timeout=httpx.Timeout(10, read=30)) as browser,
        browser.stream("GET", address) as response,
    ):
        assert response.status_code == httpx.codes.OK, response.read()
        try:
            yield Listening(response)
        finally:
            # A socket in use by a reading thread only closes when it is shut down.
            response.extensions["network_stream"].get_extra_info("socket").shutdown(socket.SHUT_RDWR)
