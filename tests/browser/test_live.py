"""A page that changes by itself, in a real browser: told by the stream, asking where there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.test_pages import sit
from tests.surfaces import source, supervisor
from tests.world import World
from trustdesk.intake import api as intake
from trustdesk.intake.contracts import ColumnMapping, Progress, Target, Undeclared
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.register.contracts import SourceKind

pytestmark = pytest.mark.browser
ROWS = 6
Step = Callable[[Progress], None]


class Import:
    """A list that comes in two rows at a time; `step` is called after each of its three chunks."""

    def __init__(self, world: World, folder: Path) -> None:
        self.context = supervisor(world)
        self.path = folder / "list.csv"
        names = "".join(f"Person {number} {new_id()}\n" for number in range(ROWS))
        self.path.write_text(f"Name\n{names}")
        mapping = ColumnMapping(name=f"list {new_id()}", columns={"Name": Target("name")}, undeclared=Undeclared.DROP)
        self.mapping_id = intake.save_mapping(self.context, mapping=mapping, now=clock.now())

    def run(self, step: Step) -> None:
        intake.import_file(
            self.context,
            path=self.path,
            mapping_id=self.mapping_id,
            source_id=source(self.context, "Old system", SourceKind.IMPORT),
            now=clock.now(),
            processes=1,
            chunk_rows=2,
            listener=step,
        )


@pytest.fixture
def coming(committed: World, tmp_path: Path) -> Import:
    return Import(committed, tmp_path)


def test_the_progress_is_told_and_not_asked_for(visit: Visit, committed: World, coming: Import) -> None:
    page: Page | None = None
    asked: list[str] = []

    def step(progress: Progress) -> None:
        nonlocal page
        if page is None:
            page = sit(visit, committed.supervisor_north, reverse("console:import", args=[progress.run_id]))
            page.on("request", lambda request: asked.append(request.url))
        expect(page.locator("#progress [role=status]")).to_contain_text(f"{progress.counts.rows} rows", timeout=2500)

    coming.run(step)
    assert page is not None
    expect(page.locator("#progress")).to_contain_text("Finished", timeout=2500)
    before = len(asked)
    page.wait_for_timeout(1500)
    assert len(asked) == before, "it asks although it has finished"
    assert sum(address.endswith("/live/") for address in asked) <= 1


@pytest.mark.parametrize("stream", ["refused", "swallowed by a proxy"])
def test_without_a_stream_the_page_asks(visit: Visit, committed: World, coming: Import, stream: str) -> None:
    page: Page | None = None

    def step(progress: Progress) -> None:
        nonlocal page
        if page is None:
            page = sit(visit, committed.supervisor_north, "/console/imports/")
            page.route("**/live/", lambda route: route.fulfill(status=404) if stream == "refused" else None)
            page.goto(page.url.replace("/console/imports/", reverse("console:import", args=[progress.run_id])))
        expect(page.locator("#progress [role=status]")).to_contain_text(f"{progress.counts.rows} rows", timeout=30_000)

    coming.run(step)
    assert page is not None
    expect(page.locator("#progress")).to_contain_text("Finished", timeout=30_000)


def test_a_page_nobody_sees_listens_to_nothing(visit: Visit, committed: World, coming: Import) -> None:
    heard: list[str] = []

    def step(progress: Progress) -> None:
        if heard:
            return
        page = sit(visit, committed.supervisor_north, reverse("console:import", args=[progress.run_id]))
        page.on("requestfinished", lambda request: heard.append(request.url))
        page.on("requestfailed", lambda request: heard.append(request.url))
        page.evaluate(
            "Object.defineProperty(document, 'hidden', {value: true, configurable: true});"
            "document.dispatchEvent(new Event('visibilitychange'))",
        )
        page.wait_for_timeout(500)
        assert [address for address in heard if address.endswith("/live/")], "the stream stayed open"
        with page.expect_request("**/live/"):
            page.evaluate("delete document.hidden; document.dispatchEvent(new Event('visibilitychange'))")

    coming.run(step)
    assert heard


def test_signing_out_elsewhere_leads_to_the_way_in(visit: Visit, committed: World, coming: Import) -> None:
    page: Page | None = None

    def step(progress: Progress) -> None:
        nonlocal page
        if page is not None:
            return
        page = sit(visit, committed.supervisor_north, reverse("console:import", args=[progress.run_id]))
        other = page.context.new_page()
        other.goto(page.url)
        other.locator(".topbar details.menu summary").click()
        other.get_by_role("button", name="Sign out").click()
        page.wait_for_url("**/sign-in/**", timeout=30_000)

    coming.run(step)
