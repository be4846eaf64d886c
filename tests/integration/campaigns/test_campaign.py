"""A mail campaign, from a screened list to the mail server and back."""

import time
from datetime import timedelta

import pytest
from tests.integration.campaigns.campaigning import Campaigning, without_imprint
from tests.integration.delivery import smtpd
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import Act, Disposition, Limits, Outcome, State, TargetState
from trustdesk.campaigns.states import NoSuchStepError
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import Sender
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError

pytestmark = pytest.mark.slow  # whole campaigns go out


def test_everybody_gets_one_mail(room: Campaigning) -> None:
    addresses = room.add(5)
    campaign_id = room.started()
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert sorted(mail.recipients[0] for mail in server.taken) == addresses
    assert all(b"List-Unsubscribe-Post: List-Unsubscribe=One-Click" in mail.content for mail in server.taken)
    view = room.view(campaign_id)
    assert (view.state, view.reason, view.counts) == (State.ENDED, "everybody", {TargetState.DONE: 5})
    decided = room.company.ask(
        "SELECT a.decision_id = m.decision_id, d.outcome, d.place, d.campaign_id = a.campaign_id"
        " FROM campaigns_attempt a JOIN delivery_message m ON m.id = a.message_id"
        " JOIN clearance_decision d ON d.id = a.decision_id",
    )
    assert decided == [(True, "permit", "send", True)] * 5


def test_only_whom_the_screening_permitted_is_taken(room: Campaigning) -> None:
    """The others are counted with their reasons; a row that can't be decided is never a target."""
    first, second, third = room.add(3)
    room.company.withdraw(room.people[second])
    campaign_id = room.create([first, first.upper(), second, third, "not an address", "stranger@example.com"])
    view, report = room.view(campaign_id), room.report(campaign_id)
    assert room.targets().keys() == {room.people[one].customer_id for one in (first, third)}
    assert view.people == 2
    faults = {one.fault: one.rows for one in report.left_out if one.fault}
    assert faults["unreadable"] == 1
    assert faults["same-person"] == 1
    rules = {one.line.rule_id for one in report.left_out if one.line}
    assert rules
    assert all(one.line.statute and one.line.words for one in report.left_out if one.line)


def test_a_stale_screening_makes_no_campaign(room: Campaigning) -> None:
    room.add(1)
    run_id = room.screen()
    later = clock.now() + timedelta(hours=25)
    with pytest.raises(ConflictError):
        campaigns.create(room.company.context(), new=room.new(run_id), now=later)
    assert room.targets() == {}


def test_whoever_objects_before_the_start_gets_nothing(room: Campaigning) -> None:
    first, second = room.add(2)
    campaign_id = room.started()
    room.company.withdraw(room.people[first])
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert [mail.recipients[0] for mail in server.taken] == [second]
    report = room.report(campaign_id)
    assert report.view.counts == {TargetState.DONE: 1, TargetState.REFUSED: 1}
    (refused,) = report.refused
    assert refused.line is not None
    assert refused.line.statute
    assert report.objections == 1


def test_one_click_shows_on_the_campaign(room: Campaigning) -> None:
    room.add(2)
    campaign_id = room.started()
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    link = next(
        line.partition(b"<")[2].partition(b">")[0].decode()
        for line in server.taken[0].content.split(b"\r\n")
        if b"/unsubscribe/" in line and b"<" in line
    )
    assert delivery.unsubscribe(link.rstrip("/").rpartition("/")[2], now=clock.now())
    assert room.report(campaign_id).objections == 1


def test_what_was_on_record_late_is_heard_all_the_same(room: Campaigning) -> None:
    """The worker stood still between looking at the clock and committing: the campaign has listened past it."""
    room.add(2)
    campaign_id = room.started()
    room.drive(campaign_id)
    with Smtpd() as server, mail_server(server.port):
        room.company.work()
    room.write("UPDATE delivery_message SET changed_at = now() - interval '1 hour'")
    room.write("UPDATE campaigns_attempt SET at = at - interval '1 hour'")
    room.drive(campaign_id)
    assert room.view(campaign_id).counts == {TargetState.DONE: 2}
    assert room.state(campaign_id) is State.ENDED


def test_a_bounce_is_counted_and_ends_it_for_the_person(room: Campaigning) -> None:
    room.add(1)
    campaign_id = room.started()
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    bounce = (
        f"To: {server.taken[0].sender}\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n"
        "\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n"
        "Final-Recipient: rfc822; p0@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b--\r\n"
    )
    assert delivery.take_back(bounce.encode(), now=clock.now()) == "bounced"
    room.drive(campaign_id)
    report = room.report(campaign_id)
    assert report.outcomes == {Outcome.BOUNCED: 1}
    assert report.view.counts == {TargetState.STOPPED: 1}


