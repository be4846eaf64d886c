"""The pages of connected systems by role: declared by who manages, tried for a customer by who may open one."""

from collections.abc import Iterator

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.integration.outside.databases import HOST, PASSWORD, USER, Databases
from tests.integration.outside.setups import sql
from tests.integration.outside.test_databases import shop
from tests.surfaces import customer, elevated, seated, supervisor
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.outside import api as outside
from trustdesk.outside.contracts import Kind, NewConnector

DECLARED = """[[tables]]
name = "customers"
identified = { email = "email", full_name = "name" }
personal = { full_name = "name", remark = "" }
"""


@pytest.fixture(autouse=True)
def neighbors() -> Iterator[None]:
    with override_settings(TRUSTDESK_OUTSIDE_NETWORKS=["127.0.0.0/8"]):
        yield


@pytest.fixture(autouse=True)
def _disconnected(committed: World) -> Iterator[None]:
    """Nothing stays connected to the company that all tests share: copies and erasures would wait for it."""
    yield
    context = committed.system(committed.north, "administration")
    for one in outside.connectors(context):
        outside.remove_connector(context, connector_id=one.connector_id)


def manager(committed: World) -> Client:
    return elevated(seated(committed.manager_north, committed.north), committed.manager_north)


def typed(database: str, **change: str) -> dict[str, str]:
    given = {"name": f"Shop {new_id()}", "host": HOST, "port": "5432", "database": database, "user": USER}
    given |= {"dialect": "postgresql"}
    return {**given, "secret": PASSWORD, "declaration": DECLARED, **change}


def connected(committed: World, database: str) -> int:
    context = committed.context(committed.manager_north, committed.north)
    new = NewConnector(name=f"Shop {new_id()}", kind=Kind.SQL, setup=sql(database), secret=PASSWORD)
    return outside.save_connector(context, connector_id=None, new=new, now=clock.now())


def test_declared_tried_changed_paused_and_taken_away(committed: World, shops: Databases) -> None:
    database, browser = shop(shops), manager(committed)
    new = reverse("console:new-connector", args=["sql"])
    given = typed(database)
    assert seated(committed.officer_north, committed.north).get(new).status_code == 403
    assert seated(committed.manager_north, committed.north).post(new, given).status_code == 403
    made = browser.post(new, given)
    assert made.status_code == 302, made.content.decode()
    one = made.headers["Location"]
    assert given["name"] in browser.get(reverse("console:connectors")).content.decode()
    tried = browser.post(f"{one}try/", follow=True).content.decode()
    assert "everything that is declared is there" in tried
    changed = browser.post(f"{one}change/", {**given, "secret": "", "declaration": DECLARED.replace("remark", "note")})
    assert changed.status_code == 302, changed.content.decode()
    told = browser.post(f"{one}try/", follow=True).content.decode()
    assert "Something that is declared is not there" in told
    assert "customers.note" in told
    form = browser.get(f"{one}change/").content.decode()
    assert "note" in form
    assert PASSWORD not in form + told + tried
    assert "paused" in browser.post(f"{one}pause/", follow=True).content.decode()
    browser.post(f"{one}resume/")
    assert browser.post(f"{one}remove/", follow=True).status_code == 200
    assert browser.get(one).status_code == 404


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"declaration": "no toml"}, "Line 1"),
        ({"declaration": DECLARED.replace("email =", "full =")}, ""),
        ({"declaration": DECLARED + "secret = 1\n"}, "There is no such setting."),
        ({"host": "https://db.example"}, "The name or address of a host"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field(committed: World, change: dict[str, str], said: str) -> None:
    answer = manager(committed).post(reverse("console:new-connector", args=["sql"]), typed("shop", **change))
    assert (answer.status_code == 422) is bool(said)
    assert said in answer.content.decode()


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_has_its_form(committed: World, kind: Kind) -> None:
    page = manager(committed).get(reverse("console:new-connector", args=[kind]))
    assert page.status_code == 200
    refused = manager(committed).post(reverse("console:new-connector", args=[kind]), {"name": "x"})
    assert refused.status_code == 422
    assert manager(committed).get(reverse("console:new-connector", args=["ftp"])).status_code == 404


def test_a_dry_run_by_who_may_open_customers(committed: World, shops: Databases) -> None:
    context = supervisor(committed)
    janos = customer(context, "János", "Kovács", email="janos.kovacs@example.hu", phone="+36 30 123 4567")
    connector_id = connected(committed, shop(shops))
    address = reverse("console:dry-run", args=[connector_id])
    officer = seated(committed.officer_north, committed.north)
    assert seated(committed.manager_north, committed.north).post(address, {"who": "x"}).status_code == 403
    assert seated(committed.agent_north, committed.north).get(address).status_code == 403
    assert seated(committed.officer_south, committed.south).get(address).status_code == 404
    hits = officer.post(address, {"who": "janos.kovacs@example.hu"}).content.decode()
    assert to_public(janos) in hits
    shown = officer.post(address, {"customer": to_public(janos)}).content.decode()
    assert "would be deleted" in shown
    assert "janos.kovacs" not in shown.lower()
    page = officer.get(reverse("console:connector", args=[connector_id])).content.decode()
    assert "Nothing was asked of it yet" in page
    assert "Try the connection" not in page


def test_an_outsider_sees_nothing(committed: World) -> None:
    assert seated(committed.agent_north, committed.north).get(reverse("console:connectors")).status_code == 403
    assert Client().get(reverse("console:connectors")).status_code == 302
