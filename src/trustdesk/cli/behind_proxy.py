"""Behind a proxy: what did not come through it under HTTPS is refused before anything of it is read."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_REFUSAL = b"This desk is reached under HTTPS, through its proxy. The proxy says so by X-Forwarded-Proto: https.\n"


class OnlyUnderHttps:
    """The application for requests whose scheme is https: as the named proxy says, and nobody else is believed."""

    def __init__(self, app: Callable[..., Awaitable[None]]) -> None:
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["scheme"] != "https":
            await _refuse(send)
        else:
            await self._app(scope, receive, send)


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(_REFUSAL)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 403, "headers": headers})
    await send({"type": "http.response.body", "body": _REFUSAL})


def application() -> OnlyUnderHttps:
    """The whole application behind its proxy, for uvicorn."""
    from trustdesk.asgi import application as inner  # noqa: PLC0415 - needs the settings

    return OnlyUnderHttps(inner)
