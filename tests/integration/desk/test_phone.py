"""The agent's telephone at the desk: what the bar says, what each button wants of the switchboard, and who may."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from tests.calling import FRAGMENT, StandIn, bar, conversing_about, hangs_up, rings, speaks, stand_in, stands, turns
from tests.clearing import declare_under
from tests.surfaces import customer, neighbor, newcomer, seated, supervisor
from tests.world import Person, World

from trustdesk.conversations.api import grouped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.switchboard import words
from trustdesk.switchboard.contracts import CallState, Certainty, Pause, Presence, Verb
from trustdesk.telephony import api as telephony
from trustdesk.telephony.contracts import EdgeSettings, TurnServer


@pytest.fixture
def person(committed: World) -> Person:
    return newcomer(committed, committed.north, "agent")


@pytest.fixture
def agent(committed: World, person: Person) -> Client:
    return seated(person, committed.north)


@pytest.fixture
def context(committed: World, person: Person) -> AccessContext:
    return committed.context(person, committed.north)


@pytest.fixture
def exchange() -> Iterator[StandIn]:
    with stand_in() as exchange:
        yield exchange


def press(client: Client, name: str, *args: object, status: int = 200, **data: object) -> str:
    answer = client.post(reverse(f"desk:{name}", args=args), data, headers=FRAGMENT)
    assert answer.status_code == status, answer.content.decode()
    return answer.content.decode()


def test_without_a_telephone_the_bar_offers_to_open_one(agent: Client, context: AccessContext) -> None:
    page = agent.get(reverse("desk:start")).content.decode()
    assert "Open the telephone" in page
    assert 'value="ready"' not in page
    stands(context, Presence.PAUSED, reason=Pause.LOST, reachable=False)
    assert "Paused: the telephone was lost" in bar(agent)
    assert "Open the telephone" in bar(agent)


def test_only_the_telephone_s_page_may_ask_for_the_microphone(agent: Client) -> None:
    assert "microphone=(self)" in agent.get(reverse("desk:phone"))["Permissions-Policy"]
    assert "microphone=()" in agent.get(reverse("desk:start"))["Permissions-Policy"]


def test_a_call_that_rings_says_what_routing_needs_and_nobody_s_name(
    committed: World, agent: Client, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Salainen", phone="+358 40 555 0101")
    rings(context, certainty=Certainty.NUMBER_MATCHED, matches=[aino])
    page = bar(agent)
    for words_ in ("It rings", "+358 9 42720000", "service", "Number matched (can be forged)", "Accept", "Refuse"):
        assert words_ in page
    assert "The number is on file of one customer" in page
    assert reverse("desk:customer", args=[aino]) in page
    assert "Salainen" not in page
    assert "0101" not in page


def test_several_matches_are_offered_and_none_is_guessed(agent: Client, context: AccessContext) -> None:
    several = [new_id(), new_id()]
    rings(context, certainty=Certainty.NUMBER_MATCHED, matches=several)
    page = bar(agent)
    assert "on file of 2 customers" in page
    assert all(reverse("desk:customer", args=[one]) in page for one in several)
    assert "data-pop" not in page


def test_who_is_identified_is_popped(committed: World, agent: Client, context: AccessContext) -> None:
    known = customer(supervisor(committed), "Aino", "Tunnettu")
    call = rings(context, certainty=Certainty.IDENTIFIED, customer_id=known)
    page = bar(agent)
    assert f'data-pop="{to_public(call)}"' in page
    assert reverse("desk:customer", args=[known]) in page


@pytest.mark.parametrize(
    ("stands_so", "said"),
    [
        ({"recorded": True}, "Recording<"),
        ({"recorded": True, "paused": True}, "Recording paused"),
        ({"recorded": True, "held": True, "state": CallState.HELD}, "On hold: nothing is recorded"),
        ({"recorded": False, "unrecorded": "no-consent"}, "Not recorded, because the caller did not agree"),
        ({"recorded": False, "unrecorded": "disk-full"}, "Not recorded, because the disk is full"),
        ({"recorded": True, "unrecorded": "disk-full"}, "Recorded in part only, because the disk is full"),
        ({"recorded": True, "unrecorded": "no-consent"}, "Not recorded, because the caller did not agree"),
        ({"recorded": False, "unrecorded": "a word of tomorrow"}, "because the exchange can&#x27;t record it now"),
    ],
)
def test_the_mark_of_the_recording_is_always_there(
    agent: Client, context: AccessContext, stands_so: dict[str, object], said: str
) -> None:
    speaks(context, **stands_so)
    assert said in bar(agent)


def test_each_button_wants_its_verb(agent: Client, context: AccessContext, exchange: StandIn) -> None:
    call = rings(context)
    press(agent, "phone-accept", call)
    press(agent, "phone-refuse", call)
    for verb in Verb:
        press(agent, "phone-deed", call, verb.value)
    press(agent, "phone-digits", call, digits="12#")
    press(agent, "phone-requeue", call, queue="billing")
    press(agent, "phone-consult", call, operator=77)
    press(agent, "phone-presence", state="paused", reason="lunch")
    press(agent, "phone-detach")
    wanted = [
        words.AcceptCall,
        words.RefuseCall,
        *[words.DoDeed for _ in Verb],
        words.SendDigits,
        words.MoveToQueue,
        words.ConsultAgent,
        words.SetPresence,
        words.DetachBrowser,
    ]
    assert [type(word) for word in exchange.words] == wanted
    for word in exchange.words:
        assert isinstance(word, words.Request)
        assert word.sitting.operator == context.operator_id
        assert word.sitting.controller == context.controller_id
    assert [word.verb for word in exchange.words if isinstance(word, words.DoDeed)] == [verb.value for verb in Verb]
    assert {word.call for word in exchange.words if isinstance(word, words.DoDeed)} == {call}


def test_muted_is_shown_until_unmuted_and_in_this_call_only(
    agent: Client, context: AccessContext, exchange: StandIn
) -> None:
    call = speaks(context)
    assert "You are muted" not in bar(agent)
    assert "You are muted" in press(agent, "phone-deed", call, "mute")
    assert "You are muted" in bar(agent)
    assert "You are muted" not in press(agent, "phone-deed", call, "unmute")
    press(agent, "phone-deed", call, "mute")
    hangs_up(context, call)
    speaks(context)
    assert "You are muted" not in bar(agent)


def test_who_is_asked_first_can_be_given_the_call(agent: Client, context: AccessContext, exchange: StandIn) -> None:
    call = speaks(context)
    press(agent, "phone-consult", call, operator=77)
    turns(context, call, state=CallState.HELD, held=True)
    page = bar(agent)
    assert all(verb in page for verb in ("Give the call over", "All three", "Back to the caller"))
    press(agent, "phone-deed", call, "back")
    assert "Give the call over" not in bar(agent)


def test_the_reference_stands_on_the_card_and_leads_to_the_conversation(agent: Client, context: AccessContext) -> None:
    conversation, interaction, reference = conversing_about(context)
    rings(context, conversation_id=conversation, interaction_id=interaction)
    page = bar(agent)
    assert " ".join(reference[start : start + 3] for start in range(0, 12, 3)) in page
    assert reverse("desk:conversation", args=[conversation]) in page


def test_who_typed_the_reference_of_the_case_is_not_known_by_it(agent: Client, context: AccessContext) -> None:
    conversation, interaction, reference = conversing_about(context)
    speaks(context, conversation_id=conversation, interaction_id=interaction, case_id=conversation)
    shown = bar(agent)
    assert grouped(reference) in shown
    assert "this reference: it says nothing of who calls" in shown
    assert "Unidentified" in shown


def test_after_the_call_the_bar_asks_what_came_of_it(agent: Client, context: AccessContext) -> None:
    conversation, interaction, _ = conversing_about(context, ended=True)
    stands(context, Presence.WRAP_UP)
    page = bar(agent)
    assert "Say what came of it" in page
    address = reverse("desk:dispose", args=[conversation, interaction])
    assert f"{address}?as=done" in page
    answer = agent.get(f"{address}?as=done")
    assert answer.status_code == 200
    assert 'id="callbar"' in answer.content.decode()
    agent.post(f"{address}?as=done", {"note": ""})
    assert "Say what came of it" not in bar(agent)


def test_who_is_identified_in_the_call_is_told_to_the_exchange(
    committed: World, agent: Client, context: AccessContext, exchange: StandIn
) -> None:
    aino = customer(supervisor(committed), "Aino", "Kysytty")
    conversation, interaction, _ = conversing_about(context)
    other, _, _ = conversing_about(context)
    call = speaks(context, conversation_id=conversation, interaction_id=interaction)
    said = {"customer": to_public(aino), "how": "questions"}
    agent.post(reverse("desk:identify", args=[other]), said)
    assert exchange.words == [], "it is another conversation"
    agent.post(reverse("desk:identify", args=[conversation]), said)
    word = exchange.words[0]
    assert isinstance(word, words.CustomerKnown)
    assert (word.call, word.customer) == (call, aino)


def test_without_an_exchange_somebody_is_identified_all_the_same(
    committed: World, agent: Client, context: AccessContext
) -> None:
    aino = customer(supervisor(committed), "Aino", "Kysytty")
    conversation, interaction, _ = conversing_about(context)
    speaks(context, conversation_id=conversation, interaction_id=interaction)
    answer = agent.post(
        reverse("desk:identify", args=[conversation]), {"customer": to_public(aino), "how": "questions"}
    )
    assert answer.status_code == 302


def test_the_browser_s_offer_is_answered(agent: Client, exchange: StandIn) -> None:
    exchange.react = lambda _: words.Settled(text="v=0 ours")
    answer = agent.post(reverse("desk:phone-attach"), {"offer": "v=0 theirs"})
    assert answer.json() == {"sdp": "v=0 ours"}
    assert isinstance(exchange.words[0], words.AttachBrowser)
    assert exchange.words[0].offer == "v=0 theirs"


def test_a_browser_learns_whom_to_ask_for_a_way(agent: Client) -> None:
    turn = (TurnServer(address="turn:turn.example.com", user="desk", password="relay"),)
    with transaction.atomic():
        new = EdgeSettings(stun=("stun:stun.example.com",), turn=turn)
        telephony.set_edge(new=new, by=None, now=clock.now())
        answer = agent.get(reverse("desk:phone-servers"))
        transaction.set_rollback(True)
    assert answer.json() == {
        "iceServers": [
            {"urls": "stun:stun.example.com"},
            {"urls": "turn:turn.example.com", "username": "desk", "credential": "relay"},
        ]
    }
    assert answer.headers["Cache-Control"] == "no-store"
    assert agent.get(reverse("desk:phone-servers")).json() == {"iceServers": []}
    assert agent.post(reverse("desk:phone-servers")).status_code == 405


def test_an_offer_that_is_refused_is_told_in_words(agent: Client, exchange: StandIn) -> None:
    exchange.refuse("The offer has neither PCMA nor PCMU.", code="bad-input", mend="Use a current browser.")
    answer = agent.post(reverse("desk:phone-attach"), {"offer": "v=0"})
    assert answer.status_code == 422
    assert answer.json() == {"message": "The offer has neither PCMA nor PCMU.", "mend": "Use a current browser."}
    for wrong in ("", "x" * 70_000):
        assert agent.post(reverse("desk:phone-attach"), {"offer": wrong}).status_code == 422
    assert len(exchange.words) == 1


def test_without_an_exchange_the_desk_stands_and_says_so(agent: Client, context: AccessContext) -> None:
    call = speaks(context)
    page = press(agent, "phone-deed", call, "hold", status=503)
    assert "The exchange does not answer." in page
    assert "Recording" in bar(agent)
    assert agent.post(reverse("desk:phone-attach"), {"offer": "v=0"}).status_code == 503


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("phone-presence", {"state": "talking"}),
        ("phone-presence", {"state": "paused", "reason": "no such"}),
        ("phone-presence", {}),
        ("phone-dial", {"number": "+358401234567"}),
        ("phone-dial", {"purpose": "service"}),
    ],
)
def test_what_can_t_be_meant_is_not_asked(agent: Client, exchange: StandIn, name: str, data: dict[str, str]) -> None:
    press(agent, name, status=422, **data)
    assert exchange.words == []


def test_keys_are_digits_star_and_hash(agent: Client, context: AccessContext, exchange: StandIn) -> None:
    call = speaks(context)
    for wrong in ("", "a", "1;2", "1" * 33):
        press(agent, "phone-digits", call, status=422, digits=wrong)
    press(agent, "phone-deed", call, "no-such-verb", status=404)
    press(agent, "phone-consult", call, status=422)
    assert exchange.words == []


def test_a_number_typed_by_hand_goes_to_the_gate_with_its_purpose(
    committed: World, agent: Client, exchange: StandIn
) -> None:
    declare_under(committed.system(committed.north), languages=("fi", "en"))
    press(agent, "phone-dial", number="040 123 4567", purpose="news")
    word = exchange.words[0]
    assert isinstance(word, words.DialOut)
    assert (word.number, word.use, word.country, word.customer) == ("040 123 4567", "news", "FI", 0)
    exchange.refuse("The customer objected.")
    assert "The customer objected." in press(agent, "phone-dial", number="040 123 4567", purpose="news", status=403)


def test_a_number_of_the_card_is_offered_where_it_may_be_called_and_closed_with_its_reason_where_not(
    committed: World, agent: Client, exchange: StandIn
) -> None:
    declare_under(committed.system(committed.north), languages=("fi", "en"))
    aino, value = customer(supervisor(committed), "Aino", "Soitettava", phone="+358 40 555 0199"), new_id()
    page = agent.get(reverse("desk:phone-ways", args=[aino, value]), headers=FRAGMENT).content.decode()
    assert 'class="closed"' in page or 'name="purpose"' in page
    press(agent, "phone-dial-value", aino, value, purpose="news")
    word = exchange.words[0]
    assert isinstance(word, words.DialOut)
    assert (word.customer, word.value, word.number) == (aino, value, "")


def test_every_verb_is_a_post(agent: Client, context: AccessContext) -> None:
    call = speaks(context)
    for name in ("attach", "detach", "presence", "dial"):
        assert agent.get(reverse(f"desk:phone-{name}")).status_code == 405
    for name in ("accept", "refuse", "digits", "requeue", "consult"):
        assert agent.get(reverse(f"desk:phone-{name}", args=[call])).status_code == 405
    assert agent.get(reverse("desk:phone-deed", args=[call, "hang-up"])).status_code == 405


def test_another_s_call_is_not_there(committed: World, context: AccessContext, exchange: StandIn) -> None:
    call = speaks(context)
    colleague = newcomer(committed, committed.north, "agent")
    client = seated(colleague, committed.north)
    deeds: dict[str, dict[str, object]] = {
        "phone-accept": {},
        "phone-refuse": {},
        "phone-digits": {"digits": "1"},
        "phone-requeue": {"queue": "billing"},
        "phone-consult": {"operator": 7},
    }
    for name, data in deeds.items():
        press(client, name, call, status=404, **data)
    press(client, "phone-deed", call, "hang-up", status=404)
    assert exchange.words == []


def test_without_scripts_a_deed_leads_to_the_telephone(
    agent: Client, context: AccessContext, exchange: StandIn
) -> None:
    call = speaks(context)
    answer = agent.post(reverse("desk:phone-deed", args=[call, "hold"]))
    assert (answer.status_code, answer["Location"]) == (302, reverse("desk:phone"))


def test_a_forged_request_is_refused(committed: World, person: Person, exchange: StandIn) -> None:
    strict = seated(person, committed.north)
    strict.handler.enforce_csrf_checks = True
    assert strict.post(reverse("desk:phone-presence"), {"state": "ready"}).status_code == 403
    assert exchange.words == []


def test_strangers_neighbors_and_officers(committed: World, context: AccessContext, exchange: StandIn) -> None:
    call = speaks(context)
    asked = [reverse("desk:phone"), reverse("desk:phone-bar"), reverse("desk:phone-changes")]
    for address in asked:
        assert Client().get(address).status_code == 302
    officer = seated(committed.officer_north, committed.north)
    for address in asked:
        assert officer.get(address).status_code == 403
    assert officer.post(reverse("desk:phone-deed", args=[call, "hang-up"])).status_code == 403
    assert 'id="callbar"' not in officer.get(reverse("desk:start")).content.decode()
    beside = seated(neighbor(committed), committed.south)
    assert "42720000" not in bar(beside)
    assert exchange.words == []
