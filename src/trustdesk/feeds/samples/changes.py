"""A sample of each format that changes come in. Nobody in them exists; the Finnish personal codes are of the range that
the population register gives to test persons.
"""

import json
from collections.abc import Mapping
from typing import NamedTuple


class Sample(NamedTuple):
    """A file as it comes in, and how its format is told to read it."""

    name: str
    content: bytes
    reading: Mapping[str, object]


_TABLE_COLUMNS = {
    "id": "position", "customer": "key", "what": "kind", "from": "as_of", "given name": "person:given_name",
    "family name": "person:family_name", "born": "person:birth_date", "new family name": "becomes:family_name",
    "street": "becomes:address/street", "house": "becomes:address/house", "flat": "becomes:address/flat",
    "postcode": "becomes:address/postcode", "town": "becomes:address/town", "new phone": "becomes:phone",
    "old phone": "ends:phone",
}  # fmt: skip
_TABLE = """\
id;customer;what;from;given name;family name;born;new family name;street;house;flat;postcode;town;new phone;old phone
1;10001;move;2026-11-02;Aino;Esimerkki;1980-01-04;;Hämeenkatu;12;A 4;33100;Tampere;;
2;10002;name;2026-11-03;Liisa;Malli;1985-07-24;Mallinen;;;;;;;
3;;death;2026-11-04;Eino;Esimerkki;1939-03-12;;;;;;;;
4;10004;phone;2026-11-05;Matti;Testilä;1990-03-12;;;;;;;+358 457 3000 004;+358 457 3000 003
"""
_LINES = (
    {"id": 1, "from": "2026-11-02T08:00:00+01:00", "name": "Minta Károlyné", "born": "1961.02.03.",
     "email": "karolyne.minta@example.hu"},
    {"id": 2, "from": "2026-11-03T08:00:00+01:00", "name": "Példa Anna", "born": "1992.10.11.",
     "email": "anna.pelda@example.hu"},
)  # fmt: skip
_ADDRESSFACTORY_COLUMNS = {
    "KDNR": "key", "VORNAME": "person:given_name", "NACHNAME": "person:family_name",
    "STRASSE": "person:address/street", "HAUSNR": "person:address/house", "PLZ": "person:address/postcode",
    "ORT": "person:address/town", "STRASSE_NEU": "becomes:address/street", "HAUSNR_NEU": "becomes:address/house",
    "PLZ_NEU": "becomes:address/postcode", "ORT_NEU": "becomes:address/town",
}  # fmt: skip
_ADDRESSFACTORY = """\
KDNR;VORNAME;NACHNAME;STRASSE;HAUSNR;PLZ;ORT;STATUS;STRASSE_NEU;HAUSNR_NEU;PLZ_NEU;ORT_NEU
20001;Erika;Beispiel;Musterstraße;5;10115;Berlin;BAC010102 PDC050112;Beispielweg;12a;20095;Hamburg
20002;Otto;Muster;Musterstraße;7;10115;Berlin;PDC050120;;;;
20003;Max;Probe;Musterstraße;9;10115;Berlin;PDC050105;;;;
"""


def _day(text: str) -> dict[str, str]:
    return {"arvo": text, "tarkkuus": "PAIVA"}


_DVV = {
    "viimeisinKirjausavain": 100000021,
    "muutokset": [
        {
            "henkilotunnus": "040180-9998",
            "tietoryhmat": [
                {
                    "tietoryhma": "HENKILON_NIMI", "muutosattribuutti": "LISATIETO", "etunimi": "Aino Maria",
                    "sukunimi": "Esimerkki",
                },
                {
                    "tietoryhma": "VAKINAINEN_KOTIMAINEN_OSOITE", "muutosattribuutti": "LISATTY",
                    "alkupv": _day("2026-11-02"), "katunimi": {"fi": "Hämeenkatu", "sv": "Tavastgatan"},
                    "katunumero": "12", "huoneistokirjain": "A", "huoneistonumero": "004", "postinumero": "33100",
                    "postitoimipaikka": {"fi": "TAMPERE", "sv": "TAMMERFORS"},
                },
            ],
            "muutospv": "2026-11-03T04:38:04.394Z",
        },
        {
            "henkilotunnus": "020180-999Y",
            "tietoryhmat": [
                {"tietoryhma": "TURVAKIELTO", "muutosattribuutti": "LISATTY", "turvakieltoAktiivinen": True},
            ],
            "muutospv": "2026-11-03T04:40:00.000Z",
        },
        {
            "henkilotunnus": "010180-999A",
            "tietoryhmat": [
                {
                    "tietoryhma": "KUOLINPAIVA", "muutosattribuutti": "LISATTY", "kuollut": True,
                    "kuolinpv": _day("2026-10-30"),
                },
            ],
            "muutospv": "2026-11-03T04:41:00.000Z",
        },
    ],
    "ajanTasalla": True,
}  # fmt: skip

SAMPLES: Mapping[str, Sample] = {
    "csv": Sample("changes.csv", _TABLE.encode(), {"columns": _TABLE_COLUMNS}),
    "jsonl": Sample(
        "changes.jsonl",
        "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in _LINES).encode(),
        {
            "columns": {
                "id": "position", "from": "as_of", "name": "person:name", "born": "person:birth_date",
                "email": "becomes:email",
            },
            "kind": "email",
        },
    ),
    "dvv": Sample("muutokset.json", json.dumps(_DVV, ensure_ascii=False, indent=1).encode(), {}),
    "addressfactory": Sample(
        "addressfactory.csv",
        _ADDRESSFACTORY.encode("cp1252"),
        {"columns": _ADDRESSFACTORY_COLUMNS, "status": ["STATUS"], "encoding": "cp1252"},
    ),
}  # fmt: skip
"""By the format's code."""
