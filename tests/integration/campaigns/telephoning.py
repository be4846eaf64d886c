"""A campaign of calls of a company with agents, the switchboard's process and a small edge."""

import csv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from tests.clearing import PURPOSES
from tests.surfaces import customer
from tests.switching import Room, exchange
from tests.world import World

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import AttemptView, CampaignView, Limits, NewCampaign, Release
from trustdesk.campaigns.services import drive
from trustdesk.clearance import api as clearance
from trustdesk.decision.contracts import Channel
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.register import api as register
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Ask, CellKind, Layout
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import NewTrunk, Reach

LAYOUT = Layout(columns={"Phone": CellKind.PHONE}, country="HU")
SCRIPT = "Good day. The meter is read next week: is somebody at home on Tuesday?"


@dataclass
class Calling:
    """Campaigns of calls in a room with an exchange."""

    room: Room
    folder: Path
    people: dict[str, int] = field(default_factory=dict)

    def add(self, *phones: str) -> None:
        for phone in phones:
            self.people[phone] = customer(self.room.house(), "Ilona", "Kovács", phone=phone)

    def screen(self, phones: Sequence[str] | None = None) -> int:
        """A list of these, or of all, screened here and now."""
        path = self.folder / f"list-{len(list(self.folder.iterdir()))}.csv"
        with path.open("w", newline="") as stream:
            csv.writer(stream).writerows([["Phone"], *([phone] for phone in phones or self.people)])
        house, now = self.room.house(), clock.now()
        ask = Ask(purpose="service", channel=Channel.CALL_HUMAN, about={"number_shown": True})
        return screening.screen_file(house, path=path, layout=LAYOUT, ask=ask, now=now).run_id

    def create(self, phones: Sequence[str] | None = None, **more: object) -> int:
        given: dict[str, Any] = {
            "name": "Meters",
            "run_id": self.screen(phones),
            "queue": self.room.code,
            "line": self.room.line,
            "script": SCRIPT,
            "release": Release.PROGRESSIVE,
            "limits": Limits(per_day=None, per_campaign=3),
        }
        return campaigns.create(self.room.house(), new=NewCampaign(**(given | more)), now=clock.now())

    def started(self, *phones: str, **more: object) -> int:
        """A running one of these new people."""
        self.add(*phones)
        campaign_id = self.create(phones, **more)
        campaigns.start(self.room.house(), campaign_id=campaign_id, now=clock.now())
        return campaign_id

    def drive(self, campaign_id: int) -> None:
        """What the worker's job of the campaign does."""
        drive.run(self.room.company.id, campaign_id, until=clock.now() + timedelta(seconds=5))

    def due_now(self) -> None:
        """As if every pause were over."""
        with scoped(self.room.house().scope), connection.cursor() as cursor:
            cursor.execute("UPDATE campaigns_target SET next_at = now() WHERE state = 'waiting'")

    def view(self, campaign_id: int) -> CampaignView:
        return campaigns.campaign(self.room.house(), campaign_id)

    def attempts(self, campaign_id: int) -> Sequence[AttemptView]:
        return campaigns.attempts(self.room.house(), campaign_id)


@contextmanager
def calling(world: World, folder: Path) -> Iterator[Calling]:
    """The southern company, which calls in Hungary."""
    with exchange(world) as room:
        house, now = room.house(), clock.now()
        register.seed_catalog(house, now=now)
        for purpose in PURPOSES:
            with suppress(ConflictError):
                clearance.declare_purpose(house, purpose=purpose, now=now)
        telephony.set_reach(house, reach=Reach(countries=frozenset({"HU"})), now=now)
        if not telephony.trunk_names():
            new = NewTrunk(name="Calls out", addresses=["203.0.113.251/32"], target="sip:carrier.example:5060")
            telephony.save_trunk(trunk_id=None, new=new, by=None, now=now)
        yield Calling(room, folder)
