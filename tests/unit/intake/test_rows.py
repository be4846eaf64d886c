"""Rows become customers by the mapping alone."""

from datetime import UTC, date, datetime

import pytest

from trustdesk.batch.contracts import Row
from trustdesk.intake.contracts import ColumnMapping, Refusal, Reject, Target, Undeclared
from trustdesk.intake.services.rows import Mapper, Plan, Taken
from trustdesk.kernel.errors import BadInputError
from trustdesk.register.contracts import ConfirmedBy, CustomerKind, NewValue
from trustdesk.register.standard import STANDARD

NOW = datetime(2026, 6, 1, tzinfo=UTC)
COLUMNS = {
    "First": Target("name"),
    "Last": Target("name"),
    "Phone": Target("phone", "mobile"),
    "Home": Target("phone", "home", shared_line=True),
    "Mail": Target("email"),
    "Born": Target("birth_date"),
    "No": Target("customer_number"),
}


def mapper(
    columns: dict[str, Target] | None = None,
    *,
    undeclared: Undeclared = Undeclared.REFUSE,
    header: list[str] | None = None,
    acquired: date | None = None,
    open_ended: bool = False,
    **more: str,
) -> Mapper:
    columns = COLUMNS if columns is None else columns
    made = Mapper(
        Plan(
            mapping=ColumnMapping(name="x", columns=columns, undeclared=undeclared, **more),  # type: ignore[arg-type]
            catalog=STANDARD,
            acquired_date=acquired,
            now=NOW,
        ),
    )
    made.check_columns(list(columns) if header is None else header, open_ended=open_ended)
    return made


def take(row: dict[str, str], by: Mapper | None = None) -> Taken | Reject:
    by = by or mapper()
    cells = by.cells(Row(2, row))
    return cells if isinstance(cells, Reject) else by.read(2, cells)


def taken(row: dict[str, str], by: Mapper | None = None) -> Taken:
    found = take(row, by)
    assert isinstance(found, Taken), found
    return found


def test_columns_of_one_target_are_joined_and_labels_tell_values_apart() -> None:
    row = taken({"First": "Anna", "Last": "Kovács", "Phone": "+36 30 1", "Home": "06 1 2", "Mail": "", "Born": ""})
    assert row.customer.values == (
        NewValue("name", "Anna Kovács"),
        NewValue("phone", "+36 30 1", label="mobile"),
        NewValue("phone", "06 1 2", label="home", shared_line=True),
    )


def test_what_our_own_writer_escaped_is_read_again() -> None:
    assert taken({"First": "A", "Phone": "'+3630"}).customer.values[1].text == "+3630"


def test_letters_in_two_forms_are_one() -> None:
    assert taken({"First": "Kova\u0301cs"}).customer.values[0].text == "Kovács"


@pytest.mark.parametrize(
    ("date_format", "said", "stored"),
    [("%d/%m/%Y", "03/04/1980", "1980-04-03"), ("", "1980-04-03", "1980-04-03")],
)
def test_dates_in_the_format_that_was_said(date_format: str, said: str, stored: str) -> None:
    row = taken({"First": "A", "Born": said}, mapper(date_format=date_format))
    assert row.customer.values[1].text == stored


def test_an_impossible_date_names_its_column() -> None:
    by = mapper(date_format="%d/%m/%Y")
    assert take({"First": "A", "Born": "31/02/1980"}, by) == Reject(2, "Born", Refusal.INVALID_DATE)


def test_a_row_that_names_nobody() -> None:
    assert take({"First": " ", "Born": "1980-04-03"}) == Reject(2, "", Refusal.NOBODY)


@pytest.mark.parametrize(
    ("target", "said", "reason"),
    [
        (":kind", "robot", Refusal.INVALID_KIND),
        (":language", "hungarian", Refusal.INVALID_LANGUAGE),
        (":country", "H1", Refusal.INVALID_COUNTRY),
        (":customer_since", "yesterday", Refusal.INVALID_DATE),
        (":as_of", "2027-01-01", Refusal.INVALID_DATE),
    ],
)
def test_fields_of_the_customer_are_checked(target: str, said: str, reason: Refusal) -> None:
    by = mapper({"Name": Target("name"), "X": Target(target)})
    assert take({"Name": "A", "X": said}, by) == Reject(2, "X", reason)


