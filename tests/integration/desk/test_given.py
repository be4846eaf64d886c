"""The ledger of what was given to whom: on the card, on its own page, and in the console for the officer."""

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, neighbor, seated, supervisor
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import RefusedError
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import ConfirmedBy
from trustdesk.updates.contracts import OrderKind
from trustdesk.updates.models import Order

PHONE = "+358 40 5556677"


@pytest.fixture
def aino(committed: World) -> int:
    return customer(supervisor(committed), "Aino", "Annettu", phone=PHONE)


@pytest.fixture
def officer(committed: World) -> Client:
    return seated(committed.officer_north, committed.north)


def give(world: World, customer_id: int, recipient: str = "Posti Oy") -> int:
    """The phone number, to somebody; the number's id."""
    context, now = supervisor(world), clock.now()
    phone = next(one for one in register.card(context, customer_id, now=now).values if one.attribute == "phone")
    register.record_disclosure(
        context,
        customer_id=customer_id,
        value_ids=[phone.value_id],
        recipient=recipient,
        purpose="dpv:DeliveryOfGoods",
        legal_basis="eu-gdpr:A6-1-b",
        now=now,
    )
    return phone.value_id


def pages(client: Client, customer_id: int) -> list[str]:
    names = ("desk:disclosures", "console:customer-disclosures")
    return [client.get(reverse(name, args=[customer_id])).content.decode() for name in names]


def test_an_empty_ledger_teaches_what_will_stand_there(officer: Client, aino: int) -> None:
    assert (
        "What leaves to a recipient stands here" in officer.get(reverse("desk:customer", args=[aino])).content.decode()
    )
    for page in pages(officer, aino):
        assert "Nothing was given to anyone" in page
        assert "GDPR Art. 15(1)(c), 19" in page


def test_each_line_says_what_to_whom_when_why_by_whom(officer: Client, committed: World, aino: int) -> None:
    give(committed, aino)
    card = officer.get(reverse("desk:customer", args=[aino])).content.decode()
    assert "Posti Oy" in card
    assert reverse("desk:disclosures", args=[aino]) in card
    for page in pages(officer, aino):
        for said in ("Posti Oy", "Phone · mobile", PHONE, "dpv:DeliveryOfGoods", "Contract", "eu-gdpr:A6-1-b",
                     "Supervisor North"):  # fmt: skip
            assert said in page, said


def test_what_was_corrected_since_is_marked(officer: Client, committed: World, aino: int) -> None:
    context, now = supervisor(committed), clock.now()
    value_id = give(committed, aino)
    register.correct_value(
        context,
        customer_id=aino,
        value_id=value_id,
        text="+358 40 1112233",
        source_id=register.sources(context)[0].source_id,
        by=ConfirmedBy.CUSTOMER,
        now=now,
    )
    assert "no longer current" in officer.get(reverse("desk:customer", args=[aino])).content.decode()
    for page in pages(officer, aino):
        assert PHONE in page
        assert "no longer current" in page


def test_the_card_shows_the_newest_and_how_many_more(officer: Client, committed: World, aino: int) -> None:
    for number in range(7):
        give(committed, aino, f"Recipient {number}")
    card = officer.get(reverse("desk:customer", args=[aino]))
    newest = [f"Recipient {number}" for number in (6, 5, 4, 3, 2)]
    assert [line.recipient for line in card.context["page"].given] == newest
    assert "All 7" in card.content.decode()


def test_looking_where_nothing_was_given_opens_nobody(officer: Client, committed: World, aino: int) -> None:
    def openings() -> int:
        shown = officer.get(reverse("desk:looked", args=[aino])).context["lines"]
        return sum(line.opening and line.code.startswith("register.") for line in shown)

    before = openings()
    pages(officer, aino)
    assert openings() == before
    give(committed, aino)
    before = openings()
    pages(officer, aino)
    assert openings() == before + 2


def test_the_officer_names_the_customer_by_the_reference(officer: Client, aino: int) -> None:
    start = reverse("console:disclosures")
    assert officer.get(start).status_code == 200
    spoken = " ".join(to_public(aino)[at : at + 3] for at in range(0, 13, 3)).lower()
    found = officer.get(start, {"customer": spoken})
    assert found.headers["Location"] == reverse("console:customer-disclosures", args=[aino])
    wrong = officer.get(start, {"customer": "Aino Annettu"})
    assert wrong.status_code == 422
    assert "This is not a reference" in wrong.content.decode()
    assert officer.get(reverse("console:customer-disclosures", args=[new_id()])).status_code == 404


def test_the_console_shows_it_to_the_officer_only(committed: World, aino: int) -> None:
    give(committed, aino)
    page = reverse("console:customer-disclosures", args=[aino])
    start = reverse("console:disclosures")
    for who in ("agent_north", "supervisor_north", "client_north", "manager_north"):
        client = seated(committed.people[who], committed.north)
        assert client.get(page).status_code == 403, who
        assert client.get(start).status_code == 403, who
        if who in {"client_north", "manager_north"}:
            assert start not in client.get(reverse("console:inventory")).content.decode()
    assert start in seated(committed.officer_north, committed.north).get(reverse("console:log")).content.decode()


def test_a_neighbor_sees_no_line(committed: World, aino: int) -> None:
    give(committed, aino)
    for client in (seated(committed.officer_south, committed.south), seated(neighbor(committed), committed.south)):
        for name in ("desk:disclosures", "console:customer-disclosures"):
            answer = client.get(reverse(name, args=[aino]))
            assert answer.status_code in {403, 404}
            assert "Posti" not in answer.content.decode()


def test_an_order_of_non_disclosure_is_the_first_thing_the_card_says(
    committed: World, officer: Client, aino: int
) -> None:
    words = "contact data to nobody"
    assert words not in officer.get(reverse("desk:customer", args=[aino])).content.decode()
    context = supervisor(committed)
    with scoped(context.scope):
        Order.objects.create(
            controller_id=context.controller_id,
            customer_id=aino,
            kind=OrderKind.NON_DISCLOSURE,
            change_id=new_id(),
            feed_id=new_id(),
            since=clock.now(),
        )
    assert words in officer.get(reverse("desk:customer", args=[aino])).content.decode()
    with pytest.raises(RefusedError):
        give(committed, aino)
