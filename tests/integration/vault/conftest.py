"""A company of its own with keys for each test, and a journal that remembers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

import pytest
from tests.world import World

from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.mandates import api as mandates
from trustdesk.vault import api as vault
from trustdesk.vault.services import keyring


@dataclass
class Recording:
    """Stands in for the journal: what was opened and done, in its order."""

    lines: list[tuple[str, object]] = field(default_factory=list)

    def opening(self, context: AccessContext, opening: Opening) -> None:
        self.lines.append(("opening", opening))

    def deed(
        self,
        context: AccessContext,
        what: str,
        *,
        subjects: Sequence[int] = (),
        detail: dict[str, object] | None = None,
    ) -> None:
        self.lines.append((what, (tuple(subjects), detail)))

    def named(self, what: str) -> list[object]:
        return [content for name, content in self.lines if name == what]


Company = Callable[[], AccessContext]


@pytest.fixture
def company(committed: World) -> Iterator[Company]:
    """Makes companies: each call a new one, provisioned, with a job's context."""

    def make() -> AccessContext:
        made = mandates.create_controller(
            name=f"Company {to_public(new_id())}",
            country="HU",
            languages=["hu"],
            time_zone="Europe/Budapest",
            by=None,
            now=clock.now(),
        )
        context = replace(committed.system(made), journal=Recording())
        vault.provision_controller(context, now=clock.now())
        return context

    yield make
    keyring.forget()


@pytest.fixture
def context(company: Company) -> AccessContext:
    return company()


@pytest.fixture
def journal(context: AccessContext) -> Recording:
    assert isinstance(context.journal, Recording)
    return context.journal


PLACE = vault.Place("register_value", "sealed", row=1)


def sealed(context: AccessContext, text: str, *, customer_id: int = 1, retention: str = "service") -> vault.SealedBox:
    with vault.Sealer(context) as sealer:
        box = sealer.seal(customer_id, retention, PLACE, text)
    return vault.SealedBox(customer_id, retention, PLACE, box)


def opened(context: AccessContext, *boxes: vault.SealedBox) -> list[str | None]:
    opening = Opening("test", [box.customer_id for box in boxes], ("name",))
    return vault.open_many(context, opening=opening, boxes=boxes)