def test_fields_of_the_customer() -> None:
    columns = {
        "Name": Target("name"),
        "Kind": Target(":kind"),
        "Lang": Target(":language"),
        "Land": Target(":country"),
        "Since": Target(":customer_since"),
        "Groups": Target(":product_group"),
        "Seen": Target(":as_of"),
    }
    row = taken(
        {
            "Name": "Alma Bt.",
            "Kind": "company",
            "Lang": "HU",
            "Land": "hu",
            "Since": "2020-01-02",
            "Groups": "water|gas",
            "Seen": "2026-05-01",
        },
        mapper(columns),
    )
    customer = row.customer
    assert (customer.kind, customer.language, customer.country) == (CustomerKind.COMPANY, "hu", "HU")
    assert customer.relationship.customer_since == date(2020, 1, 2)
    assert customer.relationship.product_groups == ("water", "gas")
    assert customer.values[0].confirmed_at == datetime(2026, 5, 1, tzinfo=UTC)
    assert customer.values[0].confirmed_by is ConfirmedBy.FEED


def test_age_comes_from_the_row_else_from_the_list_else_is_unknown() -> None:
    columns = {"Name": Target("name"), "Phone": Target("phone"), "Seen": Target(":as_of")}
    old, fresh = {"Name": "A", "Phone": "1", "Seen": "2020-01-01"}, {"Name": "A", "Phone": "1", "Seen": "2026-05-01"}
    none = {"Name": "A", "Phone": "1", "Seen": ""}
    assert [(row.stale, row.age_unknown) for row in (taken(r, mapper(columns)) for r in (old, fresh, none))] == [
        (True, False),
        (False, False),
        (False, True),
    ]
    assert taken(none, mapper(columns, acquired=date(2020, 1, 1))).stale
    assert taken(none, mapper(columns, acquired=date(2020, 1, 1))).customer.collected_at == datetime(
        2020,
        1,
        1,
        tzinfo=UTC,
    )


def test_a_column_nobody_named_is_refused_by_its_place_never_by_its_name() -> None:
    with pytest.raises(BadInputError) as caught:
        mapper(header=[*COLUMNS, "Kovács Anna"])
    assert caught.value.place == "columns 8"
    assert "Kov" not in str(caught.value) + caught.value.mend


def test_or_dropped_where_that_was_said() -> None:
    by = mapper(header=[*COLUMNS, "Religion"], undeclared=Undeclared.DROP)
    assert "Jedi" not in repr([v.text for v in taken({"First": "A", "Religion": "Jedi"}, by).customer.values])


def test_a_later_line_with_a_new_key_is_refused() -> None:
    by = mapper(open_ended=True, header=["First"])
    assert take({"First": "A", "Religion": "Jedi"}, by) == Reject(2, "", Refusal.UNDECLARED_COLUMN)


@pytest.mark.parametrize(
    ("columns", "header", "place"),
    [
        ({"A": Target("religion")}, ["A"], "religion"),
        ({"A": Target(":shoe_size")}, ["A"], ":shoe_size"),
        ({"A": Target("name"), "B": Target("phone")}, ["A"], "B"),
        ({"A": Target("name"), "B": Target("name", "other")}, ["A", "B"], "name"),
    ],
)
def test_mapping_catalog_and_header_must_fit(columns: dict[str, Target], header: list[str], place: str) -> None:
    with pytest.raises(BadInputError) as caught:
        mapper(columns, header=header)
    assert caught.value.place == place


def test_the_same_person_in_two_notations_has_a_key_in_common() -> None:
    one = taken({"First": "Anna", "Last": "Kovács", "Phone": "+36 30 123 4567"})
    other = taken({"First": "KOVACS", "Last": "Anna", "Phone": "06-30/1234567"})
    assert set(one.keys) & set(other.keys)
    assert one.fingerprint != other.fingerprint


def test_name_and_birth_date_decide_only_where_there_is_nothing_better() -> None:
    bare = taken({"First": "Anna", "Born": "1980-01-02"})
    assert set(bare.keys) & set(taken({"First": "Anna", "Born": "1980-01-02"}).keys)
    assert not set(bare.keys) & set(taken({"First": "Anna", "Born": "1980-01-02", "Phone": "1234567"}).keys)


def test_a_shared_phone_makes_nobody_the_same_person() -> None:
    one, other = taken({"First": "Anna", "Phone": "1234567"}), taken({"First": "Béla", "Phone": "1234567"})
    assert not set(one.keys) & set(other.keys)


def test_a_row_does_not_show_its_person() -> None:
    assert "Anna" not in repr(taken({"First": "Anna", "Phone": "1"}))
