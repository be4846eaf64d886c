"""How people write people: what has to be found, and what only looks like it."""

from datetime import date

import pytest

from trustdesk.scan.api import Automaton, find, search, variants
from trustdesk.scan.contracts import Hit, Kind, Name, Person, Piece

JANOS = Person(
    country="HU",
    names=(Name("János", "Kovács"),),
    phones=("+36301234567", "+3614567890"),
    emails=("janos.kovacs@example.com",),
    addresses=("1011 Budapest, Fő utca 12.",),
    birth_dates=(date(1984, 3, 2),),
    ids=("123456AB", "8412021234"),
    references=("123456789012",),
    handles=("@kjanos84",),
)
MATTI = Person(country="FI", names=(Name("Matti", "Virtanen"),), ids=("131052-308T",))
PEKKA = Person(country="FI", names=(Name("Pekka", "Mäki"),), addresses=("Hämeenkatu 5 A 3, 33100 Tampere",))
JAN = Person(country="PL", names=(Name("Jan", "Kowalski"),), phones=("+48601234567",))
ANNA = Person(country="PL", names=(Name("Anna", "Nowakowska"),), addresses=("ul. Długa 7/3, 00-238 Warszawa",))
PAWEL = Person(country="PL", names=(Name("Paweł", "Wójcik"),))
JUERGEN = Person(
    country="DE",
    names=(Name("Jürgen", "Strauß"),),
    phones=("+491711234567",),
    addresses=("Hauptstraße 12, 10115 Berlin",),
)
URSULA = Person(country="DE", names=(Name("Ursula", "von der Heyden"),))


def found(person: Person, text: str) -> list[Hit]:
    return find(Automaton.of(variants(person)), text)


@pytest.mark.parametrize(
    "text",
    [
        "Kovács János",
        "kovacs janos",
        "KOVÁCS JÁNOS",
        "Kova\u0301cs Ja\u0301nos",
        "Ko\u00advács Já\u200bnos",
        "Kovács, János",
        "János\nKovács",
        "dr. Kovács János úr",
        "Kovács Jánosnak",
        "Kovács Jánossal beszéltem",
        "János Kováccsal",
        "Kovács Jánoséknál",
        "Kovács Jánosról és",
        "(Kovács_János.pdf)",
        "J%C3%A1nos%20Kov%C3%A1cs",
        "KovÃ¡cs JÃ¡nos",
        "Kov&aacute;cs J&aacute;nos",
        "Kov=E1cs J=E1nos",
        "Kov+AOE-cs J+AOE-nos",
        r"b'J\xe1nos Kov\xe1cs'",
        r"J\303\241nos Kov\303\241cs",
        "=?UTF-8?Q?Kov=C3=A1cs_J=C3=A1nos?=",
        '{"family_name": "Kovács", "given_name": "János"}',
        '{"givenName":"János",\n "familyName":"Kovács"}',
        "<td>Kovács</td><td>János</td>",
        "Kovács;2;János",
        "Kovács, született 1984. 03. 02.",
        "K. János, 1984.03.02",
        "J. Kovács (02.03.1984)",
        "János, Fő u. 12.",
    ],
)
def test_a_hungarian_name(text: str) -> None:
    assert [hit.person for hit in found(JANOS, text)] == [0]


@pytest.mark.parametrize(
    "text",
    [
        "+36301234567",
        "+36 30 123 4567",
        "+36-30-123-45-67",
        "+36 (30) 123-4567",
        "0036 30 1234567",
        "06 30 123 4567",
        "06-30/123-4567",
        "06.30.123.4567",
        "0630/1234567",
        "(06 30) 123 45 67",
        "30 123 4567",
        "tel:+36301234567",
        "T06301234567",
        "+36\u00a030\u00a0123\u20114567",
        "06301234567".translate({digit: digit + 0xFEE0 for digit in range(0x30, 0x3A)}),
        "1. 06 1 456 7890",
        "2026-11-26 06301234567 12:30",
    ],
)
def test_a_phone_in_every_notation(text: str) -> None:
    assert [hit.person for hit in found(JANOS, text)] == [0]


