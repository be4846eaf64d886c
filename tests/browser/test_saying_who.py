"""A caller whose number is on nobody's file: the agent says who it is, by searching, while they speak."""

import secrets
import string
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Theme, Visit, check_accessible
from tests.browser.test_pages import sit
from tests.calling import StandIn, conversing_about, speaks, stand_in, turns
from tests.integration.desk.test_conversations import called
from tests.recorded import THIRD_HZ, leg, recorded
from tests.surfaces import customer, newcomer, supervisor
from tests.world import World
from trustdesk.kernel.ids import to_public
from trustdesk.sipedge.words.word import Word
from trustdesk.switchboard import words
from trustdesk.switchboard.contracts import Certainty

pytestmark = pytest.mark.browser


@pytest.fixture
def exchange() -> Iterator[StandIn]:
    with stand_in() as exchange:
        yield exchange


@pytest.mark.parametrize(("theme", "ends"), [("light", ""), ("dark", "Enter")])
def test_who_it_is_is_searched_picked_and_identified_by_questions(
    visit: Visit, committed: World, exchange: StandIn, theme: Theme, ends: str
) -> None:
    """Whether the hits are waited for, or asked for by Enter."""
    family = "Etsitty" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
    aino = customer(supervisor(committed), "Aino", family, phone="+358 40 555 0177")
    agent = newcomer(committed, committed.north, "agent")
    context = committed.context(agent, committed.north)
    conversation, interaction, _ = conversing_about(context)
    call = speaks(context, conversation_id=conversation, interaction_id=interaction)

    def react(word: Word) -> None:
        if isinstance(word, words.CustomerKnown):
            turns(context, call, certainty=Certainty.IDENTIFIED, customer_id=word.customer)

    exchange.react = react
    page = sit(visit, agent, "/desk/", theme=theme)
    say = page.locator("#caller").get_by_role("link", name="Say who it is")
    say.click()
    expect(page.locator("#who-query")).to_be_focused()
    page.locator("[name=text][data-key-note]").fill("She asks for the bill of May.")
    say.click()
    expect(page.locator("#who-query")).to_be_focused()
    page.keyboard.type(f"aino {family}")
    if ends:
        page.keyboard.press(ends)
    page.locator("#who-hits summary", has_text=f"Aino {family}").click()
    expect(page.locator("[name=text][data-key-note]")).to_have_value("She asks for the bill of May.")
    page.get_by_label("Identified by questions").check()
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollTop") == 0, "the pane is moved, and nothing else"
    page.get_by_role("button", name="It is this customer").click()
    expect(page.locator(".pane-side .badge-good")).to_have_text("Identified by questions")
    expect(page.locator("#callbar")).to_contain_text("Identified by questions")
    expect(page.locator(".callbar-name")).to_have_text(f"Aino {family}")
    expect(say).to_have_count(0)
    known = [word.customer for word in exchange.words if isinstance(word, words.CustomerKnown)]
    assert known == [aino]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_who_a_third_party_was_is_said_beside_the_recordings(visit: Visit, committed: World, theme: Theme) -> None:
    family = "Kolmas" + "".join(secrets.choice(string.ascii_lowercase) for _ in range(9))
    customer(supervisor(committed), "Bert", family, phone="+358 40 555 0178")
    context = committed.context(committed.agent_north, committed.north)
    opened, interaction = called(context)
    voice = replace(leg(opened.conversation_id), interaction_id=interaction, leg="c", role="third")
    recorded(committed.system(committed.north), voice, hertz=THIRD_HZ)
    page = sit(visit, committed.agent_north, f"/desk/conversations/{to_public(opened.conversation_id)}/", theme=theme)
    page.locator("#recordings").get_by_role("link", name="Say who it is").click()
    page.locator("#who-query").fill(f"bert {family}")
    page.get_by_role("button", name="Find").click()
    page.locator("summary", has_text=family).click()
    page.get_by_label("Identified by questions").check()
    check_accessible(page)
    page.get_by_role("button", name="It is this customer").click()
    expect(page.locator("#recordings").get_by_text("Identified")).to_be_visible()
    page.locator("#recordings summary", has_text="It is somebody else").click()
    check_accessible(page)
    page.get_by_role("button", name="Take the identification back").click()
    expect(page.locator("#recordings").get_by_role("link", name="Say who it is")).to_be_visible()
