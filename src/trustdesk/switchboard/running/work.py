"""Work in threads: the loop never waits for the database, and each piece of work gives its connection back."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import ParamSpec, TypeVar

import psycopg
from django.db import InterfaceError, OperationalError, connection
from psycopg_pool import PoolTimeout

from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import system_context

PURPOSE = "service"
_AT_ONCE = 8
_CONTEXT_LIVES = timedelta(minutes=5)
AWAY = (OperationalError, InterfaceError, psycopg.OperationalError, PoolTimeout)
"""What says that the database is away."""
P = ParamSpec("P")
T = TypeVar("T")


class Threads:
    """The process's threads for work with the database."""

    def __init__(self) -> None:
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="switchboard")

    async def run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The result of the work, done in a thread."""

        def done() -> T:
            try:
                return work(*args, **kwargs)
            finally:
                connection.close()  # back to the pool

        return await asyncio.get_running_loop().run_in_executor(self._pool, done)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)


class House:
    """The company's own contexts: the exchange answers in nobody's name. Kept for minutes: a call needs several."""

    def __init__(self) -> None:
        self._kept: dict[int, AccessContext] = {}

    def context(self, controller: int, *, now: datetime) -> AccessContext:
        """RefusedError where the company's own mandate is not alive."""
        kept = self._kept.get(controller)
        if kept is None or kept.expires_at - now < _CONTEXT_LIVES:
            kept = self._kept[controller] = system_context(controller, purpose=PURPOSE, now=now, on_behalf_of=0)
        return kept

    def forget(self) -> None:
        """Ask the mandates again."""
        self._kept.clear()
