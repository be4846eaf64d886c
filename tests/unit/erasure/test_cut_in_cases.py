"""What is cut out of others' texts: the person in every case of the four languages, and nothing of a namesake's."""

import pytest

from trustdesk.erasure.services.cutting import MARK, cut_of
from trustdesk.register.contracts import KnownBy, ValueKind


def known(*names: str) -> list[KnownBy]:
    return [KnownBy(1, ValueKind.NAME, "name", name) for name in names]


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Kovács János", "Kovács Jánosnak visszahívás", f"{MARK} visszahívás"),
        ("János Kovács", "Kovács Jánossal beszéltem", f"{MARK} beszéltem"),
        ("Kovács János", "szóltam KOVÁCS JÁNOSNAK.", f"szóltam {MARK}."),
        ("Aino Virtanen", "Aino Virtasen laskusta", f"{MARK} laskusta"),
        ("Aino Virtanen", "soita Aino Virtaselle!", f"soita {MARK}!"),
        ("Jan Kowalski", "prosił Jana Kowalskiego o numer", f"prosił {MARK} o numer"),
        ("Jan Kowalski", "z Kowalskim Janem", f"z {MARK}"),
        ("Hans Müller", "Hans Müllers Zähler", f"{MARK} Zähler"),
        ("Hans Müller", "Hans Mueller rief an", f"{MARK} rief an"),
        ("Kovács János", "Kovács János, Kovács Jánosról", f"{MARK}, {MARK}"),
        ("Kovács János", "Kovács János, Kovács Péter és Kovács, János", f"{MARK}, Kovács Péter és {MARK}"),
        ("Kovács János", "János, Kovács János", f"János, {MARK}"),
    ],
)
def test_a_name_in_its_cases(name: str, text: str, left: str) -> None:
    assert cut_of(known(name))(text) == left


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Kovács János", "Kovács Péternek szóltam; a János utcában lakik"),
        ("Kovács János", "Jánosnak mondtam, Kovácsék nincsenek otthon"),
        ("Kovács János Péter", "Kovács Jánosnak"),  # the father's, perhaps
        ("Kovács-Nagy Anna", "Nagy Annának és Kovács Annának"),
        ("Aino Virtanen", "Eino Virtasen ja Aino Virran lasku"),
        ("Jan Kowalski", "Jana Kowalczyka"),
        ("Kovács", "Kovácsnak"),
    ],
)
def test_somebody_elses_name_stays(name: str, text: str) -> None:
    assert cut_of(known(name))(text) == text


def test_places_that_moved_are_left_to_the_scan() -> None:
    """A soft hyphen before it: what is cut would be other letters."""
    text = "meg\N{SOFT HYPHEN}hívta Kovács Jánosnak a barátja"
    assert cut_of(known("Kovács János"))(text) == text
