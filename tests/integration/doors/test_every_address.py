"""Nobody, somebody without a seat, and a neighbor try every address with every method."""

import secrets
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from tests.integration.doors.addresses import Address, addresses
from tests.surfaces import content, customer, elevated, seated, signed_in, supervisor
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    ComplaintForm,
    Direction,
    Given,
    Kind,
    NewConversation,
    NewFollowUp,
    NewInteraction,
)
from trustdesk.kernel import clock
from trustdesk.mandates import api as mandates
from trustdesk.register import api as register
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel as Way
from trustdesk.rights.contracts import Kind as Right
from trustdesk.rights.contracts import NewRequest

pytestmark = pytest.mark.slow  # every address, by everybody

# What may be read without being signed in, each with its reason.
PUBLIC = {
    "account_login": "the way in",
    "account_logout": "says so, or leads to the way in",
    "account_inactive": "says that an account is closed, to nobody in particular",
    "account_signup": "says that nobody signs up",
    "socialaccount_signup": "says that nobody signs up",
    "socialaccount_login_error": "the company's sign-in did not work",
    "socialaccount_login_cancelled": "the company's sign-in was given up",
    "design:living": "the components with invented data",
    "design:preferences": "language and theme, kept in the browser's own session",
    "portal:start": "asks customers for an address, and says the same to everybody",
    "portal:ask": "as the start of the portal",
    "portal:open": "a link of one's own, or its refusal",
    "portal:confirm": "a link of one's own, or its refusal",
    "portal:who-called": "company and purpose of a number, for anybody who was called; throttled",
    "portal:unsubscribe": "stops messages by a reference that only we can make (RFC 8058)",
    "portal:copy": "a link of one's own to a copy, or its refusal",
    "portal:certificate": "a link of one's own to a certificate that names nobody, or its refusal",
    "portal:certificate-file": "as the link of which the file is a part",
    "portal:hear-copy": "as the link of which the file is a part",
    "portal:data-link": "a link of one's own to a copy, or its refusal; nothing is handed out by it",
    "api-v1:openapi-json": "the interface's description",
    "api-v1:problem_type": "what an error code means",
    "api-v1:api-root": "leads to the description",
}
# What is somebody's own: the account's pages, for whoever is signed in.
OWN = ("account_", "accounts_", "mfa_", "socialaccount_", "openid_connect_", "design:")
# Asks the log of the company one works for, whatever the number: it is empty for those it never saw.
OWN_LOG = {"desk:looked"}
# One click of a mail program, which has no cookie and no token of ours (RFC 8058, 3.1): the reference is the proof.
ONE_CLICK = {"portal:unsubscribe"}
# Messages of feeds: each is signed (Standard Webhooks), and no cookie opens them.
SIGNED = {"feed-message"}
CLOSED = {301, 302, 400, 401, 403, 404, 405, 409, 415, 422}
EVERY = addresses()
METHODS = ("get", "post", "put", "delete")


def named(address: Address) -> str:
    return f"{address.name} {address.route}"


def text_of(answer: Any) -> str:  # noqa: ANN401 - one of the test client's two
    """What it says, also where it is a file that is handed out. A stream of changes never ends, and says kinds only."""
    if answer.headers.get("Content-Type", "").startswith("text/event-stream"):
        answer.close()
        return ""
    return str(content(answer), errors="replace")


@pytest.fixture(scope="module")
def marker() -> str:
    return f"Zaubzer{secrets.token_hex(4)}"


@pytest.fixture
def northern(committed: World, marker: str) -> dict[str, int]:
    """Identifiers of the northern company's things, by the names they have in addresses."""
    context = supervisor(committed)
    found = register.search(context, marker).rows
    customer_id = found[0].customer_id if found else customer(context, "Aino", marker, phone="+358 40 7654321")
    card = register.card(context, customer_id, now=clock.now())
    talk = _conversation(committed)
    seats = mandates.seats(committed.context(committed.officer_north, committed.north))
    return {
        "customer_id": customer_id,
        "value_id": card.values[0].value_id,
        "source_id": card.values[0].source_id,
        **talk,
        "request_id": _request(committed, customer_id),
        "operator_id": committed.agent_north.id,
        "seat_id": next(seat.id for seat in seats if seat.operator_id == committed.agent_north.id),
    }


def _conversation(world: World) -> dict[str, int]:
    """A conversation with a call, something to do, and a complaint."""
    now = clock.now()
    context = world.context(world.agent_north, world.north)
    new = NewConversation(channel=Kind.CALL, queue="service", language="fi")
    opened = conversing.open_conversation(context, new=new, now=now)
    call = NewInteraction(kind=Kind.CALL, direction=Direction.IN, party="+358 40 7654321", started_at=now)
    one = conversing.begin_interaction(context, conversation_id=opened.conversation_id, new=call, now=now)
    due = NewFollowUp(due_at=now + timedelta(days=1))
    follow_up_id = conversing.follow_up(context, conversation_id=opened.conversation_id, new=due, now=now)
    minutes = {"complainant_name": "x", "submitted": "x", "description": "+358 40 7654321"}
    given = Given(complaint=ComplaintForm(fields=minutes))
    conversing.dispose(context, interaction_id=one, disposition="complaint", given=given, now=now)
    (file,) = conversing.conversation(context, opened.conversation_id).complaints
    return {
        "conversation_id": opened.conversation_id,
        "interaction_id": one,
        "follow_up_id": follow_up_id,
        "complaint_id": file.complaint_id,
    }


