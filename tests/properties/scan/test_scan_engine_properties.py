"""What makes the search fast finds exactly what looking letter by letter finds."""

import unicodedata
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from trustdesk.scan.api import Automaton, find, search_bytes, variants
from trustdesk.scan.contracts import Kind, Name, Person, Piece, Variant
from trustdesk.scan.folding import view
from trustdesk.scan.index import Index, Row, in_pairs
from trustdesk.scan.readers import budget

few_letters = st.text(alphabet="ab \x03", min_size=1, max_size=30).map(lambda text: text.encode())
digits = st.text(alphabet="012", min_size=2, max_size=20).map(lambda text: text.encode())


def everywhere(rows: set[bytes], content: bytes) -> Iterator[tuple[int, int, bytes]]:
    for row in rows:
        at = content.find(row)
        while at >= 0:
            yield at, at + len(row), row
            at = content.find(row, at + 1)


def found(rows: set[bytes], content: bytes) -> list[tuple[int, int, bytes]]:
    index = Index({row: Row([]) for row in rows})
    return sorted((start, end, content[start:end]) for start, end, _ in index.found(content))


@settings(max_examples=200, deadline=None)
@given(st.sets(few_letters, min_size=1, max_size=12), st.lists(few_letters, max_size=20))
def test_every_row_is_found_everywhere_and_nothing_else(rows: set[bytes], parts: list[bytes]) -> None:
    content = b"".join(parts + sorted(rows))
    assert found(rows, content) == sorted(everywhere(rows, content))


@settings(max_examples=100, deadline=None)
@given(st.sets(digits, min_size=1, max_size=8), st.lists(digits, max_size=12))
def test_pairs_of_digits_say_what_the_digits_say(rows: set[bytes], parts: list[bytes]) -> None:
    content = b"".join(parts + sorted(rows))
    paired = {in_pairs(row): row for row in rows}
    as_pairs = [(start, end + 1, paired[pair]) for start, end, pair in found(set(paired), in_pairs(content))]
    assert sorted(as_pairs) == sorted(everywhere(rows, content))


LETTERS = "aáäąàeéęëiíoóöőøuúüűsśšßzźżcćłńñåæðŁŚŐÜ -.,'_7&%\\\n\u00a0\u2013\u2019\u0301\u200bﬁ你я\U0001f600"
texts = st.text(alphabet=LETTERS, max_size=60)


@given(texts)
def test_the_view_is_that_of_each_letter(text: str) -> None:
    """A letter alone is folded by another way than among many: by ASCII, by Latin-1, by UTF-16 or by UTF-32."""
    seen = view(text)
    assert len(seen.text) == len(seen.folded) == len(seen.letters)
    assert seen.folded == b"".join(view(one).folded for one in seen.text)
    assert seen.is_indented == ("\n  " in seen.text)
    for one, byte in zip(seen.text, seen.folded, strict=True):
        base = unicodedata.normalize("NFD", one.casefold())[0]
        if base.isascii() and one not in "ßæ":
            assert chr(byte) == (base if base.isalnum() else " ")


ANNA = Person(names=(Name("Żaneta", "Śliwińska"),), phones=("+36301234567",), emails=("zsa.nett@example.com",))
AUTOMATON = Automaton.of(variants(ANNA))
WRITTEN = ("Żaneta Śliwińska", "ŚLIWIŃSKA ŻANETA", "Zaneta Sliwinska", "06 (30) 123-45-67")


@pytest.mark.parametrize("block", [16, 100, 4096])
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*WRITTEN, "x", "Győr", "12", "(é)", "\n", "\n   "]), max_size=30))
def test_no_encoding_and_no_border_of_blocks_hides_anybody(
    block: int, monkeypatch: pytest.MonkeyPatch, parts: list[str]
) -> None:
    text = " ".join(["The first line.\n", *parts])
    whole = {hit.place for hit in AUTOMATON.hits(Piece("", text, 1))}
    monkeypatch.setattr(budget, "_BLOCK", block)
    for encoding in ("utf-8", "utf-8-sig", "utf-16", "cp1250"):
        report = search_bytes(AUTOMATON, "a.txt", text.encode(encoding, "replace"))
        assert {hit.place for hit in report.hits} == whole, encoding


def test_a_name_with_the_barrier_in_it_is_nobodys() -> None:
    odd = Variant(Kind.NAME, "An\ue000na Kis")
    assert find(Automaton.of([odd, Variant(Kind.NAME, "Anna Kis")]), "An\ue000na Kis, Anna Kis")[0].variant == 1


def test_a_spelling_with_an_escape_is_found_as_it_is_read() -> None:
    garbled = Variant(Kind.NAME, r"\x15awierad Ida")
    assert find(Automaton.of([garbled]), r"to (\x15awierad Ida), from")
