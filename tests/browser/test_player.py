"""The player of recordings: heard, sought, paused by keys, in both themes and on a phone; and the pages around it."""

import os
from urllib.parse import urljoin

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE
from tests.integration.delivery import posting
from tests.integration.portal.visiting import mailbox
from tests.recorded import conversation
from tests.world import Person, World
from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import Kind, NewConversation
from trustdesk.identity.services.looking import look_up
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import Ground
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

pytestmark = pytest.mark.browser

NOW = "document.querySelector('[data-audio]').currentTime"


def come(visit: Visit, person: Person, path: str, **more: object) -> Page:
    """The page, once a company is chosen."""
    page = visit("/choose/", person=person, **more)
    page.click("main form .button-primary")
    page.wait_for_load_state()
    page.goto(urljoin(page.url, path))
    return page


def played(page: Page, seconds: float) -> None:
    """Wait until it has got so far: the page's policy lets no test evaluate a condition there."""
    for _turn in range(100):
        if float(page.evaluate(NOW)) > seconds:
            return
        page.wait_for_timeout(50)
    pytest.fail("it does not play")


def shot(page: Page, name: str) -> None:
    if folder := os.environ.get("SHOTS"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_a_recording_is_heard_at_the_desk(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    conversation_id = conversation(committed.system(committed.north), seconds=20, pause=(8, 12))
    path = f"/desk/conversations/{to_public(conversation_id)}/recordings/"
    page = come(visit, committed.supervisor_north, path, theme=theme, size=size)
    check_accessible(page)
    shot(page, f"desk-before-{theme}-{size[0]}")
    page.get_by_label("What do you listen for?").select_option("complaint")
    page.get_by_role("button", name="Listen").click()
    page.wait_for_selector("[data-player][data-ready]")
    check_accessible(page)
    shot(page, f"desk-player-{theme}-{size[0]}")
    assert page.get_by_text("Not recorded from 0:08 to 0:12 (0:04)").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.get_by_role("button", name="Play").click()
    played(page, 0.2)
    page.get_by_role("button", name="Pause").click()
    page.get_by_label("Position").focus()
    before = float(page.evaluate(NOW))
    page.keyboard.press("ArrowRight")
    assert abs(float(page.evaluate(NOW)) - before - 5) < 0.5
    page.keyboard.press("Home")
    assert page.evaluate(NOW) == 0
    page.keyboard.press("Space")
    played(page, 0.1)
    page.keyboard.press("Space")
    page.get_by_label("Speed").select_option("1.5")
    assert page.evaluate("document.querySelector('[data-audio]').playbackRate") == 1.5
    page.locator("svg.waveform").click(position={"x": 5, "y": 5})
    assert float(page.evaluate(NOW)) < 1
    assert page.locator("[data-fault]").is_hidden()


@pytest.mark.parametrize(
    ("theme", "size", "language"), [("light", LAPTOP, "en"), ("dark", LAPTOP, "de"), ("light", PHONE, "fi")]
)
def test_recordings_in_the_console(
    visit: Visit, committed: World, theme: str, size: tuple[int, int], language: str
) -> None:
    context = committed.system(committed.north)
    conversation_id = conversation(context, seconds=5)
    recordings.hold(
        context,
        conversation_id=conversation_id,
        ground=Ground.CLAIM,
        file_number=f"12.P.{conversation_id}",
        now=clock.now(),
    )
    recordings.not_recorded(
        context,
        conversation_id=new_id(),
        interaction_id=1,
        call_id=2,
        reason="no-consent",
        queue="service",
        now=clock.now(),
    )
    look = {"theme": theme, "size": size, "language": language, "elevate": True}
    page = come(visit, committed.officer_north, "/console/recordings/", **look)
    check_accessible(page)
    shot(page, f"console-list-{theme}-{size[0]}-{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.goto(urljoin(page.url, f"/console/recordings/{to_public(conversation_id)}/"))
    check_accessible(page)
    page.locator("form[action$='/verify/'] button").click()
    page.locator("details.proof summary").first.click()
    check_accessible(page)
    shot(page, f"console-one-{theme}-{size[0]}-{language}")
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    page.locator("select[name=purpose]").first.select_option("authority")
    page.locator("form[action$='/listen/'] button").click()
    page.wait_for_selector("[data-player][data-ready]")
    check_accessible(page)


@pytest.mark.parametrize(("theme", "size"), [("light", PHONE), ("dark", LAPTOP)])
def test_a_caller_hears_the_own_copy(
    visit: Visit, cluster: Cluster, committed: World, theme: str, size: tuple[int, int]
) -> None:
    cache.clear()
    company = posting.company()
    person = company.person()
    context = company.context()
    opened = conversations.open_conversation(
        context, new=NewConversation(channel=Kind.CALL, queue="service", language="en"), now=clock.now()
    )
    conversation(context, customer_id=person.customer_id, conversation_id=opened.conversation_id, seconds=4)
    with cluster.connect(DATABASE) as owner:
        owner.execute(
            "UPDATE register_value SET recorded_at = recorded_at - interval '31 days' WHERE controller_id = %s",
            [company.id],
        )
    page = visit(f"/my/{company.id}/", theme=theme, size=size)
    page.fill("[name=address]", "aino@example.com")
    page.locator("main form button").click()
    page.wait_for_load_state()
    (newest,) = company.ask("SELECT max(id) FROM identity_link WHERE controller_id = %s", company.id)
    look_up(company.id, newest[0], now=clock.now())
    page.goto(urljoin(page.url, mailbox(company)))
    page.locator("main form button").click()
    page.get_by_role("link", name="Hear a recording").click()
    check_accessible(page)
    shot(page, f"portal-ask-{theme}-{size[0]}")
    page.get_by_label("Reference of the call").fill("123456789012")
    page.get_by_role("button", name="Find the recording").click()
    assert page.get_by_text("nothing for you to hear").count() == 1
    check_accessible(page)
    page.get_by_label("Reference of the call").fill(opened.reference)
    page.get_by_role("button", name="Find the recording").click()
    page.wait_for_selector("[data-player][data-ready]")
    check_accessible(page)
    shot(page, f"portal-player-{theme}-{size[0]}")
    page.get_by_role("button", name="Play").click()
    played(page, 0.2)
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "call.wav"
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
