"""The agents' browsers: each opens its leg once, hears the notice once, and lends its leg to one call after another."""

from dataclasses import dataclass

from trustdesk.sipedge.exchange.parties import Heard
from trustdesk.sipedge.media.contracts import Far, Law, Place
from trustdesk.sipedge.webrtc.contracts import far_place
from trustdesk.sipedge.words.plan import Notice


@dataclass(slots=True, eq=False)
class Attachment:
    """`leg` is the one it has in the media now: of its own, or of the call it is in (`call`, 0 for none)."""

    name: str
    operator: int
    leg: str
    law: Law
    keys_type: int | None
    notices: tuple[Notice, ...] = ()
    open: bool = False
    heard: Heard | None = None
    call: int = 0

    def far(self, place: Place) -> Far:
        """Where the browser's side listens for the audio of a leg that listens at `place`."""
        return Far(place=far_place(place), law=self.law, keys_type=self.keys_type)
