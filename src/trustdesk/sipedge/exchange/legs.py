"""The media as calls use it: what was asked is awaited to its end, what happened goes to whom it concerns."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from trustdesk.sipedge.media.contracts import Event, Media, MediaEvent

Hear = Callable[[MediaEvent], Awaitable[None]]


class Legs:
    """One for the edge. `media` is used directly for what needs no waiting."""

    def __init__(self, media: Media) -> None:
        self.media = media
        self._owners: dict[str, Hear] = {}
        self._waiting: dict[tuple[str, int], asyncio.Future[bool]] = {}
        self._early: set[tuple[str, int]] = set()

    def own(self, leg: str, hear: Hear) -> None:
        """What happens on this leg is told to `hear`, in order."""
        self._owners[leg] = hear

    def disown(self, leg: str) -> None:
        """Nobody waits for this leg any more: whoever did learns that it did not come to its end."""
        self._owners.pop(leg, None)
        self._settle(leg)
        self._early = {key for key in self._early if key[0] != leg}

    async def play_to_end(self, leg: str, clips: Sequence[str]) -> bool:
        """True when every frame was sent; false where it was stopped, or the leg went away."""
        playing = await self.media.play(leg, [Path(clip) for clip in clips])
        key = (leg, playing)
        if key in self._early:
            self._early.discard(key)
            return True
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting[key] = future
        try:
            return await future
        finally:
            self._waiting.pop(key, None)

    async def music(self, leg: str, clips: Sequence[str]) -> None:
        """Again and again, until something else is played or the leg is joined."""
        if clips:
            await self.media.play(leg, [Path(clip) for clip in clips], loop=True)

    async def stop(self, leg: str) -> None:
        """Whatever plays. Whoever waits for its end learns that it was stopped."""
        self._settle(leg)
        await self.media.stop(leg)

    async def listen(self) -> None:
        """Hand on what the media tells, until it ends."""
        async for event in self.media.events():
            if event.event is Event.PLAYED:
                self._played(event)
            elif event.event is Event.DIED:
                self._settle(event.leg)
            owner = self._owners.get(event.leg)
            if owner is not None:
                await owner(event)

    def _played(self, event: MediaEvent) -> None:
        key = (event.leg, event.playing)
        future = self._waiting.get(key)
        if future is None:
            self._early.add(key)
        elif not future.done():
            future.set_result(True)

    def _settle(self, leg: str) -> None:
        for (owner, _), future in list(self._waiting.items()):
            if owner == leg and not future.done():
                future.set_result(False)
