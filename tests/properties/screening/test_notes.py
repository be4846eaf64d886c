"""A signed summary: whatever is said comes back, and no altered letter passes."""

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.kernel.errors import BadInputError
from trustdesk.screening import notes
from trustdesk.seal.api import SigningKey

KEY = SigningKey.generate()
SAID = st.dictionaries(st.text(max_size=20), st.one_of(st.integers(0, 2**40), st.text(max_size=40)), max_size=8)


@given(SAID, st.integers(1, 2**31 - 1))
def test_what_is_written_is_read(said: dict[str, object], controller: int) -> None:
    note = notes.write(KEY, controller, said)
    read = notes.read(note, KEY.verify_key)
    assert {name: read[name] for name in said if name != "format"} == {
        name: value for name, value in said.items() if name != "format"
    }


@given(SAID, st.data())
def test_no_altered_letter_passes(said: dict[str, object], data: st.DataObject) -> None:
    note = notes.write(KEY, 7, said)
    place = data.draw(st.integers(0, len(note) - 1))
    other = data.draw(st.characters(codec="utf-8", exclude_characters=note[place]))
    altered = note[:place] + other + note[place + 1 :]
    try:
        read = notes.read(altered, KEY.verify_key)
    except BadInputError:
        return
    # Only what is no part of text and signature may differ: the last line's end.
    assert read == notes.read(note, KEY.verify_key)
