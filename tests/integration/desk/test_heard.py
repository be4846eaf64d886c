"""Recordings at the desk: seen by who may see them, heard for a stated purpose, in the parts the browser asks for."""

import re

from django.test import Client
from django.urls import reverse
from tests.recorded import AGENT_HZ, CALLER_HZ, conversation, loudest, sides
from tests.surfaces import content, neighbor, seated
from tests.world import World

from trustdesk.audit import api as audit
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.recordings import api as recordings


def listening(client: Client, conversation_id: int) -> str:
    """The address of the first call's file, as the player has it."""
    answer = client.post(reverse("desk:listen", args=[conversation_id]), {"purpose": "complaint"})
    assert answer.status_code == 200
    found = re.search(r'<audio [^>]*src="([^"]+)"', answer.content.decode())
    assert found, answer.content.decode()
    return found[1]


def test_an_agent_sees_that_there_is_a_recording_and_a_closed_door(committed: World) -> None:
    conversation_id = conversation(committed.system(committed.north))
    client = seated(committed.agent_north, committed.north)
    page = client.get(reverse("desk:recordings", args=[conversation_id]))
    assert page.status_code == 200
    assert "0:03" in page.content.decode()
    assert 'aria-disabled="true"' in page.content.decode()
    assert client.post(reverse("desk:listen", args=[conversation_id]), {"purpose": "complaint"}).status_code == 403


def test_a_supervisor_hears_both_sides_after_a_purpose(committed: World) -> None:
    conversation_id = conversation(committed.system(committed.north))
    client = seated(committed.supervisor_north, committed.north)
    address = reverse("desk:listen", args=[conversation_id])
    for purpose in ({}, {"purpose": ""}, {"purpose": "curiosity"}):
        refused = client.post(address, purpose)
        assert refused.status_code == 422
        assert "<audio" not in refused.content.decode()
    answer = client.get(listening(client, conversation_id))
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "audio/wav")
    assert answer.headers["Cache-Control"] == "no-store"
    left, right = sides(content(answer))
    assert (loudest(left), loudest(right)) == (CALLER_HZ, AGENT_HZ)


def test_the_browser_seeks(committed: World) -> None:
    conversation_id = conversation(committed.system(committed.north))
    client = seated(committed.supervisor_north, committed.north)
    address = listening(client, conversation_id)
    whole = content(client.get(address))
    part = client.get(address, headers={"Range": "bytes=32044-64043"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 32044-64043/{len(whole)}"
    assert part.headers["Content-Length"] == "32000"
    assert content(part) == whole[32044:64044]
    rest = client.get(address, headers={"Range": "bytes=90000-"})
    assert rest.headers["Content-Range"] == f"bytes 90000-{len(whole) - 1}/{len(whole)}"
    assert content(rest) == whole[90000:]
    beyond = client.get(address, headers={"Range": "bytes=99999999-"})
    assert (beyond.status_code, beyond.headers["Content-Range"]) == (416, f"bytes */{len(whole)}")
    for odd in ("bytes=-500", "bytes=5-3-1", "lines=1-2", "bytes=a-b", "bytes=0-1,5-6"):
        assert client.get(address, headers={"Range": odd}).status_code == 200


def test_a_stream_that_breaks_off_was_logged_before(committed: World) -> None:
    context = committed.system(committed.north)
    conversation_id = conversation(context)
    client = seated(committed.supervisor_north, committed.north)
    answer = client.get(listening(client, conversation_id), headers={"Range": "bytes=32044-"})
    answer.close()  # not one octet was taken
    entries = [one for one in audit.entries(context, subject=conversation_id) if one.what == "recording.listen"]
    assert [one.reason for one in entries] == ["complaint 0:01-", "complaint"]
    assert {one.operator_id for one in entries} == {committed.supervisor_north.id}


def test_nobody_else_uses_the_address(committed: World) -> None:
    conversation_id = conversation(committed.system(committed.north))
    address = listening(seated(committed.supervisor_north, committed.north), conversation_id)
    assert seated(committed.officer_north, committed.north).get(address).status_code == 404
    assert seated(committed.agent_north, committed.north).get(address).status_code == 403
    next_door = seated(neighbor(committed), committed.south)
    assert next_door.get(address).status_code == 404
    assert next_door.get(reverse("desk:recordings", args=[conversation_id])).status_code == 404
    assert next_door.post(reverse("desk:listen", args=[conversation_id]), {"purpose": "dispute"}).status_code == 404
    assert Client().get(address).status_code == 302


def test_a_fragment_is_a_fragment(committed: World) -> None:
    conversation_id = conversation(committed.system(committed.north))
    client = seated(committed.supervisor_north, committed.north)
    part = client.get(reverse("desk:recordings", args=[conversation_id]), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'id="recordings"' in part.content.decode()


def test_why_there_is_none(committed: World) -> None:
    context, conversation_id = committed.system(committed.north), new_id()
    recordings.not_recorded(
        context, conversation_id=conversation_id, interaction_id=1, call_id=2, reason="no-consent", now=clock.now()
    )
    client = seated(committed.agent_north, committed.north)
    page = client.get(reverse("desk:recordings", args=[conversation_id])).content.decode()
    assert "The caller did not agree" in page
