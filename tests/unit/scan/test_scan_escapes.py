"""Escaped letters are read in texts of every kind, once or doubled, and what only looks like an escape is left."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.scan.api import Automaton, find, search, search_bytes, variants
from trustdesk.scan.contracts import Name, Person, Piece
from trustdesk.scan.escapes import plain

PAWEL = Person(country="PL", names=(Name("Paweł", "Śliwiński"),), phones=("+48601234567",))
AUTOMATON = Automaton.of(variants(PAWEL))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        (r"Pawe\xC5\x82 \xc5\x9aliwi\xc5\x84ski", "Paweł Śliwiński"),
        (r"Pawe\u0142 \u015aliwi\u0144ski", "Paweł Śliwiński"),
        (r"Pawe\\u0142\\n\\\\u015aliwi\\\\\\\\u0144ski", "Paweł  Śliwiński".replace("  ", " ")),
        (r"Pawe\305\202 \305\232liwi\305\204ski", "Paweł Śliwiński"),
        ("Pawe%C5%82%20%25C5%259Aliwi%C5%84ski", "Paweł Śliwiński"),
        ("Pawe%B3", "Paweł"),
        ("Pawe&#x142; &#346;liwi&amp;nacute;ski", "Paweł Śliwiński"),
        ("%2B48%20601", "+48 601"),
        (r"601\u00a0234\u2011567", "601\u00a0234\u2011567"),
        (r"one\nline\tmore", "one line more"),
        (r"C:\Users\nowak\b.txt", r"C:\Users\nowak\b.txt"),
        ("100% of 5 %; a && b; &c", "100% of 5 %; a && b; &c"),
        (r"D:\301234567", r"D:\301234567"),
        (r"\ud83d\ude00", "  "),
        ("one\n    two", "one\n two"),
    ],
)
def test_what_is_read(text: str, meant: str) -> None:
    assert plain(text) == meant


@given(st.text(alphabet="aé%u0\\x&;#\n1f"))
def test_lines_stay_as_many_as_they_were(text: str) -> None:
    assert plain(text).count("\n") == text.count("\n")
    assert plain(plain(text)) == plain(plain(plain(text)))


@pytest.mark.parametrize("name", ["a.log", "a.txt", "a.csv", "a.json", "a.html", "a.sql"])
def test_in_every_kind_of_file(name: str) -> None:
    inner = json.dumps({"said": json.dumps("Paweł\nŚliwiński")})
    for text in (
        inner,
        json.dumps([inner]),
        r"GET /\xC5\x9Aliwi\xC5\x84ski/Pawe\xC5\x82",
        "%C5%9Aliwi%C5%84ski+Pawe%C5%82",
    ):
        assert len(search_bytes(AUTOMATON, name, f"x\n{text}\n".encode()).hits) == 1, text


def test_in_cells_of_a_table() -> None:
    cells = [Piece("1", json.dumps(json.dumps("Paweł Śliwiński"))), Piece("2", "%2B48%20601234567"), Piece("3", "x")]
    assert [hit.place for hit in search(AUTOMATON, cells)] == ["1", "2"]


def test_what_begins_in_the_piece_before_is_found_once() -> None:
    overlap = "Pawe&#x142; &#346;liwi&#x144;ski &aacute;&aacute;&aacute;"
    assert find(AUTOMATON, overlap)
    piece = Piece("", f"{overlap} 601234567", 1, len(overlap))
    assert [hit.place for hit in AUTOMATON.hits(piece)] == ["line 1"]
