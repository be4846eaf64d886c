"""Somebody asks for a right at the desk: taken in, found by its reference, known from whom; nobody else gets at it."""

import re
import secrets

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.surfaces import customer, known_for, neighbor, seated, signed_in, supervisor
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.delivery import api as delivery
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest, ProofKind, RequestView, State
from trustdesk.server.cluster import Cluster

HX = {"HX-Request": "true"}


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


@pytest.fixture
def context(committed: World) -> AccessContext:
    return supervisor(committed)


@pytest.fixture
def aino(context: AccessContext) -> int:
    number = f"+35840{secrets.randbelow(10**7):07}"
    return customer(context, "Aino", f"Mäkelä{secrets.token_hex(3)}", phone=number, email=f"{number[1:]}@example.com")


def asked(seen: CaptureQueriesContext) -> int:
    """How often the database was asked."""
    return len(seen.captured_queries)


def text(answer: object) -> str:
    return str(getattr(answer, "content", b"").decode())


def taken(context: AccessContext, customer_id: int | None, kind: Kind = Kind.ACCESS) -> RequestView:
    now = clock.now()
    new = NewRequest(kind=kind, channel=Channel.CALL, received_at=now, language="fi", customer_id=customer_id)
    received = rights.receive(context, new=new, now=now)
    return rights.request(context, request_id=received.request_id, now=now)


@pytest.mark.parametrize("kind", list(Kind))
def test_each_right_is_asked_for_what_it_needs_and_no_more(agent: Client, aino: int, kind: Kind) -> None:
    assert "What does the person want?" in text(agent.get(reverse("desk:choose-right", args=[aino])))
    page = text(agent.get(reverse("desk:ask-right", args=[aino, kind.value])))
    assert ('name="ground"' in page) is (kind is Kind.RESTRICTION)
    assert ('name="purpose"' in page) is (kind in {Kind.OBJECTION, Kind.WITHDRAWAL})
    assert ('name="value"' in page) is (kind is Kind.RECTIFICATION)
    assert 'name="reply_to"' not in page


def test_a_request_is_taken_in_and_stands_on_the_card(agent: Client, context: AccessContext, aino: int) -> None:
    given = {"channel": "call", "received_at": "", "language": "fi", "words": "Unohtakaa minut."}
    answer = agent.post(reverse("desk:take-request", args=[aino, "erasure"]), given)
    assert answer.status_code == 302, text(answer)
    (view,) = rights.requests(context, customer_id=aino, now=clock.now())
    assert (view.kind, view.channel, view.language, view.proved) == (Kind.ERASURE, Channel.CALL, "fi", None)
    shown = text(agent.get(answer.headers["Location"]))
    assert conversing.grouped(view.reference) in shown
    assert "Not proved" in shown
    card = text(agent.get(reverse("desk:customer", args=[aino])))
    assert conversing.grouped(view.reference) in card
    assert reverse("desk:request", args=[view.request_id]) in card


def test_what_was_typed_stays_and_nothing_is_taken(agent: Client, context: AccessContext, aino: int) -> None:
    address = reverse("desk:take-request", args=[aino, "restriction"])
    given = {"channel": "call", "language": "fi", "words": "Älkää käyttäkö."}
    answer = agent.post(address, given)
    assert answer.status_code == 422
    assert "Älkää käyttäkö." in text(answer)
    late = agent.post(address, given | {"ground": "a", "received_at": "2999-01-01T10:00"})
    assert late.status_code == 422
    assert "future" in text(late)
    assert not rights.requests(context, customer_id=aino, now=clock.now())
    assert agent.get(reverse("desk:ask-right", args=[aino, "forgiveness"])).status_code == 404


def test_somebody_unknown_is_taken_in_too(agent: Client, context: AccessContext) -> None:
    page = text(agent.get(reverse("desk:ask-right-of-somebody", args=["access"])))
    assert 'name="reply_to"' in page
    given = {"channel": "desk", "language": "en", "name": "Nobody Known", "reply_to": "Street 1", "words": "All of it"}
    answer = agent.post(reverse("desk:take-request-of-somebody", args=["access"]), given)
    assert answer.status_code == 302
    shown = text(agent.get(answer.headers["Location"]))
    assert "It is not known whose request it may be" in shown
    assert "Nobody Known" not in shown, "what the person wrote is for whoever works on it"


