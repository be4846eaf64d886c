"""A company of its own for every test that erases."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.erasing import Rooms, rooms
from tests.world import World

from trustdesk.erasure.steps import steps


@pytest.fixture
def held(world: World, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Rooms]:
    with django_db_blocker.unblock():
        yield rooms(tmp_path)


@pytest.fixture(autouse=True)
def own_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Erasure's own. What stands above it brings steps that are tried there, each with a scan of everything."""
    own = {name: step for name, step in steps if "." not in name}
    monkeypatch.setattr(steps, "_things", own)