@pytest.mark.parametrize(
    "text",
    [
        "janos.kovacs@example.com",
        "Janos.Kovacs@Example.COM",
        "mailto:janos.kovacs@example.com?subject=x",
        "<janos.kovacs@example.com>",
        "janos.kovacs%40example.com",
        "janos.kovacs+AEA-example.com",
        "janos.kovacs=40example.com",
        "janos.kovacs+shop@example.com",
        "janos.kovacs (at) example (dot) com",
        "janos.kovacs&#64;example.com",
    ],
)
def test_an_address_in_its_disguises(text: str) -> None:
    assert Kind.EMAIL in {variants(JANOS)[hit.variant].kind for hit in found(JANOS, text)}


@pytest.mark.parametrize(
    "text",
    [
        "123456AB",
        "123456 AB",
        "123456-ab",
        "8412 021234",
        "84 12 02 1234",
        "123-456-789-012",
        "1234 5678 9012",
        "kjanos84",
    ],
)
def test_ids_and_references(text: str) -> None:
    assert len(found(JANOS, text)) == 1


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (MATTI, "Matti Virtasen"),
        (MATTI, "Virtanen Matti"),
        (MATTI, "soitin Matti Virtaselle"),
        (MATTI, "Matti Virtasta"),
        (MATTI, "Virtasen Matilla ja Matti Virtaseen"),
        (MATTI, "131052-308T"),
        (MATTI, "131052308t"),
        (PEKKA, "Pekka Mäen"),
        (PEKKA, "Pekka Mäkeä"),
        (PEKKA, "Mäki Pekalle"),
        (PEKKA, "Pekan osoite: Hämeenk. 5"),
        (JAN, "Janowi Kowalskiemu"),
        (JAN, "z Janem Kowalskim"),
        (JAN, "Kowalskiego Jana"),
        (JAN, "Janie Kowalski!"),
        (JAN, "601-234-567"),
        (JAN, "48 601 23 45 67"),
        (ANNA, "Annie Nowakowskiej"),
        (ANNA, "Annę Nowakowską"),
        (ANNA, "Anny, ulica Długa 7"),
        (PAWEL, "Pawła Wójcika"),
        (PAWEL, "Pawłowi Wojcikowi"),
        (PAWEL, "PAWEŁ WÓJCIK"),
        (JUERGEN, "Juergen Strauss"),
        (JUERGEN, "JÜRGEN STRAUSSÉKHOZ"),
        (JUERGEN, "JÜRGEN STRAUSS"),
        (JUERGEN, "Jurgen Straus\u017f"),
        (JUERGEN, "Strauß, Jürgen"),
        (JUERGEN, "Jürgens Wohnung, Hauptstr. 12"),
        (JUERGEN, "0171/1234567"),
        (JUERGEN, "+49 (0)171 123 45 67"),
        (URSULA, "Ursula von der Heydens"),
        (URSULA, "Heyden, Ursula von der"),
        (URSULA, "Ursula Heyden"),
    ],
)
def test_other_countries(person: Person, text: str) -> None:
    assert len(found(person, text)) >= 1, text


@pytest.mark.parametrize(
    "text",
    [
        "Kovácsovics Jánoska",
        "Nagykovács Jánosi",
        "Kovács",
        "János",
        "János és Péter",
        "Kovács Anna; Nagy János",
        "Kovács Anna\nNagy János",
        "kovacs anna nagy janos",
        '{"family": "Nagy", "given": "János", "phone": "1"}, {"family": "Kovács", "given": "Anna"}',
        "<tr><td>János</td></tr><tr><td>Kovács</td>",
        "Kovács Anna, Fő utca 12, Kovács Péter",
        "Kovács család, Fő utca 12",
        "1984.03.02",
        "Fő utca 12",
        "06301234568",
        "1063012345671",
        "+49 301234567",
        "+49 (0)30 1234567",
        "30,1234567",
        "mjanos.kovacs@example.community",
        "123456ABC",
        "1123456789012",
    ],
)
def test_nobody_is_found(text: str) -> None:
    assert found(JANOS, text) == []


def test_names_that_look_alike_are_told_apart() -> None:
    people = [
        Person(country="HU", names=(Name("János", "Kovács"),)),
        Person(country="HU", names=(Name("Jánosné", "Kovács"),)),
        Person(country="PL", names=(Name("Michał", "Nowak"),)),
        Person(country="DE", names=(Name("Michael", "Nowak"),)),
    ]
    automaton = Automaton.of(variant for number, one in enumerate(people) for variant in variants(one, number=number))
    for text, number in (("Kovács Jánosnénak", 1), ("Michała Nowaka", 2), ("Michaels: Michael Nowak", 3)):
        assert {hit.person for hit in find(automaton, text)} == {number}


