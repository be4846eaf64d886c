"""A file on its way out: read in pieces, never whole in memory, and gone from the disk before the first leaves."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

from django.http import StreamingHttpResponse

PIECE = 262_144
"""So many bytes of a file are in memory at once."""


class Pieces:
    """Asked piece by piece: without an asynchronous iterator Django would read all of it into memory first."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._read()

    async def _read(self) -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(next, self._pieces, b""):
            yield piece

    def close(self) -> None:
        if (close := getattr(self._pieces, "close", None)) is not None:
            close()


class _File:
    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        path.unlink()  # an answer that is broken off leaves nothing behind

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._read()

    async def _read(self) -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(self._file.read, PIECE):
            yield piece

    def close(self) -> None:
        self._file.close()


def hand_over(path: Path, *, name: str, media_type: str) -> StreamingHttpResponse:
    """The answer that carries the file, which has no name on the disk any more.

    Under ASGI Django reads an answer without an asynchronous iterator whole into memory, as it does `FileResponse`;
    this one it asks piece by piece.

    `name` is ours: letters, digits, dots and hyphens.
    """
    size = path.stat().st_size
    response = StreamingHttpResponse(_File(path), content_type=media_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def hand_on(pieces: Iterator[bytes], *, name: str, media_type: str, size: int) -> StreamingHttpResponse:
    """The answer that carries what is made or opened while it is sent; `name` as in `hand_over`."""
    response = StreamingHttpResponse(Pieces(pieces), content_type=media_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response
