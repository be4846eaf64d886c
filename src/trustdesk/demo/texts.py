"""What the invented companies say to people: notices, the words of a consent, a newsletter, in their languages."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from trustdesk.clearance.contracts import ELEMENTS, NoticeKind, NoticeText

VERSION = "2026-01"
"""The notices' version, which the register's customers were given too."""

PURPOSES: Mapping[str, Mapping[str, str]] = {
    "service": {"fi": "Asiakaspalvelu", "hu": "Ügyfélszolgálat", "pl": "Obsługa klienta", "de": "Kundendienst"},
    "newsletter": {"fi": "Uutiskirje", "hu": "Hírlevél", "pl": "Biuletyn", "de": "Newsletter"},
    "phone-offers": {
        "fi": "Tarjoukset puhelimitse",
        "hu": "Telefonos ajánlatok",
        "pl": "Oferty przez telefon",
        "de": "Angebote am Telefon",
    },
    "offers": {
        "fi": "Tarjoukset asiakkaillemme",
        "hu": "Ajánlatok ügyfeleinknek",
        "pl": "Oferty dla naszych klientów",
        "de": "Angebote an unsere Kunden",
    },
    "survey": {
        "fi": "Kysely yhteydenoton jälkeen",
        "hu": "Kérdőív a megkeresés után",
        "pl": "Ankieta po kontakcie",
        "de": "Umfrage nach einem Kontakt",
    },
}
"""What the companies contact people for, as each language calls it; English is their own."""

_FILE = Path(__file__).with_name("texts.toml")


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """What a company's texts are filled with. `products` are said in each of its languages."""

    company: str
    address: str
    officer: str
    site: str
    authority: str
    years: int
    products: Mapping[str, str]

    def fill(self, text: str, language: str) -> str:
        named = {
            "company": self.company,
            "address": self.address,
            "officer": self.officer,
            "site": self.site,
            "authority": self.authority,
            "years": self.years,
            "products": self.products[language],
        }
        return text.format(**named)


def notice(house: House, kind: NoticeKind, language: str) -> NoticeText:
    """One of the company's notices, whole, in one language."""
    said = _texts()[language]
    parts = said["every"] | said[kind.value]
    return NoticeText(**{element: house.fill(parts[element], language) for element in ELEMENTS})


def words(house: House, about: str, language: str) -> str:
    """The words of an act: what was agreed to by a channel's name, or how it was taken back."""
    return house.fill(_texts()["words"][language][about], language)


def mail(house: House, language: str) -> tuple[str, str]:
    """The newsletter's subject and text; the name of its reader is a parameter."""
    said = _texts()["mail"][language]
    return house.fill(said["subject"], language), house.fill(said["text"], language)


def season(house: House, language: str) -> tuple[str, str]:
    """Subject and text of the company's campaign: nothing in it is a parameter."""
    said = _texts()["season"][language]
    return house.fill(said["subject"], language), house.fill(said["text"], language)


def script(house: House, language: str) -> str:
    """What an agent says in the company's campaign of calls."""
    return house.fill(_texts()["script"][language]["text"], language)


def asked(house: House, right: str, language: str) -> str:
    """The words of somebody who exercises a right."""
    return house.fill(_texts()["asked"][language][right], language)


@cache
def _texts() -> Mapping[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
