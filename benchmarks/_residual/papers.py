"""Telephone numbers, addresses, and the numbers that the authorities of five countries give to people."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from stdnum.at import vnr
from stdnum.iso7064 import mod_11_10
from stdnum.pl import pesel

COUNTRIES = ("HU", "FI", "PL", "DE", "AT")
_CALLING = MappingProxyType({"HU": "36", "FI": "358", "PL": "48", "DE": "49", "AT": "43"})
_TRUNK = MappingProxyType({"HU": "06", "FI": "0", "PL": "", "DE": "0", "AT": "0"})
# Area and how many digits come after it.
_MOBILE = MappingProxyType(
    {
        "HU": (("20", 7), ("30", 7), ("70", 7)),
        "FI": (("40", 7), ("44", 7), ("50", 7), ("45", 7)),
        "PL": (("501", 6), ("602", 6), ("724", 6), ("888", 6)),
        "DE": (("151", 8), ("171", 7), ("160", 7), ("176", 8)),
        "AT": (("664", 7), ("676", 7), ("699", 8)),
    }
)
_LANDLINE = MappingProxyType(
    {
        "HU": (("1", 7), ("76", 6), ("52", 6)),
        "FI": (("9", 7), ("3", 7), ("2", 7)),
        "PL": (("22", 7), ("58", 7), ("12", 7)),
        "DE": (("30", 8), ("89", 8), ("6221", 6)),
        "AT": (("1", 7), ("316", 6), ("512", 6)),
    }
)
# Street as people write it in full and in short, a line each; the towns with their postcodes.
_STREETS = MappingProxyType(
    {
        "HU": (
            ("Kossuth Lajos utca", "Kossuth L. u."),
            ("Petőfi Sándor utca", "Petőfi S. u."),
            ("Rákóczi Ferenc körút", "Rákóczi F. krt."),
            ("Széchenyi István tér", "Széchenyi I. tér"),
            ("Szent László utca", "Szt. László u."),
            ("Bajcsy-Zsilinszky Endre út", "Bajcsy-Zs. E. út"),
            ("Arany János utca", "Arany J. u."),
            ("Deák Ferenc tér", "Deák F. tér"),
            ("Báthory István utca", "Báthory I. u."),
            ("Ady Endre út", "Ady E. út"),
            ("József Attila utca", "József A. u."),
            ("Hunyadi János utca", "Hunyadi J. u."),
            ("Dózsa György út", "Dózsa Gy. út"),
            ("Vörösmarty Mihály utca", "Vörösmarty M. u."),
            ("Bem József rakpart", "Bem J. rkp."),
        ),
        "FI": (
            ("Aleksanterinkatu", "Aleksanterink."),
            ("Hämeenkatu", "Hämeenk."),
            ("Kauppakatu", "Kauppak."),
            ("Itäinen Pitkäkatu", "It. Pitkäk."),
            ("Vähäheikkiläntie", "Vähäheikkilänt."),
            ("Yliopistonkatu", "Yliopistonk."),
            ("Läntinen Rantakatu", "Länt. Rantak."),
            ("Koulukatu", "Kouluk."),
            ("Puistokatu", "Puistok."),
            ("Satamatie", "Satamat."),
            ("Kirkkokatu", "Kirkkok."),
            ("Myllymäentie", "Myllymäent."),
            ("Pohjoisesplanadi", "Pohjoisespl."),
        ),
        "PL": (
            ("ulica Długa", "ul. Długa"),
            ("ulica Świętokrzyska", "ul. Świętokrzyska"),
            ("aleja Niepodległości", "al. Niepodległości"),
            ("plac Wolności", "pl. Wolności"),
            ("ulica Generała Józefa Bema", "ul. Gen. J. Bema"),
            ("ulica Mickiewicza", "ul. Mickiewicza"),
            ("aleja Jana Pawła II", "al. Jana Pawła II"),
            ("ulica Księdza Popiełuszki", "ul. Ks. Popiełuszki"),
            ("osiedle Słoneczne", "os. Słoneczne"),
            ("ulica Żeromskiego", "ul. Żeromskiego"),
            ("ulica Świętej Barbary", "ul. Św. Barbary"),
            ("plac Kościuszki", "pl. Kościuszki"),
            ("ulica Profesora Groszkowskiego", "ul. Prof. Groszkowskiego"),
        ),
        "DE": (
            ("Schönhauser Straße", "Schönhauser Str."),
            ("Königstraße", "Königstr."),
            ("Große Bleichen", "Gr. Bleichen"),
            ("Bahnhofstraße", "Bahnhofstr."),
            ("Marienplatz", "Marienpl."),
            ("Lübecker Straße", "Lübecker Str."),
            ("Gartenstraße", "Gartenstr."),
            ("Sankt-Georgs-Platz", "St.-Georgs-Pl."),
            ("Mühlenstraße", "Mühlenstr."),
            ("Professor-Huber-Platz", "Prof.-Huber-Pl."),
            ("Kleine Rosenstraße", "Kl. Rosenstr."),
            ("Jägerstraße", "Jägerstr."),
            ("Doktor-Krauß-Straße", "Dr.-Krauß-Str."),
        ),
        "AT": (
            ("Mariahilfer Straße", "Mariahilfer Str."),
            ("Wiedner Hauptstraße", "Wiedner Hauptstr."),
            ("Sankt-Peter-Hauptstraße", "St.-Peter-Hauptstr."),
            ("Grabengasse", "Grabeng."),
            ("Südtiroler Platz", "Südtiroler Pl."),
            ("Landstraßer Hauptstraße", "Landstraßer Hauptstr."),
            ("Schönbrunner Straße", "Schönbrunner Str."),
            ("Mühlgasse", "Mühlg."),
            ("Doktor-Karl-Renner-Ring", "Dr.-Karl-Renner-Ring"),
            ("Annenstraße", "Annenstr."),
            ("Innstraße", "Innstr."),
            ("Kirchengasse", "Kircheng."),
            ("Josefsplatz", "Josefspl."),
        ),
    }
)
_TOWNS = MappingProxyType(
    {
        "HU": (
            ("6000", "Kecskemét"),
            ("9021", "Győr"),
            ("4400", "Nyíregyháza"),
            ("7621", "Pécs"),
            ("8000", "Székesfehérvár"),
            ("3525", "Miskolc"),
            ("9700", "Szombathely"),
        ),
        "FI": (
            ("20100", "Turku"),
            ("33100", "Tampere"),
            ("40100", "Jyväskylä"),
            ("15110", "Lahti"),
            ("90100", "Oulu"),
            ("70100", "Kuopio"),
            ("00100", "Helsinki"),
        ),
        "PL": (
            ("80-831", "Gdańsk"),
            ("00-950", "Warszawa"),
            ("90-001", "Łódź"),
            ("50-102", "Wrocław"),
            ("61-001", "Poznań"),
            ("31-001", "Kraków"),
            ("35-001", "Rzeszów"),
        ),
        "DE": (
            ("10119", "Berlin"),
            ("80331", "München"),
            ("50667", "Köln"),
            ("48143", "Münster"),
            ("04109", "Leipzig"),
            ("28195", "Bremen"),
            ("97070", "Würzburg"),
        ),
        "AT": (
            ("1060", "Wien"),
            ("8010", "Graz"),
            ("6020", "Innsbruck"),
            ("3100", "St. Pölten"),
            ("4020", "Linz"),
            ("5020", "Salzburg"),
            ("9020", "Klagenfurt"),
        ),
    }
)
_HETU_LETTERS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
_FIRST_TAX_DAY = date(1867, 1, 1)


@dataclass(frozen=True, slots=True)
class Phone:
    calling: str
    trunk: str  # what is dialed before the area at home: 06, 0, nothing
    area: str
    number: str

    def __str__(self) -> str:
        return f"+{self.calling}{self.area}{self.number}"


@dataclass(frozen=True, slots=True)
class Address:
    country: str
    street: str
    short: str
    house: str
    postcode: str
    town: str

    def __str__(self) -> str:
        street = f"{self.street} {self.house}"
        place = f"{self.postcode} {self.town}"
        return f"{place}, {street}." if self.country == "HU" else f"{street}, {place}"


def mobile_of(country: str, chance: random.Random) -> Phone:
    return _phone(country, _MOBILE[country], chance)


def landline_of(country: str, chance: random.Random) -> Phone:
    return _phone(country, _LANDLINE[country], chance)


def _phone(country: str, plan: tuple[tuple[str, int], ...], chance: random.Random) -> Phone:
    area, digits = chance.choice(plan)
    number = str(chance.randrange(2 * 10 ** (digits - 1), 10**digits))
    return Phone(_CALLING[country], _TRUNK[country], area, number)


def address_of(country: str, chance: random.Random) -> Address:
    street, short = chance.choice(_STREETS[country])
    postcode, town = chance.choice(_TOWNS[country])
    door = chance.randrange(1, 60)
    house = str(chance.randrange(1, 180))
    house += {"HU": "", "FI": f" B {door}", "PL": f"/{door}", "DE": chance.choice(("", "a", "b")), "AT": f"/{door}"}[
        country
    ]
    return Address(country, street, short, house, postcode, town)


def national_id_of(country: str, born: date, sex: str, chance: random.Random) -> str:
    """Tax number in Hungary and Germany, henkilötunnus, PESEL, Austrian insurance number; check digits hold."""
    return _IDS[country](born, sex, chance)


def _hungarian(born: date, _sex: str, chance: random.Random) -> str:
    while True:
        body = f"8{(born - _FIRST_TAX_DAY).days:05d}{chance.randrange(1000):03d}"
        check = sum(place * int(digit) for place, digit in enumerate(body, 1)) % 11
        if check < 10:
            return f"{body}{check}"


def _finnish(born: date, sex: str, chance: random.Random) -> str:
    serial = chance.randrange(10, 899) // 2 * 2 + (sex == "m")
    check = _HETU_LETTERS[int(f"{born:%d%m%y}{serial:03d}") % 31]
    return f"{born:%d%m%y}{'-' if born.year < 2000 else 'A'}{serial:03d}{check}"


def _polish(born: date, sex: str, chance: random.Random) -> str:
    month = born.month + (20 if born.year >= 2000 else 0)
    serial = chance.randrange(10_000) // 2 * 2 % 10_000 + (sex == "m")
    body = f"{born:%y}{month:02d}{born:%d}{serial:04d}"
    return body + pesel.calc_check_digit(body)


def _german(_born: date, _sex: str, chance: random.Random) -> str:
    """Ten digits of which one occurs twice and one not at all, then the check digit."""
    digits = chance.sample("0123456789", 9)
    digits.insert(chance.randrange(2, 9), digits[0])
    body = "".join(digits)
    if body[0] == "0":
        body = body.replace("0", "x").replace(body[1], "0").replace("x", body[1])
    return body + mod_11_10.calc_check_digit(body)


def _austrian(born: date, _sex: str, chance: random.Random) -> str:
    while True:
        serial, day = str(chance.randrange(100, 1000)), f"{born:%d%m%y}"
        check = vnr.calc_check_digit(f"{serial}0{day}")
        if len(check) == 1 and check.isdigit():
            return f"{serial}{check}{day}"


_IDS: dict[str, Callable[[date, str, random.Random], str]] = {
    "HU": _hungarian,
    "FI": _finnish,
    "PL": _polish,
    "DE": _german,
    "AT": _austrian,
}
