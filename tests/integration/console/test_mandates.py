"""Mandates in the console: an administrator of the installation begins and ends them, and nobody else."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.mandates.test_companies import company
from tests.surfaces import elevated, seated, signed_in
from tests.world import World, make_person

from trustdesk.accounts.api import OPERATIONS
from trustdesk.design.operations import operation_label
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates import api as mandates

PAGE = "console:mandates"


@pytest.fixture
def administrator(committed: World) -> Client:
    return elevated(signed_in(committed.admin), committed.admin)


def asked(controller_id: int, processor_id: int, **changes: object) -> dict[str, object]:
    return {
        "company": controller_id,
        "processor": to_public(processor_id),
        "purposes": ["service", "claims"],
        "categories": ["pd:Name", "pd:TelephoneNumber"],
        "operations": ["customer:search", "customer:open"],
        "first_day": "",
        "last_day": "",
        **changes,
    }


def processor_of(client: Client) -> int:
    name = f"Processor {new_id()}"
    given = {"name": name, "country": "de"}
    assert client.post(reverse("console:new-processor"), given).status_code == 302
    assert client.post(reverse("console:new-processor"), given).status_code == 422
    return next(one.id for one in mandates.processors() if one.name == name)


def test_a_mandate_begins_is_filled_and_ends_with_its_seats(administrator: Client, committed: World) -> None:
    client_company = company()
    made = administrator.post(reverse(PAGE), asked(client_company.id, processor_of(administrator)))
    assert made.status_code == 302, made.content.decode()
    begun = next(one for of, one in mandates.every_mandate(by=None, now=clock.now()) if of.id == client_company.id)
    assert begun.purposes == ("claims", "service")
    assert begun.operations == {"customer:search", "customer:open"}
    shown = administrator.get(reverse("console:mandate", args=[begun.id])).content.decode()
    assert "Find customers" in shown
    assert "Phone" in shown

    sitting = make_person(f"sitter{new_id()}")
    now = clock.now()
    mandates.give_seat(
        controller_id=client_company.id,
        mandate_id=begun.id,
        operator_id=sitting.id,
        role="agent",
        purposes=["service"],
        starts_at=now,
        ends_at=None,
        by=committed.admin.id,
        now=now,
    )
    end = reverse("console:end-mandate", args=[begun.id])
    assert administrator.post(end, {"reason": "  "}).status_code == 422
    assert administrator.post(end, {"reason": "The contract was not renewed."}).status_code == 302
    assert mandates.choices(sitting.id, "a session", now=clock.now()) == []
    assert "The contract was not renewed." in administrator.get(reverse("console:mandate", args=[begun.id])).text
    assert administrator.post(end, {"reason": "Once more."}).status_code == 422


def test_the_days_are_those_of_the_company_and_the_last_counts_whole(administrator: Client) -> None:
    client_company = company()
    first = (clock.now() + timedelta(days=5)).date()
    days = {"first_day": first.isoformat(), "last_day": (first + timedelta(days=2)).isoformat()}
    own = asked(client_company.id, 0, processor="own", **days)
    assert administrator.post(reverse(PAGE), own).status_code == 302
    begun = next(one for of, one in mandates.every_mandate(by=None, now=clock.now()) if of.id == client_company.id)
    warsaw = ZoneInfo("Europe/Warsaw")
    assert begun.starts_at == datetime(first.year, first.month, first.day, tzinfo=warsaw)
    assert begun.ends_at is not None
    assert begun.ends_at.astimezone(warsaw).date() == first + timedelta(days=3)
    assert "not begun yet" in administrator.get(reverse("console:mandate", args=[begun.id])).text


@pytest.mark.parametrize(
    "changes",
    [{"purposes": []}, {"categories": []}, {"operations": ["customer:sell"]}, {"last_day": "2020-01-01"}],
)
def test_what_makes_no_mandate_is_said_beside_its_field(administrator: Client, changes: dict[str, object]) -> None:
    given = asked(company().id, processor_of(administrator), **changes)
    answer = administrator.post(reverse(PAGE), given)
    assert answer.status_code == 422
    assert answer.context["form"].errors


def test_a_companys_last_own_mandate_stays(administrator: Client) -> None:
    client_company = company()
    own = next(one for of, one in mandates.every_mandate(by=None, now=clock.now()) if of.id == client_company.id)
    answer = administrator.post(reverse("console:end-mandate", args=[own.id]), {"reason": "By mistake."})
    assert answer.status_code == 422
    assert "own mandate" in answer.text.replace("&#x27;", "'")


def test_only_administrators_of_the_installation_see_and_change_mandates(committed: World) -> None:
    sitting = committed.agent_north.seats[committed.north.id]
    for client in (
        signed_in(committed.outsider),
        seated(committed.officer_north, committed.north),
        seated(committed.supervisor_north, committed.north),
    ):
        assert client.get(reverse(PAGE)).status_code == 403
        assert client.get(reverse("console:mandate", args=[sitting])).status_code == 403
        assert client.post(reverse("console:end-mandate", args=[sitting]), {"reason": "no"}).status_code == 403
    plain = signed_in(committed.admin)  # not elevated: sees, and changes nothing
    assert plain.get(reverse(PAGE)).status_code == 200
    assert plain.post(reverse("console:end-mandate", args=[sitting]), {"reason": "no"}).status_code == 403


def test_every_operation_has_words() -> None:
    assert {code for code in OPERATIONS if operation_label(code) == code} == set()
