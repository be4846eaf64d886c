"""A mapped disposition can never skip the gate: every mapping is tried, and every contact has its permit."""

from datetime import timedelta

import pytest
from tests.integration.campaigns.campaigning import Campaigning
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.campaigns.contracts import STANDARD, Act, Disposition, Limits, Outcome, TargetState
from trustdesk.campaigns.models import Campaign
from trustdesk.campaigns.services import settling
from trustdesk.clearance import api as clearance
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError

pytestmark = pytest.mark.slow  # whole campaigns go out

HOUR = timedelta(hours=1)
MAPPED = [Outcome(outcome) for outcome in STANDARD]
ALLOWED = [
    (outcome, act)
    for outcome in MAPPED
    for act in Act
    if act in {Act.STOP, Act.AGAIN} or outcome not in {Outcome.REFUSED, Outcome.UNDECIDED}
]
# A contact is a message that was handed over; its permit has to be on record, of this campaign and not after it.
WITHOUT_PERMIT = """
SELECT m.id FROM delivery_message m WHERE m.handed_at IS NOT NULL AND NOT EXISTS (
  SELECT FROM clearance_decision d WHERE d.contact_id = m.id AND d.outcome = 'permit' AND d.place = 'send'
    AND d.campaign_id = m.campaign_id AND d.customer_id = m.customer_id AND d.at <= m.handed_at)
"""


def meaning(act: Act) -> Disposition:
    return Disposition(act, HOUR if act is Act.AGAIN else None)


@pytest.mark.parametrize(("outcome", "act"), ALLOWED)
def test_no_mapping_leads_around_the_gate(room: Campaigning, outcome: Outcome, act: Act) -> None:
    """Whatever an outcome means, whoever said no in between gets nothing more."""
    (address,) = room.add(1)
    outcomes = {outcome: meaning(act)}
    campaign_id = room.started(limits=Limits(per_day=None, per_campaign=9), outcomes=outcomes)
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id, rounds=1)
        first = len(server.taken)
        settle(room, campaign_id, outcome)
        room.company.withdraw(room.people[address])
        for _try in range(2):
            room.due_now()
            room.go(campaign_id, rounds=1)
    assert first == 1
    assert len(server.taken) == 1, "written to after saying no"
    assert room.company.ask(WITHOUT_PERMIT) == []
    if act is Act.OBJECTION:
        assert clearance.objections(room.company.context(), room.people[address].customer_id)


def settle(room: Campaigning, campaign_id: int, outcome: Outcome) -> None:
    """As if the attempt had ended so, and somebody else were still waited for."""
    room.write("UPDATE campaigns_campaign SET state = 'running'")
    context = room.company.context()
    with scoped(context.scope):
        row = Campaign.objects.get(controller_id=room.company.id, id=campaign_id)
    ((customer_id, number),) = room.company.ask("SELECT customer_id, number FROM campaigns_attempt")
    ended = settling.Ended(outcome=outcome)
    settling.settle(context, row, customer_id=customer_id, number=number, ended=ended, now=clock.now())


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.UNDECIDED])
@pytest.mark.parametrize("act", [Act.DONE, Act.OBJECTION])
def test_what_the_gate_refused_is_not_done(room: Campaigning, outcome: Outcome, act: Act) -> None:
    room.add(1)
    with pytest.raises(BadInputError):
        room.create(outcomes={outcome: meaning(act)})


@pytest.mark.parametrize("act", [Act.DONE, Act.AGAIN])
def test_who_objected_in_a_call_is_neither_done_nor_called_again(room: Campaigning, act: Act) -> None:
    room.add(1)
    with pytest.raises(BadInputError):
        room.create(outcomes={Outcome.SAID_OBJECTION: meaning(act)})


@pytest.mark.parametrize(
    ("outcome", "disposition"),
    [
        (Outcome.HELD, Disposition(Act.DONE)),
        (Outcome.FAILED, Disposition(Act.AGAIN)),
        (Outcome.FAILED, Disposition(Act.AGAIN, timedelta(seconds=1))),
        (Outcome.SENT, Disposition(Act.DONE, HOUR)),
        ("No Such", Disposition(Act.DONE)),
    ],
)
def test_a_mapping_that_makes_no_sense_is_refused(room: Campaigning, outcome: str, disposition: Disposition) -> None:
    room.add(1)
    with pytest.raises(BadInputError):
        room.create(outcomes={outcome: disposition})


def test_an_outcome_nobody_mapped_stops(room: Campaigning) -> None:
    """A word of a channel to come, say: cannot decide means no."""
    room.add(1)
    campaign_id = room.started(limits=Limits(per_day=None, per_campaign=9))
    with Smtpd(says={smtpd.RCPT: "451 later"}) as server, mail_server(server.port):
        room.drive(campaign_id)
    context = room.company.context()
    with scoped(context.scope):
        row = Campaign.objects.get(controller_id=room.company.id, id=campaign_id)
    ((customer_id, number),) = room.company.ask("SELECT customer_id, number FROM campaigns_attempt")
    ended = settling.Ended(outcome="promised-to-call-back")
    settling.settle(context, row, customer_id=customer_id, number=number, ended=ended, now=clock.now())
    assert room.view(campaign_id).counts == {TargetState.STOPPED: 1}
