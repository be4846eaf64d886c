"""Offers of ours within a call: hold, and the refresh of the session (RFC 3261 §14, RFC 3311, RFC 4028)."""

import asyncio
import random
from typing import TYPE_CHECKING

from trustdesk.sipedge.sip.clock import T1
from trustdesk.sipedge.sip.contracts import CallOverError, Offer
from trustdesk.sipedge.sip.faults import BadMessageError
from trustdesk.sipedge.sip.message import Response
from trustdesk.sipedge.sip.refreshing import Refresh, agreed_by_sender
from trustdesk.sipedge.sip.sdp import CONTENT_TYPE, Ours, parse_sdp
from trustdesk.sipedge.sip.states import Event, State

if TYPE_CHECKING:
    from trustdesk.sipedge.sip.calls import Call

GONE = frozenset({408, 481})  # after these the other side has no call any more (RFC 5057)
GLARE = 491


class Offers:
    """One at a time. While one is on its way, an offer of the other side is refused with 491."""

    def __init__(self, call: "Call") -> None:
        self._call = call
        self._turn = asyncio.Lock()
        self.open = False

    async def renegotiate(self, direction: str) -> None:
        """Offer our side with this direction, again where both offered at once. As `SipCall.hold` raises."""
        async with self._turn:
            while True:
                call = self._call
                if call.state is not State.TALKING or call.ours is None:
                    raise CallOverError
                if call.insisting is not None:
                    await self._pause(T1)
                    continue
                ours = call.ours.changed(direction=direction)
                response = await self._offer(ours)
                if response.status == GLARE:
                    await self._pause(random.uniform(*call.patience))  # noqa: S311 - who goes first, no secret
                    continue
                if response.status < 300:
                    call.ours = ours
                return

    async def _pause(self, seconds: float) -> None:
        over: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._call.house.clock.call_later(seconds, lambda: None if over.done() else over.set_result(None))
        await over

    async def _offer(self, ours: Ours) -> Response:
        call = self._call
        answer: asyncio.Future[Response | None] = asyncio.get_running_loop().create_future()

        def heard(response: Response) -> None:
            if 200 <= response.status < 300:  # as often as it comes
                call.acknowledge(call.dialog, response.cseq.number)
            if response.status >= 200 and not answer.done():
                answer.set_result(response)

        def failed(_status: int) -> None:
            if not answer.done():
                answer.set_result(None)

        self.open = True
        try:
            call.send(
                call.dialog,
                "INVITE",
                heard=heard,
                failed=failed,
                headers=call.session_headers(),
                body=ours.offered(),
                content_type=CONTENT_TYPE,
            )
            response = await answer
        finally:
            self.open = False
        if response is None:
            call.gone(408)
            raise TimeoutError
        if response.status in GONE:
            call.gone(response.status)
            raise CallOverError
        if response.status < 300:
            self._taken(response, ours)
        return response

    def _taken(self, response: Response, ours: Ours) -> None:
        """The answer may name another place. That it is held by us is no news."""
        call = self._call
        self.watch(agreed_by_sender(response, call.house.session_seconds))
        try:
            call.dialog.retarget(response)
            far = parse_sdp(response.body).spoken(ours.laws[0]).far
        except BadMessageError:
            return
        if call.far is not None and far is not None and far.place != call.far.place:
            call.far = far
            call.teller.tell(lambda owner: owner.changed(Offer(far=far)))

    def watch(self, refresh: Refresh) -> None:
        """The session's timer, from now until the next refresh."""
        call = self._call
        if call.state is State.OVER:
            return
        if refresh.ours:
            call.timers.set("refresh", refresh.due, lambda: self._refresh(refresh))
        else:
            call.timers.set("refresh", refresh.due, lambda: call.end_with(Event.TIMEOUT, 408, "not refreshed"))

    def _refresh(self, refresh: Refresh) -> None:
        """By UPDATE, which changes nothing; by re-INVITE with what stands where the far side can't."""
        self.watch(refresh)  # whatever comes of this one
        call = self._call
        if "update" in call.allowed:
            call.send(call.dialog, "UPDATE", heard=self._refreshed, failed=call.gone, headers=call.session_headers())
        else:
            call.house.spawn(self._reinvite())

    async def _reinvite(self) -> None:
        if self._call.ours is None:
            return
        try:
            await self.renegotiate(self._call.ours.direction)
        except (TimeoutError, CallOverError):
            return

    def _refreshed(self, response: Response) -> None:
        if response.status in GONE:
            self._call.gone(response.status)
        elif 200 <= response.status < 300:
            self.watch(agreed_by_sender(response, self._call.house.session_seconds))
