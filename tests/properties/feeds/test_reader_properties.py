"""Whatever bytes come in, a reader ends: with records, with faults that hold nothing of them, or refusing the file."""

import json
from datetime import UTC, datetime
from io import BufferedReader, BytesIO
from typing import Literal, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustdesk.batch.contracts import UnreadableFileError
from trustdesk.feeds.readers.formats import FORMATS, read
from trustdesk.feeds.readers.posti import read_posti
from trustdesk.feeds.readers.values import Fault, Record, Setting
from trustdesk.feeds.samples.changes import SAMPLES
from trustdesk.feeds.samples.posti import postcodes, streets
from trustdesk.updates.contracts import Change

SETTING = Setting(country="FI", now=datetime(2026, 11, 26, tzinfo=UTC), received_at=datetime(2026, 11, 25, tzinfo=UTC))


class Stat(NamedTuple):
    st_size: int
    st_mtime_ns: int = 0


class Memory(NamedTuple):
    """A file that is none."""

    content: bytes
    suffix: str = ""

    def open(self, _mode: Literal["rb"] = "rb", /) -> BufferedReader:
        return BufferedReader(BytesIO(self.content))

    def stat(self) -> Stat:
        return Stat(len(self.content))


def records(code: str, content: bytes) -> list[Record] | None:
    try:
        return list(read(code, Memory(content), SAMPLES[code].reading, SETTING))
    except UnreadableFileError:
        return None


def damaged(content: bytes, at: float, junk: bytes, *, cut: bool) -> bytes:
    place = int(at * len(content))
    return content[:place] + junk + (b"" if cut else content[place + len(junk) :])


DAMAGE = st.tuples(st.floats(0, 1), st.binary(max_size=12), st.booleans())


@pytest.mark.parametrize("code", FORMATS)
@given(damage=DAMAGE)
def test_a_damaged_file_is_read_or_refused_and_always_in_the_same_way(
    code: str, damage: tuple[float, bytes, bool]
) -> None:
    at, junk, cut = damage
    content = damaged(SAMPLES[code].content, at, junk, cut=cut)
    found = records(code, content)
    assert records(code, content) == found
    for record in found or ():
        if isinstance(record, Fault):
            assert not any(word in repr(record) for word in ("Esimerkki", "Beispiel", "Minta", "9998"))
        else:
            assert record.as_of.tzinfo is not None
            assert record.person or record.key


@pytest.mark.parametrize("code", FORMATS)
@given(content=st.one_of(st.binary(max_size=300), st.text(max_size=200).map(str.encode)))
def test_no_bytes_are_too_strange(code: str, content: bytes) -> None:
    records(code, content)


@given(damage=DAMAGE, whole=st.sampled_from([postcodes(), streets()]))
def test_a_damaged_reference_file_costs_its_damaged_records(damage: tuple[float, bytes, bool], whole: bytes) -> None:
    at, junk, cut = damage
    content = damaged(whole, at, junk, cut=cut)
    try:
        found = list(read_posti(Memory(content)))
    except UnreadableFileError:
        return
    untouched = [row for row in read_posti(Memory(whole)) if row in found]
    if not cut and not junk.count(b"\n"):
        assert len(untouched) >= len(list(read_posti(Memory(whole)))) - 2


@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(["tietoryhma", "muutosattribuutti", "alkupv", "kuolinpv", "katunimi", "nimi", "kuollut"]),
            st.one_of(
                st.sampled_from(["HENKILON_NIMI", "KUOLINPAIVA", "VAKINAINEN_KOTIMAINEN_OSOITE", "LISATTY"]),
                st.none(),
                st.booleans(),
                st.lists(st.none(), max_size=1),
                st.fixed_dictionaries({"arvo": st.sampled_from(["2026-11-01", "0001-01-01", "9999-12-31", "x", ""])}),
            ),
        ),
        max_size=4,
    )
)
def test_no_group_of_the_population_register_is_too_strange(groups: list[dict[str, object]]) -> None:
    record = {"henkilotunnus": "040180-9998", "muutospv": "2026-11-03T04:38:04.394Z", "tietoryhmat": groups}
    found = records("dvv", json.dumps({"muutokset": [record]}).encode())
    assert found is not None
    assert all(isinstance(one, Change | Fault) for one in found)
