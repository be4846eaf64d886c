"""A thousand people, twenty written forms each, and files of real kinds in which some of them still stand. Seeded."""

import random
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from faker import Faker
from tests import papers

from trustdesk.scan.api import variants
from trustdesk.scan.contracts import Kind, Name, Person, Strength, Variant

PEOPLE, FORMS = 1_000, 20
_COUNTRIES = {
    "HU": ("hu_HU", "+3630", 7),
    "FI": ("fi_FI", "+35840", 7),
    "PL": ("pl_PL", "+4860", 7),
    "DE": ("de_DE", "+49171", 7),
}
_MEGABYTE = 1_000_000
_LINES = 40_000
_LETTERHEAD = 30_000
"""Bytes of a picture or of fonts, of which real documents mostly consist."""
# Bytes on disk of each kind, in hundredths of all.
SHARES = {"log": 25, "csv": 15, "jsonl": 10, "pdf": 10, "docx": 10, "xlsx": 10, "eml": 10, "zip": 10}
PLAIN = frozenset({"log", "csv", "jsonl"})


class Leftover(NamedTuple):
    """Somebody planted in a file."""

    path: str
    person: int


class House:
    """People and their forms, and the lines in which nobody is."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        Faker.seed(seed)
        self._fakers = {country: Faker(locale) for country, (locale, _, _) in _COUNTRIES.items()}
        self.forms = [form for number in range(PEOPLE) for form in self._person(number)]
        self._lines = [self._line() for _ in range(_LINES)]
        self.letterhead = self._random.randbytes(_LETTERHEAD)

    def _person(self, number: int) -> list[Variant]:
        country = list(_COUNTRIES)[number % len(_COUNTRIES)]
        faker, (_, prefix, digits) = self._fakers[country], _COUNTRIES[country]
        given, family = faker.first_name(), faker.last_name()
        own = "".join(self._random.choices("0123456789", k=digits))
        reference = "".join(self._random.choices("0123456789", k=12))
        email = f"{given}.{family}.{number}@example.com".casefold().replace(" ", "")
        person = Person(country=country, names=(Name(given, family),), phones=(prefix + own,), emails=(email,))
        named = [one.text for one in variants(person) if one.kind is Kind.NAME and one.strength is Strength.ALONE]
        names = [f"{given} {family}", f"{family} {given}", f"{family}, {given}"]
        names += [text for text in named if " " in text and "%" not in text and text not in names][
            :: max(len(named) // 9, 1)
        ]
        phones = _notations(prefix, own)
        made = [Variant(Kind.NAME, text, person=number) for text in names[: FORMS - len(phones) - 3]]
        made += [Variant(Kind.PHONE, text, person=number) for text in phones]
        made += [Variant(Kind.EMAIL, email, person=number), Variant(Kind.REFERENCE, reference, person=number)]
        made.append(Variant(Kind.REFERENCE, " ".join(reference[at : at + 3] for at in range(0, 12, 3)), person=number))
        assert len(made) == FORMS, len(made)
        return made

    def _line(self) -> str:
        faker = self._fakers[self._random.choice(list(_COUNTRIES))]
        words = self._random.choices(_WORDS, k=9)
        match self._random.randrange(5):
            case 0:
                words.insert(4, f"{faker.first_name()} {faker.last_name()}")
            case 1:
                words.append(f"+36 1 {self._random.randrange(10**6, 10**7)}")
            case 2:
                words.insert(
                    0, f"2026-{self._random.randrange(1, 13):02}-{self._random.randrange(1, 29):02} 10:15:00.123 INFO"
                )
            case 3:
                words.append(f"{self._random.randrange(10**5):,} EUR, order {self._random.randrange(10**9)}")
        return " ".join(words)

    def lines(self, path: str, count: int, planted: set[Leftover]) -> list[str]:
        """Lines of a file; in one of four hundred somebody is left over."""
        lines = self._random.choices(self._lines, k=count)
        for at in self._random.sample(range(count), max(count // 400, 1)):
            form = self._random.choice(self.forms)
            text = self._random.choice(_cases(form.text))
            lines[at] = f"{self._random.choice(_WORDS)} ({text}) {self._random.choice(_WORDS)}"
            planted.add(Leftover(path, form.person))
        return lines


def _cases(text: str) -> tuple[str, ...]:
    """As written twice as often; ß has no capital of its own, and SS is another form."""
    return (text, text, text.lower(), text if "ß" in text else text.upper())


def _notations(prefix: str, own: str) -> list[str]:
    whole = prefix + own
    code = whole[1:3] if not whole.startswith("+358") else whole[1:4]
    national = whole[1 + len(code) :]
    area, rest = national[:2], national[2:]
    trunk = {"36": "06", "48": ""}.get(code, "0")
    return [
        whole,
        f"00{whole[1:]}",
        f"+{code} {area} {rest[:3]} {rest[3:]}",
        f"{trunk}{area} {rest[:3]} {rest[3:]}",
        f"{trunk}{area}-{rest[:3]}-{rest[3:]}",
        f"({trunk}{area}) {rest}",
        f"+{code}/{area}/{rest}",
    ]


def fill(folder: Path, house: House, megabytes: int) -> set[Leftover]:
    """Files of all kinds, `megabytes` on disk; who was planted where."""
    planted: set[Leftover] = set()
    for kind, share in SHARES.items():
        wanted = megabytes * _MEGABYTE * share // 100
        (folder / kind).mkdir(parents=True)
        number = written = 0
        while written < wanted:
            path = f"{kind}/{number}.{kind}"
            content = _FILES[kind](house, path, planted)
            (folder / path).write_bytes(content)
            number, written = number + 1, written + len(content)
    return planted


def _log(house: House, path: str, planted: set[Leftover]) -> bytes:
    return "\n".join(house.lines(path, 20_000, planted)).encode()


def _csv(house: House, path: str, planted: set[Leftover]) -> bytes:
    return "\r\n".join(f'{at};"{line}";0' for at, line in enumerate(house.lines(path, 20_000, planted))).encode()


def _jsonl(house: House, path: str, planted: set[Leftover]) -> bytes:
    lines = house.lines(path, 20_000, planted)
    return "\n".join(f'{{"id":{at},"note":"{line}","ok":true}}' for at, line in enumerate(lines)).encode()


def _pdf(house: House, path: str, planted: set[Leftover]) -> bytes:
    return papers.pdf(list(_by(house.lines(path, 200, planted), 50)), picture=house.letterhead)


def _docx(house: House, path: str, planted: set[Leftover]) -> bytes:
    return papers.docx(house.lines(path, 200, planted), picture=house.letterhead)


def _xlsx(house: House, path: str, planted: set[Leftover]) -> bytes:
    return papers.xlsx([(at, line, at * 1.5) for at, line in enumerate(house.lines(path, 3_000, planted))])


def _eml(house: House, path: str, planted: set[Leftover]) -> bytes:
    attached = {"offer.docx": _docx(house, path, planted), "offer.pdf": _pdf(house, path, planted)}
    return papers.mail("An offer", house.lines(path, 100, planted), attached)


def _zip(house: House, path: str, planted: set[Leftover]) -> bytes:
    return papers.zipped({f"{at}.log": "\n".join(house.lines(path, 4_000, planted)).encode() for at in range(5)})


def _by(lines: list[str], count: int) -> Iterator[list[str]]:
    rest = iter(lines)
    while page := list(islice(rest, count)):
        yield page


_FILES = {
    "log": _log,
    "csv": _csv,
    "jsonl": _jsonl,
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "eml": _eml,
    "zip": _zip,
}
_WORDS = tuple(
    """Tisztelt ügyfelünk szerződés módosítás számla kiegyenlítés határidő köszönjük válaszát előfizetés visszaigazolás
    hyvä asiakas sopimus lasku maksettu toimitus osoitteeseen päivitetty käsitelty yhteydenotto vahvistus
    szanowny kliencie umowa płatność została zaksięgowana wysyłka potwierdzenie zgłoszenie zażalenie odpowiedź
    sehr geehrter Kunde Vertrag Rechnung überwiesen Lieferung Bestätigung Rückfrage Änderung zurückgesendet
    request accepted timeout retry connection closed payment received customer called later status open closed
    """.split()  # noqa: SIM905  (five languages, as they are read)
)
