"""What every engine for whole registers can do."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Protocol

from trustdesk.matching.contracts import Pair
from trustdesk.matching.model import Model

if TYPE_CHECKING:  # it takes most of a second to import, and those who rank do without
    import pyarrow as pa


class Engine(Protocol):
    """Links two lists, or finds who stands twice in one, with the same model as `rank`."""

    def link(self, left: "pa.Table | None", right: "pa.Table", model: Model) -> Iterator[Pair]:
        """Pairs of `left` and `right`, or of `right` with itself where `left` is None; tables as `table` makes them."""
        ...
