"""Who somebody is among those a register knows: never certain, always with the odds. Django-free, no tables."""

from trustdesk.matching.columns import EDITION, WIDTH
from trustdesk.matching.engines.contracts import Engine
from trustdesk.matching.engines.tables import table
from trustdesk.matching.fitting import fit
from trustdesk.matching.index import Index
from trustdesk.matching.judging import judge, second_identifier
from trustdesk.matching.model import Model, UnreadableModelError
from trustdesk.matching.profile import profile
from trustdesk.matching.ranking import Rankings, rank

__all__ = [
    "EDITION",
    "WIDTH",
    "Engine",
    "Index",
    "Model",
    "Rankings",
    "UnreadableModelError",
    "fit",
    "judge",
    "profile",
    "rank",
    "second_identifier",
    "splink_on_duckdb",
    "table",
]


def splink_on_duckdb() -> Engine:
    """The engine for whole registers on one machine. Splink and DuckDB are imported now and not before."""
    from trustdesk.matching.engines.splink import SplinkOnDuckDb  # noqa: PLC0415 - seconds, and needed by few

    return SplinkOnDuckDb()
