"""One media process: `python -m trustdesk.sipedge.media --line FD --ports 30000-39999 --address 0.0.0.0 --folder DIR`.

Started by `client.MediaPool`. It ends, with every recording closed, when it is told to (SIGTERM) and when the process
that started it is gone.
"""

import argparse
import gc
import os
import resource
import signal
import socket
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from trustdesk.sipedge.media.contracts import Event
from trustdesk.sipedge.media.line import Line
from trustdesk.sipedge.media.loop import Loop
from trustdesk.sipedge.media.ports import Ports
from trustdesk.sipedge.media.studio import Studio
from trustdesk.sipedge.media.verbs import Verbs

_PRIORITY = -10


def main() -> None:
    asked = _asked()
    _prepare()
    line = Line(socket.socket(fileno=asked.line))
    first, last = (int(port) for port in asked.ports.split("-"))

    def tell(event: Event, leg: str, **fields: Any) -> None:  # noqa: ANN401 - fields of MediaEvent
        line.say({"event": {"event": event, "leg": leg, **fields}})

    studio = Studio(Ports(asked.address, first, last), asked.folder, tell)
    loop = Loop(studio, line)
    Verbs(line, studio, loop)

    def stop(*_unused: object) -> None:
        loop.going = False

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: whoever started this one stops it
    try:
        loop.run()
    finally:
        studio.end(time.monotonic())
        line.flush()


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="trustdesk.sipedge.media")
    parser.add_argument("--line", type=int, required=True)
    parser.add_argument("--ports", required=True)
    parser.add_argument("--address", required=True)
    parser.add_argument("--folder", type=Path, required=True)
    return parser.parse_args()


def _prepare() -> None:
    """As many files as there may be, before others where that is allowed, and no pauses for garbage of the start."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with suppress(PermissionError):
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
