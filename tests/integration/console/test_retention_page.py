"""The page of retention: rules, what is over, runs. By the officer alone, and with an elevated session."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import elevated, newcomer, seated
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.register.api import seed_catalog
from trustdesk.retention import api as retention
from trustdesk.retention.contracts import RunState


@pytest.fixture
def officer(committed: World) -> Client:
    person = newcomer(committed, committed.north, "officer")
    return elevated(seated(person, committed.north), person)


def page(client: Client) -> str:
    answer = client.get(reverse("console:retention"))
    assert answer.status_code == 200
    return answer.content.decode()


def rule(**more: str) -> dict[str, str]:
    given = {"kind": "register.note", "months": "120", "counted_from": "event", "ground": "policy"}
    return {**given, "purpose": "", "country": "", "source": "", **more}


def test_a_rule_is_set_seen_and_ended(committed: World, officer: Client) -> None:
    assert officer.post(reverse("console:set-retention-rule"), rule(country="AT")).status_code == 302
    held = next(one for one in retention.rules(committed.system(committed.north)) if one.country == "AT")
    shown = page(officer)
    assert "10 years" in shown
    assert officer.post(reverse("console:end-retention-rule", args=[held.rule_id])).status_code == 302
    assert all(one.country != "AT" for one in retention.rules(committed.system(committed.north)))


def test_what_something_is_held_for_is_said_in_words(committed: World, officer: Client) -> None:
    seed_catalog(committed.system(committed.north), now=clock.now())
    assert '<option value="dpv:CustomerRelationshipManagement">Looking after contracts and orders</option>' in page(
        officer
    )
    term = "dpv:CommunicationForCustomerCare"
    assert officer.post(reverse("console:set-retention-rule"), rule(country="PL", purpose=term)).status_code == 302
    held = next(one for one in retention.rules(committed.system(committed.north)) if one.country == "PL")
    assert '<td data-name="Where it counts">Reaching customers about their matters' in page(officer)
    assert officer.post(reverse("console:end-retention-rule", args=[held.rule_id])).status_code == 302


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"months": "0"}, "greater than or equal to 1"),
        ({"country": "Finland"}, "Two capital letters"),
        ({"ground": "statute", "source": ""}, "A law is named with its section."),
        ({"kind": "register.nothing"}, "Select a valid choice"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(officer: Client, given: dict[str, str], words: str) -> None:
    answer = officer.post(reverse("console:set-retention-rule"), rule(**{"source": "as typed", **given}))
    assert answer.status_code == 422
    text = answer.content.decode()
    assert words in text
    assert "as typed" in text or "source" in given


def test_a_run_is_started_by_what_was_seen(committed: World, officer: Client) -> None:
    context = committed.system(committed.north)
    digest = retention.preview(context, now=clock.now()).digest
    assert officer.post(reverse("console:start-retention"), {"digest": "another", "most": "5"}).status_code == 422
    assert officer.post(reverse("console:start-retention"), {"digest": digest, "most": "5"}).status_code == 302
    going = next(run for run in retention.runs(context) if run.state is RunState.RUNNING)
    assert "Running" in page(officer)
    part = officer.get(reverse("console:retention"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert officer.post(reverse("console:stop-retention", args=[going.run_id])).status_code == 302
    assert all(run.state is not RunState.RUNNING for run in retention.runs(context))


def test_without_an_elevated_session_nothing_is_changed(committed: World) -> None:
    person = newcomer(committed, committed.north, "officer")
    plain = seated(person, committed.north)
    before = list(retention.rules(committed.system(committed.north)))
    assert "elevated session" in page(plain)
    assert plain.post(reverse("console:set-retention-rule"), rule(country="PL")).status_code in {302, 403}
    assert list(retention.rules(committed.system(committed.north))) == before


@pytest.mark.parametrize("role", ["agent", "supervisor"])
def test_who_may_not_sees_no_page(committed: World, role: str) -> None:
    client = seated(newcomer(committed, committed.north, role), committed.north)
    assert client.get(reverse("console:retention")).status_code == 403
    assert "Retention" not in client.get(reverse("console:start")).content.decode()
