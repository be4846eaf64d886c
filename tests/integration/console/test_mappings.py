"""Saved mappings at the import page: picked, kept, replaced, deleted; one that does not fit says which columns."""

from collections.abc import Mapping

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from tests.surfaces import neighbor, seated, source, supervisor
from tests.world import World

from trustdesk.batch.contracts import Reading
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import ColumnMapping, SavedMapping, Target, Undeclared
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register.contracts import SourceKind

LIST = b"Name,No,Street,Phone\nAino Testi,7,Katu,040 123 4567\n"
COLUMNS = {"Name": Target("name"), "Street": Target("address"), "No": Target("address"),
           "Phone": Target("phone", "mobile", shared_line=True)}  # fmt: skip
FILLED = {"column_0": "name", "column_1": "address", "column_2": "address", "column_3": "phone"}


@pytest.fixture
def client(committed: World) -> Client:
    supervisor(committed)
    return seated(committed.supervisor_north, committed.north)


@pytest.fixture
def name() -> str:
    return f"Customers {new_id()}"


def save(world: World, name: str, **said: object) -> SavedMapping:
    given = {"columns": COLUMNS, "undeclared": Undeclared.REFUSE, "country": "FI"} | said
    context = supervisor(world)
    mapping = ColumnMapping(name=name, **given)  # type: ignore[arg-type]
    return intake.saved_mapping(context, intake.save_mapping(context, mapping=mapping, now=clock.now()))


def saved(world: World, name: str) -> SavedMapping | None:
    return next((one for one in intake.mappings(supervisor(world)) if one.mapping.name == name), None)


def give(client: Client, content: bytes = LIST) -> str:
    """The address where the list is prepared."""
    answer = client.post(reverse("console:imports"), {"file": SimpleUploadedFile("people.csv", content)})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def picked(address: str, one: SavedMapping) -> str:
    return f"{address}?mapping={to_public(one.mapping_id)}"


def said(name: str, **more: str) -> Mapping[str, str]:
    return {"name": name, "kind": "person", "undeclared": "refuse", "source": "new", **FILLED, **more}


