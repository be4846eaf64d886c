"""The console's way with campaigns: made, started, watched, stopped; never by or for whoever may not."""

import csv
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.delivery.posting import mail_server
from tests.integration.delivery.smtpd import Smtpd
from tests.surfaces import customer, neighbor, newcomer, seated, source
from tests.world import World

from trustdesk.campaigns import api as campaigns
from trustdesk.campaigns.contracts import STANDARD, Act, Disposition, Limits, NewCampaign, Outcome, State
from trustdesk.campaigns.services import drive
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import By, ConsentState, Evidence, Method, NewPurpose, NoticeKind, NoticeText
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import Sender, Template
from trustdesk.delivery.services import lanes
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.screening import api as screening
from trustdesk.screening.contracts import Ask, CellKind, Layout

STEPS = ("start", "pause", "resume", "end", "cancel")
_TEXT = NoticeText(
    who="Us",
    purpose="News",
    further_use="None",
    legal_basis="Your consent",
    retention="Until you withdraw",
    recipients="Nobody",
    rights="All of them",
    where_the_rest_is="https://example.com/privacy",
)


@pytest.fixture
def supervisor(committed: World) -> Client:
    return seated(committed.supervisor_north, committed.north)


@pytest.fixture
def run_id(committed: World, tmp_path: Path) -> int:
    return screened(committed, tmp_path)


