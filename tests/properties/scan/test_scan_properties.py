"""What is generated is found where it stands, and never inside something longer."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from trustdesk.scan.api import Automaton, find, search, search_bytes, variants
from trustdesk.scan.contracts import Bounds, Kind, Name, Person, Piece, Strength

GIVEN = ("János", "Zsófia", "Łukasz", "Małgorzata", "Väinö", "Aino-Maija", "Jürgen", "Anna Maria", "Michael")
FAMILY = ("Kovács", "Nagy", "Tóth-Kiss", "Wiśniewski", "Dąbrowska", "Mäkinen", "Virta", "Groß", "von der Leyen")
people = st.builds(
    Person,
    country=st.sampled_from(["HU", "FI", "PL", "DE", ""]),
    names=st.tuples(st.builds(Name, st.sampled_from(GIVEN), st.sampled_from(FAMILY))),
    phones=st.tuples(st.sampled_from(["+36301234567", "+358401234567", "+48601234567", "+4917112345678"])),
    emails=st.tuples(st.sampled_from(["zs.nagy@example.com", "väinö+x@bücher.example"])),
    ids=st.tuples(st.sampled_from(["131052-308T", "84120212345", "AB 123456"])),
    references=st.tuples(st.from_regex(r"[0-9]{12}", fullmatch=True)),
    birth_dates=st.tuples(st.dates(date(1920, 1, 1), date(2020, 1, 1))),
)
around = st.text(st.characters(categories=["Ll", "Zs", "Po"]), max_size=30)


@settings(max_examples=12, deadline=None)
@given(people, around, around, st.data())
def test_every_strong_variant_is_found_where_it_stands(
    person: Person, before: str, after: str, data: st.DataObject
) -> None:
    made = variants(person)
    strong = [variant for variant in made if variant.strength is Strength.ALONE and "*" not in variant.text]
    automaton = Automaton.of(made)
    for variant in data.draw(st.lists(st.sampled_from(strong), min_size=5, max_size=20)):
        for written in (variant.text, variant.text.upper(), f"\n{variant.text}\n"):
            if len(written) != len(variant.text) and "ß" in variant.text:
                continue  # ẞ in capitals is SS, which is another variant
            assert find(automaton, f"{before} ({written}) {after}"), variant


@settings(max_examples=12, deadline=None)
@given(people, st.data())
def test_nothing_is_found_inside_a_longer_word_or_number(person: Person, data: st.DataObject) -> None:
    made = variants(person)
    automaton = Automaton.of(made)
    texts = {variant.text.casefold() for variant in made}
    single = [variant for variant in made if variant.text.isalnum() and variant.strength is Strength.ALONE]
    for variant in data.draw(st.lists(st.sampled_from(single), max_size=20)):
        for longer in (
            (f"7{variant.text}", f"{variant.text}7")
            if variant.text.isdecimal()
            else (f"q{variant.text}", f"{variant.text}q")
        ):
            if longer.casefold() not in texts:
                assert find(automaton, f"x {longer} y") == []


@settings(max_examples=12, deadline=None)
@given(people)
def test_weak_variants_are_no_hit_alone(person: Person) -> None:
    automaton = Automaton.of(variants(person))
    for variant in automaton.variants:
        if variant.strength is Strength.NEAR and variant.kind is not Kind.NAME:
            assert find(automaton, f"x {variant.text} y") == [] or _holds_a_name(variant.text), variant


def _holds_a_name(text: str) -> bool:
    return any(letter.isalpha() for letter in text)


@settings(max_examples=12, deadline=None)
@given(people, st.lists(st.text(max_size=40), max_size=20), st.data())
def test_searching_many_pieces_finds_what_searching_each_finds(
    person: Person, texts: list[str], data: st.DataObject
) -> None:
    made = variants(person)
    automaton = Automaton.of(made)
    texts = texts + [variant.text for variant in data.draw(st.lists(st.sampled_from(made), max_size=5))]
    pieces = [Piece(str(number), text) for number, text in enumerate(texts)]
    assert list(search(automaton, pieces)) == [
        hit for piece in pieces for hit in find(automaton, piece.text, place=piece.place)
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.binary(max_size=2000),
    st.sampled_from(["a.zip", "a.pdf", "a.docx", "a.xlsx", "a.eml", "a.gz", "a.tar", "a", "a.json"]),
)
def test_no_bytes_stop_the_search(content: bytes, name: str) -> None:
    report = search_bytes(Automaton.of(()), name, content, Bounds(seconds=5))
    assert report.size == len(content)
