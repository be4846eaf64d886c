"""Another system opens conversations, finds them by reference, and says what came of them."""

from datetime import timedelta

import pytest
from tests.integration.api.calling import Caller, Company

from trustdesk.conversations import references
from trustdesk.kernel import clock

NUMBER = "+36 30 123 4567"
MINUTES = {
    "complainant_name": "Kovács Anna",
    "complainant_address": "Fő utca 1.",
    "submitted": "By telephone",
    "description": "The bill counts twice.",
}


def called(system: Caller) -> tuple[str, str]:
    """A conversation with a call in it that is over; both ids."""
    opened = system.post("/conversations", {"channel": "call", "queue": "service", "language": "en"})
    assert opened.status_code == 201, opened.text
    conversation = opened.json()["conversation_id"]
    at = clock.now() - timedelta(minutes=9)
    call = {"kind": "call", "direction": "in", "party": NUMBER, "started_at": at.isoformat()}
    begun = system.post(f"/conversations/{conversation}/interactions", call)
    assert begun.status_code == 201, begun.text
    interaction = begun.json()["interaction_id"]
    end = {"result": "answered", "ended_at": clock.now().isoformat()}
    assert system.post(f"/interactions/{interaction}/end", end).status_code == 200
    return conversation, interaction


def test_from_the_first_ring_to_the_close(caller: Caller, north: Company) -> None:
    conversation, interaction = called(caller)
    address = f"/conversations/{conversation}"
    whole = caller.get(address).json()
    assert whole["conversation"]["identified"] == "unidentified"
    assert [each["party"] for each in whole["interactions"]] == [NUMBER]
    spoken = whole["conversation"]["reference"]
    assert caller.post("/conversations/by-reference", {"reference": spoken}).json() == {"conversation_id": conversation}
    assert caller.post(f"{address}/notes", {"text": "Moves in May."}).status_code == 201
    assert caller.post(f"{address}/identification", {"customer_id": north.customer}).status_code == 200
    due = {"due_at": (clock.now() + timedelta(days=1)).isoformat(), "text": "Send the form."}
    follow_up = caller.post(f"{address}/follow-ups", due)
    assert follow_up.status_code == 201, follow_up.text
    assert caller.post(f"{address}/close", {}).status_code == 409
    said = {"disposition": "done", "note": "Told the date."}
    assert caller.post(f"/interactions/{interaction}/disposition", said).status_code == 200
    assert caller.post(f"/interactions/{interaction}/disposition", said).status_code == 409
    assert caller.post(f"/follow-ups/{follow_up.json()['follow_up_id']}/done", {}).status_code == 200
    assert caller.post(f"{address}/close", {}).status_code == 200
    whole = caller.get(address).json()
    assert whole["conversation"]["state"] == "closed"
    assert whole["conversation"]["identified"] == "system"
    assert [each["text"] for each in whole["notes"]] == ["Moves in May.", "Told the date."]
    assert caller.delete(f"{address}/identification").status_code == 200
    assert caller.get(address).json()["conversation"]["customer_id"] is None
    assert caller.post(f"{address}/reopen", {}).status_code == 200
    listed = caller.get("/conversations", state="open", queue="service", limit=200).json()
    assert conversation in {each["conversation_id"] for each in listed}
    assert NUMBER not in caller.get("/conversations").text


def test_a_number_identifies_nobody(caller: Caller, north: Company) -> None:
    conversation, _interaction = called(caller)
    for how in ("number-matched", "unidentified", "face"):
        form = {"customer_id": north.customer, "how": how}
        assert caller.post(f"/conversations/{conversation}/identification", form).status_code == 422


def test_guesses_are_misses_and_then_too_many(address: str, north: Company) -> None:
    guesser = Caller(address + "/api/v1", north.token("conversation:find").secret)
    for _number in range(5):
        answer = guesser.post("/conversations/by-reference", {"reference": references.fresh()})
        assert answer.json() == {"conversation_id": None}
    stopped = guesser.post("/conversations/by-reference", {"reference": references.fresh()})
    assert stopped.status_code == 429
    assert stopped.json()["type"].endswith("/too-many")
    assert int(stopped.headers["Retry-After"]) > 0
    guesser.client.close()


def test_a_complaint_has_its_file(neighbor: Caller) -> None:
    """South is Hungarian."""
    _conversation, interaction = called(neighbor)
    said = {"disposition": "complaint", "minutes": {**MINUTES, "description": ""}}
    missing = neighbor.post(f"/interactions/{interaction}/disposition", said)
    assert missing.status_code == 422, missing.text
    said = {"disposition": "complaint", "minutes": MINUTES}
    assert neighbor.post(f"/interactions/{interaction}/disposition", said).status_code == 200
    (file,) = neighbor.get("/complaints").json()
    assert (file["state"], file["law"][:10]) == ("open", "Fgytv 17/A")
    whole = neighbor.get(f"/complaints/{file['complaint_id']}").json()
    assert whole["minutes"]["description"] == MINUTES["description"]
    reply = {"outcome": "rejected", "text": "No.", "sent_at": clock.now().isoformat()}
    assert neighbor.post(f"/complaints/{file['complaint_id']}/reply", reply).status_code == 422
    reply = {**reply, "authority": "Békéltető testület"}
    assert neighbor.post(f"/complaints/{file['complaint_id']}/reply", reply).status_code == 200
    assert neighbor.get(f"/complaints/{file['complaint_id']}").json()["complaint"]["state"] == "replied"


def test_what_may_be_said_is_told(caller: Caller) -> None:
    codes = {each["code"]: each for each in caller.get("/dispositions", queue="service").json()}
    assert {"done", "again", "callback", "stop", "objection", "complaint"} <= set(codes)
    assert set(codes["done"]["labels"]) == {"en", "hu", "fi", "pl", "de"}


def test_a_neighbor_and_a_token_without_the_right_see_nothing(
    caller: Caller, neighbor: Caller, address: str, north: Company
) -> None:
    conversation, interaction = called(caller)
    spoken = caller.get(f"/conversations/{conversation}").json()["conversation"]["reference"]
    assert neighbor.get(f"/conversations/{conversation}").status_code == 404
    assert neighbor.post("/conversations/by-reference", {"reference": spoken}).json() == {"conversation_id": None}
    assert neighbor.post(f"/conversations/{conversation}/notes", {"text": "x"}).status_code == 404
    assert neighbor.post(f"/interactions/{interaction}/disposition", {"disposition": "done"}).status_code == 404
    outsider = Caller(address + "/api/v1", north.token("customer:search").secret)
    for path in ("/conversations", f"/conversations/{conversation}", "/complaints", "/dispositions"):
        assert outsider.get(path).status_code == 403, path
    assert outsider.post("/conversations/by-reference", {"reference": spoken}).status_code == 403
    outsider.client.close()


@pytest.mark.parametrize("wrong", [{"queue": ""}, {"language": "e"}, {"channel": "smoke"}, {"line": "x\u0000y"}])
def test_what_can_not_be_is_refused(caller: Caller, wrong: dict[str, str]) -> None:
    form = {"channel": "call", "queue": "service", "language": "en"} | wrong
    assert caller.post("/conversations", form).status_code == 422
