"""`python -m trustdesk.sipedge --run FOLDER --key FILE`: the edge of the exchange, until it is asked to end."""

import asyncio
import gc
import os
import signal
from contextlib import suppress
from pathlib import Path

import click
import structlog

from trustdesk.sipedge.serving import Serving

try:
    import uvloop
except ImportError:  # not on every system
    new_loop = asyncio.new_event_loop
else:
    new_loop = uvloop.new_event_loop

_PRIORITY = -5
_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_FILE = click.Path(dir_okay=False, exists=True, path_type=Path)


@click.command()
@click.option("--run", "run", type=_DIRECTORY, required=True, help="The closed folder of the sockets.")
@click.option("--key", type=_FILE, required=True, help="The key of the exchange.")
@click.option("--media", type=click.IntRange(1, 64), default=1, help="Media processes; one carries about 400 calls.")
def main(run: Path, key: Path, media: int) -> None:
    """Serve calls."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ]
    )
    with asyncio.Runner(loop_factory=new_loop) as runner:
        runner.run(_serve(Serving(run=run, key=key.read_bytes(), media_processes=media)))


async def _serve(serving: Serving) -> None:
    with suppress(PermissionError):  # not everybody may
        os.setpriority(os.PRIO_PROCESS, 0, _PRIORITY)
    gc.freeze()  # what is here now stays: a full collection stops every call's signalling for its time
    ending = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, ending.set)
    await serving.run_until(ending)


if __name__ == "__main__":
    main()