def test_a_refusal_that_passes_is_tried_again_within_the_limit(room: Campaigning) -> None:
    """5xx each time: as often as the campaign says, with its pause between, and no more."""
    room.add(1)
    again = Disposition(Act.AGAIN, timedelta(hours=1))
    campaign_id = room.started(limits=Limits(per_day=None, per_campaign=2), outcomes={Outcome.FAILED: again})
    with Smtpd(says={smtpd.RCPT: "550 5.7.1 no"}) as server, mail_server(server.port):
        room.go(campaign_id)
        assert room.view(campaign_id).counts == {TargetState.WAITING: 1}
        for _try in range(4):
            room.due_now()
            room.go(campaign_id)
    view = room.view(campaign_id)
    assert view.counts == {TargetState.EXHAUSTED: 1}
    assert view.state is State.ENDED
    assert room.company.ask("SELECT count(*) FROM campaigns_attempt") == [(2,)]


def test_the_days_limit_counts_other_campaigns_and_single_mails(room: Campaigning) -> None:
    """One a day, whoever sends: what went out by hand this morning counts."""
    (address,) = room.add(1)
    with Smtpd() as server, mail_server(server.port):
        message_id = room.company.send(room.people[address])
        room.company.work()
        campaign_id = room.started(limits=Limits(per_day=1))
        room.go(campaign_id)
    assert room.company.state(message_id) == "sent"
    assert len(server.taken) == 1
    ((state, reason),) = room.targets().values()
    assert (state, reason) == ("waiting", "CAMPAIGN-ATTEMPTS")
    (due,) = room.company.ask("SELECT next_at > now() FROM campaigns_target")
    assert due == (True,)


def test_put_off_after_the_gate_is_one_attempt(room: Campaigning) -> None:
    """4xx after the content: the same message again, and its own first try does not stand in its way."""
    room.add(1)
    campaign_id = room.started(limits=Limits(per_day=1))
    with Smtpd(says={smtpd.DOT: "451 4.7.1 later"}) as server, mail_server(server.port):
        room.drive(campaign_id)
        room.company.work()
    ((message_id,),) = room.company.ask("SELECT message_id FROM campaigns_attempt")
    room.company.due_now(message_id)
    with Smtpd() as server, mail_server(server.port):
        room.company.work()
        room.drive(campaign_id)
    assert len(server.taken) == 1
    assert room.view(campaign_id).counts == {TargetState.DONE: 1}


def test_the_pace_holds(room: Campaigning) -> None:
    room.add(8)
    campaign_id = room.started(pace=3)
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id, rounds=4)
        assert len(server.taken) == 3
        room.write("UPDATE campaigns_attempt SET at = at - interval '61 seconds'")
        room.go(campaign_id, rounds=4)
    assert len(server.taken) == 6


def test_before_its_beginning_nothing_goes(room: Campaigning) -> None:
    room.add(1)
    campaign_id = room.started(starts_at=clock.now() + timedelta(hours=1))
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert server.taken == []
    assert room.view(campaign_id).counts == {TargetState.WAITING: 1}


def test_after_its_end_nothing_goes_also_not_what_was_under_way(room: Campaigning) -> None:
    room.add(2)
    new = room.new(room.screen(), ends_at=clock.now() + timedelta(seconds=4), pace=1)
    campaign_id = campaigns.create(room.company.context(), new=new, now=clock.now())
    campaigns.start(room.company.context(), campaign_id=campaign_id, now=clock.now())
    room.drive(campaign_id)
    time.sleep(4)
    with Smtpd() as server, mail_server(server.port):
        room.company.work()
        room.drive(campaign_id)
        room.drive(campaign_id)
    assert server.taken == []
    view = room.view(campaign_id)
    assert (view.state, view.reason) == (State.ENDED, "time-over")
    assert ("refused", "CAMPAIGN-STANDS") in room.company.ask("SELECT state, reason FROM delivery_message")


def test_a_draft_contacts_nobody(room: Campaigning) -> None:
    room.add(1)
    campaign_id = room.create()
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert server.taken == []
    with pytest.raises(NoSuchStepError):
        room.pause(campaign_id)


def test_nobody_said_as_whom_the_company_writes(room: Campaigning) -> None:
    room.add(1)
    campaign_id = room.create()
    delivery.set_sender(room.company.context(), sender=Sender(), now=clock.now())
    with pytest.raises(BadInputError):
        campaigns.start(room.company.context(), campaign_id=campaign_id, now=clock.now())


def test_the_gate_refuses_what_the_campaign_forgot(room: Campaigning) -> None:
    room.add(2)
    campaign_id = room.started()
    without_imprint(room.company)
    with Smtpd() as server, mail_server(server.port):
        room.go(campaign_id)
    assert server.taken == []
    assert room.view(campaign_id).counts == {TargetState.REFUSED: 2}
