"""Two companies, and the installation's own settings; what a test saves is rolled back."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from tests.companies import companies, north, south
from tests.world import World

__all__ = ["companies", "north", "room", "south"]


@pytest.fixture
def room(committed: World) -> Iterator[World]:
    """The installation's settings belong to everybody: what a test sets is taken back."""
    with transaction.atomic():
        yield committed
        transaction.set_rollback(True)
