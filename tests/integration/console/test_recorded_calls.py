"""Recordings in the console: listed, verified, kept as evidence, taken out by who may."""

import base64
import json
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from tests.recorded import CALLER_HZ, conversation, leg, loudest, recorded, sides
from tests.surfaces import content, elevated, neighbor, seated
from tests.telephoning import notice
from tests.world import World

from trustdesk.announcements import api as announcements
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Kind, NewConversation
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.recordings import api as recordings
from trustdesk.recordings import places


@pytest.fixture
def officer(committed: World) -> Client:
    return elevated(seated(committed.officer_north, committed.north), committed.officer_north)


@pytest.fixture
def conversation_id(committed: World) -> int:
    return conversation(committed.system(committed.north))


def test_the_list_and_its_filters(committed: World, officer: Client, conversation_id: int) -> None:
    address = reverse("console:recordings")
    own = reverse("console:recording", args=[conversation_id])
    assert own in officer.get(address).content.decode()
    page = officer.get(address, {"queue": "service"}).content.decode()
    assert own in page
    assert '<option value="service" selected>' in page  # of no queue that telephony knows, and findable all the same
    today = f"{clock.now():%Y-%m-%d}"
    assert own in officer.get(address, {"first": today}).content.decode()
    assert own not in officer.get(address, {"queue": "elsewhere"}).content.decode()
    assert own not in officer.get(address, {"last": "2020-01-01"}).content.decode()
    assert own not in officer.get(address, {"held": "on"}).content.decode()
    assert own not in officer.get(address, {"agent": to_public(4711)}).content.decode()
    assert officer.get(address, {"before": "nonsense"}).status_code == 404
    assert officer.get(address, {"first": "nonsense"}).status_code == 200
    assert own not in seated(neighbor(committed), committed.south).get(address).content.decode()
    assert seated(committed.manager_north, committed.north).get(address).status_code == 403


def test_a_file_is_verified_beside_the_log(committed: World, officer: Client, conversation_id: int) -> None:
    address = reverse("console:verify-recordings", args=[conversation_id])
    page = officer.post(address).content.decode()
    assert page.count("proof-sealed") == 2
    (call,) = recordings.of_conversation(committed.system(committed.north), conversation_id)
    path = places.path_of(committed.north.id, call.recordings[0].recording_id)
    path.write_bytes(path.read_bytes()[:-40])
    page = officer.post(address).content.decode()
    assert (page.count("proof-sealed"), page.count("proof-broken")) == (1, 1)
    assert "The file was cut" in page


def test_a_hold_is_placed_seen_and_released(committed: World, officer: Client, conversation_id: int) -> None:
    address = reverse("console:hold-recordings", args=[conversation_id])
    assert officer.post(address, {"ground": "claim", "file_number": ""}).status_code == 422
    number = f"12.P.{conversation_id}"
    assert officer.post(address, {"ground": "claim", "file_number": number}).status_code == 302
    assert number in officer.get(reverse("console:recordings")).content.decode()
    page = officer.get(reverse("console:recording", args=[conversation_id])).content.decode()
    assert "Legal claims" in page
    assert "Officer North" in page
    (held,) = recordings.holds(committed.system(committed.north), conversation_id=conversation_id)
    release = reverse("console:release-hold", args=[held.hold_id])
    assert seated(committed.client_north, committed.north).post(release).status_code == 403
    assert officer.post(release).status_code == 302
    assert recordings.holds(committed.system(committed.north), conversation_id=conversation_id) == []


def test_it_is_heard_for_a_purpose(officer: Client, conversation_id: int) -> None:
    address = reverse("console:listen", args=[conversation_id])
    assert officer.post(address, {"purpose": ""}).status_code == 422
    page = officer.post(address, {"purpose": "authority"}).content.decode()
    file = page.split('<audio controls preload="none" src="')[1].split('"')[0]
    left, _right = sides(content(officer.get(file)))
    assert loudest(left) == CALLER_HZ


def test_taking_out_needs_an_elevated_session(committed: World, conversation_id: int) -> None:
    client = seated(committed.officer_north, committed.north)
    address = reverse("console:take-out-recordings", args=[conversation_id])
    assert client.post(address, {"form": "vcon", "purpose": "dispute", "recipient": "house"}).status_code == 403
    listener = seated(committed.supervisor_north, committed.north)
    assert listener.post(address, {"form": "vcon", "purpose": "dispute", "recipient": "house"}).status_code == 403