def screened(committed: World, folder: Path) -> int:
    """A list of one person who agreed, one who did not, and a stranger, screened for mail."""
    context = committed.system(committed.north, "service")
    now = clock.now()
    register.seed_catalog(context, now=now)
    source(context)
    purpose = NewPurpose(
        code="letters",
        label="News",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    with suppress(ConflictError):
        clearance.declare_purpose(context, purpose=purpose, now=now)
    with suppress(ConflictError):
        clearance.publish_notice(
            context,
            kind=NoticeKind.CONSENT,
            version="c-1",
            texts=dict.fromkeys(("en", "fi"), _TEXT),
            now=now,
        )
    sender = Sender(mail_address="desk@example.org", mail_name="North", imprint="North Ltd, Street 1")
    delivery.set_sender(context, sender=sender, now=now)
    template = Template(
        channel=Channel.EMAIL,
        code="spring",
        language="en",
        subject="Spring",
        text="News of {company}.",
    )
    delivery.publish_template(context, template=template, now=now)
    agreed, silent = f"a{new_id()}@example.com", f"s{new_id()}@example.com"
    person = customer(context, "Aino", "Mäkelä", email=agreed)
    register.set_country(context, customer_id=person, country="FI", now=now)
    customer(context, "Eero", "Virtanen", email=silent)
    evidence = Evidence(method=Method.WEB_FORM, by=By.PERSON, words="Yes.", notice_version="c-1", notice_language="en")
    clearance.record_consent(
        context,
        customer_id=person,
        purpose="letters",
        channel=Channel.EMAIL,
        state=ConsentState.GIVEN,
        evidence=evidence,
        at=now,
        now=now,
    )
    path = folder / "list.csv"
    with path.open("w", newline="") as stream:
        csv.writer(stream).writerows([["E-mail"], [agreed], [silent], ["stranger@example.com"]])
    layout = Layout(columns={"E-mail": CellKind.EMAIL}, country="FI")
    ask = Ask(purpose="letters", channel=Channel.EMAIL)
    return screening.screen_file(context, path=path, layout=layout, ask=ask, now=clock.now()).run_id


@pytest.fixture
def campaign_id(committed: World, run_id: int) -> int:
    new = NewCampaign(name="Spring", run_id=run_id, template="spring", language="en")
    return campaigns.create(committed.context(committed.supervisor_north, committed.north), new=new, now=clock.now())


def worked(committed: World, campaign_id: int) -> int:
    """As the worker does it; how many mails the server took."""
    until = clock.now() + timedelta(seconds=30)
    with Smtpd() as server, mail_server(server.port):
        drive.run(committed.north.id, campaign_id, until=until)
        lanes.run(committed.north.id, Channel.EMAIL, until=until)
        drive.run(committed.north.id, campaign_id, until=until)
    return len(server.taken)


def state(committed: World, campaign_id: int) -> State:
    return campaigns.campaign(committed.system(committed.north, "service"), campaign_id).state


def page_of(name: str, campaign_id: int) -> str:
    return reverse(f"console:{name}", kwargs={"campaign_id": campaign_id})


def form(run_id: int, **more: object) -> dict[str, object]:
    given = {"name": "Autumn", "run": to_public(run_id), "template": "spring en", "opens": "00:00", "closes": "00:00"}
    return {**given, "days": list("0123456"), "holidays": "on", "per_day": 1, "per_campaign": 1, "pace": 60, **more}


def test_from_the_form_to_the_last_mail(committed: World, supervisor: Client, run_id: int) -> None:
    shown = supervisor.get(reverse("console:new-campaign")).content.decode()
    assert to_public(run_id) in shown
    made = supervisor.post(reverse("console:new-campaign"), form(run_id))
    assert made.status_code == 302, made.content.decode()
    page = supervisor.get(made["Location"]).content.decode()
    assert "Autumn" in page
    assert "Draft" in page
    started = supervisor.post(f"{made['Location']}start/", follow=True).content.decode()
    assert "Running" in started
    campaign = next(one for one in campaigns.campaigns(committed.system(committed.north, "service")))
    assert worked(committed, campaign.campaign_id) == 1
    fragment = supervisor.get(made["Location"], headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "Ended" in fragment
    assert "everybody was dealt with" in fragment
    listed = supervisor.get(reverse("console:campaigns")).content.decode()
    assert "Autumn" in listed


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"days": []}, "opens"),
        ({"ends_at": "2020-01-01T10:00"}, "ends_at"),
        ({"pace": 0}, "pace"),
        ({"name": ""}, "name"),
        ({"per_week": 0}, "per_week"),
        ({"act_failed": "again", "after_failed": ""}, "act_failed"),
        ({"act_failed": "again", "after_failed": 0}, "after_failed"),
        ({"act_refused": "done"}, "act_refused"),
        ({"act_undecided": "objection"}, "act_undecided"),
        ({"act_sent": "whatever"}, "act_sent"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(
    supervisor: Client,
    run_id: int,
    wrong: dict[str, object],
    field: str,
) -> None:
    answer = supervisor.post(reverse("console:new-campaign"), form(run_id, **wrong))
    assert answer.status_code == 422
    assert f'id="id_{field}-wrong"' in answer.content.decode()


def test_limits_and_meanings_are_as_they_were_said(committed: World, supervisor: Client, run_id: int) -> None:
    said = {
        "act_sent": "done",
        "act_failed": "again",
        "after_failed": 6,
        "act_bounced": "objection",
        "after_bounced": 5,
    }
    made = supervisor.post(reverse("console:new-campaign"), form(run_id, per_week=3, per_campaign=5, **said))
    assert made.status_code == 302, made.content.decode()
    view = next(one for one in campaigns.campaigns(committed.system(committed.north, "service")))
    assert view.limits == Limits(per_day=1, per_week=3, per_campaign=5)
    assert view.outcomes == {
        **STANDARD,
        Outcome.FAILED: Disposition(Act.AGAIN, timedelta(hours=6)),
        Outcome.BOUNCED: Disposition(Act.OBJECTION),  # its hours mean nothing
    }
    assert "try again later, after 6 hours" in supervisor.get(made["Location"]).content.decode()


def test_the_form_proposes_what_is_standard(committed: World, supervisor: Client, run_id: int) -> None:
    shown = supervisor.get(reverse("console:new-campaign")).content.decode()
    assert '<option value="again" selected>' in shown
    assert 'name="after_failed" value="24"' in shown
    assert supervisor.post(reverse("console:new-campaign"), form(run_id)).status_code == 302
    view = next(one for one in campaigns.campaigns(committed.system(committed.north, "service")))
    assert (view.limits.per_week, view.outcomes) == (None, STANDARD)


def test_a_draft_is_cancelled_and_a_cancelled_one_does_not_start(
    committed: World,
    supervisor: Client,
    campaign_id: int,
) -> None:
    supervisor.post(page_of("cancel-campaign", campaign_id))
    assert state(committed, campaign_id) is State.CANCELLED
    assert supervisor.post(page_of("start-campaign", campaign_id)).status_code in {302, 409}
    assert state(committed, campaign_id) is State.CANCELLED


def test_an_officer_stops_and_does_not_start(committed: World, supervisor: Client, campaign_id: int) -> None:
    officer = seated(newcomer(committed, committed.north, "officer"), committed.north)
    assert officer.get(page_of("campaign", campaign_id)).status_code == 200
    assert officer.post(page_of("start-campaign", campaign_id)).status_code == 403
    supervisor.post(page_of("start-campaign", campaign_id))
    officer.post(page_of("pause-campaign", campaign_id))
    assert state(committed, campaign_id) is State.PAUSED
    assert officer.post(page_of("resume-campaign", campaign_id)).status_code == 403


def test_outsider_and_neighbor_see_and_move_nothing(committed: World, campaign_id: int) -> None:
    agent = seated(newcomer(committed, committed.north, "agent"), committed.north)
    for name in ("campaigns", "new-campaign"):
        assert agent.get(reverse(f"console:{name}")).status_code == 403
    next_door = seated(neighbor(committed), committed.south)
    assert "Spring" not in next_door.get(reverse("console:campaigns")).content.decode()
    for client, status in ((agent, 403), (next_door, 404)):
        assert client.get(page_of("campaign", campaign_id)).status_code == status
        assert client.get(page_of("campaign-live", campaign_id)).status_code == status
        for step in STEPS:
            assert client.post(page_of(f"{step}-campaign", campaign_id)).status_code == status
    assert state(committed, campaign_id) is State.DRAFT
