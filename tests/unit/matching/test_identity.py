"""Values as people write them, and the one form in which notations of one person meet."""

import pytest

from trustdesk.matching import numbers
from trustdesk.matching.api import identity
from trustdesk.matching.contracts import Address, Identity, Said


def name(text: str, country: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    found = identity([Said("name", "name", text)], country=country)
    return tuple(found.family), tuple(found.given)


def at(text: str, country: str) -> Address:
    (found,) = identity([Said("address", "address", text)], country=country).addresses
    return found


def number(text: str, country: str, attribute: str = "national_id") -> Identity:
    return identity([Said(attribute, "external_id", text)], country=country)


@pytest.mark.parametrize(
    ("country", "text", "family", "given"),
    [
        ("HU", "Kovács János", ("kovacs",), ("janos",)),
        ("HU", "dr. Kovács-Nagy Anna Mária", ("kovacs", "nagy", "kovacsnagy"), ("anna", "maria")),
        ("HU", "ifj. Dér János", ("der",), ("janos",)),
        ("FI", "Anna-Liisa Virtanen o.s. Mäkelä", ("virtanen", "makela"), ("anna", "liisa", "annaliisa")),
        ("FI", "Virtanen, Matti", ("virtanen",), ("matti",)),
        ("PL", "mgr inż. Anna Kowalska", ("kowalski",), ("anna",)),
        ("PL", "Anna Kowalska z d. Nowak", ("kowalski", "nowak"), ("anna",)),
        ("DE", "Hans Müller jun.", ("muller",), ("hans",)),
        ("DE", "Prof. Dr. Ursula von der Leyen", ("leyen", "vonderleyen"), ("ursula",)),
        ("DE", "Anna Müller geb. Groß", ("muller", "gross"), ("anna",)),
        ("DE", "Cher", ("cher",), ()),
    ],
)
def test_a_name_in_one_is_split_by_the_custom_of_the_country(
    country: str, text: str, family: tuple[str, ...], given: tuple[str, ...]
) -> None:
    assert name(text, country) == (family, given)


@pytest.mark.parametrize("text", ["Kovácsné Nagy Anna", "Kovács Jánosné", "Kovács Jánosné Nagy Anna"])
def test_a_wife_is_known_by_her_husbands_name_and_never_by_his_given_name(text: str) -> None:
    family, given = name(text, "HU")
    assert {"kovacs", "kovacsne"} <= set(family)
    assert "janos" not in given


def test_rene_is_no_wife() -> None:
    assert name("René Dubois", "DE") == (("dubois",), ("rene",))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Kowalski", "Kowalska"), ("Zawadzki", "Zawadzka"), ("Müller", "Mueller"), ("Müller", "MULLER"),
        ("Groß", "Gross"), ("Öhman", "Oehman"), ("Åberg", "Aaberg"), ("Łoś", "Los"), ("Őri", "Ori"),
        ("O'Brien", "O\N{RIGHT SINGLE QUOTATION MARK}Brien"), ("van den Berg", "Vandenberg"), ("zu Löwen", "Loewen"),
        ("af Ursin", "Ursin"), ("Müller-Schmidt", "Mueller Schmidt"), ("Müller-Schmidt", "Schmidt"),
    ],
)  # fmt: skip
def test_spellings_of_one_family_meet(one: str, other: str) -> None:
    first, second = (set(identity([Said("family_name", "name", text)], country="PL").family) for text in (one, other))
    assert first & second


def test_names_that_differ_stay_apart() -> None:
    assert name("Anna Bauer", "DE")[0] != name("Anna Baur", "DE")[0]
    assert name("Anna Nowak", "PL")[0] != name("Anna Nowicka", "PL")[0]


