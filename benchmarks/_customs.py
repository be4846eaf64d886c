"""How people of four countries are called, where they live and by what number they are reached: names and places of
the libraries that invent them, streets and towns as unequal as in life, everything drawn by numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from faker.providers.address import de_DE as de_places
from faker.providers.address import fi_FI as fi_places
from faker.providers.address import hu_HU as hu_places
from faker.providers.address import pl_PL as pl_places
from faker.providers.person import de_DE, fi_FI, hu_HU, pl_PL

FEMALE, MALE = 0, 1
STREETS = 600  # of a country; a town has some of them
_FINNISH_ENDINGS = ("la", "nen", "sto", "mäki", "niemi", "vaara", "lahti", "koski", "ranta", "järvi", "salo", "luoto")
_HUNGARIAN_ENDINGS = (
    *("i", "fi", "falvi", "házi", "vári", "hegyi", "ssy", "os", "helyi", "szegi", "pataki", "völgyi", "aljai", "földi"),
    *("kúti", "laki", "mezei", "révi", "szentesi", "telki", "tói", "városi"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """An address in parts, as it would be written out in full."""

    street: str
    house: str
    flat: str
    postcode: str
    town: str


@dataclass(frozen=True, slots=True)
class Customs:
    """What is customary in a country. Numbers of names and places are their rank: the smaller, the commoner."""

    country: str
    families: Sequence[str]
    givens: tuple[Sequence[str], Sequence[str]]  # of women, of men
    short: Mapping[str, str]  # what somebody of that name is called
    streets: Sequence[str]
    abbreviated: tuple[str, str]  # the usual word for a street, and how it is shortened
    towns: Sequence[str]
    postcode: Callable[[int, int], str]  # of a town, and which of its own
    mobile: Callable[[int], str]  # national
    landline: Callable[[int], str]
    prefix: str
    written: Callable[[Place], str]
    flats: bool = True
    feminine: bool = False  # a surname has a form of its own for women

    def family(self, number: int, sex: int) -> str:
        name = self.families[number]
        if self.feminine and sex == FEMALE and name.endswith(("ski", "cki", "dzki")):
            return name[:-1] + "a"
        return name


def _made(stems: Sequence[str], endings: Sequence[str], vowels: str) -> list[str]:
    """The libraries know a few hundred surnames; a country has tens of thousands. Known ones come first."""
    made = dict.fromkeys(stems)
    for ending in endings:
        for stem in stems:
            root = stem.rstrip(vowels)
            if len(root) >= 3:
                made.setdefault(root.removesuffix("nen").removesuffix("ski") + ending)
    return list(made)


def _without_double(names: Sequence[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if " " not in name and "-" not in name]


def _finnish_place(place: Place) -> str:
    return f"{place.street} {place.house}{place.flat and f' {place.flat}'}, {place.postcode} {place.town}"


def _polish_place(place: Place) -> str:
    return f"{place.street} {place.house}{place.flat and f'/{place.flat}'}, {place.postcode} {place.town}"


def _hungarian_place(place: Place) -> str:
    return f"{place.postcode} {place.town}, {place.street} {place.house}.{place.flat and f' {place.flat}'}"


def _finland() -> Customs:
    known = ("Helsinki", "Espoo", "Tampere", "Vantaa", "Oulu", "Turku", "Jyväskylä", "Kuopio", "Lahti", "Pori")
    provider = fi_FI.Provider
    prefixes = [prefix.strip() for prefix in fi_places.Provider.street_prefixes]
    ends = ("katu", "tie", "polku", "kuja")
    streets = [f"{prefix}{end}" for end in ends for prefix in prefixes if " " not in prefix]
    return Customs(
        country="FI",
        families=_made(provider.last_names, _FINNISH_ENDINGS, "aeiouyäö"),
        givens=(_without_double(provider.first_names_female), _without_double(provider.first_names_male)),
        short={"Johannes": "Juha", "Aleksi": "Ale", "Katariina": "Kati", "Elisabet": "Liisa", "Mikael": "Mikko"},
        streets=streets[:STREETS],
        abbreviated=("katu", "k."),
        towns=list(dict.fromkeys([*known, *fi_places.Provider.cities])),
        postcode=lambda town, own: f"{(town * 263 + own * 10) % 99_000 + 100:05d}",
        mobile=lambda number: f"040 {number % 10**7:07d}",
        landline=lambda number: f"09 {4_000_000 + number % 10**6}",
        prefix="+358",
        written=_finnish_place,
    )


def _poland() -> Customs:
    provider = pl_PL.Provider
    unisex = tuple(getattr(provider, "unisex_last_names", ())) or tuple(provider.last_names)
    men = tuple(getattr(provider, "male_last_names", ()))
    women = ("Anna", "Maria", "Katarzyna", "Małgorzata", "Barbara", "Joanna", "Magdalena", "Zofia", "Teresa", "Beata")
    return Customs(
        country="PL",
        families=_made([*men, *sorted(unisex)], ("owski", "ak", "czyk", "ewicz"), "aeiouyó"),
        givens=(_without_double([*women, *provider.first_names_female]), _without_double(provider.first_names_male)),
        short={"Katarzyna": "Kasia", "Małgorzata": "Gosia", "Joanna": "Asia", "Jakub": "Kuba", "Tomasz": "Tomek"},
        streets=[f"ul. {street}" for street in pl_places.Provider.streets][:STREETS],
        abbreviated=("ul. ", "ulica "),
        towns=list(dict.fromkeys(pl_places.Provider.cities)),
        postcode=lambda town, own: f"{town * 37 % 99 + 1:02d}-{(town * 11 + own * 3) % 1000:03d}",
        mobile=lambda number: f"50{number % 10} {number // 10 % 1000:03d} {number // 10_000 % 1000:03d}",
        landline=lambda number: f"22 {6_000_000 + number % 10**6}",
        prefix="+48",
        written=_polish_place,
        feminine=True,
    )


def _germany() -> Customs:
    known = ("Berlin", "Hamburg", "München", "Köln", "Frankfurt am Main", "Stuttgart", "Düsseldorf", "Leipzig")
    provider = de_DE.Provider
    ends = ("straße", "weg", "gasse", "allee")
    streets = [f"{name}{end}" for end in ends for name in _without_double(provider.last_names)]
    return Customs(
        country="DE",
        families=_made(provider.last_names, ("mann", "er", "berg", "stein", "hoff", "ing", "bach", "dorf"), "aeiou"),
        givens=(_without_double(provider.first_names_female), _without_double(provider.first_names_male)),
        short={
            "Johannes": "Hans",
            "Elisabeth": "Lisa",
            "Katharina": "Kathrin",
            "Alexander": "Alex",
            "Michael": "Michi",
        },
        streets=streets[:STREETS],
        abbreviated=("straße", "str."),
        towns=list(dict.fromkeys([*known, *de_places.Provider.cities])),
        postcode=lambda town, own: f"{(town * 251 + own * 7) % 98_000 + 1067:05d}",
        mobile=lambda number: f"0151 {20_000_000 + number % 10**7}",
        landline=lambda number: f"030 {20_000_000 + number % 10**7}",
        prefix="+49",
        written=_finnish_place,
        flats=False,
    )


def _hungary() -> Customs:
    provider, places = hu_HU.Provider, hu_places.Provider
    names = (*places.frequent_street_names, "Rákóczi", "Bem József", "Bartók Béla", "Táncsics Mihály", "Fő", "Jókai")
    flowers = ("Akácfa", "Hársfa", "Rózsa", "Liliom", "Nefelejcs", "Orgona", "Tölgyfa", "Gesztenye", "Meggyfa", "Sport")
    ends = ("utca", "út", "tér", "köz")
    streets = [
        f"{name} {end}" for end in ends for name in (*names, *flowers, *(f"{t}i" for t in places.real_city_names))
    ]
    return Customs(
        country="HU",
        families=_made(provider.last_names, _HUNGARIAN_ENDINGS, "aeiouóöőúüű"),
        givens=(_without_double(provider.first_names_female), _without_double(provider.first_names_male)),
        short={"Erzsébet": "Erzsi", "László": "Laci", "István": "Pista", "József": "Józsi", "Katalin": "Kati"},
        streets=streets[:STREETS],
        abbreviated=(" utca", " u."),
        towns=list(places.real_city_names),
        postcode=lambda town, own: f"{(town * 241 + own) % 8_900 + 1011:04d}",
        mobile=lambda number: f"06 30 {number % 10**7:07d}",
        landline=lambda number: f"06 1 {2_000_000 + number % 10**6}",
        prefix="+36",
        written=_hungarian_place,
    )


CUSTOMS: Sequence[Customs] = (_finland(), _poland(), _germany(), _hungary())


def international(customs: Customs, number: str) -> str:
    """The number as it is dialed from abroad."""
    trunk = "06" if customs.country == "HU" else "" if customs.country == "PL" else "0"
    return f"{customs.prefix} {number.removeprefix(trunk).strip()}"
