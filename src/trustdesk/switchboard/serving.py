"""The process, for whoever starts it."""

import asyncio

from trustdesk.server.home import Home


async def serve(home: Home, stop: asyncio.Event) -> None:
    """Listen on the sockets of the home until told to stop: the switchboard's process, one an installation.

    A database that is away is waited for. Calls that stand go on when it stops; the edge keeps what it could not tell.
    """
    from trustdesk.switchboard.running.switchboard import Switchboard  # noqa: PLC0415 - web asks, it does not serve

    await Switchboard(home).run(stop)
