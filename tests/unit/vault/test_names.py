"""Names: what is stored, what is asked, and that they meet."""

import pytest

from trustdesk.vault.services.names import asked_words, stored_words


def found(query: str, stored: str, country: str = "HU") -> bool:
    whole, starts = stored_words(stored, country)
    asked_whole, asked_starts = asked_words(query, complete=False)
    return bool(asked_whole or asked_starts) and set(asked_whole) <= set(whole) and set(asked_starts) <= set(starts)


def same(query: str, stored: str, country: str = "HU") -> bool:
    return set(asked_words(query, complete=True)[0]) <= set(stored_words(stored, country)[0])


@pytest.mark.parametrize("stored", ["Mäkelä", "Makela", "MÄKELÄ", "Ma\u0308kela\u0308"])
@pytest.mark.parametrize("query", ["Mäkelä", "Makela", "MÄKELÄ", "mäk", "Ma\u0308kela\u0308"])
def test_diacritics_and_capitals_do_not_count(stored: str, query: str) -> None:
    assert found(query, stored, "FI")


@pytest.mark.parametrize(
    ("stored", "query"),
    [
        ("Weiß", "weiss"),
        ("WEISS", "weiß"),
        ("Szőke", "szoke"),
        ("Szőke", "Szöke"),
        ("Wałęsa", "walesa"),
        ("Łukasz", "lukasz"),
        ("Øster", "oster"),
        ("Ægir", "aegir"),
        ("İpek Y\u0131ld\u0131z", "ipek yildiz"),
        ("O\u2019Brien", "o'brien"),
        ("O'Brien", "obrien"),
        ("O\u00b4Brien", "o brien"),
        ("Nagy-Kovács Anna", "kovács nagy"),
    ],
)
def test_special_letters_meet_their_plain_spelling(stored: str, query: str) -> None:
    assert found(query, stored)


@pytest.mark.parametrize(
    "query",
    ["Kovács", "János", "Jánosné", "KOVÁCS JÁNOSNÉ", "janosne kovacs", "Kovács János", "ján"],
)
def test_a_married_name_is_found_by_all_its_names(query: str) -> None:
    assert found(query, "Kovács Jánosné")
    assert found(query, "KOVACS JANOSNE")


@pytest.mark.parametrize("query", ["Kovács", "János", "Jánosné", "Kovács János"])
def test_a_married_name_holds_the_husbands_words_whole(query: str) -> None:
    assert same(query, "Kovács Jánosné")


def test_a_married_name_is_found_abroad_too() -> None:
    assert same("Kovács Imre", "Kovács Imréné", "DE")


def test_the_order_of_names_does_not_count() -> None:
    assert found("János Kovács", "Kovács János")
    assert found("Kovács János", "János Kovács")


def test_names_of_two_letters_are_found_by_the_whole_word_only() -> None:
    assert found("ho", "Li Ho", "DE")
    assert not found("ko", "Kovács")
    assert not found("k", "Kovács")


def test_a_start_is_no_whole_word() -> None:
    assert found("kis", "Kiss Éva")
    assert not same("Kis Éva", "Kiss Éva")


def test_every_word_must_be_there() -> None:
    assert not found("Kovács Béla", "Kovács János")


@pytest.mark.parametrize("query", ["dr. Kovács", "Prof. Dr. Kovács", "özv. Kovács Jánosné"])
def test_titles_are_not_asked_for(query: str) -> None:
    assert found(query, "Kovács Jánosné")


def test_a_title_alone_is_a_word() -> None:
    assert found("Dr", "Dr Oetker", "DE")


@pytest.mark.parametrize(("stored", "query"), [("Müller", "Mueller"), ("Mueller", "Müller"), ("Goethe", "göthe")])
def test_german_spellings_meet_where_german_is_written(stored: str, query: str) -> None:
    assert found(query, stored, "DE")
    assert found(query, stored, "AT")


def test_long_names_are_found_by_all_they_have() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff"
    assert found(name, name, "DE")
    assert found(name[:14], name, "DE")


@pytest.mark.parametrize("query", ["", " ", "-.,", "\0"])
def test_nothing_asked_finds_nobody(query: str) -> None:
    assert asked_words(query, complete=False) == ([], [])
