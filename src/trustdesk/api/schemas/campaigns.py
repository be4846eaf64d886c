"""Campaigns: lists that are contacted, each person decided anew at the moment of contact."""

from datetime import time, timedelta
from typing import Annotated

from pydantic import Field

from trustdesk.api.schemas.common import Given, GivenId, Id, Instant, Line, Receipt, Shown, Word
from trustdesk.campaigns.contracts import (
    MOST_A_MINUTE,
    Act,
    CampaignReport,
    CampaignView,
    Disposition,
    Limits,
    NewCampaign,
    Release,
    State,
    Window,
)
from trustdesk.decision.contracts import Channel

_MOST_HOURS = 24 * 365


class HoursForm(Given):
    """From and until, by the clock where the person is; until at or before from is on the day after."""

    opens: time
    closes: time


class WindowForm(Given):
    """Seven days, Monday first. `public_holiday` null: as on any such weekday."""

    week: Annotated[list[Annotated[list[HoursForm], Field(max_length=10)]], Field(min_length=7, max_length=7)]
    public_holiday: Annotated[list[HoursForm], Field(max_length=10)] | None = []

    def read(self) -> Window:
        days = [tuple((one.opens, one.closes) for one in day) for day in self.week]
        holiday = self.public_holiday
        closed = None if holiday is None else tuple((one.opens, one.closes) for one in holiday)
        return Window(week=days, public_holiday=closed)


class DispositionForm(Given):
    """What an outcome means. `after_hours` with `again` only."""

    act: Act
    after_hours: Annotated[int, Field(ge=1, le=_MOST_HOURS)] | None = None


class CampaignForm(Given):
    """A campaign of those whom a finished screening permitted; purpose and channel are the screening's.

    Of mail and SMS: `template` and `language`, and as `outcomes` sent, bounced, failed, unknown, refused, undecided,
    where the standard meaning is not wanted. Of calls by agents: `queue`, `line` (a number of your own, E.164),
    `script` and `release`, and as `outcomes` answered, answered-done, answered-again, answered-callback, answered-stop,
    answered-objection, answered-complaint, no-answer, busy, declined, hung-up, failed, refused, undecided.
    """

    name: Word
    screening_id: GivenId
    template: Line = ""
    language: Line = ""
    queue: Line = ""
    line: Line = ""
    script: Annotated[str, Field(max_length=4000)] = ""
    release: Release | None = None
    window: WindowForm | None = None
    per_day: Annotated[int, Field(ge=1, le=99)] | None = 1
    per_week: Annotated[int, Field(ge=1, le=99)] | None = None
    per_campaign: Annotated[int, Field(ge=1, le=99)] = 1
    pace: Annotated[int, Field(ge=1, le=MOST_A_MINUTE, description="Messages or calls a minute.")] = 60
    starts_at: Instant | None = None
    ends_at: Instant | None = None
    outcomes: Annotated[dict[Line, DispositionForm], Field(max_length=50)] = {}

    def read(self) -> NewCampaign:
        outcomes = {
            outcome: Disposition(said.act, None if said.after_hours is None else timedelta(hours=said.after_hours))
            for outcome, said in self.outcomes.items()
        }
        return NewCampaign(
            name=self.name,
            run_id=self.screening_id,
            template=self.template,
            language=self.language,
            queue=self.queue,
            line=self.line,
            script=self.script,
            release=self.release,
            window=None if self.window is None else self.window.read(),
            limits=Limits(per_day=self.per_day, per_week=self.per_week, per_campaign=self.per_campaign),
            pace=self.pace,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            outcomes=outcomes,
        )


class CampaignReceipt(Receipt):
    campaign_id: Id


class CampaignShown(Shown):
    """How a campaign stands: people by their state."""

    campaign_id: Id
    name: str
    screening_id: Id
    purpose: str
    channel: Channel
    template: str
    language: str
    queue: str
    line: str
    release: Release | None
    state: State
    reason: str
    pace: int
    people: int
    dealt_with: int
    left_out: int
    counts: dict[str, int]
    created_at: Instant
    started_at: Instant | None
    starts_at: Instant | None
    ends_at: Instant | None
    changed_at: Instant

    @classmethod
    def of(cls, view: CampaignView) -> "CampaignShown":
        same = (
            "campaign_id name purpose channel template language queue line release state reason pace people dealt_with"
            " left_out created_at started_at starts_at ends_at changed_at"
        )
        values = {name: getattr(view, name) for name in same.split()}
        return cls(
            screening_id=view.run_id, counts={state.value: many for state, many in view.counts.items()}, **values
        )


class RefusedShown(Shown):
    """A rule that refused or could not decide, in plain words, with its law."""

    rule: str
    rows: int
    words: str
    statute: str
    url: str


class CampaignReportShown(Shown):
    """The same with everything there is to count: attempts by outcome, refusals and rows left out, with reasons."""

    campaign: CampaignShown
    outcomes: dict[str, int]
    refused: list[RefusedShown]
    left_out: list[RefusedShown]
    not_taken: dict[str, int]
    said_no: Annotated[int, Field(description="People of the campaign who objected or withdrew since its start.")]
    next_at: Instant | None

    @classmethod
    def of(cls, report: CampaignReport) -> "CampaignReportShown":
        return cls(
            campaign=CampaignShown.of(report.view),
            outcomes={outcome or "under-way": many for outcome, many in report.outcomes.items()},
            refused=[
                RefusedShown(
                    rule=one.rule_id,
                    rows=one.people,
                    words=one.line.words if one.line else "",
                    statute=one.line.statute if one.line else "",
                    url=one.line.url if one.line else "",
                )
                for one in report.refused
            ],
            left_out=[
                RefusedShown(
                    rule=one.line.rule_id,
                    rows=one.rows,
                    words=one.line.words,
                    statute=one.line.statute,
                    url=one.line.url,
                )
                for one in report.left_out
                if one.line
            ],
            not_taken={one.fault: one.rows for one in report.left_out if one.fault},
            said_no=report.objections,
            next_at=report.next_at,
        )