def test_a_saved_mapping_is_offered_and_fills_the_page(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    address = give(client)
    assert f"{name} · fits this list" in client.get(address).content.decode()
    page = client.get(picked(address, one))
    form = page.context["form"]
    assert [bound.initial for bound in form.columns()] == ["name", "address", "address", "phone"]
    assert form.initial["name"] == name
    shown = page.content.decode()
    assert "fits this list</strong>" in shown
    assert "as “mobile”, Shared line" in shown
    assert "Country: FI" in shown


def test_a_name_is_never_markup(client: Client, committed: World) -> None:
    one = save(committed, f"<script>{new_id()}</script>")
    for page in (client.get(picked(give(client), one)), client.get(reverse("console:mappings"))):
        assert one.mapping.name not in page.content.decode()
        assert "&lt;script&gt;" in page.content.decode()
        assert "&amp;lt;" not in page.content.decode()


def test_what_the_page_does_not_ask_stays_as_it_was_saved(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    answer = client.post(picked(give(client), one), said(name, date_format="%d.%m.%Y", save="", replace="on"))
    assert answer.status_code == 302, answer.content.decode()
    now = saved(committed, name)
    assert now is not None
    assert list(now.mapping.columns.items()) == list(COLUMNS.items())
    assert (now.mapping.country, now.mapping.date_format) == ("FI", "%d.%m.%Y")


def test_a_label_goes_with_its_target(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    client.post(picked(give(client), one), said(name, column_3="email", save="", replace="on"))
    now = saved(committed, name)
    assert now is not None
    assert now.mapping.columns["Phone"] == Target("email")


def test_a_mapping_that_does_not_fit_says_which_columns(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    address = give(client, b"Name,Street,No,Mobile\nAino Testi,Katu,7,040 123 4567\n")
    assert f"{name} · 2 columns differ" in client.get(address).content.decode()
    page = client.get(picked(address, one))
    assert page.context["fit"].missing == ["Phone"]
    assert page.context["fit"].unnamed == ["Mobile"]
    shown = page.content.decode()
    assert "does not fit this list" in shown
    assert "the list lacks: <b>Phone</b>" in shown
    assert "it does not name: <b>Mobile</b>" in shown


def test_columns_that_are_dropped_are_named(client: Client, committed: World, name: str) -> None:
    one = save(committed, name, undeclared=Undeclared.DROP)
    page = client.get(picked(give(client, LIST.replace(b"Phone\n", b"Phone,Shoe\n")), one))
    assert page.context["fit"].whole
    assert "it drops: <b>Shoe</b>" in page.content.decode()


def test_a_mapping_that_can_not_read_the_list_says_why(client: Client, committed: World, name: str) -> None:
    one = save(committed, name, reading=Reading(kind="xlsx"))
    shown = client.get(picked(give(client), one)).content.decode()
    assert "can't read this list" in shown
    assert "Street" in shown


def test_left_out_columns_are_named_before_the_worker_finds_them(client: Client, name: str) -> None:
    answer = client.post(give(client), said(name, column_3="-", save=""))
    assert answer.status_code == 422
    assert "Left out are: Phone." in answer.content.decode()


def test_a_mapping_is_saved_without_a_source_and_without_an_import(client: Client, committed: World, name: str) -> None:
    before = len(intake.runs(supervisor(committed), limit=1000))
    address = give(client)
    answer = client.post(address, said(name, save=""), follow=True)
    one = saved(committed, name)
    assert one is not None
    assert answer.redirect_chain[-1][0] == picked(address, one)
    assert "Nothing is imported yet." in answer.content.decode()
    assert len(intake.runs(supervisor(committed), limit=1000)) == before


def test_a_name_that_is_taken_is_replaced_only_on_demand(client: Client, committed: World, name: str) -> None:
    one, address = save(committed, name), give(client)
    refused = client.post(address, said(name, save=""))
    assert refused.status_code == 422
    assert "Replace the saved mapping of this name" in refused.content.decode()
    assert saved(committed, name) == one
    client.post(address, said(name, save="", replace="on"))
    now = saved(committed, name)
    assert now is not None
    assert now.mapping.country == ""
    assert intake.saved_mapping(supervisor(committed), one.mapping_id) == one, "runs still say how they read"


def test_an_import_by_an_unchanged_mapping_uses_it(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    older = to_public(source(supervisor(committed), "Old system", SourceKind.IMPORT))
    begun = client.post(picked(give(client), one), said(name, source=older, **{"try": ""}))
    assert begun.status_code == 302, begun.content.decode()
    assert client.get(begun.headers["Location"]).context["run"].mapping_id == one.mapping_id


def test_the_list_of_mappings_says_what_each_does(client: Client, committed: World, name: str) -> None:
    save(committed, name)
    shown = client.get(reverse("console:mappings")).content.decode()
    assert name in shown
    assert "Phone · mobile (Shared line)" in shown
    assert "Supervisor North" in shown


def test_a_mapping_is_deleted(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    address = reverse("console:delete-mapping", args=[one.mapping_id])
    assert client.get(address).status_code == 405
    assert client.post(address).headers["Location"] == reverse("console:mappings")
    assert name not in client.get(reverse("console:mappings")).content.decode()
    assert client.post(address).status_code == 404
    assert client.get(picked(give(client), one)).status_code == 404


def test_nobody_else_picks_or_deletes_it(client: Client, committed: World, name: str) -> None:
    one = save(committed, name)
    address = reverse("console:delete-mapping", args=[one.mapping_id])
    for who in ("agent_north", "officer_north", "client_north"):
        assert seated(committed.people[who], committed.north).post(address).status_code == 403, who
    assert seated(committed.agent_south, committed.south).post(address).status_code == 403
    assert Client().post(address).status_code == 302
    assert saved(committed, name) == one


def test_an_empty_list_of_mappings_teaches_the_next_step(committed: World) -> None:
    page = seated(neighbor(committed), committed.south).get(reverse("console:mappings"))
    assert "No mapping is saved yet" in page.content.decode()
