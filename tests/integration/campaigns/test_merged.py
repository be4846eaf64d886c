"""Two customers are shown as one: before the campaign is made, before it starts, while it runs. The person is contacted
once, as whom they are shown, and whatever either of them said counts.
"""

from datetime import timedelta

import pytest
from tests.integration.campaigns.campaigning import Campaigning
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.campaigns.contracts import SAME_PERSON, Act, Disposition, Limits, Outcome, TargetState
from trustdesk.decision.contracts import Channel
from trustdesk.kernel import clock
from trustdesk.register import api as register

pytestmark = pytest.mark.slow  # whole campaigns go out

OFTEN = Limits(per_day=None, per_campaign=9)


def merge(room: Campaigning, customer: str, *, into: str) -> int:
    """The one who has the first address is from now on shown as the one who has the second; the merge."""
    return register.merge(
        room.company.context(),
        into=room.people[into].customer_id,
        customer_id=room.people[customer].customer_id,
        reason="same person",
        now=clock.now(),
    )


def number(room: Campaigning, address: str) -> int:
    return room.people[address].customer_id


def test_merged_after_the_screening_the_person_is_one_target(room: Campaigning) -> None:
    first, second, third = room.add(3)
    run_id = room.screen()
    merge(room, first, into=second)
    campaign_id = room.create_from(run_id)
    assert room.targets().keys() == {number(room, second), number(room, third)}
    view, report = room.view(campaign_id), room.report(campaign_id)
    assert view.people == 2
    assert {one.fault: one.rows for one in report.left_out if one.fault} == {SAME_PERSON: 1}
    with Smtpd() as server, mail_server(server.port):
        room.start(campaign_id)
        room.go(campaign_id)
    assert sorted(mail.recipients[0] for mail in server.taken) == [second, third]


def test_merged_after_they_became_targets_the_one_shown_is_contacted(room: Campaigning) -> None:
    first, second = room.add(2)
    campaign_id = room.started(limits=OFTEN)
    merge(room, first, into=second)
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert [mail.recipients[0] for mail in server.taken] == [second]
    assert room.targets() == {
        number(room, first): (TargetState.STOPPED, SAME_PERSON),
        number(room, second): (TargetState.DONE, ""),
    }


def test_who_is_shown_as_somebody_outside_the_campaign_is_contacted_as_that_one(room: Campaigning) -> None:
    first, second = room.add(2)
    campaign_id = room.started([first])
    merge(room, first, into=second)
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert [mail.recipients[0] for mail in server.taken] == [first]
    decided = room.company.ask("SELECT DISTINCT customer_id FROM clearance_decision WHERE place = 'send'")
    written_to = room.company.ask("SELECT customer_id FROM delivery_message")
    assert decided == written_to == [(number(room, second),)]
    assert room.targets() == {number(room, first): (TargetState.DONE, "")}


@pytest.mark.parametrize("who", [0, 1])
def test_an_objection_of_either_counts(room: Campaigning, who: int) -> None:
    """Said before they were one, by one of them; the other agreed."""
    pair = room.add(2)
    campaign_id = room.started(limits=OFTEN)
    room.company.withdraw(room.people[pair[who]])
    merge(room, pair[0], into=pair[1])
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert server.taken == []
    assert room.view(campaign_id).counts == {TargetState.STOPPED: 1, TargetState.REFUSED: 1}
    assert room.report(campaign_id).objections == 1


def test_a_consent_of_either_counts(room: Campaigning) -> None:
    """The record that was merged agreed last: it is that consent that is used."""
    first, second = room.add(2)
    room.company.consent(room.people[first], Channel.EMAIL)
    campaign_id = room.started([first])
    merge(room, first, into=second)
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert [mail.recipients[0] for mail in server.taken] == [first]
    used = room.company.ask("SELECT DISTINCT customer_id FROM clearance_consent_use")
    assert used == [(number(room, first),)]


def test_an_attempt_that_was_begun_goes_on_and_none_begins_beside_it(room: Campaigning) -> None:
    """The one who was written to already leads, whoever is shown; also while an answer is waited for."""
    again = Disposition(Act.AGAIN, timedelta(hours=1))
    first, second = room.add(2)
    campaign_id = room.started(limits=OFTEN, outcomes={Outcome.SENT: again})
    room.write(
        "UPDATE campaigns_target SET next_at = now() + interval '1 hour' WHERE customer_id = %s",
        number(room, second),
    )
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
        assert [mail.recipients[0] for mail in server.taken] == [first]
        merge(room, first, into=second)
        room.due_now()
        room.go(campaign_id, rounds=1)
        assert [mail.recipients[0] for mail in server.taken] == [first, first]
    targets = room.targets()
    assert targets[number(room, second)] == (TargetState.STOPPED, SAME_PERSON)
    assert targets[number(room, first)][0] == TargetState.WAITING


def test_taken_apart_before_its_turn_each_is_contacted(room: Campaigning) -> None:
    first, second = room.add(2)
    campaign_id = room.started()
    merge_id = merge(room, first, into=second)
    register.unmerge(room.company.context(), merge_id=merge_id, now=clock.now())
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert sorted(mail.recipients[0] for mail in server.taken) == [first, second]
