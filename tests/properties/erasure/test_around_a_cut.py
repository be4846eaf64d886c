"""Whatever stands around a name is left as it is, letter by letter."""

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.erasure.services.cutting import MARK, cut_of
from trustdesk.register.contracts import KnownBy, ValueKind

NAMES = {
    "Kovács János": ("Kovács János", "Kovács Jánosnak", "János Kovácsot", "kovács jánossal"),
    "Aino Virtanen": ("Aino Virtanen", "Aino Virtasen", "Virtanen Ainolle", "AINO VIRTASELTA"),
    "Jan Kowalski": ("Jan Kowalski", "Jana Kowalskiego", "Kowalskiemu Janowi"),
    "Hans Müller": ("Hans Müller", "Hans Müllers", "Mueller Hans"),
}
CUTS = {name: cut_of([KnownBy(1, ValueKind.NAME, "name", name)]) for name in NAMES}
NAMESAKES = ("Kovács Péternek", "Virtasen Eino", "Kowalskiego", "Peter Müllers", "Jánosnak")
_WORDS = st.sampled_from(
    ("a", "mittari", "licznik", "Zähler", "17", "őt", "…", "\N{SOFT HYPHEN}", "ﬁ", "\\u00e1", "&aacute;", "%C3%A1")
)
_FILLER = st.lists(_WORDS | st.sampled_from(NAMESAKES) | st.text(max_size=8), max_size=6).map(" ".join)


@given(name=st.sampled_from(sorted(NAMES)), before=_FILLER, behind=_FILLER, which=st.integers(0, 3))
def test_around_the_name_nothing_changes(name: str, before: str, behind: str, which: int) -> None:
    form = NAMES[name][which % len(NAMES[name])]
    text = f"{before} ; {form} ; {behind}"
    assert CUTS[name](text) in {f"{before} ; {MARK} ; {behind}", text}


@given(name=st.sampled_from(sorted(NAMES)), text=_FILLER)
def test_without_the_person_nothing_changes(name: str, text: str) -> None:
    assert CUTS[name](text) == text


@given(name=st.sampled_from(sorted(NAMES)), words=st.lists(st.sampled_from(("mittari", "17", "őt", "a")), max_size=5))
def test_in_plain_text_the_name_is_always_cut(name: str, words: list[str]) -> None:
    for form in NAMES[name]:
        text = " ".join(words)
        assert CUTS[name](f"{text}; {form}; {text}") == f"{text}; {MARK}; {text}"
