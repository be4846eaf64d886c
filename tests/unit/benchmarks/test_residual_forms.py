"""Forms of names in running text, against a list that was checked by hand: grammars and dictionaries, not our code."""

from dataclasses import replace

import pytest
from benchmarks._residual.inflection import birth_name_inflected, inflected
from benchmarks._residual.people import Person, cast

A_PERSON = cast(1, seed=1, crowd=0).erased[0]


def person(country: str, given: str, family: str, sex: str = "f", birth_name: str = "") -> Person:
    return replace(A_PERSON, country=country, given=given, family=family, sex=sex, birth_name=birth_name)


@pytest.mark.parametrize(
    ("given", "family", "case", "form"),
    [
        ("István", "Kovács", "dative", "Kovács Istvánnak"),
        ("Balázs", "Őszi", "instrumental", "Őszi Balázzsal"),
        ("György", "Szűcs", "instrumental", "Szűcs Györggyel"),
        ("György", "Szűcs", "accusative", "Szűcs Györgyöt"),
        ("Gergely", "Bíró", "instrumental", "Bíró Gergellyel"),
        ("Miklós", "Tóth", "instrumental", "Tóth Miklóssal"),
        ("Árpád", "Nyírő", "instrumental", "Nyírő Árpáddal"),
        ("Ferenc", "Szőke", "accusative", "Szőke Ferencet"),
        ("Ferenc", "Szőke", "instrumental", "Szőke Ferenccel"),
        ("Dezső", "Takács", "allative", "Takács Dezsőhöz"),
        ("Bence", "Halász", "accusative", "Halász Bencét"),
        ("Éva", "Kőműves", "allative", "Kőműves Évához"),
        ("Zsófia", "Győrffy", "delative", "Győrffy Zsófiáról"),
        ("Judit", "Fülöp", "accusative", "Fülöp Juditot"),
        ("Ágnes", "Sörös", "instrumental", "Sörös Ágnessel"),
        ("Tünde", "Kelemen", "dative", "Kelemen Tündének"),
        ("Eszter", "Gulyás", "instrumental", "Gulyás Eszterrel"),
        ("Erzsébet", "Kovácsné Szűcs", "ablative", "Kovácsné Szűcs Erzsébettől"),
        ("Istvánné", "Kovács", "dative", "Kovács Istvánnénak"),
        ("Éva Anna", "Kovács-Nagy", "ablative", "Kovács-Nagy Éva Annától"),
    ],
)
def test_hungarian(given: str, family: str, case: str, form: str) -> None:
    assert inflected(person("HU", given, family), case) == form


def test_the_name_at_birth_is_inflected_as_any_other() -> None:
    woman = person("HU", "Istvánné", "Kovács", birth_name="Szabó Anna")
    assert birth_name_inflected(woman, "instrumental") == "Szabó Annával"


@pytest.mark.parametrize(
    ("given", "family", "case", "form"),
    [
        ("Matti", "Virtanen", "genitive", "Matti Virtasen"),
        ("Matti", "Virtanen", "colloquial", "Virtasen Matti"),
        ("Päivi", "Mäkinen", "partitive", "Päivi Mäkistä"),
        ("Aino", "Hämäläinen", "allative", "Aino Hämäläiselle"),
        ("Väinö", "Seppälä", "ablative", "Väinö Seppälältä"),
        ("Tuula", "Laine", "genitive", "Tuula Laineen"),
        ("Tuula", "Laine", "partitive", "Tuula Lainetta"),
        ("Eero", "Koski", "genitive", "Eero Kosken"),
        ("Eero", "Lahti", "genitive", "Eero Lahden"),
        ("Eero", "Lahti", "partitive", "Eero Lahtea"),
        ("Outi", "Mäki", "adessive", "Outi Mäellä"),
        ("Outi", "Aalto", "genitive", "Outi Aallon"),
        ("Timo", "Tikka", "ablative", "Timo Tikalta"),
        ("Timo", "Hyyppä", "genitive", "Timo Hyypän"),
        ("Olli", "Pelto", "adessive", "Olli Pellolla"),
        ("Olli", "Räty", "partitive", "Olli Rätyä"),
        ("Ville", "Virta", "genitive", "Ville Virran"),
        ("Åsa", "Lindström", "adessive", "Åsa Lindströmillä"),
        ("Åsa", "Åkerlund", "genitive", "Åsa Åkerlundin"),
        ("Pirjo", "Mäkelä-Laine", "allative", "Pirjo Mäkelä-Laineelle"),
    ],
)
def test_finnish(given: str, family: str, case: str, form: str) -> None:
    assert inflected(person("FI", given, family), case) == form


@pytest.mark.parametrize(
    ("given", "family", "sex", "case", "form"),
    [
        ("Jan", "Kowalski", "m", "genitive", "Jana Kowalskiego"),
        ("Jan", "Kowalski", "m", "dative", "Janowi Kowalskiemu"),
        ("Piotr", "Nowak", "m", "instrumental", "Piotrem Nowakiem"),
        ("Paweł", "Wróbel", "m", "accusative", "Pawła Wróbla"),
        ("Łukasz", "Zając", "m", "dative", "Łukaszowi Zającowi"),
        ("Marek", "Kaczmarek", "m", "genitive", "Marka Kaczmarka"),
        ("Wojciech", "Kołodziej", "m", "locative", "Wojciechu Kołodzieju"),
        ("Piotr", "Mazur", "m", "locative", "Piotrze Mazurze"),
        ("Michał", "Sikora", "m", "dative", "Michałowi Sikorze"),
        ("Anna", "Kowalska", "f", "genitive", "Anny Kowalskiej"),
        ("Anna", "Nowak", "f", "instrumental", "Anną Nowak"),
        ("Małgorzata", "Zielińska", "f", "dative", "Małgorzacie Zielińskiej"),
        ("Agnieszka", "Wójcik", "f", "locative", "Agnieszce Wójcik"),
        ("Jadwiga", "Zaręba", "f", "dative", "Jadwidze Zarębie"),
        ("Zofia", "Duda", "f", "accusative", "Zofię Dudę"),
        ("Elżbieta", "Święcicka", "f", "locative", "Elżbiecie Święcickiej"),
        ("Ewa", "Kowalska-Nowak", "f", "instrumental", "Ewą Kowalską-Nowak"),
        ("Jan Piotr", "Lis", "m", "genitive", "Jana Piotra Lisa"),
    ],
)
def test_polish(given: str, family: str, sex: str, case: str, form: str) -> None:
    assert inflected(person("PL", given, family, sex), case) == form


@pytest.mark.parametrize(
    ("given", "family", "form"),
    [
        ("Thomas", "Müller", "Thomas Müllers"),
        ("Käthe", "von der Heide", "Käthe von der Heides"),
        ("Götz", "Weiß", "Götz Weiß\u2019"),
        ("Uwe", "Görlitz", "Uwe Görlitz\u2019"),
    ],
)
def test_german(given: str, family: str, form: str) -> None:
    assert inflected(person("DE", given, family), "genitive") == form
