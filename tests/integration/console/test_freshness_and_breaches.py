"""The console's pages of freshness and of breaches: what they say, who may change it, and that numbers open rows."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, elevated, seated, source, supervisor
from tests.world import World

from trustdesk.governance import api as governance
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy, FreshnessRule


@pytest.fixture
def house(committed: World) -> AccessContext:
    supervisor(committed)
    return committed.system(committed.north)


@pytest.fixture
def manager(committed: World) -> Client:
    person = committed.manager_north
    return elevated(seated(person, committed.north), person)


def get(client: Client, name: str, *parts: object, ask: str = "") -> str:
    answer = client.get(reverse(f"console:{name}", args=parts) + ask)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_what_was_counted_opens_the_rows_behind_it(manager: Client, house: AccessContext, committed: World) -> None:
    aino = customer(supervisor(committed), "Aino", f"Fresh{new_id()}", phone="+358401112299")
    register.count_freshness(house, now=clock.now() + timedelta(days=3000))  # as nights to come will find it
    shown = get(manager, "freshness")
    assert reverse("console:freshness-of", args=["phone"]) in shown
    assert "Questions spared" in shown
    held = register.shares(house)[0].source_id
    assert "from every source" in get(manager, "freshness", ask=f"?source={to_public(held)}")
    behind = get(manager, "freshness-of", "phone")
    assert "What was counted" in behind
    assert manager.get(reverse("console:freshness-of", args=["shoe"])).status_code == 404
    assert to_public(aino) not in behind, "it is not due today"
    assert manager.post(reverse("console:count-freshness")).status_code == 302
    assert max(each.counted_at for each in register.shares(house)) > clock.now()


def of_email(house: AccessContext) -> list[FreshnessRule]:
    """The company is shared: others may have rules of their own for what else there is."""
    return [rule for rule in register.freshness(house) if rule.attribute == "email"]


def test_a_rule_is_set_and_ended_in_an_elevated_session(
    manager: Client, house: AccessContext, committed: World
) -> None:
    held = source(supervisor(committed))
    given = {"attribute": "email", "who": f"source:{to_public(held)}", "days": "77"}
    assert manager.post(reverse("console:set-freshness"), given).status_code == 302
    assert (
        manager.post(
            reverse("console:set-freshness"), {"attribute": "email", "who": "delivery", "days": "30"}
        ).status_code
        == 302
    )
    rules = {(rule.by, rule.source_id): rule.days for rule in of_email(house)}
    assert rules == {(None, held): 77, (ConfirmedBy.DELIVERY, None): 30}
    assert "77" in get(manager, "freshness")
    assert manager.post(reverse("console:set-freshness"), {**given, "days": "0"}).status_code == 422
    for who in (given["who"], "delivery"):
        ended = manager.post(reverse("console:end-freshness"), {"attribute": "email", "who": who})
        assert ended.status_code == 302
    assert of_email(house) == []
    reader = seated(committed.officer_north, committed.north)
    assert "Set how long a confirmation counts" in get(reader, "freshness")
    assert reader.post(reverse("console:set-freshness"), given).status_code == 403


def test_a_breach_is_listed_looked_at_and_on_the_first_page(house: AccessContext, committed: World) -> None:
    aino = customer(supervisor(committed), "Aino", f"Breach{new_id()}", phone="+358401112298")
    change = new_id()
    now = clock.now()
    number = governance.open_breach(
        house,
        kind="integrity",
        cause="wrong-update",
        about=f"change {change}",
        customer_ids=[aino],
        happened_at=now - timedelta(days=1),
        now=now - timedelta(hours=1),
    )
    officer = seated(committed.officer_north, committed.north)
    first = get(officer, "start")
    assert reverse("console:breaches") in first
    assert "hours left" in first
    assert reverse("console:breach", args=[number]) in get(officer, "breaches")
    shown = get(officer, "breach", number)
    assert "An update was made at the wrong person" in shown
    assert f"change {to_public(change)}" in shown
    assert reverse("desk:customer", args=[aino]) in shown
    assert "comes later" in shown
    assert reverse("desk:customer", args=[aino]) not in get(
        seated(committed.client_north, committed.north), "breach", number
    ), "who may open no customer is shown the number alone"
    stranger = seated(committed.officer_south, committed.south)
    assert stranger.get(reverse("console:breach", args=[number])).status_code == 404
    assert "No breach was written down" in get(stranger, "breaches")
    assert seated(committed.agent_north, committed.north).get(reverse("console:breaches")).status_code == 403
