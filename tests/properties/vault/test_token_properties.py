"""Whatever the notation, a query meets the stored tokens."""

import string
import unicodedata
from collections.abc import Callable

from hypothesis import assume, given
from hypothesis import strategies as st
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    ValidationResult,
    format_number,
    is_possible_number,
    is_possible_number_with_reason,
    national_significant_number,
    parse,
)

from trustdesk.vault.contracts import TOKEN_KINDS, TokenKind
from trustdesk.vault.services import phones
from trustdesk.vault.services.folding import fold
from trustdesk.vault.services.terms import asked_terms, stored_terms

LETTERS = "abcdefghijklmnopqrstuvwxyzáéíóöőúüűäåøæœßłńśźżąęćčšžřěůđðþñçâêîôûàèìòùëïÿ"
COUNTRIES = ["HU", "FI", "PL", "DE", "AT", "SE", "FR", "GB", "US", "IT", "CH", "LT", "CZ", "RO"]
name_words = st.text(LETTERS, min_size=1, max_size=16).filter(lambda word: word.isalpha())
names = st.lists(name_words, min_size=1, max_size=4)
countries = st.sampled_from(COUNTRIES)
any_text = st.text(max_size=60)


def meets(kind: TokenKind, query: str, stored: str, country: str, *, complete: bool = False) -> bool:
    def pairs(terms: list[tuple[str, list[str]]]) -> set[tuple[str, str]]:
        return {(label, text) for label, texts in terms for text in texts}

    return pairs(asked_terms(kind, query, country, complete=complete)) <= pairs(stored_terms(kind, stored, country))


@given(any_text)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(LETTERS + string.ascii_letters))
def test_folding_forgets_capitals_and_composition(text: str) -> None:
    assert fold(text) == fold(text.upper()) == fold(unicodedata.normalize("NFD", text)) == fold(text.title())


CHANGES: list[Callable[[str], str]] = [str, str.upper, str.title, lambda text: unicodedata.normalize("NFD", text)]


@given(names, countries, st.data())
def test_a_name_is_found_in_any_order_case_and_composition(words: list[str], country: str, data: st.DataObject) -> None:
    asked = data.draw(st.permutations(words))
    joint = data.draw(st.sampled_from([" ", "  ", ", ", "-", " - "]))
    change = data.draw(st.sampled_from(CHANGES))
    for complete in (False, True):
        assert meets("name", change(joint.join(asked)), " ".join(words), country, complete=complete)


@given(names, countries, st.data())
def test_a_name_is_found_while_it_is_typed(words: list[str], country: str, data: st.DataObject) -> None:
    folded = fold(data.draw(st.sampled_from(words)))
    typed = folded[: data.draw(st.integers(3, 20))]
    assume(len(typed) >= 3)
    assert meets("name", typed, " ".join(words), country)


@given(st.text("abcdefghijklmnopqrstuvwxyzáéíóöőúüű", min_size=3, max_size=10), name_words, st.booleans())
def test_a_married_name_is_found_by_the_husbands(husband: str, family: str, ascii_only: bool) -> None:  # noqa: FBT001
    stored = f"{family} {husband}né"
    stored = fold(stored).upper() if ascii_only else stored
    for query in (husband, f"{husband}né", family, f"{family} {husband}", f"{husband}NE {family}"):
        assert meets("name", query, stored, "HU")
        assert meets("name", query, stored, "HU", complete=True)


@given(
    st.sampled_from(["HU", "FI", "PL", "DE", "AT", "SE", "FR"]),
    st.integers(2, 9),
    st.text("0123456789", min_size=6, max_size=11),
)
def test_all_notations_of_a_phone_meet(country: str, first: int, rest: str) -> None:
    national = f"{first}{rest}"
    code = {"HU": "36", "FI": "358", "PL": "48", "DE": "49", "AT": "43", "SE": "46", "FR": "33"}[country]
    whole = is_possible_number_with_reason(parse(f"+{code}{national}")) == ValidationResult.IS_POSSIBLE
    assume(whole)
    trunk = {"HU": "06", "PL": ""}.get(country, "0")
    notations = [f"+{code}{national}", f"+{code} {national[:2]} {national[2:]}", f"00{code}-{national}"]
    if not national.startswith(code):  # a national number without its trunk prefix may read as an international one
        notations.append(f"{trunk}{national[:2]}/{national[2:]}")
    else:
        assume(bool(trunk))
        notations.append(f"{trunk}{national}")
    tails = {phones.tail(notation, country) for notation in notations}
    assert tails == {national[-9:]}


@given(countries, st.from_regex(r"\A(\+|00|0|06)?[0-9][0-9 ()./-]{3,18}\Z"))
def test_the_certain_way_gives_what_the_library_gives(country: str, text: str) -> None:
    certain = phones._certain(text, country) if phones._PLAIN.match(text) else ""
    try:
        known = national_significant_number(parse(text, country))
    except NumberParseException:
        return  # the library gives up where digits are too few or too many; ours are found by their digits
    assert not certain or certain[-9:] == known.lstrip("0")[-9:]


@given(countries, st.from_regex(r"\A\+[1-9][0-9]{6,14}\Z"))
def test_a_number_that_is_e164_already_is_what_the_library_makes_of_it(country: str, text: str) -> None:
    assert phones.e164(text, country) == _by_the_library(text, country)


def _by_the_library(text: str, country: str) -> str:
    try:
        number = parse(text, country)
    except NumberParseException:
        return ""
    return format_number(number, PhoneNumberFormat.E164) if is_possible_number(number) else ""


@given(st.from_regex(r"\A[a-z][a-z0-9._+-]{0,20}@[a-z][a-z0-9-]{0,10}\.(hu|fi|com|co\.uk)\Z"))
def test_an_e_mail_meets_itself_in_any_case_and_by_its_parts(address: str) -> None:
    local, _, domain = address.partition("@")
    for query in (address, address.upper(), f"X <{address}>", local, f"{local}@", f"@{domain}"):
        assert meets("email", query, address, "HU")


@given(st.dates(), countries)
def test_a_birth_date_meets_its_notations(day: object, country: str) -> None:
    text = str(day)
    year, month, date = text.split("-")
    for query in (text, f"{year}. {int(month)}. {int(date)}.", f"{year}{month}{date}", f"{year}/{month}/{date}"):
        assert meets("birth_date", query, text, country)
    if country != "US":
        assert meets("birth_date", f"{int(date)}.{int(month)}.{year}", text, country)


@given(st.sampled_from(TOKEN_KINDS), any_text, countries)
def test_every_value_meets_itself_or_has_no_terms(kind: TokenKind, value: str, country: str) -> None:
    assert meets(kind, value, value, country)
    assert meets(kind, value, value, country, complete=True)


@given(st.sampled_from(TOKEN_KINDS), any_text)
def test_no_start_of_a_name_is_shorter_than_three_letters(kind: TokenKind, value: str) -> None:
    for label, texts in stored_terms(kind, value, "HU"):
        assert all(texts), label
        assert not label.startswith("name.start") or min(map(len, texts), default=3) >= 3
