"""The company's own wordings: written, looked at, published and used; by nobody who may not, for nobody next door."""

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.console.test_campaigns import form as campaign_form
from tests.integration.console.test_campaigns import screened
from tests.surfaces import elevated, neighbor, seated
from tests.world import World

from trustdesk.campaigns import api as campaigns
from trustdesk.decision.contracts import Channel
from trustdesk.delivery import api as delivery
from trustdesk.kernel.ids import new_id
from trustdesk.mandates.api import controller


def administrator(committed: World) -> Client:
    return elevated(seated(committed.manager_north, committed.north), committed.manager_north)


def written(**more: str) -> dict[str, str]:
    """What is typed; the code is another one each time."""
    given = {"channel": "email", "language": "fi", "code": f"autumn-{new_id()}", "subject": "Syksy"}
    return {**given, "text": "Uutisia: {company}.\r\n\r\nHei!", "publish": "", **more}


def codes(committed: World, company: str = "north") -> set[str]:
    context = committed.system(getattr(committed, company), "service")
    return {one.code for one in delivery.templates(context)}


def test_it_is_published_and_the_campaign_takes_it(committed: World, tmp_path: Path) -> None:
    run_id, given = screened(committed, tmp_path), written()
    published = administrator(committed).post(reverse("console:wordings"), given)
    assert published.status_code == 302, published.content.decode()
    supervisor = seated(committed.supervisor_north, committed.north)
    shown = supervisor.get(published["Location"]).content.decode()
    assert f"<p>Uutisia: {controller(committed.north.id).name}.</p>" in shown
    assert "not published" not in shown
    context = committed.system(committed.north, "service")
    held = delivery.template_of(context, Channel.EMAIL, given["code"], "fi")
    assert (held.subject, held.text) == ("Syksy", "Uutisia: {company}.\n\nHei!")
    name = f"Autumn {new_id()}"
    taken = campaign_form(run_id, name=name, template=f"{given['code']} fi")
    assert supervisor.post(reverse("console:new-campaign"), taken).status_code == 302
    assert {one.name: one.template for one in campaigns.campaigns(context)}[name] == given["code"]


def test_it_is_looked_at_before_it_is_published(committed: World) -> None:
    given = written(text="For {company}: {strange} <b>", look="")
    del given["publish"]
    looked = administrator(committed).post(reverse("console:wordings"), given)
    assert looked.status_code == 200
    shown = looked.content.decode()
    assert f"<p>For {controller(committed.north.id).name}: {{strange}} &lt;b&gt;</p>" in shown
    assert "not published" in shown
    assert given["code"] not in codes(committed)


def test_the_newest_counts_and_begins_the_next(committed: World) -> None:
    browser, given = administrator(committed), written()
    browser.post(reverse("console:wordings"), given)
    again = browser.post(reverse("console:wordings"), {**given, "subject": "Myöhäissyksy"})
    shown = browser.get(again["Location"]).content.decode()
    assert 'value="Myöhäissyksy"' in shown
    assert "{company}" in shown
    assert shown.count(f">{given['code']}</a>") == 1


def test_the_product_s_own_is_replaced_with_its_parameters_only(committed: World) -> None:
    browser, address = administrator(committed), reverse("console:wordings")
    given = written(code="request-answer", text="{answer}")
    refused = browser.post(address, given)
    assert refused.status_code == 422
    assert "answer, company, reference" in refused.content.decode()
    whole = browser.post(address, {**given, "subject": "{company}", "text": "{answer} {reference}"}, follow=True)
    assert "instead of the product's" in whole.content.decode()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"subject": ""}, "subject"),
        ({"channel": "sms"}, "subject"),
        ({"subject": "Hello {"}, "subject"),
        ({"subject": "A\tB"}, "subject"),
        ({"text": "  "}, "text"),
        ({"text": "Hello {First Name}"}, "text"),
        ({"text": "A\tB"}, "text"),
        ({"channel": "sms", "subject": "", "text": "x" * 1_001}, "text"),
        ({"code": "Spring offer"}, "code"),
        ({"language": "sv"}, "language"),
        ({"channel": "post"}, "channel"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(committed: World, wrong: dict[str, str], field: str) -> None:
    given = written(**wrong)
    answer = administrator(committed).post(reverse("console:wordings"), given)
    assert answer.status_code == 422
    assert f'id="id_{field}-wrong"' in answer.content.decode()
    assert given["code"] not in codes(committed)


def test_the_door_is_shut_without_the_operation_and_without_an_elevated_session(committed: World) -> None:
    address, given = reverse("console:wordings"), written()
    supervisor = elevated(seated(committed.supervisor_north, committed.north), committed.supervisor_north)
    seen = supervisor.get(address)
    assert seen.status_code == 200
    assert "Your role does not include this." in seen.content.decode()
    assert 'name="publish"' not in seen.content.decode()
    assert supervisor.post(address, given).status_code == 403
    plain = seated(committed.manager_north, committed.north)
    assert "This needs an elevated session." in plain.get(address).content.decode()
    assert plain.post(address, given).status_code == 403
    assert seated(committed.agent_north, committed.north).get(address).status_code == 403
    assert given["code"] not in codes(committed)


def test_a_neighbor_sees_none_and_is_told_where_to_write_one(committed: World) -> None:
    given = written()
    published = administrator(committed).post(reverse("console:wordings"), given)
    next_door = seated(neighbor(committed), committed.south)
    for address in (reverse("console:wordings"), published["Location"]):
        shown = next_door.get(address).content.decode()
        assert given["code"] not in shown
        assert "There is no wording of your own" in shown
    asked = next_door.get(reverse("console:new-campaign")).content.decode()
    assert f'<a href="{reverse("console:wordings")}">Write one first</a>' in asked
    assert given["code"] not in codes(committed, "south")
