"""What needs no asking is said; the one question of a conversation is asked once, of who is identified."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from tests.surfaces import customer, seated, supervisor
from tests.world import World

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import How, Kind, NewConversation
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.register import api as register
from trustdesk.register.contracts import CardValue, ConfirmedBy, RestrictionGround

HX = {"HX-Request": "true"}
LONG_AGO = timedelta(days=800)
ASKED = "Ask once: is this still right?"


@pytest.fixture
def agent(committed: World) -> Client:
    return seated(committed.agent_north, committed.north)


@pytest.fixture
def context(committed: World) -> AccessContext:
    supervisor(committed)
    return committed.context(committed.agent_north, committed.north)


@pytest.fixture
def aino(committed: World, context: AccessContext) -> int:
    """Whose phone and e-mail were confirmed long ago."""
    number = str(new_id())[-7:]
    made = customer(
        supervisor(committed), "Aino", f"Asked{new_id()}", phone=f"+35840{number}", email=f"a{number}@example.fi"
    )
    for value in points(context, made).values():
        confirm(context, made, value, ConfirmedBy.CUSTOMER, ago=LONG_AGO)
    return made


def points(context: AccessContext, customer_id: int) -> dict[str, CardValue]:
    card = register.card(context, customer_id, now=clock.now())
    return {value.attribute: value for value in card.contact_points}


def confirm(
    context: AccessContext, customer_id: int, value: CardValue, by: ConfirmedBy, *, ago: timedelta = timedelta()
) -> None:
    register.confirm_value(context, customer_id=customer_id, value_id=value.value_id, by=by, now=clock.now() - ago)


def talk(context: AccessContext, customer_id: int | None, *, channel: Kind = Kind.CALL) -> int:
    new = NewConversation(channel=channel, queue="service", language="fi", line="")
    opened = conversing.open_conversation(context, new=new, now=clock.now())
    if customer_id is not None:
        conversing.identify(
            context,
            conversation_id=opened.conversation_id,
            customer_id=customer_id,
            how=How.QUESTIONS,
            now=clock.now(),
        )
    return opened.conversation_id


def page(agent: Client, conversation_id: int) -> str:
    answer = agent.get(reverse("desk:conversation", args=[conversation_id]))
    assert answer.status_code == 200
    return answer.content.decode()


def seen(agent: Client, conversation_id: int) -> None:
    """As the page's script says that it is shown."""
    assert agent.post(reverse("desk:weigh-questions", args=[conversation_id]), headers=HX).status_code == 204


def said(agent: Client, conversation_id: int, answer: str, value: int, text: str = "") -> tuple[int, str]:
    address = reverse("desk:question", args=[conversation_id])
    given = agent.post(address, {"answer": answer, "value": to_public(value), "text": text}, headers=HX)
    return given.status_code, given.content.decode()


def test_still_true_is_one_key_and_nothing_more_is_asked(agent: Client, context: AccessContext, aino: int) -> None:
    held = talk(context, aino)
    shown = page(agent, held)
    assert shown.count(ASKED) == 1
    assert "data-key-true" in shown
    assert reverse("desk:weigh-questions", args=[held]) in shown
    phone = points(context, aino)["phone"].value_id
    status, part = said(agent, held, "true", phone)
    assert status == 200
    assert "<html" not in part
    assert "confirmed today by the customer: no need to ask" in part
    assert ASKED not in part, "the e-mail is due too, but one question was asked"
    assert points(context, aino)["phone"].confirmed_by is ConfirmedBy.CUSTOMER
    assert points(context, aino)["email"].stale
    assert ASKED not in page(agent, held)
    assert said(agent, held, "true", phone)[0] == 409


def test_by_mail_the_mail_address_is_asked_about_and_put_right(
    agent: Client, context: AccessContext, aino: int
) -> None:
    held = talk(context, aino, channel=Kind.EMAIL)
    old = points(context, aino)["email"]
    assert f'<span class="datum">{old.text}' in page(agent, held)
    seen(agent, held)
    _status, part = said(agent, held, "changed", old.value_id)
    assert "What is right now?" in part
    status, part = said(agent, held, "corrected", old.value_id, "not an address")
    assert status == 422
    assert "What is right now?" in part
    assert 'aria-invalid="true"' in part
    right = f"b{new_id()}@example.fi"
    plain = agent.post(
        reverse("desk:question", args=[held]),
        {"answer": "corrected", "value": to_public(old.value_id), "text": right},
        follow=True,
    )
    assert right in plain.content.decode(), "without scripts it is a page"
    now = points(context, aino)["email"]
    assert (now.text, now.rectified) == (right, True)


def test_not_now_ends_it_for_this_conversation_alone(agent: Client, context: AccessContext, aino: int) -> None:
    held = talk(context, aino)
    seen(agent, held)
    assert ASKED not in said(agent, held, "not_now", points(context, aino)["phone"].value_id)[1]
    assert ASKED in page(agent, talk(context, aino))


def test_nothing_is_asked_of_who_is_not_identified_or_restricted(
    agent: Client, context: AccessContext, aino: int, committed: World
) -> None:
    nobody = talk(context, None)
    assert ASKED not in page(agent, nobody)
    assert said(agent, nobody, "true", points(context, aino)["phone"].value_id)[0] == 409
    seen(agent, nobody)
    register.lock(supervisor(committed), customer_id=aino, ground=RestrictionGround.ACCURACY_CONTESTED, now=clock.now())
    assert ASKED not in page(agent, talk(context, aino))


def test_what_is_over_asks_nothing_and_who_may_not_confirm_is_not_asked(
    agent: Client, context: AccessContext, aino: int, committed: World
) -> None:
    held = talk(context, aino)
    officer = seated(committed.officer_north, committed.north)
    assert ASKED not in page(officer, held), "who only reads asks nobody"
    conversing.close(context, conversation_id=held, now=clock.now())
    assert ASKED not in page(agent, held)


def test_a_feed_spares_the_question_and_says_so(agent: Client, context: AccessContext, aino: int) -> None:
    for value in points(context, aino).values():
        confirm(context, aino, value, ConfirmedBy.FEED)
    today = clock.now().date()

    def counted() -> int:
        reader = context_of_house(context)
        return sum(day.count for day in register.spared(reader, since=today, until=today + timedelta(days=2)))

    before, held = counted(), talk(context, aino)
    shown = page(agent, held)
    assert "confirmed today by the update service: no need to ask" in shown
    assert ASKED not in shown
    for _look in range(2):
        seen(agent, held)
    assert counted() == before + 2


def test_taken_back_it_is_nobodys_question(agent: Client, context: AccessContext, aino: int) -> None:
    held = talk(context, aino)
    said(agent, held, "not_now", points(context, aino)["phone"].value_id)
    assert ASKED not in page(agent, held)
    conversing.take_back(context, conversation_id=held, now=clock.now())
    conversing.identify(context, conversation_id=held, customer_id=aino, how=How.QUESTIONS, now=clock.now())
    assert ASKED in page(agent, held), "what was said before was said of somebody else"


def context_of_house(context: AccessContext) -> AccessContext:
    from trustdesk.mandates.api import system_context  # noqa: PLC0415

    return system_context(context.controller_id, purpose="records", now=clock.now(), on_behalf_of=0)
