"""A campaign from a screening: whom it permitted becomes a target, all others are counted with their reasons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from trustdesk.campaigns.contracts import SAME_PERSON, Disposition, NewCampaign, State, standard_of
from trustdesk.campaigns.keeping import window_as_json
from trustdesk.campaigns.models import Campaign
from trustdesk.campaigns.models import Disposition as DispositionRow
from trustdesk.campaigns.services.checking import check
from trustdesk.decision.contracts import Outcome
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.ids import new_id
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Chosen, Progress, Report

NOBODY = "nobody"
# Under whom the person is shown by now: since the screening two may have become one.
_TARGETS = """
INSERT INTO campaigns_target (controller_id, campaign_id, customer_id, value_id, state, number, attempts, last_outcome,
  reason, next_at, changed_at)
SELECT DISTINCT ON (person) c.controller_id, %s, coalesce(c.merged_into, c.id) AS person, chosen.value_id, 'waiting', 0,
  0, '', '', %s::timestamptz, %s::timestamptz
FROM unnest(%s::bigint[], %s::bigint[]) WITH ORDINALITY AS chosen (customer_id, value_id, place)
JOIN register_customer c ON c.controller_id = %s AND c.id = chosen.customer_id
ORDER BY person, c.merged_into IS NOT NULL, chosen.place
ON CONFLICT DO NOTHING
"""


def create(context: AccessContext, *, new: NewCampaign, now: datetime) -> int:
    """A campaign in draft; its id. Needs `campaign:manage` and `list:screen`. Nobody is contacted by it.

    Only persons whom the screening permitted are taken, each once, as whom they are shown; a row that was refused,
    undecided or nobody's is counted with its reason. ConflictError where the screening has not finished, or is older
    than a day; BadInputError with the field where something can't be, NotFoundError where screening or template is not
    there.
    """
    context.check_operation("campaign:manage")
    context.check_operation("list:screen")
    report = screening.report(context, new.run_id)
    run = report.progress
    screening.check_fresh(run, now=now)
    check(context, new, run, now=now)
    campaign_id = new_id()
    with scoped(context.scope):
        row = _row(context, campaign_id, new, run, now)
        row.save(force_insert=True)
        _put_dispositions(context, campaign_id, {**standard_of(run.ask.channel), **new.outcomes})
        row.people, others = _put_targets(context, campaign_id, new.run_id, now=now)
        if not row.people:
            raise BadInputError(
                _("Of this screening nobody may be contacted."), place="run", mend=_("Look at its reasons.")
            )
        row.left_out = [*others, *_left_out(report)]
        row.save(update_fields=["people", "left_out"])
        context.journal.deed(
            context,
            "campaigns.created",
            detail={
                "campaign": campaign_id,
                "screening": new.run_id,
                "purpose": run.ask.purpose,
                "channel": run.ask.channel,
                "people": row.people,
            },
        )
    return campaign_id


def _row(context: AccessContext, campaign_id: int, new: NewCampaign, run: Progress, now: datetime) -> Campaign:
    return Campaign(
        controller_id=context.controller_id,
        id=campaign_id,
        name=new.name.strip(),
        run_id=new.run_id,
        purpose=run.ask.purpose,
        channel=run.ask.channel.value,
        about=dict(run.ask.about),
        template=new.template,
        language=new.language,
        queue=new.queue,
        line=new.line,
        script=new.script.strip(),
        release=new.release or "",
        hours=window_as_json(new.window),
        per_day=new.limits.per_day,
        per_week=new.limits.per_week,
        per_campaign=new.limits.per_campaign,
        pace=new.pace,
        starts_at=new.starts_at,
        ends_at=new.ends_at,
        state=State.DRAFT,
        created_at=now,
        created_by=context.operator_id,
        operator_id=context.operator_id,
        mandate_id=context.mandate_id,
        access_purpose=context.purpose,
        changed_at=now,
    )


def _put_dispositions(context: AccessContext, campaign_id: int, outcomes: Mapping[str, Disposition]) -> None:
    DispositionRow.objects.bulk_create(
        DispositionRow(
            controller_id=context.controller_id,
            campaign_id=campaign_id,
            outcome=outcome,
            act=said.act,
            after=said.after,
        )
        for outcome, said in outcomes.items()
    )


def _put_targets(
    context: AccessContext, campaign_id: int, run_id: int, *, now: datetime
) -> tuple[int, list[dict[str, Any]]]:
    """How many persons were taken; and the permitted rows that named nobody, or somebody who was taken already."""
    taken = nobody = named = 0
    for chunk in screening.chosen(context, run_id):
        known = [one for one in chunk if one.customer_id]
        nobody += len(chunk) - len(known)
        named += len(known)
        taken += _put(context, campaign_id, known, now)
    others = {NOBODY: nobody, SAME_PERSON: named - taken}
    return taken, [{"fault": fault, "rows": rows} for fault, rows in others.items() if rows]


def _put(context: AccessContext, campaign_id: int, chosen: Sequence[Chosen], now: datetime) -> int:
    with connection.cursor() as cursor:
        customers, values = [one.customer_id for one in chosen], [one.value_id for one in chosen]
        cursor.execute(_TARGETS, [campaign_id, now, now, customers, values, context.controller_id])
        return int(cursor.rowcount)


def _left_out(report: Report) -> list[dict[str, Any]]:
    """As the rules were understood then: rules change, the reasons of a screening do not."""
    rules = [
        {
            "rows": word.rows,
            "rule": word.rule_id,
            "outcome": word.outcome.value,
            "statute": word.statute,
            "url": word.url,
            "message": word.message,
            "parameters": dict(word.parameters),
        }
        for word in report.words
        if word.outcome is not Outcome.PERMIT and word.rows
    ]
    return [*rules, *({"fault": fault.value, "rows": rows} for fault, rows in report.faults.items())]
