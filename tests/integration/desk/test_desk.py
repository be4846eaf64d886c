"""The desk's pages as an agent meets them, without scripts and with htmx's requests."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, seated, signed_in, supervisor
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register

HX = {"HX-Request": "true"}
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


@pytest.fixture
def aino(committed: World) -> int:
    return customer(supervisor(committed), "Aino", "Mäkelä", phone="+358 40 123 4567", email="aino@example.fi")


def value_of(world: World, customer_id: int, attribute: str) -> int:
    card = register.card(supervisor(world), customer_id, now=clock.now())
    return next(value.value_id for value in card.values if value.attribute == attribute)


def test_one_finds_and_opens(agent: Client, aino: int) -> None:
    assert agent.get(reverse("desk:start")).status_code == 200
    found = agent.post(reverse("desk:search"), {"query": "makela"}, headers=HX)
    assert "Mäkelä" in found.content.decode()
    assert "<html" not in found.content.decode()
    card = agent.get(reverse("desk:customer", args=[aino]))
    shown = card.content.decode()
    assert "+358 40 1234567" in shown
    assert "confirmed 3 days ago by the customer" in shown
    assert to_public(aino) in shown
    assert card.headers["Cache-Control"] == "no-store"
    policy = card.headers["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "default-src 'none'" in policy


def test_the_search_works_without_scripts(agent: Client, aino: int) -> None:
    found = agent.post(reverse("desk:search"), {"query": "040 123 4567"})
    assert reverse("desk:customer", args=[aino]) in found.content.decode()
    assert "<html" in found.content.decode()


def test_the_search_is_no_get(agent: Client) -> None:
    assert agent.get(reverse("desk:search"), {"query": "makela"}).status_code == 405


def test_a_customer_by_hand_needs_name_and_notice(agent: Client, committed: World) -> None:
    supervisor(committed)
    given = {"kind": "person", "source": "direct", "language": "fi", "value_phone": "040 555 6677"}
    refused = agent.post(reverse("desk:create"), given)
    assert refused.status_code == 422
    shown = refused.content.decode()
    assert "A customer needs a name." in shown
    assert "Give the notice first" in shown
    given |= {"value_family_name": "Uusi", "notice_given": "on", "notice_version": "2026-2"}
    made = agent.post(reverse("desk:create"), given, follow=True)
    assert "version 2026-2" in made.content.decode()


def test_what_the_register_refuses_stands_at_its_field(agent: Client, committed: World) -> None:
    supervisor(committed)
    given = {"kind": "person", "source": "direct", "value_family_name": "Uusi", "value_email": "nobody",
             "notice_given": "on", "notice_version": "1"}  # fmt: skip
    refused = agent.post(reverse("desk:create"), given)
    assert refused.status_code == 422
    assert 'id="id_value_email-wrong"' in refused.content.decode()


def test_confirm_and_note_without_scripts(agent: Client, committed: World, aino: int) -> None:
    mail = value_of(committed, aino, "email")
    answer = agent.post(reverse("desk:confirm", args=[aino, mail]), {"by": "document"})
    assert answer.status_code == 302
    shown = agent.get(answer.headers["Location"]).content.decode()
    assert "confirmed today from a document" in shown
    answer = agent.post(reverse("desk:note", args=[aino]), {"text": "Wants letters."}, follow=True)
    assert "Wants letters." in answer.content.decode()


def test_what_is_stored_is_never_markup(agent: Client, committed: World) -> None:
    someone = customer(supervisor(committed), EVIL, "Skripti")
    agent.post(reverse("desk:note", args=[someone]), {"text": EVIL})
    pages = [
        agent.get(reverse("desk:customer", args=[someone])),
        agent.get(reverse("desk:history", args=[someone])),
        agent.post(reverse("desk:search"), {"query": "skripti"}, headers=HX),
    ]
    for page in pages:
        assert "<script>alert" not in page.content.decode()
        assert "<img src=x" not in page.content.decode()
    assert "&lt;script&gt;" in pages[0].content.decode()


def test_a_neighbour_opens_nothing_by_the_address(committed: World, aino: int) -> None:
    neighbour = seated(committed.agent_south, committed.south)
    value = value_of(committed, aino, "email")
    for name, arguments in (("customer", [aino]), ("history", [aino])):
        answer = neighbour.get(reverse(f"desk:{name}", args=arguments))
        assert answer.status_code == 404
        assert "Mäkelä" not in answer.content.decode()
    for name, arguments, given in (
        ("confirm", [aino, value], {"by": "customer"}),
        ("correct", [aino, value], {"text": "x@example.org", "by": "customer"}),
        ("note", [aino], {"text": "hello"}),
        ("add-value", [aino], {"attribute": "phone", "text": "040 1", "label": ""}),
    ):
        assert neighbour.post(reverse(f"desk:{name}", args=arguments), given).status_code in {404, 422}, name


def test_a_value_of_another_customer_is_not_found(agent: Client, committed: World, aino: int) -> None:
    other = customer(supervisor(committed), "Toinen", "Ihminen", email="toinen@example.fi")
    foreign = value_of(committed, other, "email")
    assert agent.post(reverse("desk:confirm", args=[aino, foreign]), {"by": "customer"}).status_code == 404


def test_an_agent_merges_and_restricts_nothing(agent: Client, aino: int) -> None:
    assert agent.get(reverse("desk:merge", args=[aino])).status_code == 403
    assert agent.post(reverse("desk:restrict", args=[aino]), {"ground": "a"}).status_code == 403
    assert agent.get(reverse("desk:looked", args=[aino])).status_code == 403


def test_two_records_are_shown_as_one_and_apart_again(committed: World, aino: int) -> None:
    client = seated(committed.supervisor_north, committed.north)
    twin = customer(supervisor(committed), "Aino", "Makela")
    merged = client.post(reverse("desk:merge", args=[aino]), {"other": to_public(twin), "reason": "same person"})
    assert merged.status_code == 200
    assert to_public(twin) in client.get(reverse("desk:customer", args=[aino])).content.decode()
    undo = merged.context["merge_id"]
    assert client.post(reverse("desk:unmerge", args=[undo])).status_code == 302
    refused = client.post(reverse("desk:merge", args=[aino]), {"other": "not a reference", "reason": "x"})
    assert refused.status_code == 422


def test_a_refusal_for_htmx_is_a_fragment_beside_the_page(agent: Client) -> None:
    answer = agent.get(reverse("desk:customer", args=[new_id()]), headers=HX)
    assert answer.status_code == 404
    assert answer.headers["HX-Retarget"] == "#refusal"
    assert "<html" not in answer.content.decode()


def test_without_a_choice_one_is_sent_to_choose(committed: World) -> None:
    client = signed_in(committed.agent_north)
    assert client.get(reverse("desk:start")).headers["Location"] == reverse("design:choose")
    answer = client.post(reverse("desk:search"), {"query": "makela"}, headers=HX)
    assert answer.headers["HX-Redirect"] == reverse("design:choose")


def test_nobody_chooses_what_was_not_given(committed: World) -> None:
    client = signed_in(committed.agent_north)
    for controller, mandate, purpose in (
        (committed.south.id, committed.agent_south.seats[committed.south.id], "service"),
        (committed.north.id, committed.agent_north.seats[committed.north.id], "marketing"),
        (committed.north.id, 1, "service"),
    ):
        given = {"controller_id": controller, "mandate_id": mandate, "purpose": purpose}
        assert client.post(reverse("design:choose"), given).status_code == 403


def test_a_page_that_is_too_old_changes_nothing(committed: World, aino: int) -> None:
    client = seated(committed.agent_north, committed.north)
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = client.cookies
    answer = strict.post(reverse("desk:note", args=[aino]), {"text": "from elsewhere"})
    assert answer.status_code == 403
    assert "Nothing was changed" in answer.content.decode()
    assert "from elsewhere" not in client.get(reverse("desk:customer", args=[aino])).content.decode()
