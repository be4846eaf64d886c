"""The rule packs in force in this process."""

from functools import cache

from trustdesk.decision.api import RULEPACKS, PackHolder
from trustdesk.decision.contracts import BrokenPackError, Packs


@cache
def _holder() -> PackHolder:
    return PackHolder(RULEPACKS)


def packs() -> Packs:
    """Raises BrokenPackError where the first load finds a broken pack: without rules nothing is permitted."""
    return _holder().packs


def reload() -> BrokenPackError | None:
    """Read the folder again; the error where a pack is broken: then the old ones stay in force."""
    return _holder().reload()
