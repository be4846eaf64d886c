"""Requests by their clock, and one of them decided by the company; nobody else's, and no more than is opened for it."""

import secrets
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.surfaces import customer, seated, signed_in, supervisor
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Ground, Kind, NewRequest, ProofKind, RequestView, State

WORDS = "Everything, please, within the month."


@pytest.fixture
def officer(committed: World) -> Client:
    return seated(committed.officer_north, committed.north)


@pytest.fixture
def context(committed: World) -> AccessContext:
    supervisor(committed)
    return committed.context(committed.officer_north, committed.north)


@pytest.fixture
def aino(committed: World) -> int:
    number = f"+35840{secrets.randbelow(10**7):07}"
    return customer(supervisor(committed), "Aino", f"Mäkelä{secrets.token_hex(3)}", phone=number)


def asked(seen: CaptureQueriesContext) -> int:
    """How often the database was asked."""
    return len(seen.captured_queries)


def text(answer: object) -> str:
    return str(getattr(answer, "content", b"").decode())


def taken(
    context: AccessContext, kind: Kind, customer_id: int | None = None, *, days: int = 0, proved: bool = False
) -> RequestView:
    now = clock.now()
    new = NewRequest(
        kind=kind,
        channel=Channel.MAIL,
        received_at=now - timedelta(days=days),
        language="en",
        words=WORDS,
        customer_id=customer_id,
    )
    request_id = rights.receive(context, new=new, now=now).request_id
    if proved:
        rights.identify(context, request_id=request_id, kind=ProofKind.DOCUMENT, now=now)
    return rights.request(context, request_id=request_id, now=now)


def seen(context: AccessContext, view: RequestView) -> RequestView:
    return rights.request(context, request_id=view.request_id, now=clock.now())


def at(name: str, view: RequestView) -> str:
    return reverse(f"console:{name}", args=[view.request_id])


def test_the_most_urgent_comes_first_and_nothing_is_opened(officer: Client, context: AccessContext, aino: int) -> None:
    fresh = taken(context, Kind.ACCESS, aino)
    late = taken(context, Kind.ERASURE, aino, days=50)
    page = text(officer.get(reverse("console:requests")))
    first, second = (page.index(conversing.grouped(view.reference)) for view in (late, fresh))
    assert first < second
    assert "overdue" in page
    assert WORDS not in page
    chosen = text(officer.get(reverse("console:requests"), {"kind": "erasure", "state": "received"}))
    assert conversing.grouped(late.reference) in chosen
    assert conversing.grouped(fresh.reference) not in chosen
    none = text(officer.get(reverse("console:requests"), {"kind": "human-review", "state": "held"}))
    assert "None of this sort" in none
    assert officer.get(reverse("console:requests"), {"kind": "forgiveness"}).status_code == 200


def test_one_request_is_told_whole_and_who_may_not_say_yes_sees_why(
    officer: Client, context: AccessContext, aino: int
) -> None:
    view = taken(context, Kind.ACCESS, aino)
    page = text(officer.get(at("request", view)))
    assert WORDS in page
    assert "it is on file for less than thirty days" in page
    assert "Nobody has proved yet who asks." in page
    assert "by mail" in page
    refused = officer.post(at("request-approve", view), follow=True)
    assert seen(context, view).state is State.RECEIVED
    assert refused.status_code == 200


def test_what_exactly_is_said_and_then_it_is_approved_and_done(
    officer: Client, context: AccessContext, aino: int
) -> None:
    view = taken(context, Kind.RESTRICTION, aino, proved=True)
    unclear = officer.post(at("request-approve", view), follow=True)
    assert "does not say what exactly is wanted" in text(unclear)
    assert seen(context, view).state is State.IDENTIFIED
    assert officer.post(at("request-specify", view), {}).status_code == 422
    assert officer.post(at("request-specify", view), {"ground": "c"}).status_code == 302
    assert officer.post(at("request-approve", view)).status_code == 302
    assert seen(context, view).state is State.DONE
    restriction = register.card(context, aino, now=clock.now()).restriction
    assert restriction is not None
    assert restriction.ground.value == "c"
    assert "Approve</button>" not in text(officer.get(at("request", view)))


