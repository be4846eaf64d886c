"""The console's way with lists: given, asked about, watched; reasons with their law; never to whoever may not."""

import re
from contextlib import suppress

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.surfaces import content, seated
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import NewPurpose
from trustdesk.decision.contracts import PurposeKind
from trustdesk.intake.services.files import folder
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError
from trustdesk.kernel.ids import from_public
from trustdesk.register import api as register
from trustdesk.screening import api as screening
from trustdesk.screening.services import drive, runs

LIST = "Phone;Remark\n040 123 4567;one\n+36 30 111 2222;two\nnone;three\n"


@pytest.fixture
def supervisor(committed: World) -> Client:
    declared(committed)
    return seated(committed.supervisor_north, committed.north)


def declared(committed: World) -> None:
    """A purpose that there is something to ask about."""
    context = committed.system(committed.north, "administration")
    purpose = NewPurpose(
        code="screened",
        label="Offers",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    )
    with suppress(ConflictError):
        clearance.declare_purpose(context, purpose=purpose, now=clock.now())
    register.seed_catalog(context, now=clock.now())


def begun(client: Client) -> str:
    """A screening that was ordered; its address."""
    given = client.post(
        reverse("console:screenings"),
        {"file": SimpleUploadedFile("list.csv", LIST.encode(), content_type="text/csv")},
    )
    assert given.status_code == 302, given.content.decode()
    shown = client.get(given["Location"]).content.decode()
    assert "Phone" in shown
    form = {
        "column_0": "phone",
        "column_1": "-",
        "country": "FI",
        "purpose": "screened",
        "channel": "call_human",
        "product": "",
        "engine": "postgresql",
    }
    asked = client.post(given["Location"], form)
    assert asked.status_code == 302, asked.content.decode()
    return str(asked["Location"])


def worked(committed: World, address: str) -> int:
    run_id = from_public(re.findall(r"[0-9A-Z]{13}", address)[-1])
    drive.drive(runs.key_of(runs.find(committed.system(committed.north), run_id)))
    return run_id


def test_the_same_bytes_given_twice_are_read_once(supervisor: Client, committed: World) -> None:
    begun(supervisor)
    worked(committed, begun(supervisor))
    kept = set(folder("lists").rglob("*.csv"))
    begun(supervisor)
    assert set(folder("lists").rglob("*.csv")) <= kept, "nobody asks for these bytes any more"


def test_a_list_is_screened_from_its_page(supervisor: Client, committed: World) -> None:
    address = begun(supervisor)
    waiting = supervisor.get(address).content.decode()
    assert "hx-get" in waiting
    assert "Cancel it" in waiting
    run_id = worked(committed, address)
    shown = supervisor.get(address).content.decode()
    assert "hx-get" not in shown
    assert "Can&#x27;t be read as a number or address" in shown
    assert "may not be contacted" in shown
    for word in screening.report(committed.system(committed.north), run_id).words:
        assert word.statute.replace("'", "&#x27;") in shown
    fragment = supervisor.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in fragment
    assert "040 123 4567" not in shown
    file = supervisor.post(reverse("console:screening-verdicts", args=[run_id]))
    assert b'"row","column","verdict"' in content(file)
    summary = supervisor.get(reverse("console:screening-summary", args=[run_id]))
    assert summary.content.decode().startswith("trustdesk/")
    again = supervisor.post(reverse("console:screen-again", args=[run_id]))
    assert again.status_code == 302
    assert again["Location"] != address


def test_it_is_cancelled_from_its_page(supervisor: Client) -> None:
    address = begun(supervisor)
    assert supervisor.post(address + "cancel/").status_code == 302
    assert "Cancelled" in supervisor.get(address).content.decode()


def test_what_can_not_be_asked_is_said_on_the_form(supervisor: Client) -> None:
    given = supervisor.post(
        reverse("console:screenings"),
        {"file": SimpleUploadedFile("list.csv", LIST.encode(), content_type="text/csv")},
    )
    form = {"column_0": "-", "column_1": "-", "purpose": "screened", "channel": "call_human", "engine": "postgresql"}
    refused = supervisor.post(given["Location"], form)
    assert refused.status_code == 422
    assert "At least one column must be taken." in refused.content.decode()


def test_who_may_not_screen_sees_no_page(committed: World, supervisor: Client) -> None:
    address = begun(supervisor)
    for person in (committed.agent_north, committed.client_north, committed.officer_north):
        client = seated(person, committed.north)
        assert client.get(reverse("console:screenings")).status_code == 403
        assert client.get(address).status_code == 403
    neighbor = seated(committed.agent_south, committed.south)
    assert neighbor.get(address).status_code in {403, 404}
