"""A generated register for one company, and the same question to it by every reader there is."""

from datetime import datetime, timedelta
from pathlib import Path

from benchmarks._consents import Register, Sizes
from benchmarks._reader import Key, Reader
from django.conf import settings
from tests.integration.screening.conftest import OFFERS, Company

from trustdesk.clearance import api as clearance
from trustdesk.clearance.api import SetQuestion
from trustdesk.clearance.contracts import NewPurpose
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.screening.contracts import Engine
from trustdesk.screening.engines import columnar, postgresql, snapshot
from trustdesk.screening.engines.facts import KEY
from trustdesk.screening.models import List

LIST_ID = 77
Masks = dict[Key, int]


class _Owned:
    """What `Register` asks of a company."""

    def __init__(self, company: Company) -> None:
        self.controller_id, self.source_id = company.id, company.source_id


def fill(company: Company, rows: int, *, kind: str = "phone") -> None:
    """Two persons and six events for each row of a list of numbers."""
    now = clock.now()
    context = company.context()
    other = NewPurpose(
        code="letter",
        label="Letter",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    other_id = clearance.declare_purpose(context, purpose=other, now=now)
    (purpose_id,) = (one.purpose_id for one in clearance.purposes(context) if one.code == OFFERS)
    with scoped(context.scope):
        List(
            controller_id=company.id,
            id=LIST_ID,
            digest=bytes(32),
            layout={"columns": {"Phone": kind}, "country": "", "reading": {}},
            level=1,
            state="ready",
            rows=rows,
            cells=rows,
            numbers=True,
            created_at=now,
            created_by=0,
            erase_at=now + timedelta(days=1),
        ).save(force_insert=True)
    register = Register(settings.TRUSTDESK_HOME, _Owned(company), Sizes(rows))  # type: ignore[arg-type]
    register.fill(purpose_id, other_id, LIST_ID, kind=kind)


def question(company: Company, channel: Channel, at: datetime, **about: object) -> SetQuestion:
    return clearance.set_question(company.context(), purpose=OFFERS, channel=channel, about=about, at=at)


def the_list(company: Company, list_id: int = LIST_ID) -> List:
    with scoped(company.context().scope):
        return List.objects.get(controller_id=company.id, id=list_id)


def by_postgresql(company: Company, asked: SetQuestion, run_id: int = 1, list_id: int = LIST_ID) -> Masks:
    context, held = company.context(), the_list(company, list_id)
    with scoped(context.scope):
        postgresql.prepare(postgresql.FOR_MANY_ROWS)
        postgresql.decide(context, run_id, asked, held, postgresql.between(1, 2**40))
    return kept(company, run_id)


def kept(company: Company, run_id: int) -> Masks:
    rows = company.ask(
        "SELECT row_number, column_number, value_id, customer_id, mask FROM screening_result WHERE run_id = %s",
        run_id,
    )
    return {row[:4]: row[4] for row in rows}


def by_engine(company: Company, asked: SetQuestion, engine: Engine, copy: snapshot.Snapshot) -> Masks:
    found: Masks = {}
    for batch in columnar.decide(engine, copy, asked, the_list(company)):
        columns = [batch.column(name).to_pylist() for name in KEY]
        found.update(zip(zip(*columns, strict=True), batch.column("mask").to_pylist(), strict=True))
    return found


def by_reader(folder: Path, asked: SetQuestion) -> Masks:
    return dict(Reader(folder, asked).masks())