def _request(world: World, customer_id: int) -> int:
    """Somebody asks to be forgotten."""
    context, now = world.context(world.agent_north, world.north), clock.now()
    asked = NewRequest(kind=Right.ERASURE, channel=Way.CALL, received_at=now, language="fi", customer_id=customer_id)
    return rights.receive(context, new=asked, now=now).request_id


def test_the_walk_sees_the_house() -> None:
    seen = {address.name.split(":")[0] for address in EVERY if ":" in address.name}
    assert {"desk", "console", "design"} <= seen
    assert len(EVERY) > 80


@pytest.mark.parametrize("method", METHODS)
def test_nobody_gets_nothing(northern: dict[str, int], marker: str, method: str) -> None:
    told = []
    for address in EVERY:
        answer = Client().generic(method.upper(), address.filled(northern))
        if (answer.status_code == 200 and address.name not in PUBLIC) or answer.status_code not in CLOSED | {200}:
            told.append(f"{named(address)}: {answer.status_code}")
        if answer.status_code in {301, 302} and address.name not in PUBLIC:
            ways = ("/sign-in/", "/api/v1/")
            if not answer.headers["Location"].startswith(ways):
                told.append(f"{named(address)}: leads to {answer.headers['Location']}")
        if marker in text_of(answer):
            told.append(f"{named(address)}: names the customer")
    assert told == [], "\n".join(told)


def test_the_public_list_has_no_stale_lines() -> None:
    assert PUBLIC.keys() - {address.name for address in EVERY} == set()


@pytest.mark.parametrize("method", METHODS)
def test_an_outsider_gets_nothing(committed: World, northern: dict[str, int], marker: str, method: str) -> None:
    told = []
    client = signed_in(committed.outsider)
    for address in EVERY:
        if address.name == "account_logout":
            continue
        answer = client.generic(method.upper(), address.filled(northern))
        own = address.name in PUBLIC or address.name.startswith(OWN)
        if (answer.status_code == 200 and not own) or answer.status_code not in CLOSED | {200}:
            told.append(f"{named(address)}: {answer.status_code}")
        if marker in text_of(answer):
            told.append(f"{named(address)}: names the customer")
    assert told == [], "\n".join(told)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("who", ["agent_south", "officer_south"])
def test_a_neighbor_gets_nothing_of_it(
    committed: World,
    northern: dict[str, int],
    marker: str,
    method: str,
    who: str,
) -> None:
    """Seated next door, elevated even: whatever carries the northern company's identifiers stays closed."""
    person = committed.people[who]
    told = []
    client = elevated(seated(person, committed.south), person)
    for address in EVERY:
        if address.name.startswith(OWN):
            continue
        answer = client.generic(method.upper(), address.filled(northern))
        open_to_all = not address.identifiers or address.name in PUBLIC.keys() | OWN_LOG
        if answer.status_code not in CLOSED | {200} or (answer.status_code == 200 and not open_to_all):
            told.append(f"{named(address)}: {answer.status_code}")
        shown = text_of(answer)
        if marker in shown or "7654321" in shown or "Agent North" in shown:
            told.append(f"{named(address)}: shows the customer")
    assert told == [], "\n".join(told)
    assert client.get(reverse("desk:start")).status_code in {200, 403}, "still seated at the end of the walk"


def test_a_neighbor_who_names_the_company_is_refused(committed: World, northern: dict[str, int]) -> None:
    client = signed_in(committed.agent_south)
    chosen = {
        "controller_id": committed.north.id,
        "mandate_id": committed.agent_north.seats[committed.north.id],
        "purpose": "service",
    }
    client.post(reverse("design:choose"), chosen)
    assert client.get(reverse("desk:customer", args=[northern["customer_id"]])).status_code != 200


def test_a_session_with_one_factor_gets_no_further_than_nobody(committed: World, northern: dict[str, int]) -> None:
    told = []
    client = signed_in(committed.agent_north)
    session = client.session
    session.pop("trustdesk_second_factor")
    session.save()
    for address in EVERY:
        if address.name == "account_logout":
            continue
        answer = client.get(address.filled(northern))
        alone = address.name in PUBLIC or address.name in {"accounts_no_second_factor", "accounts_start"}
        if answer.status_code == 200 and not alone:
            told.append(named(address))
    assert told == [], "\n".join(told)


def test_every_page_that_changes_something_wants_the_sites_own_token(committed: World) -> None:
    """API calls carry a token of their own in a header, and no cookie opens them; every other POST is checked."""
    told = []
    client = Client(enforce_csrf_checks=True)
    client.cookies[settings.SESSION_COOKIE_NAME] = signed_in(committed.agent_north).session.session_key or ""
    for address in EVERY:
        if address.route.startswith("api/") or address.name in ONE_CLICK | SIGNED:
            continue
        answer = client.post(address.filled({}))
        if answer.status_code not in {403, 405}:
            told.append(f"{named(address)}: {answer.status_code}")
        if getattr(address.view, "csrf_exempt", False):
            told.append(f"{named(address)}: exempt")
    assert told == [], "\n".join(told)


def test_a_session_opens_no_address_of_the_interface(committed: World, northern: dict[str, int]) -> None:
    client = seated(committed.agent_north, committed.north)
    told = [
        named(address)
        for address in EVERY
        if address.route.startswith("api/")
        and address.name not in PUBLIC
        and client.get(address.filled(northern)).status_code == 200
    ]
    assert told == [], "\n".join(told)
