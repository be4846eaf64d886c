"""E-mail, addresses, dates, ids, free text: what is stored meets what is asked."""

import pytest

from trustdesk.vault.contracts import TOKEN_KINDS, TokenKind
from trustdesk.vault.services.terms import asked_terms, normal_value, stored_terms


def pairs(terms: list[tuple[str, list[str]]]) -> set[tuple[str, str]]:
    return {(label, text) for label, texts in terms for text in texts}


def found(kind: TokenKind, query: str, stored: str, country: str = "HU") -> bool:
    asked = pairs(asked_terms(kind, query, country))
    return bool(asked) and asked <= pairs(stored_terms(kind, stored, country))


@pytest.mark.parametrize(
    "query",
    [
        "Janos.Kovacs@Example.HU", "<janos.kovacs@example.hu>", "mailto:janos.kovacs@example.hu", "janos.kovacs",
        "kovacs", "kovacs janos", "@example.hu", "example.hu", "janos.kovacs@", "kovacs@exam", "example",
        " janos.kovacs@example.hu. ", "Kovács János <janos.kovacs@example.hu>",
    ],
)  # fmt: skip
def test_an_e_mail_is_found_whole_or_by_its_words(query: str) -> None:
    assert found("email", query, "janos.kovacs@example.hu")


@pytest.mark.parametrize("query", ["bela", "@other.hu", "janos.kovacs@other.hu", "kovac", "", "@"])
def test_an_e_mail_is_not_found_by_others(query: str) -> None:
    assert not found("email", query, "janos.kovacs@example.hu")


def test_a_domain_with_diacritics_meets_its_ascii_form() -> None:
    assert found("email", "info@xn--kovcs-zqa.hu", "info@kovács.hu")
    assert found("email", "@kovács.hu", "info@xn--kovcs-zqa.hu")
    assert normal_value("email", "Info@KOVÁCS.hu", country="HU") == "info@xn--kovcs-zqa.hu"


@pytest.mark.parametrize("text", ["", "a", "a@", "@b.hu", "a@b", "a@@b.hu", "a b@c.hu", "a@b..hu"])
def test_what_is_no_e_mail_is_not_normalised(text: str) -> None:
    assert normal_value("email", text, country="HU") == ""


@pytest.mark.parametrize(
    ("query", "stored", "country"),
    [
        ("Kossuth utca 12", "1055 Budapest, Kossuth Lajos u. 12/a", "HU"),
        ("budapest kossuth", "H-1055 Budapest, Kossuth Lajos u. 12/a", "HU"),
        ("H-1055", "1055 Budapest", "HU"),
        ("Hauptstrasse 5", "Hauptstraße 5, 10115 Berlin", "DE"),
        ("Hauptstr. 5", "Hauptstraße 5, 10115 Berlin", "DE"),
        ("00950", "ul. Marszałkowska 1, 00-950 Warszawa", "PL"),
        ("00-950 warszawa", "Marszalkowska 1, 00950 WARSZAWA", "PL"),
        ("mannerheimintie 1", "Mannerheimintie 1, 00100 Helsinki", "FI"),
        ("utca", "Utca", "HU"),
    ],
)
def test_an_address_is_found_by_its_words(query: str, stored: str, country: str) -> None:
    assert found("address", query, stored, country)


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("1985-03-04", "HU"), ("1985. 03. 04.", "HU"), ("1985.3.4", "HU"), ("1985. március 4.", "HU"),
        ("1985 márc. 4.", "HU"), ("19850304", "HU"), ("4.3.1985", "FI"), ("04.03.1985", "DE"), ("4/3/1985", "PL"),
        ("04031985", "DE"), ("4. maaliskuuta 1985", "FI"), ("4 marca 1985", "PL"), ("4. März 1985", "DE"),
        ("4 March 1985", "FI"), ("March 4, 1985", "US"), ("03/04/1985", "US"), ("4th of March 1985", "HU"),
    ],
)  # fmt: skip
def test_a_birth_date_is_one_in_all_notations(text: str, country: str) -> None:
    assert normal_value("birth_date", text, country=country) == "1985-03-04"
    assert found("birth_date", text, "1985-03-04", country)


@pytest.mark.parametrize(
    ("text", "month"),
    [("3. marraskuuta 1990", "11"), ("3 lis 1990", "11"), ("3 sierpnia 1990", "08"), ("1990. szept. 3.", "09")],
)
def test_months_have_names(text: str, month: str) -> None:
    assert normal_value("birth_date", text, country="") == f"1990-{month}-03"


@pytest.mark.parametrize(
    "text",
    ["", "1985-02-30", "30.2.1985", "4.3.85", "1985", "1985-13-01", "99999999", "12345-1-1", "x 1 1985", "1-1-1-1"],
)
def test_what_is_no_date_is_not_guessed_at(text: str) -> None:
    assert normal_value("birth_date", text, country="HU") == ""
    assert pairs(asked_terms("birth_date", text, "HU")) == set()


@pytest.mark.parametrize("query", ["00012-34a", "12-34A", "1234a", "12 34/A", "0001234A"])
def test_an_external_id_is_one_with_and_without_ornaments(query: str) -> None:
    assert found("external_id", query, "00012-34A")


def test_an_external_id_of_zeros_stays() -> None:
    assert normal_value("external_id", "000", country="") == "000"


def test_free_text_is_found_by_each_of_its_words() -> None:
    note = "A mosógép szervizelése után visszahívást kér."
    assert found("text", "MOSOGEP visszahivast", note)
    assert not found("text", "mosog", note)


@pytest.mark.parametrize("kind", TOKEN_KINDS)
def test_kinds_never_share_a_label(kind: TokenKind) -> None:
    value = "a.b@c.hu 1985-03-04 06301234567"
    mine = {label for label, _ in stored_terms(kind, value, "HU")}
    others = {label for other in TOKEN_KINDS if other != kind for label, _ in stored_terms(other, value, "HU")}
    assert not mine & others
    assert all(label.startswith(f"{kind}.") and label.endswith("/1") for label in mine)


def test_normal_values_of_words_are_folded() -> None:
    assert normal_value("name", "Dr. Kovács JÁNOS", country="HU") == "janos kovacs"
    assert normal_value("address", "Kossuth u. 12.", country="HU") == "kossuth 12"
    assert normal_value("text", "Ó, Ő!", country="HU") == "o"
    assert normal_value("phone", "06 30 123 4567", country="HU") == "+36301234567"
