"""Figures of a period, queue by queue and agent by agent. What each means stands in `figures.FIGURES`."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError
from trustdesk.kernel.periods import Period
from trustdesk.switchboard.contracts import AgentFigures, Presence, QueueFigures, Statistics

IN_TIME_SECONDS = 20
_BUSY = (Presence.RINGING, Presence.TALKING, Presence.WRAP_UP)
_THERE = (Presence.READY, *_BUSY)

_WAITS = """
SELECT queue, count(*),
  count(*) FILTER (WHERE ended = 'answered'),
  count(*) FILTER (WHERE ended = 'answered' AND left_at - queued_at <= make_interval(secs => %(within)s)),
  count(*) FILTER (WHERE ended = 'abandoned'),
  count(*) FILTER (WHERE ended NOT IN ('answered', 'abandoned')),
  avg(left_at - queued_at) FILTER (WHERE ended = 'answered'),
  max(left_at - queued_at)
FROM switchboard_wait
WHERE controller_id = %(controller)s AND queued_at >= %(start)s AND queued_at < %(end)s
GROUP BY queue ORDER BY queue
"""
# A call's handling is all that an agent spent on it after joining; several agents on one call are several handlings.
_HANDLED = """
SELECT queue, sum(spent) / count(*) FROM (
  SELECT queue, call_id, operator_id, sum(ends_at - starts_at) AS spent FROM switchboard_spell
  WHERE controller_id = %(controller)s AND starts_at >= %(start)s AND starts_at < %(end)s
    AND state IN ('talking', 'wrap-up') AND call_id IS NOT NULL
  GROUP BY queue, call_id, operator_id HAVING bool_or(state = 'talking')
) AS handled GROUP BY queue
"""
# Cut at the period's edges: a pause from noon to one is half an hour of the period that begins at half past twelve.
_SPENT = """
SELECT operator_id, state, sum(least(ends_at, %(end)s) - greatest(starts_at, %(start)s)) FROM switchboard_spell
WHERE controller_id = %(controller)s AND ends_at > %(start)s AND starts_at < %(end)s AND state <> 'offline'
GROUP BY operator_id, state ORDER BY operator_id, state
"""


def statistics(context: AccessContext, period: Period, *, within_seconds: int = IN_TIME_SECONDS) -> Statistics:
    """The figures of a period that has an end; what goes on still is not in them. Needs `call:supervise`.

    BadInputError for a period without an end.
    """
    context.check_operation("call:supervise")
    if period.end_at is None:
        raise BadInputError("A period of figures has an end.", place="period")
    asked: dict[str, int | datetime] = {
        "controller": context.controller_id,
        "start": period.start_at,
        "end": period.end_at,
        "within": within_seconds,
    }
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute(_HANDLED, asked)
        handled = dict(cursor.fetchall())
        cursor.execute(_WAITS, asked)
        queues = [_queue(row, handled.get(row[0])) for row in cursor.fetchall()]
        cursor.execute(_SPENT, asked)
        spent = cursor.fetchall()
    by_agent: dict[int, dict[Presence, timedelta]] = {}
    for operator, state, time in spent:
        by_agent.setdefault(operator, {})[Presence(state)] = time
    agents = [
        AgentFigures(operator_id=one, spent=times, occupancy=_occupancy([times])) for one, times in by_agent.items()
    ]
    return Statistics(
        queues=queues, agents=agents, occupancy=_occupancy(list(by_agent.values())), within_seconds=within_seconds
    )


def _queue(row: Sequence[Any], handling: timedelta | None) -> QueueFigures:
    queue, offered, answered, in_time, abandoned, passed_on, speed, longest = row
    decided = answered + abandoned
    return QueueFigures(
        queue=queue,
        offered=offered,
        answered=answered,
        answered_in_time=in_time,
        abandoned=abandoned,
        passed_on=passed_on,
        service_level=in_time / decided if decided else None,
        average_speed=speed,
        average_handling=handling,
        abandonment=abandoned / decided if decided else None,
        longest_wait=longest,
    )


def _occupancy(spent: Sequence[Mapping[Presence, timedelta]]) -> float | None:
    there = sum((times.get(state, timedelta()) for times in spent for state in _THERE), timedelta())
    busy = sum((times.get(state, timedelta()) for times in spent for state in _BUSY), timedelta())
    return busy / there if there else None
