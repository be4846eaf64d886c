"""The program behind its real server, in a thread of the test run: it sees the run's world."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread

import uvicorn


@contextmanager
def served() -> Iterator[str]:
    """Where it answers, while the block runs; served as `cli.web` does."""
    config = uvicorn.Config(
        "trustdesk.asgi:application",
        port=0,
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=8,
    )
    server = uvicorn.Server(config)
    with config.bind_socket() as bound:
        thread = Thread(target=server.run, kwargs={"sockets": [bound]}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{bound.getsockname()[1]}"
        server.should_exit = True
        thread.join()
