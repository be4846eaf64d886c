"""The page of retention as an officer sees it who has begun an elevated session, with a run on its way."""

from datetime import timedelta
from urllib.parse import urljoin

import pytest

from tests.browser.conftest import Visit, check_accessible
from tests.surfaces import customer, newcomer, supervisor
from tests.world import World
from trustdesk.kernel import clock
from trustdesk.register import api as register
from trustdesk.retention import api as retention
from trustdesk.retention.contracts import Ground, NewRule, Start

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "theme", "size"),
    [("en", "light", (1280, 720)), ("de", "dark", (390, 800)), ("fi", "light", (1280, 720))],
)
def test_rules_what_is_over_and_runs(
    visit: Visit, committed: World, language: str, theme: str, size: tuple[int, int]
) -> None:
    context, now = committed.system(committed.north), clock.now()
    aino = customer(supervisor(committed), "Aino", "Vanha")
    register.add_note(context, customer_id=aino, text="old", now=now - timedelta(days=1_900))
    kept = NewRule(
        kind="register.kept",
        months=120,
        counted_from=Start.YEAR_END,
        ground=Ground.STATUTE,
        source="HGB § 257(4), AO § 147(3)",
        country="DE",
    )
    for rule in (NewRule(kind="register.note", months=24), kept):
        retention.set_rule(context, new=rule, now=now)
    run = retention.start(context, digest=retention.preview(context, now=now).digest, most=1, now=now)
    officer = newcomer(committed, committed.north, "officer")
    page = visit("/choose/", person=officer, language=language, theme=theme, size=size, elevate=True)
    page.click("main form .button-primary")
    page.wait_for_load_state()
    page.goto(urljoin(page.url, "/console/retention/"))
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert page.locator("progress").count() == 1
    retention.stop(context, run_id=run.run_id, now=clock.now())
    page.reload()
    page.locator("form[action$='/start/'] button").focus()
    page.keyboard.press("Tab")
    check_accessible(page)