def test_the_search_box_finds_a_request_by_its_reference(agent: Client, context: AccessContext, aino: int) -> None:
    view = taken(context, aino)
    found = text(agent.post(reverse("desk:search"), {"query": conversing.grouped(view.reference)}, headers=HX))
    assert reverse("desk:request", args=[view.request_id]) in found
    assert "A request has this reference" in found
    wrong = text(agent.post(reverse("desk:search"), {"query": view.reference[:-1] + "x"}, headers=HX))
    assert to_public(view.request_id) not in wrong


def test_a_point_counts_when_it_has_stood_and_says_why_not(
    agent: Client, context: AccessContext, aino: int, cluster: Cluster
) -> None:
    view = taken(context, aino)
    address = reverse("desk:request", args=[view.request_id])
    page = text(agent.get(address))
    assert page.count("it is on file for less than thirty days") == 2
    assert "Send a code" not in page
    known_for(cluster, aino)
    page = text(agent.get(address))
    assert page.count("counts as proof") == 2
    sender = delivery.sender_of(context)
    assert ("Send a code" in page) is bool(sender.mail_address or sender.sms_name), "as far as the company writes"
    (called,) = re.findall(r'action="([^"]+/called/[^"]+)"', page)
    assert agent.post(called).status_code == 302
    now = rights.request(context, request_id=view.request_id, now=clock.now())
    assert now.proved is not None
    assert now.proved.kind is ProofKind.CALLED_BACK
    assert "was called back on a number on file" in text(agent.get(address))


def test_one_is_asked_by_letter_and_a_wrong_code_is_said(agent: Client, context: AccessContext, aino: int) -> None:
    view = taken(context, aino)
    assert "The code the person says" not in text(agent.get(reverse("desk:request", args=[view.request_id])))
    assert agent.post(reverse("desk:request-who", args=[view.request_id])).status_code == 302
    assert rights.request(context, request_id=view.request_id, now=clock.now()).state is State.IDENTIFYING
    wrong = agent.post(reverse("desk:request-code", args=[view.request_id]), {"code": "123456"})
    assert wrong.status_code == 422
    assert "not the code" in text(wrong)
    document = agent.post(reverse("desk:request-document", args=[view.request_id]))
    assert document.status_code == 403, "an agent vouches for no document"


def test_an_outsider_and_a_neighbor_get_nothing(committed: World, context: AccessContext, aino: int) -> None:
    view = taken(context, aino)
    addresses = [
        reverse("desk:request", args=[view.request_id]),
        reverse("desk:request-who", args=[view.request_id]),
        reverse("desk:request-code", args=[view.request_id]),
        reverse("desk:choose-right", args=[aino]),
        reverse("desk:take-request", args=[aino, "access"]),
    ]
    given = {"channel": "call", "language": "fi", "code": "123456"}
    next_door = seated(neighbor(committed), committed.south)
    for address in addresses:
        for client in (next_door, signed_in(committed.outsider), Client()):
            for answer in (client.get(address), client.post(address, given)):
                assert answer.status_code in {302, 403, 404, 405}, address
                assert view.reference not in text(answer).replace(" ", "")
    reader = seated(committed.client_north, committed.north)
    assert reader.get(addresses[0]).status_code == 403
    assert rights.request(context, request_id=view.request_id, now=clock.now()).state is State.RECEIVED
    assert len(rights.requests(context, customer_id=aino, now=clock.now())) == 1


def test_more_requests_on_the_card_ask_nothing_more(agent: Client, context: AccessContext, aino: int) -> None:
    taken(context, aino)
    address = reverse("desk:customer", args=[aino])
    agent.get(address)
    with CaptureQueriesContext(connection) as few:
        agent.get(address)
    for kind in (Kind.ERASURE, Kind.PORTABILITY, Kind.OBJECTION):
        taken(context, aino, kind)
    with CaptureQueriesContext(connection) as many:
        agent.get(address)
    assert asked(many) == asked(few)
