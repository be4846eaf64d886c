"""The pages of a proof: found, decided, proved; and the customer's code and link."""

from urllib.parse import urljoin

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Visit, check_accessible
from tests.browser.test_pages import LAPTOP, PHONE, sit
from tests.browser.test_portal import come_in
from tests.browser.test_portal import company as company  # noqa: PLC0414 - a fixture of the portal's own
from tests.integration.delivery.posting import Company
from tests.integration.portal.test_certificates import planned
from tests.proving import SOON, at_north, in_an_export
from tests.world import World
from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import PlanState
from trustdesk.kernel import clock
from trustdesk.kernel.ids import to_public

pytestmark = pytest.mark.browser


def seen(page: Page, size: tuple[int, int]) -> None:
    check_accessible(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


@pytest.mark.parametrize(("theme", "size"), [("light", LAPTOP), ("dark", LAPTOP), ("light", PHONE)])
def test_a_proof(visit: Visit, committed: World, theme: str, size: tuple[int, int]) -> None:
    proving = at_north(committed)
    with in_an_export(proving):
        proving.erase()
        path = f"/console/proofs/{to_public(proving.plan_id)}/"
        page = sit(visit, committed.officer_north, path, theme=theme, size=size)
        seen(page, size)
        page.get_by_role("button", name="It was removed: look again").click()
        page.wait_for_load_state()
        assert "It still stands there" in page.locator("main").inner_text()
        page.get_by_label("Why may it stay?").fill("a contract that is being fulfilled")
        page.get_by_label("Which law says so?").fill("Ptk. 6:1")
        page.get_by_role("button", name="It may stay").click()
        page.wait_for_load_state()
        seen(page, size)
    assert proving.carry_out(later=SOON).state is PlanState.DONE
    page.reload()
    seen(page, size)
    page.get_by_role("link", name="All proofs").click()
    page.wait_for_load_state()
    seen(page, size)


@pytest.mark.parametrize(("theme", "size"), [("light", PHONE), ("dark", LAPTOP)])
def test_the_customers_code_and_link(visit: Visit, company: Company, theme: str, size: tuple[int, int]) -> None:
    plan_id = planned(company)
    page = come_in(visit(f"/my/{company.id}/", theme=theme, size=size), company)
    page.goto(urljoin(page.url, f"/my/{company.id}/erasure/code/"))
    seen(page, size)
    page.get_by_role("button", name="Show my code, once").click()
    page.wait_for_load_state()
    seen(page, size)
    page.locator("main a", has_text="/certificate/").click()
    page.wait_for_load_state()
    seen(page, size)
    erasure.approve(company.context(), plan_id=plan_id, now=clock.now())
    assert erasure.carry_out(company.context(), plan_id=plan_id, now=clock.now()).state is PlanState.DONE
    page.reload()
    seen(page, size)