def test_a_hit_shows_its_surroundings_and_its_longest_spelling() -> None:
    (hit,) = found(JANOS, f"{'a' * 100} +36 30 123 4567 {'b' * 100}")
    assert hit.context == f"{'a' * 58} +36 30 123 4567 {'b' * 59}"
    assert (hit.start, hit.end) == (102, 116)


def test_what_is_near_stands_in_one_piece() -> None:
    automaton = Automaton.of(variants(JANOS))
    rows = [
        Piece("1", "Kovács\t1984-03-02"),
        Piece("2", "Kovács"),
        Piece("3", "1984-03-02"),
        Piece("4", "Kovács János"),
    ]
    assert [hit.place for hit in search(automaton, rows)] == ["1", "4"]
    assert [hit.place for hit in search(automaton, [*rows, Piece("5", "Kova\u0301cs Ja\u0301nos")])] == ["1", "4", "5"]


def test_thousands_of_pieces_are_searched_at_once() -> None:
    automaton = Automaton.of(variants(JANOS))
    rows = [Piece(str(number), "János Kovács" if number % 1000 == 7 else "Nagy Anna") for number in range(20_000)]
    assert [int(hit.place) for hit in search(automaton, rows)] == list(range(7, 20_000, 1000))


def test_people_without_anything_are_not_found_anywhere() -> None:
    assert variants(Person()) == ()
    assert find(Automaton.of(()), "Kovács János 06301234567") == []


def test_the_strong_come_first_and_each_once() -> None:
    made = variants(JANOS, number=7)
    strengths = [variant.strength for variant in made]
    assert strengths == sorted(strengths, key=lambda strength: strength.value)
    assert {variant.person for variant in made} == {7}
    assert len({(variant.kind, variant.text) for variant in made}) == len(made)


KISS = Person(
    country="HU",
    names=(Name("Zsófia", "Szabó-Őri"), Name("Zsófia", "Kiss")),
    phones=("+36619218127",),
    addresses=("1011 Budapest, Rákóczi Ferenc krt. 43",),
    ids=("HU52898180", "HU1234567"),
    references=("046640466447",),
    emails=("zsofi@mail.example.de",),
)
SEAN = Person(country="DE", names=(Name("Seán Jean-Luc", "O'Connor"),), addresses=("Professor-Huber-Platz 14, Ulm",))
BOEHM = Person(country="AT", names=(Name("Jürgen", "Süß"),), addresses=("Kleine Rosenstraße 7, 1010 Wien",))
LIS = Person(country="PL", names=(Name("Jan Paweł", "Lis"), Name("Jadwiga Zofia", "Zając")))
LAINE = Person(country="FI", names=(Name("Juhani", "Mäkelä-Laine"),), addresses=("Läntinen Rantakatu 114, Turku",))


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (KISS, "HU-5289-8180"),
        (KISS, "hu 52 89 81 80"),
        (KISS, "52898180"),
        (KISS, "1234567, Kiss"),
        (KISS, "46640466447"),
        (KISS, "6619218127"),
        (KISS, "Szabó-Őri Zs., Rákóczi F. krt. 43"),
        (KISS, "Szabó-Őri Zs.\nRákóczi Ferenc krt. 43\n1011 Budapest"),
        (KISS, "Kiss, dr. Zsófia"),
        (KISS, "SzabóŐri Zsófia"),
        (KISS, "Szabó Zsófia"),
        (KISS, "bounces+zsofi=mail.example.de@mailer.example.net"),
        (KISS, "írtam a zsofi@mail.example.de-re. Üdv"),
        (KISS, "(lásd zsofi@mail.example.de.)"),
        (KISS, "szerzodes-kiss-zsofia.pdf"),
        (KISS, "Kiss Zsófia-nak"),
        (SEAN, "Seán OConnor"),
        (SEAN, "SEAN O\u02bcCONNOR"),
        (SEAN, "Se\u00e1n O`Connor"),
        (SEAN, "O'Connor, Prof. Dr. Seán"),
        (SEAN, "S. O\u2019Connor, Prof.-Huber-Pl. 14"),
        (BOEHM, "Jürgen SÜSS"),
        (BOEHM, "juergen suss"),
        (BOEHM, "Juergen Suess"),
        (BOEHM, "Süß, Dipl.-Ing. Jürgen"),
        (BOEHM, "J. Süß, Kl. Rosenstr. 7"),
        (LIS, "Jana Pawła Lisa"),
        (LIS, "z Janem Pawłem Lisem"),
        (LIS, "Jadwidze Zofii Zając"),
        (LAINE, "Juhani Mäkelä-Laineelta"),
        (LAINE, "J. Mäkelä-Laine, Länt. Rantak. 114"),
    ],
)
def test_what_offices_and_programs_make_of_a_person(person: Person, text: str) -> None:
    assert {hit.person for hit in found(person, text)} == {0}, text


