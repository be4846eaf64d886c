"""How campaigns stand. Nothing here writes, and nothing is opened."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import Count, Min
from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import (
    Act,
    AttemptView,
    CampaignReport,
    CampaignView,
    Disposition,
    LeftOut,
    Limits,
    Refusals,
    Release,
    State,
    TargetState,
)
from trustdesk.campaigns.keeping import window_of
from trustdesk.campaigns.models import Attempt, Campaign, Target
from trustdesk.campaigns.models import Disposition as DispositionRow
from trustdesk.campaigns.services.steering import find
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Line
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext

MOST = 200
_COUNTS = """
SELECT campaign_id, state, count(*) FROM campaigns_target
WHERE controller_id = %s AND campaign_id = ANY(%s) GROUP BY campaign_id, state
"""
_REFUSED = """
SELECT reason, state, count(*) FROM campaigns_target
WHERE controller_id = %s AND campaign_id = %s AND state IN ('refused', 'undecided')
GROUP BY reason, state ORDER BY 3 DESC, 1
"""
# Persons, not records: who said it may have become one with the target since, or the target with them.
_SAID_NO = """
SELECT count(DISTINCT coalesce(c.merged_into, c.id)) FROM campaigns_target t
JOIN register_customer c ON c.controller_id = t.controller_id AND c.id = t.customer_id
WHERE t.controller_id = %(controller)s AND t.campaign_id = %(campaign)s AND coalesce(c.merged_into, c.id) IN (
  SELECT coalesce(s.merged_into, s.id) FROM register_customer s
  WHERE s.controller_id = %(controller)s AND s.id = ANY(%(said)s))
"""


def campaigns(context: AccessContext, *, limit: int = 50) -> Sequence[CampaignView]:
    """The company's campaigns, newest first. Needs `campaign:read`."""
    context.check_operation("campaign:read")
    with scoped(context.scope):
        rows = list(
            Campaign.objects.filter(controller_id=context.controller_id).order_by("-created_at")[: min(limit, MOST)]
        )
        counts = _counts(context, [row.id for row in rows])
        return [_view(context, row, counts.get(row.id, {})) for row in rows]


def campaign(context: AccessContext, campaign_id: int) -> CampaignView:
    """One campaign. Needs `campaign:read`. NotFoundError where there is none of this company."""
    context.check_operation("campaign:read")
    with scoped(context.scope):
        row = find(context, campaign_id)
        return _view(context, row, _counts(context, [row.id]).get(row.id, {}))


def report(context: AccessContext, campaign_id: int) -> CampaignReport:
    """One campaign with all its counts: outcomes, refusals in plain words with their law, who said no since it started.

    Needs `campaign:read`. NotFoundError where there is none of this company.
    """
    view = campaign(context, campaign_id)
    with scoped(context.scope):
        owned = {"controller_id": context.controller_id, "campaign_id": campaign_id}
        outcomes = Attempt.objects.filter(**owned).values("outcome").annotate(many=Count("number")).order_by("outcome")
        waiting = Target.objects.filter(**owned, state=TargetState.WAITING).aggregate(first=Min("next_at"))
        return CampaignReport(
            view=view,
            outcomes={one["outcome"]: one["many"] for one in outcomes},
            refused=_refused(context, campaign_id),
            left_out=[_left_out(said) for said in find(context, campaign_id).left_out],
            objections=_said_no(context, view),
            next_at=waiting["first"] if view.state in {State.RUNNING, State.PAUSED} else None,
        )


def attempts(context: AccessContext, campaign_id: int, *, limit: int = 50) -> Sequence[AttemptView]:
    """The newest attempts, each with the decision it stands on. Needs `campaign:read`. NotFoundError as ever."""
    context.check_operation("campaign:read")
    with scoped(context.scope):
        row = find(context, campaign_id)
        found = Attempt.objects.filter(controller_id=context.controller_id, campaign_id=row.id)
        return [
            AttemptView(
                customer_id=one.customer_id,
                number=one.number,
                at=one.at,
                decision_id=one.decision_id,
                message_id=one.message_id,
                call_id=one.call_id,
                outcome=one.outcome,
                reason=one.reason,
                ended_at=one.ended_at,
            )
            for one in found.order_by("-at", "customer_id")[: min(limit, MOST)]
        ]


def _counts(context: AccessContext, ids: list[int]) -> Mapping[int, Mapping[TargetState, int]]:
    found: dict[int, dict[TargetState, int]] = {}
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, [context.controller_id, ids])
        for campaign_id, state, many in cursor.fetchall():
            found.setdefault(campaign_id, {})[TargetState(state)] = many
    return found


def _refused(context: AccessContext, campaign_id: int) -> list[Refusals]:
    with connection.cursor() as cursor:
        cursor.execute(_REFUSED, [context.controller_id, campaign_id])
        rows = cursor.fetchall()
    outcomes = {TargetState.REFUSED: Outcome.DENY, TargetState.UNDECIDED: Outcome.UNDECIDED}
    return [
        Refusals(rule_id, people, clearance.rule_line(context, rule_id, outcomes[TargetState(state)]))
        for rule_id, state, people in rows
    ]


def _said_no(context: AccessContext, view: CampaignView) -> int:
    if view.started_at is None:
        return 0
    said = clearance.said_no_since(context, purpose=view.purpose, channel=view.channel, since=view.started_at)
    named: dict[str, Any] = {"controller": context.controller_id, "campaign": view.campaign_id, "said": list(said)}
    with connection.cursor() as cursor:
        cursor.execute(_SAID_NO, named)
        return int((cursor.fetchone() or (0,))[0])


def _left_out(said: Mapping[str, Any]) -> LeftOut:
    if "fault" in said:
        return LeftOut(said["rows"], fault=said["fault"])
    message, parameters = said["message"], said["parameters"]
    words = _(message) % parameters if parameters else _(message)
    line = Line(
        outcome=Outcome(said["outcome"]),
        words=words,
        because=(),
        rule_id=said["rule"],
        statute=said["statute"],
        url=said["url"],
    )
    return LeftOut(said["rows"], line=line)


def _view(context: AccessContext, row: Campaign, counts: Mapping[TargetState, int]) -> CampaignView:
    outcomes = DispositionRow.objects.filter(controller_id=context.controller_id, campaign_id=row.id)
    return CampaignView(
        campaign_id=row.id,
        name=row.name,
        run_id=row.run_id,
        purpose=row.purpose,
        channel=Channel(row.channel),
        template=row.template,
        language=row.language,
        queue=row.queue,
        line=row.line,
        script=row.script,
        release=Release(row.release) if row.release else None,
        window=window_of(row.hours),
        limits=Limits(per_day=row.per_day, per_week=row.per_week, per_campaign=row.per_campaign),
        pace=row.pace,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        outcomes={one.outcome: Disposition(Act(one.act), one.after) for one in outcomes.order_by("outcome")},
        state=State(row.state),
        reason=row.reason,
        people=row.people,
        left_out=sum(said["rows"] for said in row.left_out),
        created_at=row.created_at,
        created_by=row.created_by,
        started_at=row.started_at,
        started_by=row.started_by,
        changed_at=row.changed_at,
        counts=counts,
    )
