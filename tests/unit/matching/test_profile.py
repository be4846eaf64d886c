"""What becomes of an identity: tokens in their columns, and nothing that could be read."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.matching.known import ANNA, digest, profiles

from trustdesk.matching.api import WIDTH, profile
from trustdesk.matching.columns import LABELS, NAMES, SLOTS
from trustdesk.matching.contracts import Address, Identity
from trustdesk.matching.sounds import sound


def test_nobody_has_no_tokens() -> None:
    assert profile(Identity(), digest).tolist() == [0] * WIDTH
    assert len(NAMES) == WIDTH == len(set(NAMES))


@given(st.text("ab", min_size=2, max_size=4))
def test_the_same_text_in_two_columns_makes_two_tokens(text: str) -> None:
    home = Address(street=text, house=text, postcode=text, town=text)
    person = Identity(
        family=(text,),
        given=(text,),
        national_id=text,
        numbers=(text,),
        phones=(text,),
        emails=(text,),
        addresses=(home,),
    )
    tokens = profile(person, digest)
    labelled = {LABELS[group]: {int(tokens[slot]) for slot in slots if tokens[slot]} for group, slots in SLOTS.items()}
    seen = [token for of_label in labelled.values() for token in of_label]
    assert len(seen) == len(set(seen)) > 10


def test_a_phone_is_the_same_whether_it_is_called_shared_or_not() -> None:
    own = profile(Identity(phones=("+3581",)), digest)
    shared = profile(Identity(phones=("+3581",), shared_phones=("+3581",)), digest)
    assert own[SLOTS["phone"][0]] == shared[SLOTS["phone_shared"][0]] != 0
    assert shared[SLOTS["phone"][0]] == 0


@pytest.mark.parametrize("said", [0, 1 << 63, (1 << 64) - 1, -1, 1 << 70])
def test_any_digest_is_a_token_and_none_is_nothing(said: int) -> None:
    assert profile(Identity(national_id="x"), lambda _: said)[SLOTS["national_id"][0]] != 0


def test_two_profiles_meet_in_what_they_share_and_nowhere_else() -> None:
    other = replace(ANNA, given=("liisa",), birth_date="1984-03-21", emails=())
    ours, theirs = profiles([ANNA, other])
    same = {NAMES[column] for column in np.flatnonzero((ours == theirs) & (ours != 0))}
    assert {"family_1", "birth_year_month", "birth_digits", "phone_1", "home_1", "national_id"} <= same
    assert not same & {"given_1", "birth", "birth_month_day", "email_1", "names"}


@pytest.mark.parametrize(
    ("one", "other"),
    [("meyer", "maier"), ("schulz", "szulc"), ("kowalski", "kowalska"), ("virtanen", "wirtanen"), ("toth", "tot")],
)
def test_spellings_of_one_name_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other) != ""


@given(st.text())
def test_a_sound_is_made_of_any_name(name: str) -> None:
    assert sound(name) == sound(name)
    assert sound(name) == "" or sound(name).isascii()