@pytest.mark.parametrize(
    ("person", "text"),
    [
        (KISS, "DE52898180"),
        (KISS, "HU52898180X"),
        (KISS, "1234567"),
        (KISS, "1046640466447"),
        (KISS, "zsofi@mail.example.de.example.org"),
        (KISS, "x.zsofi@mail.example.de"),
        (KISS, "Kisszabó-őri Zsófia"),
        (KISS, "Nagy-Szabó Zsófia"),
        (KISS, "Zsófia Kiss-Nagyház"),
        (KISS, "zsofia kiss-nagyhaz"),
        (KISS, "zsofia_kiss4540"),
        (KISS, "Kiss Anna, Zsófia tér 54."),
        (KISS, "Kiss Anna\n1011 Budapest, Rákóczi Ferenc krt. 43\nNagy Zsófia"),
        (LIS, "Zając Jan"),
        (LIS, "Marek Lis\naleja Jana Pawła II 44"),
        (LIS, "Jan Paweł Zając"),
    ],
)
def test_somebody_else_of_the_same_letters(person: Person, text: str) -> None:
    assert found(person, text) == [], text


@pytest.mark.parametrize(
    "rows",
    [
        ("1;Kovács;Anna;x", "2;Nagy;János;x"),
        ("x\ty\tz\tKovács", "János\tx\ty\tz"),
        ('{"name": "Kovács Anna"}', '{"born": "1984-03-02"}'),
        ("INSERT INTO a VALUES ('Kovács');", "INSERT INTO a VALUES ('1984-03-02');"),
        ("2026-01-02T10:00:00 Kovács", "2026-01-02T10:00:01 1984-03-02"),
    ],
)
def test_nothing_is_near_in_the_next_record(rows: tuple[str, str]) -> None:
    assert found(JANOS, "\n".join(rows)) == []
    assert len(found(JANOS, " ".join(rows))) <= 1
    automaton = Automaton.of(variants(JANOS))
    assert automaton.hits(Piece("", "Kovács\nJános\t06 30\n1234567", rows=True)) == []
    assert len(automaton.hits(Piece("", 'a;b;c;"Kovács\nJános";d', rows=True))) == 1


@pytest.mark.parametrize("said", ["Kovács\n    János", "06 30\n123 4567", "123456\n789012"])
def test_a_text_of_several_lines_in_sql_is_one_cell(said: str) -> None:
    assert len(found(JANOS, f"INSERT INTO a VALUES (1, 'x', '{said}', 'x', 'x', 'x', 'x', 'x');\n")) == 1


NAMESAKE = Person(
    country="HU",
    names=(Name("Anna Mária", "Kiss"), Name("Anna Mária", "Vörösházi")),
    shared=(Name("Anna", "Kiss"),),
    birth_dates=(date(1984, 3, 2),),
)


@pytest.mark.parametrize(
    ("text", "hits"),
    [
        ("Kiss Anna", 0),
        ("Kiss, Anna", 0),
        ("Annával Kissné", 0),
        ("Kiss Anna, szül. 1984.03.02", 1),
        ("Kiss Anna Mária", 1),
        ("Vörösházi Anna", 1),
        ("Vörösházi, dr. Anna", 1),
    ],
)
def test_a_name_that_others_bear_too_says_nothing_alone(text: str, hits: int) -> None:
    assert len(found(NAMESAKE, text)) == hits
