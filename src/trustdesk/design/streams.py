"""Pages that hear at once that something changed: server-sent events (WHATWG HTML, section 9.2)."""

import functools
from collections.abc import AsyncGenerator, Callable, Iterable
from contextlib import aclosing
from typing import Concatenate, ParamSpec

from asgiref.sync import sync_to_async
from django.db import close_old_connections
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET

from trustdesk.design.entrance import entered
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.live import api as live
from trustdesk.live.contracts import Thing

P = ParamSpec("P")
Naming = Callable[Concatenate[HttpRequest, AccessContext, P], Iterable[Thing]]
RETRY_MILLISECONDS = 2000
AT_ONCE_MILLISECONDS = 20
"""When to come again where only the context's time was over: what happens meanwhile is told when the stream is back."""
# A proxy that collects answers before it passes them on would never pass this one on.
_HEADERS = {"X-Accel-Buffering": "no"}


def streamed(*operations: str) -> Callable[[Naming[P]], Callable[Concatenate[HttpRequest, P], HttpResponseBase]]:
    """The view names the things its page shows; the answer is a stream that says when one of them changed.

    It is entered like every page, and the view looks first whether the thing may be seen: `design.entrance.entered`.
    The stream ends with what let it in (`live.api.changes`); the browser then comes again and is asked again.
    """

    def wrap(view: Naming[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
        @require_GET
        @entered(*operations)
        @functools.wraps(view)
        def inner(
            request: HttpRequest, context: AccessContext, /, *args: P.args, **kwargs: P.kwargs
        ) -> HttpResponseBase:
            things = tuple(view(request, context, *args, **kwargs))
            return StreamingHttpResponse(
                _events(context, things), content_type="text/event-stream; charset=utf-8", headers=_HEADERS
            )

        return inner

    return wrap


async def _events(context: AccessContext, things: Iterable[Thing]) -> AsyncGenerator[str]:
    # The request lasts as long as the stream; its own connection to the database goes back now.
    await sync_to_async(close_old_connections)()
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    async with aclosing(live.changes(context, things)) as told:
        async for thing in told:
            # Without data an event is not passed on to the page.
            yield f"event: changed\ndata: {to_public(thing.identifier)}\n\n" if thing else "event: alive\ndata: -\n\n"
    if clock.now() >= context.expires_at:
        yield f"retry: {AT_ONCE_MILLISECONDS}\n\n"
