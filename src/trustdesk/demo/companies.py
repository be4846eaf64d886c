"""The invented client companies: where they are, which languages they speak, and what their texts are filled with."""

from dataclasses import dataclass

from trustdesk.demo.texts import House


@dataclass(frozen=True, slots=True)
class Company:
    """An invented client company, and how many customers of which Faker locale it has."""

    name: str
    country: str
    languages: tuple[str, ...]
    time_zone: str
    people: tuple[tuple[str, int], ...]
    house: House


COMPANIES = (
    Company(
        "Revontuli Energia Oy",
        "FI",
        ("fi", "en", "de"),
        "Europe/Helsinki",
        (("fi_FI", 500), ("de_DE", 120)),
        House(
            company="Revontuli Energia Oy",
            address="Voimakatu 5, 33100 Tampere, Suomi",
            officer="tietosuoja@revontuli.example.com",
            site="https://revontuli.example.com/privacy",
            authority="Tietosuojavaltuutetun toimisto (tietosuoja.fi)",
            years=6,
            products={"fi": "sähkö ja laajakaista", "en": "electricity and broadband", "de": "Strom und Internet"},
        ),
    ),
    Company(
        "Tisza Távközlés Kft.",
        "HU",
        ("hu", "en", "pl"),
        "Europe/Budapest",
        (("hu_HU", 500), ("pl_PL", 180)),
        House(
            company="Tisza Távközlés Kft.",
            address="Tisza-part utca 12., 6720 Szeged, Magyarország",
            officer="adatvedelem@tisza.example.com",
            site="https://tisza.example.com/privacy",
            authority="Nemzeti Adatvédelmi és Információszabadság Hatóság (naih.hu)",
            years=8,
            products={"hu": "internet és mobil", "en": "internet and mobile", "pl": "internet i telefon"},
        ),
    ),
)
