"""Who somebody is among those a register knows: never certain, always with the odds. Django-free, no tables."""

from collections.abc import Iterable

from trustdesk.matching import addresses, identities, nationalids
from trustdesk.matching.columns import EDITION, WIDTH
from trustdesk.matching.contracts import Address, Identity, Said
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
    "address",
    "fit",
    "identity",
    "judge",
    "national_id",
    "profile",
    "rank",
    "second_identifier",
    "splink_on_duckdb",
    "table",
    "town",
]


def identity(said: Iterable[Said], *, country: str) -> Identity:
    """What a person is known by, from values as somebody wrote them, by the customs of a country (ISO 3166-1 alpha-2).

    Never raises: what can't be read counts as missing, and so does a national number whose check digit is wrong. Of
    several values of one attribute the first said is the one used now; otherwise their order does not matter. Where no
    birth date is said it is the one that the national number holds. 64 values are read.
    """
    return identities.identity(said, country=country)


def national_id(text: str, *, country: str) -> str:
    """A number that a state gave to a person (HETU, PESEL, TAJ, adóazonosító jel, IdNr), in its one notation.

    Empty where no check digit agrees. `country` is tried first: eleven digits may be Polish or German.
    """
    return nationalids.national_id(text, country).number


def address(text: str, *, country: str) -> Address:
    """One address, made comparable as `identity` does."""
    return addresses.address(text, country)


def town(text: str) -> str:
    """A town's name, made comparable as in an address."""
    return addresses.town(text)


def splink_on_duckdb() -> Engine:
    """The engine for whole registers on one machine. Splink and DuckDB are imported now and not before."""
    from trustdesk.matching.engines.splink import SplinkOnDuckDb  # noqa: PLC0415 - seconds, and needed by few

    return SplinkOnDuckDb()
