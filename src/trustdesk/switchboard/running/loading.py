"""What the floor begins with: settings of telephony, and what the tables say went on."""

import asyncio
from datetime import datetime

import structlog
from django.db import connection

from trustdesk.conversations import api as conversations
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import RefusedError, TrustdeskError
from trustdesk.mandates.api import controllers
from trustdesk.sipedge.contracts import Config
from trustdesk.switchboard.contracts import CallState, Certainty, Direction, Presence
from trustdesk.switchboard.doors import agent_of, line, queue_facts
from trustdesk.switchboard.models import AgentNow
from trustdesk.switchboard.models import Call as Row
from trustdesk.switchboard.running.facts import QueueFacts
from trustdesk.switchboard.running.floor import Floor
from trustdesk.switchboard.running.measured import MOST, Measured
from trustdesk.switchboard.running.people import Agent, Call
from trustdesk.switchboard.running.rebuilding import adopt
from trustdesk.switchboard.running.work import AWAY, House, Threads
from trustdesk.switchboard.services.arriving import facts_of, who
from trustdesk.telephony import api as telephony

_PAUSE_SECONDS = 1.0
log = structlog.get_logger(__name__)
_HANDLED = """
SELECT queue, call_id, spent FROM (
  SELECT queue, call_id, sum(ends_at - starts_at) AS spent, max(ends_at) AS over,
    row_number() OVER (PARTITION BY queue ORDER BY max(ends_at) DESC) AS place
  FROM switchboard_spell WHERE controller_id = %s AND state = ANY(%s) AND call_id IS NOT NULL
  GROUP BY queue, call_id
) AS handled WHERE place <= %s ORDER BY over
"""


class Loader:
    """Reads for the floor, in threads."""

    def __init__(self, floor: Floor, threads: Threads, house: House) -> None:
        self._floor = floor
        self._threads = threads
        self._house = house
        self._serial = -1

    async def load(self, stop: asyncio.Event) -> None:
        """Everything, once; waits for a database that is away."""
        while not stop.is_set():
            try:
                await self.settings()
                calls, agents = await self._threads.run(self._went_on)
                await self._threads.run(self._measured)
                await self._threads.run(self._warm_up)
            except AWAY:
                log.warning("switchboard-waits-for-database")
                await asyncio.sleep(_PAUSE_SECONDS)
                continue
            adopt(self._floor, calls, agents)
            return

    async def settings(self) -> None:
        """Queues and skills of all companies."""
        self._serial, self._floor.queues = await self._threads.run(self._queues)
        self._house.forget()

    async def changed(self) -> bool:
        """Whether anything of telephony is other than it was."""
        return await self._threads.run(telephony.serial) != self._serial

    def config(self) -> Config:
        """What the edge is told. In a thread."""
        return telephony.edge_config()

    def pending(self, controller: int, operator: int) -> bool:
        """Whether a call waits for this operator's disposition. In a thread."""
        try:
            context = self._house.context(controller, now=clock.now())
        except RefusedError:
            return False
        return bool(conversations.pending_wrap_up(context, operator))

    def _queues(self) -> tuple[int, dict[tuple[int, str], QueueFacts]]:
        serial = telephony.serial()  # before: what changes meanwhile is read again
        found = {}
        for context in self._companies(clock.now()):
            for facts in queue_facts(context):
                found[context.controller_id, facts.code] = facts
        return serial, found

    def _companies(self, now: datetime) -> list[AccessContext]:
        contexts = []
        for company in controllers():
            try:
                contexts.append(self._house.context(company.id, now=now))
            except RefusedError:
                continue  # its own mandate has ended: it stays closed
        return contexts

    def _measured(self) -> None:
        """What the tables know of how long calls take. The floor is not running yet."""
        self._floor.measured = measured = Measured()
        for context in self._companies(clock.now()):
            with scoped(context.scope), connection.cursor() as cursor:
                cursor.execute(
                    _HANDLED, [context.controller_id, [Presence.TALKING.value, Presence.WRAP_UP.value], MOST]
                )
                for queue, call, spent in cursor.fetchall():
                    measured.add(context.controller_id, queue, call, spent)

    def _warm_up(self) -> None:
        """Rules, calendars and keys are read when they are first asked for: not by the first caller, who would hear the
        apology meanwhile.
        """
        now = clock.now()
        for context in self._companies(now):
            for number in telephony.numbers(context)[:1]:
                try:
                    facts_of(line(context, number, now=now), 0, "", now=now)
                    who(context, number.e164, number.country)
                except TrustdeskError as fault:
                    log.warning("line-not-ready", controller=context.controller_id, code=fault.code, place=fault.place)

    def _went_on(self) -> tuple[list[Call], list[Agent]]:
        calls: list[Call] = []
        agents: dict[int, Agent] = {}
        for context in self._companies(clock.now()):
            with scoped(context.scope):
                going = Row.objects.filter(controller_id=context.controller_id).exclude(state=CallState.ENDED)
                calls += _stand_right(context, [call_of(row) for row in going.order_by("began_at", "id")])
                there = AgentNow.objects.filter(controller_id=context.controller_id).exclude(state=Presence.OFFLINE)
                for row in there.order_by("since", "operator_id"):
                    agents[row.operator_id] = _agent(context, row)
        return calls, list(agents.values())


def _stand_right(context: AccessContext, calls: list[Call]) -> list[Call]:
    """Where conversations have moved on and the rows of calls were not written any more: conversations are right."""
    places = conversations.standings(context, [call.interaction for call in calls if call.interaction is not None])
    for call in calls:
        place = places.get(call.interaction or 0)
        if place is None:
            continue
        if place.conversation_id != call.conversation:
            call.conversation = call.case = place.conversation_id
        if call.customer is None and place.customer_id is not None and call.direction is Direction.IN:
            call.customer, call.certainty, call.matches = place.customer_id, Certainty.IDENTIFIED, ()
    return calls


def call_of(row: Row) -> Call:
    """As the floor holds it again."""
    return Call(
        id=row.id,
        controller=row.controller_id,
        direction=Direction(row.direction),
        line=row.line,
        language=row.language,
        began_at=row.began_at,
        queue=row.queue,
        country=row.country,
        sector=row.sector,
        mode=row.mode,
        notice_version=row.notice_version,
        answer_within=int((row.answer_by - row.queued_at).total_seconds()) if row.answer_by and row.queued_at else None,
        conversation=row.conversation_id,
        interaction=row.interaction_id,
        certainty=Certainty(row.certainty),
        matches=tuple(row.matches),
        case=row.case_id,
        customer=row.customer_id,
        decision=row.decision_id,
        callback=row.callback_id,
        state=CallState(row.state),
        queued_at=row.queued_at,
        waiting_since=row.queued_at,
        answered_at=row.answered_at,
        answer_by=row.answer_by,
        offered=row.offered_to,
        spoke=row.operator_id,
        alarm=row.alarm,
        unrecorded=row.unrecorded,
        consent_key=row.consent_key,
        heard=row.heard,
    )


def _agent(context: AccessContext, row: AgentNow) -> Agent:
    phone, agreed, notice = agent_of(context, row.operator_id, now=clock.now())
    return Agent(
        operator=row.operator_id,
        controller=row.controller_id,
        mandate=row.mandate_id,
        purpose=row.purpose,
        since=row.since,
        state=Presence(row.state),
        reason=row.reason,
        call=row.call_id,
        queue=row.queue,
        attachment=row.attachment,
        phone=phone,
        agreed=agreed,
        notice=notice,
        reachable=row.reachable,
        wrap_up_until=row.wrap_up_until,
    )
