"""A campaign that has gone out, one in preparation, and one of calls in which an agent looks first and presses: by
itself the demo dials nobody. Real ones: screened, started, decided, carried by the worker.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import Act, Disposition, Limits, NewCampaign, Outcome, Release, every_day
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Method, Scope
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import Template
from trustdesk.demo import texts
from trustdesk.demo.calls import REACHED
from trustdesk.demo.companies import COMPANIES, Company
from trustdesk.demo.declared import CALLS, NEWSLETTER
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controllers, system_context
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Ask, Criterion, Field, NewFilter, Operator

CODE = "season"
_CHANGED_THEIR_MIND = 3  # after the list was screened: the gate says no


@dataclass(frozen=True, slots=True)
class _Names:
    customers: str
    sent: str
    prepared: str
    called: str


_NAMES = {
    "FI": _Names("Suomenkieliset", "Talven tasaerät", "Talven tasaerät, muistutus", "Talven tasaerät, puhelut"),
    "HU": _Names(
        "Magyarul beszélők", "Téli családi csomag", "Téli családi csomag, emlékeztető", "Téli családi csomag, hívások"
    ),
}


def run(*, now: datetime) -> None:
    """The campaigns of every invented company that has none yet."""
    invented = {company.name: company for company in COMPANIES}
    for controller in controllers():
        context = system_context(controller.id, purpose="service", now=now, on_behalf_of=0)
        if not campaigns.campaigns(context):
            _company(context, invented[controller.name], now=now)


def _company(context: AccessContext, company: Company, *, now: datetime) -> None:
    """Its customers who speak its own language, by mail."""
    language, names = company.languages[0], _NAMES[company.country]
    subject, text = texts.season(company.house, language)
    template = Template(channel=Channel.EMAIL, code=CODE, language=language, subject=subject, text=text)
    delivery.publish_template(context, template=template, now=now)
    speaking = NewFilter(name=names.customers, criteria=(Criterion(Field.LANGUAGE, Operator.ANY_OF, (language,)),))
    filter_id = screening.save_filter(context, new=speaking, now=now)
    ask = Ask(purpose=NEWSLETTER, channel=Channel.EMAIL)
    run_id = screening.screen_filter(context, filter_id=filter_id, ask=ask, now=now).run_id
    going = NewCampaign(
        name=names.sent, run_id=run_id, template=CODE, language=language, limits=Limits(per_day=1, per_week=2)
    )
    going_id = campaigns.create(context, new=going, now=now)
    _change_minds(context, run_id, now=now)
    campaigns.start(context, campaign_id=going_id, now=now)
    prepared = NewCampaign(
        name=names.prepared,
        run_id=run_id,
        template=CODE,
        language=language,
        window=every_day(time(9), time(17)),
        limits=Limits(per_day=1, per_week=1, per_campaign=2),
        pace=30,
        starts_at=now + timedelta(days=14),
        outcomes={Outcome.FAILED: Disposition(Act.AGAIN, timedelta(hours=12))},
    )
    campaigns.create(context, new=prepared, now=now)
    _call(context, company, filter_id, now=now)


def _call(context: AccessContext, company: Company, filter_id: int, *, now: datetime) -> None:
    """Those of them who agreed to be called, whom nobody calls until an agent presses."""
    ask = Ask(purpose=CALLS, channel=Channel.CALL_HUMAN, about={"number_shown": True})
    calls = NewCampaign(
        name=_NAMES[company.country].called,
        run_id=screening.screen_filter(context, filter_id=filter_id, ask=ask, now=now).run_id,
        queue="service",
        line=REACHED[company.country].number,
        script=texts.script(company.house, company.languages[0]),
        release=Release.PREVIEW,
        limits=Limits(per_day=1, per_campaign=3),
    )
    campaigns.start(context, campaign_id=campaigns.create(context, new=calls, now=now), now=now)


def _change_minds(context: AccessContext, run_id: int, *, now: datetime) -> None:
    """Some of those whom the screening permitted object before anything leaves."""
    permitted = [one.customer_id for chunk in screening.chosen(context, run_id) for one in chunk]
    for customer_id in permitted[:_CHANGED_THEIR_MIND]:
        said = Scope(purpose=NEWSLETTER, channel=Channel.EMAIL)
        clearance.record_objection(context, customer_id=customer_id, scope=said, method=Method.TOLD_OPERATOR, now=now)