@pytest.mark.parametrize(
    ("generation", "text"),
    [
        ("younger", "ifj. Kovács János"), ("younger", "ifjabb Kovács János"), ("elder", "id. Kovács János"),
        ("elder", "idősb Kovács János"), ("younger", "John Smith Jr."), ("elder", "John Smith, Sr."),
        ("younger", "Hans Müller jun."), ("elder", "Hans Müller sen."), ("younger", "Hans Müller junior"),
        ("", "Jun Tanaka"), ("", "Amartya Sen"), ("", "Ida Virtanen"), ("", "Kovács János"),
        ("", "id. Kovács János és ifj. Kovács János"),
    ],
)  # fmt: skip
def test_which_of_two_of_one_name_is_kept_and_stays_out_of_the_name(generation: str, text: str) -> None:
    assert identity([Said("name", "name", text)], country="HU").generation == generation
    parts = [Said("family_name", "name", "Kovács ifj."), Said("given_name", "name", "János")]
    found = identity(parts, country="HU")
    assert (found.family, found.given, found.generation) == (("kovacs",), ("janos",), "younger")


@pytest.mark.parametrize(
    ("number", "of_a_home"),
    [("+3589123456", True), ("+3614123456", True), ("+358401234567", False), ("+12025550123", False), ("", False)],
)
def test_a_fixed_line_is_a_homes(number: str, of_a_home: bool) -> None:  # noqa: FBT001
    assert numbers.of_a_home(number) is of_a_home


def test_parts_said_apart_count_before_the_whole_name() -> None:
    said = [Said("name", "name", "Virtanen Matti"), Said("family_name", "name", "Virtanen")]
    found = identity(said, country="FI")
    assert (found.family, found.given) == (("virtanen",), ("matti",))


@pytest.mark.parametrize(
    ("country", "texts", "expected"),
    [
        ("FI", ("7. Linja 3, 00530 Helsinki", "7. linja 3, HKI 00530"), ("7linja", "3", "", "00530", "helsinki")),
        ("DE", ("Gartenstraße 12-14, 80331 München", "Gartenstr. 12/14, 80331 Muenchen"),
         ("gartenstr", "12-14", "", "80331", "munchen")),
        ("HU", ("1132 Budapest, Váci út 22", "Budapest 1132 Váci út 22", "H\N{EN DASH}1132 Bp., Váci út 22."),
         ("vaciut", "22", "", "1132", "budapest")),
        ("PL", ("al. 29 Listopada 130, 31-406 Kraków",), ("al29listopada", "130", "", "31-406", "krakow")),
        ("AX", ("Ängsgatan 3, AX-22100 Mariehamn, Åland",), ("angsgatan", "3", "", "22100", "mariehamn")),
        (
            "FI",
            ("Mannerheimintie 5 A 12, 00100 Helsinki", "MANNERHEIMINT. 5 a 12 FI-00100 Helsingfors",
             "c/o Virtanen\nMannerheimintie 5 A12\n00100 Helsinki\nFinland"),
            ("mannerheimintie", "5", "a-12", "00100", "helsinki"),
        ),
        ("FI", ("Hämeenk. 12 as. 4, 33100 Tampere", "Hämeen katu 12 as 4, 33100 Tammerfors"),
         ("hameenkatu", "12", "4", "33100", "tampere")),
        ("FI", ("Skolg. 3 bst 2, 65100 Vasa", "Skolgatan 3 bst. 2, 65100 Vaasa"),
         ("skolgatan", "3", "2", "65100", "vaasa")),
        ("FI", ("Rantatie 5a A 3, 02100 Espoo",), ("rantatie", "5a", "a-3", "02100", "espoo")),
        ("FI", ("PL 123, 00101 Helsinki", "P.L. 123, 00101 Helsinki"), ("pobox", "123", "", "00101", "helsinki")),
        ("DE", ("Hauptstraße 5 a, 10115 Berlin", "Haupt-Str. 5A\nD-10115 Berlin", "Hauptstr. 5a, 10115 BERLIN"),
         ("hauptstr", "5a", "", "10115", "berlin")),
        ("DE", ("Straße des 17. Juni 135, 10623 Berlin",), ("strdes17juni", "135", "", "10623", "berlin")),
        ("DE", ("Postfach 12 34 56, 60311 Frankfurt a.M.",), ("pobox", "123456", "", "60311", "frankfurt")),
        ("DE", ("Kaiserstr. 5-7, 60311 Frankfurt am Main", "Kaiserstraße 5 - 7, 60311 Frankfurt/Main"),
         ("kaiserstr", "5-7", "", "60311", "frankfurt")),
        ("PL", ("ul. Długa 5/7, 00-950 Warszawa", "Długa 5 m. 7, 00950 Warszawa",
                "Ulica Dluga 5 lok. 7 00-950 Warszawa"),
         ("dluga", "5", "7", "00-950", "warszawa")),
        ("PL", ("ul. 3 Maja 12A/4, 40-097 Katowice",), ("3maja", "12a", "4", "40-097", "katowice")),
        ("PL", ("al. Jerozolimskie 5, 00-950 Warszawa", "Aleje Jerozolimskie 5, 00-950 Warszawa"),
         ("aljerozolimskie", "5", "", "00-950", "warszawa")),
        ("HU", ("1011 Budapest, Fő u. 12/b 3. em. 4. ajtó", "Budapest, Fő utca 12/B III/4., 1011",
                "H-1011 Budapest Fő u. 12/b. III. em. 4."), ("foutca", "12b", "3-4", "1011", "budapest")),
        ("HU", ("1073 Budapest, Erzsébet krt. 5.", "Budapest VII. ker., Erzsébet körút 5, 1073"),
         ("erzsebetkorut", "5", "", "1073", "budapest")),
    ],
)  # fmt: skip
def test_notations_of_one_address_meet(country: str, texts: tuple[str, ...], expected: tuple[str, ...]) -> None:
    for text in texts:
        found = at(text, country)
        assert (found.street, found.house, found.flat, found.postcode, found.town) == expected, text


