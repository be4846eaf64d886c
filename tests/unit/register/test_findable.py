"""How a query is understood, seen through a tokeniser that shows what it was asked."""

from collections.abc import Sequence

import pytest

from trustdesk.register.findable import question_tokens


class Asked:
    """Answers each question with a number that stands for it."""

    def __init__(self) -> None:
        self.questions: list[tuple[str, str]] = []

    def query_tokens(self, kind: str, query: str, *, country: str) -> list[int]:
        self.questions.append((kind, query))
        return [len(self.questions)]

    def named(self, tokens: Sequence[int]) -> list[tuple[str, str]]:
        return [self.questions[token - 1] for token in tokens]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("Mäkelä", [("name", "Mäkelä")]),
        ("Mäkelä Tampere", [("name", "Mäkelä Tampere")]),
        ("040 123 4567", [("phone", "040 123 4567")]),
        ("+36 (30) 123-4567", [("phone", "+36 (30) 123-4567")]),
        ("Kovács 06 30 123 4567", [("phone", "06 30 123 4567"), ("name", "Kovács")]),
        ("kovacs 31.12.1980", [("birth_date", "1980-12-31"), ("name", "kovacs")]),
        ("jussi@example.com", [("email", "jussi@example.com")]),
    ],
)
def test_a_query_is_taken_apart_by_what_its_parts_look_like(query: str, meant: list[tuple[str, str]]) -> None:
    asked = Asked()
    meanings = question_tokens(asked, query, country="FI")  # type: ignore[arg-type]
    assert asked.named(meanings[0]) == meant


def test_words_may_be_of_an_address_a_note_or_an_external_id_too() -> None:
    asked = Asked()
    meanings = question_tokens(asked, "Fő utca", country="HU")  # type: ignore[arg-type]
    assert [asked.named(meaning)[0][0] for meaning in meanings] == ["name", "address", "text", "external_id"]


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_nothing_asked_is_no_question(query: str) -> None:
    assert question_tokens(Asked(), query, country="FI") == ()  # type: ignore[arg-type]
