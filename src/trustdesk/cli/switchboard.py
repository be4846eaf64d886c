"""The switchboard process: plans for the edge, calls to agents. Started by `up`."""

import asyncio
import signal

from trustdesk.cli.environment import ready


async def _serve() -> None:
    from django.conf import settings  # noqa: PLC0415 - needs the home

    from trustdesk.switchboard.api import serve  # noqa: PLC0415 - needs the settings

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    await serve(settings.TRUSTDESK_HOME, stop)


def main() -> None:
    """Load the settings and serve until asked to end; calls that stand go on without it."""
    ready(service=True)
    asyncio.run(_serve())


if __name__ == "__main__":
    main()
