"""A company of its own for every test that sends."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.campaigns.campaigning import Campaigning, campaigning
from tests.world import World


@pytest.fixture
def room(world: World, tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Campaigning]:
    with django_db_blocker.unblock():
        yield campaigning(tmp_path)