def test_what_needs_an_elevated_session_says_so_before_it_is_pressed(committed: World, conversation_id: int) -> None:
    """And leads there and back, also from the answer to a POST: that has no address to come back to."""
    client = seated(committed.officer_north, committed.north)
    own = reverse("console:recording", args=[conversation_id])
    send = f'action="{reverse("console:send-copy", args=[conversation_id])}"'
    verified = client.post(reverse("console:verify-recordings", args=[conversation_id]))
    for page in (client.get(own).content.decode(), verified.content.decode()):
        assert send not in page
        assert page.count("This needs an elevated session.") == 2
        assert f"{reverse('accounts_elevate')}?next={own}" in page
    assert client.post(reverse("console:send-copy", args=[conversation_id])).status_code == 403
    page = elevated(client, committed.officer_north).get(own).content.decode()
    assert send in page
    assert "This needs an elevated session." not in page


def test_a_conversation_is_taken_out(committed: World, officer: Client) -> None:
    context = committed.system(committed.north)
    new = NewConversation(channel=Kind.CALL, queue="service", language="fi")
    opened = conversations.open_conversation(context, new=new, now=clock.now())
    conversation(context, conversation_id=opened.conversation_id)
    address = reverse("console:take-out-recordings", args=[opened.conversation_id])
    assert officer.post(address, {"form": "vcon", "purpose": "", "recipient": "house"}).status_code == 422
    answer = officer.post(address, {"form": "vcon", "purpose": "dispute", "recipient": "house"})
    assert answer.headers["Content-Type"] == "application/vcon"
    payload = json.loads(answer.content)["payload"]
    assert json.loads(base64.urlsafe_b64decode(payload + "=="))["subject"] == opened.reference
    (call,) = recordings.of_conversation(context, opened.conversation_id)
    wav = officer.post(address, {"form": to_public(call.call_id), "purpose": "dispute", "recipient": "house"})
    assert wav.headers["Content-Disposition"].startswith("attachment")
    left, _right = sides(content(wav))
    assert loudest(left) == CALLER_HZ


def test_a_call_is_named_by_when_it_was(committed: World, officer: Client) -> None:
    """Two calls of a conversation can be equally long."""
    context = committed.system(committed.north)
    conversation_id = conversation(context)
    (call,) = recordings.of_conversation(context, conversation_id)
    page = officer.get(reverse("console:recording", args=[conversation_id])).content.decode()
    began = timezone.localtime(call.began_at, ZoneInfo(committed.north.time_zone))
    assert f"WAV of {began.day} {began:%b %Y %H:%M} · " in page


def test_the_notice_that_was_heard_is_named(committed: World, officer: Client) -> None:
    context, code = committed.system(committed.north), f"heard-{to_public(new_id()).lower()}"
    for _each in range(2):
        saved = announcements.save_notice(context, new=notice("FI", language="fi", code=code), now=clock.now())
    heard = leg(new_id(), notice_version=saved)
    recorded(context, heard)
    page = officer.get(reverse("console:recording", args=[heard.conversation_id])).content.decode()
    assert f"{code}, fi, version 2" in page
    assert reverse("console:call-notice", args=[code, "fi"]) in page
    assert str(saved) not in page


def test_what_may_only_be_stored_says_so_on_the_form(committed: World, officer: Client) -> None:
    """Whose customer is not in the register any more was erased: what is left of them is evidence."""
    conversation_id = conversation(committed.system(committed.north), customer_id=new_id())
    address = reverse("console:take-out-recordings", args=[conversation_id])
    answer = officer.post(address, {"form": "vcon", "purpose": "quality", "recipient": "house"})
    assert answer.status_code == 422
    assert "legal claims only" in answer.content.decode()


def test_a_neighbor_finds_nothing(committed: World, conversation_id: int) -> None:
    client = seated(neighbor(committed), committed.south)
    assert client.get(reverse("console:recording", args=[conversation_id])).status_code == 404
    assert client.post(reverse("console:listen", args=[conversation_id]), {"purpose": "dispute"}).status_code == 404
