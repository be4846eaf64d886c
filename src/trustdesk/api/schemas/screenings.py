"""Lists that are screened: what is asked of them, how far it is, what it came to."""

from typing import Annotated

from pydantic import Field

from trustdesk.api.schemas.common import Country, Given, GivenId, Id, Instant, Line, Receipt, Shown, Word
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.screening.contracts import (
    Ask,
    CellKind,
    Criterion,
    Engine,
    Filter,
    Layout,
    NewFilter,
    Operator,
    Phase,
    Progress,
    Report,
    RunState,
)


class ScreeningForm(Given):
    """Exactly one of `list_id` (a file given to /imports/files, with its `columns`), `filter_id` and `screening_id`
    (the list of an earlier screening, while it is kept). `about` are facts of the undertaking.
    """

    list_id: Annotated[str, Field(max_length=200)] = ""
    columns: Annotated[dict[Word, CellKind], Field(max_length=500)] = {}
    country: Country = ""
    filter_id: GivenId | None = None
    screening_id: GivenId | None = None
    purpose: Word
    channel: Channel
    about: dict[Word, bool | int | Line] = {}
    engine: Engine = Engine.POSTGRESQL

    def ask(self) -> Ask:
        return Ask(purpose=self.purpose, channel=self.channel, about=self.about, engine=self.engine)

    def layout(self) -> Layout:
        return Layout(columns=self.columns, country=self.country)


class ScreeningReceipt(Receipt):
    screening_id: Id


class CriterionForm(Given):
    """`what`: an open attribute's code, or :kind, :language, :country, :customer_since, :last_sale_date,
    :product_group.
    """

    what: Word
    operator: Operator
    values: Annotated[list[Line], Field(min_length=1, max_length=500)]


class FilterForm(Given):
    """Which customers are meant; every line must hold."""

    name: Word
    criteria: Annotated[list[CriterionForm], Field(min_length=1, max_length=50)]

    def read(self) -> NewFilter:
        lines = tuple(Criterion(one.what, one.operator, tuple(one.values)) for one in self.criteria)
        return NewFilter(name=self.name, criteria=lines)


class FilterReceipt(Receipt):
    filter_id: Id


class CriterionShown(Shown):
    what: str
    operator: Operator
    values: list[str]


class FilterShown(Shown):
    filter_id: Id
    name: str
    criteria: list[CriterionShown]
    saved_at: Instant

    @classmethod
    def of(cls, saved: Filter) -> "FilterShown":
        lines = [
            CriterionShown(what=one.what, operator=one.operator, values=list(one.values)) for one in saved.criteria
        ]
        return cls(filter_id=saved.filter_id, name=saved.name, criteria=lines, saved_at=saved.saved_at)


class ScreeningShown(Shown):
    """How far a screening is, from 0 to 1 in `fraction`, and what it came to."""

    screening_id: Id
    purpose: str
    channel: Channel
    engine: Engine
    state: RunState
    phase: Phase
    reason: str
    place: str
    fraction: float
    rows: int
    verdicts: dict[str, int]
    started_at: Instant
    updated_at: Instant
    decided_at: Instant | None
    finished_at: Instant | None
    packs_digest: str
    policy_version: int
    operator_id: Id

    @classmethod
    def of(cls, progress: Progress) -> "ScreeningShown":
        return cls(
            screening_id=progress.run_id,
            purpose=progress.ask.purpose,
            channel=progress.ask.channel,
            engine=progress.ask.engine,
            state=progress.state,
            phase=progress.phase,
            reason=progress.reason,
            place=progress.place,
            fraction=progress.fraction,
            rows=progress.rows,
            verdicts={outcome.value: count for outcome, count in progress.counts.items()},
            started_at=progress.started_at,
            updated_at=progress.updated_at,
            decided_at=progress.decided_at,
            finished_at=progress.finished_at,
            packs_digest=progress.packs_digest,
            policy_version=progress.policy_version,
            operator_id=progress.operator_id,
        )


class RuleShown(Shown):
    rule_id: str
    outcome: Outcome
    statute: str
    url: str
    rows: int


class ReportShown(Shown):
    """What a finished screening came to, by rule; `summary` is signed (c2sp.org/signed-note) and verifies offline."""

    screening: ScreeningShown
    rules: list[RuleShown]
    not_decided: dict[str, int]
    summary: str

    @classmethod
    def of(cls, report: Report) -> "ReportShown":
        rules = [
            RuleShown(rule_id=one.rule_id, outcome=one.outcome, statute=one.statute, url=one.url, rows=one.rows)
            for one in report.words
        ]
        return cls(
            screening=ScreeningShown.of(report.progress),
            rules=rules,
            not_decided={fault.value: count for fault, count in report.faults.items()},
            summary=report.summary,
        )
