"""Starting, pausing and ending recordings, so that what is stored always is what may be stored now."""

from pathlib import Path

import structlog

from trustdesk.sipedge.exchange.call import Call, Stored
from trustdesk.sipedge.exchange.parties import Party
from trustdesk.sipedge.exchange.rules import NOBODY, may_record, why_not
from trustdesk.sipedge.link.contracts import Link, NoAnswerError
from trustdesk.sipedge.media.contracts import Media, MediaEvent, Sealing
from trustdesk.sipedge.words.asks import Key, KeyFor, Refusal
from trustdesk.sipedge.words.plan import Mode
from trustdesk.sipedge.words.told import Happened

_log = structlog.get_logger(__name__)


class Recorder:
    """One for the edge; a call's recordings change under the call's lock."""

    def __init__(self, media: Media, link: Link) -> None:
        self._media = media
        self._link = link

    async def review(self, call: Call) -> bool:
        """Make it so. False where the call must not go on: recording is mandatory, and there is none."""
        for leg in [leg for leg in call.stored if leg not in call.parties or not call.parties[leg].joined]:
            await self.end(call, leg)
        joined = call.joined()
        may = {party.leg for party in may_record(call.plan.terms, joined)}
        still = call.still
        for leg, stored in call.stored.items():
            await self._set_paused(leg, stored, still or leg not in may)
        if still:
            return True
        for party in joined:
            if party.leg in may and party.leg not in call.stored and not await self._begin(call, party):
                return call.plan.terms.mode is not Mode.MANDATORY
        self._tell_why(call, joined)
        return True

    async def closed(self, call: Call, event: MediaEvent) -> bool:
        """A file was closed. False where it was by a fault and the call must not go on without it."""
        call.files.discard(event.recording)
        if not call.files:
            call.files_closed.set()
        stored = call.stored.get(event.leg)
        if stored is not None and stored.recording == event.recording:
            call.stored.pop(event.leg)
        else:
            stored = None  # it was ended by us
        party = call.parties.get(event.leg)
        call.tell(
            Happened.RECORDED,
            leg=event.leg,
            recording=event.recording,
            chunks=event.chunks,
            head=event.head,
            milliseconds=event.milliseconds,
            reason=event.reason,
        )
        if stored is None or not event.reason:
            return True
        call.unrecorded = event.reason
        call.tell(Happened.NOT_RECORDED, leg=event.leg, reason=event.reason, operator=party.operator if party else 0)
        return call.plan.terms.mode is not Mode.MANDATORY

    async def end_all(self, call: Call) -> None:
        for leg in list(call.stored):
            await self.end(call, leg)

    async def _begin(self, call: Call, party: Party) -> bool:
        """Ask for the key of this leg, and store from then on."""
        if party.heard is None:
            raise RuntimeError("a leg that has not heard the notice is never stored")
        ask = KeyFor(
            call=call.number,
            leg=party.leg,
            role=party.role,
            operator=party.operator,
            heard=party.heard.version,
            heard_at=party.heard.at(call.now()),
            consent_key=party.consent_key,
        )
        try:
            key = await self._link.ask(ask)
        except NoAnswerError:
            return self._none(call, party, "no-answer")
        if not isinstance(key, Key):
            why = key.reason if isinstance(key, Refusal) else "refused"
            return self._none(call, party, "no-answer" if why == "unavailable" else why)
        if call.still or party not in may_record(call.plan.terms, call.joined()):
            # While the key was on its way things changed: the file that was prepared stays empty.
            call.tell(Happened.RECORDED, leg=party.leg, recording=key.recording, reason="not-begun")
            return True
        sealing = Sealing(recording=key.recording, key=bytes.fromhex(key.key), bound=key.bound, path=Path(key.path))
        try:
            await self._media.record(party.leg, sealing)
        except (LookupError, OSError):
            _log.warning("recording.not-begun", call=call.number)
            return self._none(call, party, "media")
        call.stored[party.leg] = Stored(key.recording)
        call.files.add(key.recording)
        call.unrecorded = ""
        call.tell(Happened.RECORDING, leg=party.leg, recording=key.recording, operator=party.operator)
        return True

    async def _set_paused(self, leg: str, stored: Stored, wanted: bool) -> None:  # noqa: FBT001 - the wanted state
        if stored.paused == wanted:
            return
        await (self._media.pause(leg) if wanted else self._media.unpause(leg))
        stored.paused = wanted

    async def end(self, call: Call, leg: str) -> None:
        """RECORDED follows from the media: nobody's call waits for a disk."""
        call.stored.pop(leg)
        try:
            await self._media.end_recording(leg)
        except (LookupError, OSError):
            _log.warning("recording.not-ended", call=call.number)

    def _none(self, call: Call, party: Party, reason: str) -> bool:
        if call.unrecorded != reason:
            call.unrecorded = reason
            call.tell(Happened.NOT_RECORDED, leg=party.leg, reason=reason)
        return False

    def _tell_why(self, call: Call, joined: list[Party]) -> None:
        """That nobody is stored any more, and why; or that those are again who stood still for it."""
        if len(joined) < 2:
            return
        reason = why_not(call.plan.terms, joined)
        if reason and reason != call.unrecorded:
            call.unrecorded = reason
            call.tell(Happened.NOT_RECORDED, reason=reason)
        elif not reason and call.unrecorded in NOBODY:
            call.unrecorded = ""
            for leg, stored in call.stored.items():
                call.tell(Happened.RECORDING, leg=leg, recording=stored.recording, operator=call.parties[leg].operator)