def test_an_address_abroad_is_read_by_its_own_country() -> None:
    assert at("Hauptstraße 5, 10115 Berlin, Deutschland", "FI").country == "DE"
    assert at("Fő utca 1, H-1011 Budapest", "DE").postcode == "1011"


def test_town_and_postcode_beside_a_street_complete_it() -> None:
    said = [Said("town", "place", "Esbo"), Said("postcode", "place", "02100"), Said("address", "address", "Rantatie 5")]
    (found,) = identity(said, country="FI").addresses
    assert (found.street, found.house, found.postcode, found.town) == ("rantatie", "5", "02100", "espoo")


@pytest.mark.parametrize(
    ("country", "text", "born"),
    [
        ("FI", "131052-308T", "1952-10-13"),
        ("FI", "010594y9032", "1994-05-01"),
        ("FI", "010516B903X", "2016-05-01"),
        ("FI", "020594X903P", "1994-05-02"),
        ("PL", "44051401359", "1944-05-14"),
        ("PL", "75031234564", "1975-03-12"),
        ("HU", "8384123454", "1972-03-03"),
        ("HU", "111 111 110", ""),
        ("DE", "86 095 742 719", ""),
    ],
)
def test_a_national_number_is_believed_where_its_check_digit_agrees(country: str, text: str, born: str) -> None:
    found = number(text, country)
    assert found.national_id
    assert found.birth_date == born
    wrong = text[:-1] + ("1" if text[-1] != "1" else "2")
    assert number(wrong, country) == Identity()


def test_the_separator_of_a_finnish_number_tells_two_persons_apart() -> None:
    assert number("131052-308T", "FI") != number("131052Y308T", "FI")


def test_a_customer_number_that_looks_national_is_a_customer_number() -> None:
    found = number("0075031234564", "PL", attribute="customer_number")
    assert (found.national_id, found.numbers, found.birth_date) == ("", ("75031234564",), "")


def test_a_birth_date_that_is_said_counts_before_the_numbers() -> None:
    said = [Said("national_id", "external_id", "131052-308T"), Said("birth_date", "birth_date", "14.10.1952")]
    assert identity(said, country="FI").birth_date == "1952-10-14"


def test_phones_and_mail_have_one_notation() -> None:
    said = [
        Said("phone", "phone", "040 123 4567"),
        Said("phone", "phone", "+358 (40) 1234567"),
        Said("phone", "phone", "09-1234 5678", shared=True),
        Said("phone", "phone", "no number"),
        Said("email", "email", "Anna <ANNA@Example.FI>"),
        Said("email", "email", "nobody"),
    ]
    found = identity(said, country="FI")
    assert found.phones == ("+358401234567", "+358912345678")
    assert found.shared_phones == ("+358912345678",)
    assert found.emails == ("anna@example.fi",)