def test_a_value_is_put_right_by_what_was_specified(officer: Client, context: AccessContext, aino: int) -> None:
    view = taken(context, Kind.RECTIFICATION, aino, proved=True)
    card = register.card(context, aino, now=clock.now())
    value_id = next(each.value_id for each in card.values if each.attribute == "given_name")
    half = officer.post(at("request-specify", view), {"value": to_public(value_id), "text": ""})
    assert half.status_code == 422
    officer.post(at("request-specify", view), {"value": to_public(value_id), "text": "Aini"})
    assert "→ Aini" in text(officer.get(at("request", view)))
    officer.post(at("request-approve", view))
    names = {each.attribute: each.text for each in register.card(context, aino, now=clock.now()).values}
    assert names["given_name"] == "Aini"


def test_no_is_said_for_a_ground_of_law_with_its_reason(officer: Client, context: AccessContext, aino: int) -> None:
    view = taken(context, Kind.ACCESS, aino, proved=True)
    page = text(officer.get(at("request", view)))
    assert "Excessive" in page
    assert "Needed for legal claims" not in page, "that ground is one against erasure"
    empty = officer.post(at("request-refuse", view), {"ground": "excessive", "reason": " "})
    assert empty.status_code == 422
    foreign = officer.post(at("request-refuse", view), {"ground": "legal-claims", "reason": "For the court."})
    assert foreign.status_code == 422
    assert "For the court." in text(foreign)
    assert officer.post(at("request-refuse", view), {"ground": "excessive", "reason": "Daily."}).status_code == 302
    assert (seen(context, view).state, seen(context, view).refused) == (State.REFUSED, Ground.EXCESSIVE)
    assert "Daily." in text(officer.get(at("request", view)))


def test_doubt_supposing_and_taking_back(officer: Client, context: AccessContext, aino: int) -> None:
    view = taken(context, Kind.ACCESS)
    wrong = officer.post(at("request-suppose", view), {"customer": "nobody"})
    assert wrong.status_code == 422
    assert officer.post(at("request-suppose", view), {"customer": to_public(aino)}).status_code == 302
    assert seen(context, view).customer_id == aino
    rights.identify(context, request_id=view.request_id, kind=ProofKind.DOCUMENT, now=clock.now())
    assert officer.post(at("request-doubt", view), {"reason": "The voice was another's."}).status_code == 302
    assert seen(context, view).state is State.IDENTIFYING
    assert officer.post(at("request-withdraw", view)).status_code == 302
    assert seen(context, view).state is State.WITHDRAWN
    again = officer.post(at("request-withdraw", view), follow=True)
    assert again.status_code == 200
    assert seen(context, view).state is State.WITHDRAWN


def test_more_time_is_taken_once_and_only_where_the_person_is_told(
    officer: Client, context: AccessContext, aino: int
) -> None:
    view = taken(context, Kind.ACCESS, aino, proved=True)
    answer = officer.post(at("request-extend", view), {"reason": "Ten systems."})
    assert answer.status_code == 422, "nobody can be written to"
    assert "Ten systems." in text(answer)
    assert seen(context, view).clock.extended_at is None


def test_neither_agent_nor_outsider_nor_neighbor_gets_in(committed: World, context: AccessContext, aino: int) -> None:
    view = taken(context, Kind.ACCESS, aino, proved=True)
    names = ["request", "request-approve", "request-refuse", "request-doubt", "request-specify", "request-withdraw"]
    clients = [
        seated(committed.officer_south, committed.south),
        seated(committed.agent_north, committed.north),
        signed_in(committed.outsider),
        Client(),
    ]
    for client in clients:
        for name in names:
            for answer in (
                client.get(at(name, view)),
                client.post(at(name, view), {"reason": "x", "ground": "excessive"}),
            ):
                assert answer.status_code in {302, 403, 404, 405}, name
                assert WORDS not in text(answer)
        assert conversing.grouped(view.reference) not in text(client.get(reverse("console:requests")))
    assert seen(context, view).state is State.IDENTIFIED


def test_a_longer_list_asks_nothing_more(officer: Client, context: AccessContext, aino: int) -> None:
    address = reverse("console:requests")
    taken(context, Kind.ACCESS, aino)
    officer.get(address)
    with CaptureQueriesContext(connection) as few:
        officer.get(address)
    for kind in (Kind.ERASURE, Kind.PORTABILITY, Kind.OBJECTION):
        taken(context, kind, aino)
    with CaptureQueriesContext(connection) as many:
        officer.get(address)
    assert asked(many) == asked(few)
