"""A company with people, a screened list of their addresses, and a campaign driven as the worker drives it."""

import csv
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import connection
from tests.integration.delivery import posting
from tests.integration.delivery.posting import Company, Person

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import CampaignReport, CampaignView, Limits, NewCampaign, State
from trustdesk.campaigns.services import drive
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import Template
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Ask, CellKind, Layout

LISTS = {
    Channel.EMAIL: Layout(columns={"E-mail": CellKind.EMAIL}, country="FI"),
    Channel.SMS: Layout(columns={"Phone": CellKind.PHONE}, country="FI"),
}
PACE = 600


@dataclass
class Campaigning:
    """A company of its own, and whatever one does with its campaigns. People go by their mail addresses, also where
    they are written to by SMS.
    """

    company: Company
    folder: Path
    channel: Channel = Channel.EMAIL
    people: dict[str, Person] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)

    def add(self, many: int) -> list[str]:
        """So many more who agreed to news by mail and SMS; their addresses."""
        held = len(self.people)
        fresh = {f"p{number}@example.com": f"+3584012{number:05d}" for number in range(held, held + many)}
        self.numbers.update(fresh)
        self.people.update({address: self.company.person(address, phone) for address, phone in fresh.items()})
        return list(fresh)

    def screen(self, addresses: Sequence[str] | None = None, *, purpose: str = "news") -> int:
        """A list of addresses, or of the numbers of those who have them, screened here and now."""
        path = self.folder / f"list-{len(list(self.folder.iterdir()))}.csv"
        with path.open("w", newline="") as stream:
            writer = csv.writer(stream)
            layout, by_mail = LISTS[self.channel], self.channel is Channel.EMAIL
            cells = [address if by_mail else self.numbers[address] for address in (addresses or self.people)]
            writer.writerows([list(layout.columns), *([cell] for cell in cells)])
        ask = Ask(purpose=purpose, channel=self.channel)
        return screening.screen_file(self.company.context(), path=path, layout=layout, ask=ask, now=clock.now()).run_id

    def new(self, run_id: int, **more: object) -> NewCampaign:
        values: dict[str, Any] = {
            "name": "Spring",
            "run_id": run_id,
            "template": "spring",
            "language": "en",
            "pace": PACE,
            "limits": Limits(per_day=None),
        }
        return NewCampaign(**(values | more))

    def create(self, addresses: Sequence[str] | None = None, **more: object) -> int:
        return self.create_from(self.screen(addresses), **more)

    def create_from(self, run_id: int, **more: object) -> int:
        return campaigns.create(self.company.context(), new=self.new(run_id, **more), now=clock.now())

    def start(self, campaign_id: int) -> None:
        campaigns.start(self.company.context(), campaign_id=campaign_id, now=clock.now())

    def started(self, addresses: Sequence[str] | None = None, **more: object) -> int:
        campaign_id = self.create(addresses, **more)
        self.start(campaign_id)
        return campaign_id

    def drive(self, campaign_id: int) -> bool:
        """What the worker's job of the campaign does."""
        return drive.run(self.company.id, campaign_id, until=clock.now() + timedelta(seconds=30))

    def go(self, campaign_id: int, *, rounds: int = 2) -> None:
        """Campaign and outbox in turn, until all that can be heard is heard."""
        for _round in range(rounds):
            self.drive(campaign_id)
            self.company.work(self.channel)
        self.drive(campaign_id)

    def finish(self, campaign_id: int, *, seconds: float = 120) -> None:
        """As `go`, round after round as the minute's sweep has it, until the campaign is over. A worker that comes
        while a dead one's locks still stand finds nothing to do: the next round does.
        """
        until = time.monotonic() + seconds
        while self.state(campaign_id) is not State.ENDED:
            assert time.monotonic() < until, self.view(campaign_id).counts
            self.go(campaign_id, rounds=1)
            time.sleep(0.05)

    def view(self, campaign_id: int) -> CampaignView:
        return campaigns.campaign(self.company.context(), campaign_id)

    def report(self, campaign_id: int) -> CampaignReport:
        return campaigns.report(self.company.context(), campaign_id)

    def state(self, campaign_id: int) -> State:
        return self.view(campaign_id).state

    def pause(self, campaign_id: int) -> None:
        campaigns.pause(self.company.context(), campaign_id=campaign_id, now=clock.now())

    def resume(self, campaign_id: int) -> None:
        campaigns.resume(self.company.context(), campaign_id=campaign_id, now=clock.now())

    def due_now(self) -> None:
        """As if every pause were over."""
        self.write("UPDATE campaigns_target SET next_at = now() WHERE state = 'waiting'")

    def write(self, statement: str, *values: object) -> None:
        with scoped(self.company.context().scope), connection.cursor() as cursor:
            cursor.execute(statement, list(values))  # type: ignore[arg-type]

    def targets(self) -> Mapping[int, tuple[str, str]]:
        """By customer: state and reason."""
        rows = self.company.ask("SELECT customer_id, state, reason FROM campaigns_target ORDER BY customer_id")
        return {row[0]: (row[1], row[2]) for row in rows}


def campaigning(folder: Path) -> Campaigning:
    """A new company with a wording that names nobody."""
    company = posting.company()
    for channel, subject in ((Channel.EMAIL, "Spring at {company}"), (Channel.SMS, "")):
        template = Template(channel=channel, code="spring", language="en", subject=subject, text="There is news.")
        delivery.publish_template(company.context(), template=template, now=clock.now())
    return Campaigning(company, folder)


def without_imprint(company: Company) -> None:
    """Marketing without an imprint: the gate refuses everybody."""
    delivery.set_sender(company.context(), sender=replace(posting.SENDER, imprint=""), now=clock.now())
