"""Another system lists recordings, and takes one out where it may."""

import json

from tests.integration.api.calling import Caller, Company, add_customer
from tests.recorded import AGENT_HZ, CALLER_HZ, conversation, loudest, sides

from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import How, Kind, NewConversation
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import RestrictionGround


def recorded_thread(company: Company) -> int:
    new = NewConversation(channel=Kind.CALL, queue="service", language="en")
    opened = conversations.open_conversation(company.context(), new=new, now=clock.now())
    return conversation(company.context(), conversation_id=opened.conversation_id)


def test_they_are_listed_and_read(caller: Caller, north: Company) -> None:
    thread = to_public(recorded_thread(north))
    (call,) = caller.get(f"/conversations/{thread}/recordings").json()
    assert [leg["role"] for leg in call["recordings"]] == ["customer", "agent"]
    assert call["recordings"][0]["rules"] == ["eu-recording"]
    newest = caller.get("/recordings", limit=1).json()
    assert newest["items"][0]["recording_id"] == call["recordings"][1]["recording_id"]
    following = caller.get("/recordings", limit=1, cursor=newest["next"]).json()
    assert following["items"][0]["recording_id"] == call["recordings"][0]["recording_id"]


def test_one_is_taken_out_as_wav_and_as_vcon(caller: Caller, north: Company) -> None:
    thread = to_public(recorded_thread(north))
    (call,) = caller.get(f"/conversations/{thread}/recordings").json()
    address = f"/conversations/{thread}/recordings/{call['call_id']}/wav"
    assert caller.get(address).status_code == 422
    assert caller.get(address, purpose="curiosity").status_code == 422
    answer = caller.get(address, purpose="dispute")
    assert answer.headers["Content-Type"] == "audio/wav"
    left, right = sides(answer.content)
    assert (loudest(left), loudest(right)) == (CALLER_HZ, AGENT_HZ)
    vcon = caller.get(f"/conversations/{thread}/vcon", purpose="dispute")
    assert vcon.headers["Content-Type"] == "application/vcon"
    assert sorted(json.loads(vcon.content)) == ["payload", "signatures"]


def test_outside_it_goes_to_nobody_who_is_not_declared(caller: Caller, north: Company) -> None:
    thread = to_public(recorded_thread(north))
    stranger = to_public(new_id())
    answer = caller.get(f"/conversations/{thread}/vcon", purpose="dispute", recipient=stranger, told_for="service")
    assert answer.status_code == 404


def test_a_neighbor_and_a_token_without_the_right_take_nothing(
    caller: Caller, neighbor: Caller, north: Company, address: str
) -> None:
    thread = to_public(recorded_thread(north))
    assert neighbor.get(f"/conversations/{thread}/recordings").status_code == 404
    assert neighbor.get(f"/conversations/{thread}/vcon", purpose="dispute").status_code == 404
    assert neighbor.get("/recordings").json()["items"] == []
    reader = Caller(address + "/api/v1", north.token("recording:read").secret)
    assert reader.get(f"/conversations/{thread}/recordings").status_code == 200
    assert reader.get(f"/conversations/{thread}/vcon", purpose="dispute").status_code == 403
    reader.client.close()


def test_of_who_is_restricted_nothing_leaves_but_for_claims(caller: Caller, north: Company, address: str) -> None:
    """GDPR Art. 18(2): and only by a token that may lift the restriction."""
    customer_id, thread = add_customer(north), recorded_thread(north)
    context = north.context()
    conversations.identify(context, conversation_id=thread, customer_id=customer_id, how=How.DOCUMENT, now=clock.now())
    register.lock(context, customer_id=customer_id, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    place = f"/conversations/{to_public(thread)}"
    (call,) = caller.get(f"{place}/recordings").json()
    assert {leg["copy_days"] for leg in call["recordings"]} == {30}
    taking = Caller(address + "/api/v1", north.token("recording:read", "recording:export", "conversation:read").secret)
    for way in (f"{place}/recordings/{call['call_id']}/wav", f"{place}/vcon"):
        refused = caller.get(way, purpose="quality")
        assert (refused.status_code, "legal claims only" in refused.text) == (403, True)
        assert caller.get(way, purpose="dispute").status_code == 200
        assert taking.get(way, purpose="dispute").status_code == 403
    taking.client.close()


def test_taken_back_by_another_system_they_leave_the_customer(caller: Caller, north: Company) -> None:
    customer_id, thread = add_customer(north), recorded_thread(north)
    place = f"/conversations/{to_public(thread)}"
    form = {"customer_id": to_public(customer_id), "how": "document"}
    assert caller.post(f"{place}/identification", form).status_code == 200
    (call,) = caller.get(f"{place}/recordings").json()
    assert {leg["customer_id"] for leg in call["recordings"]} == {to_public(customer_id)}
    assert caller.delete(f"{place}/identification").status_code == 200
    (call,) = caller.get(f"{place}/recordings").json()
    assert {leg["customer_id"] for leg in call["recordings"]} == {None}
