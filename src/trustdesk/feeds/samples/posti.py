"""Records of Posti's two files, made as Posti makes them: for samples and tests."""

from datetime import date

TOWNS = (
    ("00100", "HELSINKI", "HELSINGFORS", "091", "HELSINKI", "HELSINGFORS"),
    ("00101", "HELSINKI", "HELSINGFORS", "091", "HELSINKI", "HELSINGFORS"),
    ("02100", "ESPOO", "ESBO", "049", "ESPOO", "ESBO"),
    ("33100", "TAMPERE", "TAMMERFORS", "837", "TAMPERE", "TAMMERFORS"),
    ("40100", "JYVÄSKYLÄ", "", "179", "JYVÄSKYLÄ", ""),
    ("65100", "VAASA", "VASA", "905", "VAASA", "VASA"),
)
STREETS = (
    ("00100", "Mannerheimintie", "Mannerheimvägen", "1", "1", "41"),
    ("00100", "Mannerheimintie", "Mannerheimvägen", "2", "2", "48"),
    ("00250", "Mannerheimintie", "Mannerheimvägen", "1", "43", "105"),
    ("33100", "Hämeenkatu", "Tavastgatan", "", "", ""),
    ("40100", "Vapaudenkatu", "", "1", "27", "73"),
    ("65100", "Koulukatu", "Skolgatan", "2", "2", "60"),
)


def _field(text: str, length: int) -> str:
    return text[:length].ljust(length)


def postcode_record(  # noqa: PLR0917 - a record's fields
    postcode: str,
    town_fi: str,
    town_sv: str = "",
    municipality: str = "000",
    municipality_fi: str = "",
    municipality_sv: str = "",
    *,
    run: date = date(2026, 11, 23),
    since: date = date(2000, 1, 1),
    kind: str = "1",
) -> bytes:
    """One record of a postcode file, 220 octets and a line end."""
    text = (
        f"PONOT{run:%Y%m%d}{_field(postcode, 5)}{_field(town_fi, 30)}{_field(town_sv, 30)}"
        f"{_field(town_fi, 12)}{_field(town_sv, 12)}{since:%Y%m%d}{_field(kind, 1)}"
        f"{_field('', 5)}{_field('', 30)}{_field('', 30)}"
        f"{_field(municipality, 3)}{_field(municipality_fi, 20)}{_field(municipality_sv, 20)}1"
    )
    return text.encode("iso-8859-1") + b"\n"


def street_record(  # noqa: PLR0917 - a record's fields
    postcode: str,
    street_fi: str,
    street_sv: str = "",
    side: str = "",
    lowest: str = "",
    highest: str = "",
    *,
    run: date = date(2026, 11, 23),
    municipality: str = "000",
) -> bytes:
    """One record of a basic address file, 256 octets and a line end."""
    building = "{:>5}" + " " * 8
    text = (
        f"KATUN{run:%Y%m%d}{_field(postcode, 5)}{_field('', 30)}{_field('', 30)}{_field('', 12)}{_field('', 12)}"
        f"{_field(street_fi, 30)}{_field(street_sv, 30)}{_field('', 24)}{_field(side, 1)}"
        f"{building.format(lowest)}{building.format(highest)}"
        f"{_field(municipality, 3)}{_field('', 20)}{_field('', 20)}"
    )
    return text.encode("iso-8859-1") + b"\n"


def postcodes() -> bytes:
    """A postcode file of a few towns."""
    return b"".join(postcode_record(*town, kind="2" if town[0] == "00101" else "1") for town in TOWNS)


def streets() -> bytes:
    """A basic address file of a few streets."""
    return b"".join(street_record(*street) for street in STREETS)
