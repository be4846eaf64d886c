"""Layouts and filters as they are said and stored."""

import pytest

from trustdesk.kernel.errors import BadInputError
from trustdesk.screening.contracts import (
    CellKind,
    Criterion,
    Layout,
    NewFilter,
    Operator,
    criteria_from_json,
    layout_from_json,
)


def test_a_layout_is_stored_and_read_again() -> None:
    layout = Layout(columns={"Mobil": CellKind.PHONE, "Nr": CellKind.CUSTOMER}, country="DE")
    assert layout_from_json(layout.as_json()) == layout


def test_a_filter_is_known_by_what_it_says() -> None:
    lines = (Criterion(":country", Operator.ANY_OF, ("FI", "HU")),)
    one, other = NewFilter(name="one", criteria=lines), NewFilter(name="other", criteria=lines)
    assert one.digest == other.digest
    assert criteria_from_json(one.as_json()) == lines
    narrower = NewFilter(name="one", criteria=(*lines, Criterion("region", Operator.NONE_OF, ("Uusimaa",))))
    assert narrower.digest != one.digest


@pytest.mark.parametrize(
    "said",
    [
        None,
        [],
        {},
        [{"what": ":country"}],
        [{"what": ":country", "operator": "like", "values": ["F%"]}],
        [{"what": ":country", "operator": "any_of", "values": []}],
        [{"what": ":country", "operator": "any_of", "values": [1]}],
        [{"what": ":country", "operator": "any_of", "values": ["FI"], "or": True}],
        [{"what": ":customer_since", "operator": "from", "values": ["yesterday"]}],
        [{"what": ":customer_since", "operator": "any_of", "values": ["2026-01-01"]}],
        [{"what": ":last_sale_date", "operator": "before", "values": ["2026-01-01", "2026-02-01"]}],
    ],
)
def test_what_is_no_filter_is_refused(said: object) -> None:
    with pytest.raises(BadInputError):
        criteria_from_json(said)
