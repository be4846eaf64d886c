"""Blacking out other people's data: what is the person's own stays, what is another's goes, in every inflection."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.copies.masking import BLACK, Mask, Person

REGISTER = frozenset({"Eva", "Szabó", "Bauer", "Helsinki", "Marek", "Nowak"})


def mask(**more: object) -> Mask:
    given: dict[str, object] = {
        "names": frozenset({"Kovács", "János", "Virtanen"}),
        "places": frozenset({"Petőfi", "Sándor", "utca"}),
        "emails": frozenset({"janos@example.com"}),
        "numbers": frozenset({"36201234567", "123456789012", "13105230 8T".replace(" ", "")}),
        "others": frozenset({"Anna", "Péter", "Nagy", "Koskinen", "Wójcik"}),
        "regions": ("FI", "HU"),
        **more,
    }

    def known(words: Iterable[str]) -> frozenset[str]:
        return frozenset(words) & (REGISTER | {"Petőfi", "Sándor"})

    return Mask(Person(**given), known)  # type: ignore[arg-type]  # fields by name


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Kovács János hívott.", "Kovács János hívott."),
        ("Kovácsnak szóltam, Virtasen asia.", "Kovácsnak szóltam, Virtasen asia."),
        ("KOVACS JANOS", "KOVACS JANOS"),
        ("Annának mondta, Péterrel.", f"{BLACK} mondta, {BLACK}."),
        ("Koskisen puolesta; Wójcikowi.", f"{BLACK} puolesta; {BLACK}."),
        ("felesége Ilona és fia Bence", f"felesége {BLACK} és fia {BLACK}"),
        ("Frau Schmidt und Herr Meier", f"Frau {BLACK} und Herr {BLACK}"),
        ("Tóth úr kereste", f"{BLACK} úr kereste"),
        ("jego żona Beata", f"jego żona {BLACK}"),
        ("Called Eva Szabó about it", f"Called {BLACK} {BLACK} about it"),
        ("Bauer steht hier", "Bauer steht hier"),  # one word alone is a word before it is a name
        ("Petőfi Sándor utca 5", "Petőfi Sándor utca 5"),
        ("Tel. +36 20 123 4567", "Tel. +36 20 123 4567"),
        ("Tel. 06 20 123 4567, other 06 20 999 8888", f"Tel. 06 20 123 4567, other {BLACK}"),
        ("+49 30 1234567", BLACK),
        ("janos@example.com, x.y@z.hu", f"janos@example.com, {BLACK}"),
        ("Ref. 123456789012 of 2026-11-26, 1 234,50 EUR", "Ref. 123456789012 of 2026-11-26, 1 234,50 EUR"),
        ("PESEL 44051401359, IBAN DE89 3704 0044 0532 0130 00", f"PESEL {BLACK}, IBAN {BLACK}"),
    ],
)
def test_what_is_another_s_is_blacked_out(text: str, left: str) -> None:
    assert mask().text(text) == left


def test_places_are_counted_and_nested_texts_reached() -> None:
    one = mask()
    assert one.value({"a": ["Anna", 3, None], "b": {"c": "x@y.fi"}}) == {"a": [BLACK, 3, None], "b": {"c": BLACK}}
    assert one.count == 2


@given(st.text(), st.sampled_from(["Anna", "Péter", "x@y.hu", "+36 20 999 8888"]), st.text())
def test_whatever_stands_around_it_it_is_gone(before: str, other: str, after: str) -> None:
    assert other not in mask().text(f"{before} {other} {after}".replace("\n", " "))


@given(st.lists(st.sampled_from(["Kovács", "János", "janos@example.com", "hívott", "holnap", "123456789012"])))
def test_the_own_is_never_blacked_out(words: list[str]) -> None:
    text = " ".join(words)
    assert mask().text(text) == text
