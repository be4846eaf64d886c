"""Who spoke as a third party, said at the desk without scripts."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from tests.integration.desk.test_conversations import called
from tests.recorded import AGENT_HZ, CALLER_HZ, THIRD_HZ, leg, recorded
from tests.surfaces import customer, neighbor, newcomer, seated, supervisor
from tests.world import World

from trustdesk.kernel.ids import to_public
from trustdesk.recordings import api as recordings


@pytest.fixture
def conversation_id(committed: World) -> int:
    """The caller, an agent, and somebody else."""
    context = supervisor(committed)
    opened, interaction = called(committed.context(committed.agent_north, committed.north))
    caller = replace(leg(opened.conversation_id), interaction_id=interaction)
    recorded(context, caller, hertz=CALLER_HZ)
    recorded(context, replace(caller, leg="b", role="agent", operator_id=context.operator_id), hertz=AGENT_HZ)
    recorded(context, replace(caller, leg="c", role="third"), hertz=THIRD_HZ)
    return opened.conversation_id


def third_of(world: World, conversation_id: int) -> int:
    (call,) = recordings.of_conversation(world.system(world.north), conversation_id)
    return next(each.recording_id for each in call.recordings if each.role == "third")


def text(client: Client, name: str, *args: int) -> str:
    return client.get(reverse(f"desk:{name}", args=args)).content.decode()


def test_a_third_party_is_found_identified_and_taken_back(committed: World, conversation_id: int) -> None:
    bert = customer(supervisor(committed), "Bert", "Kolmas", phone="+358 40 555 0199")
    client, voice = seated(newcomer(committed, committed.north), committed.north), third_of(committed, conversation_id)
    page = reverse("desk:third", args=[voice])
    assert f'href="{page}"' in text(client, "recordings", conversation_id)
    assert "Only their own voice" in client.get(page).content.decode()
    hits = client.post(page, {"query": "bert kolmas"}).content.decode()
    identify = reverse("desk:identify-third", args=[voice])
    assert f'action="{identify}"' in hits
    assert "Bert Kolmas" in hits
    assert client.post(identify, {"customer": to_public(bert)}).status_code == 422
    answer = client.post(identify, {"customer": to_public(bert), "how": "questions"})
    assert answer.headers["Location"] == reverse("desk:conversation", args=[conversation_id])
    shown = text(client, "recordings", conversation_id)
    assert f'href="{page}"' not in shown
    assert reverse("desk:customer", args=[bert]) in shown
    back = reverse("desk:take-third-back", args=[voice])
    assert client.post(back).status_code == 302
    assert f'href="{page}"' in text(client, "recordings", conversation_id)
    assert client.post(back).status_code == 409


def test_an_outsider_and_a_neighbor_say_nothing(committed: World, conversation_id: int) -> None:
    voice = third_of(committed, conversation_id)
    outsider = seated(committed.client_north, committed.north)
    next_door = seated(neighbor(committed), committed.south)
    given = {"customer": to_public(voice), "how": "questions"}
    assert reverse("desk:third", args=[voice]) not in text(outsider, "recordings", conversation_id)
    for name in ("identify-third", "take-third-back"):
        assert outsider.post(reverse(f"desk:{name}", args=[voice]), given).status_code == 403
        assert next_door.post(reverse(f"desk:{name}", args=[voice]), given).status_code == 404
    assert next_door.get(reverse("desk:third", args=[voice])).status_code == 404
