"""Who is here already: the same external id, or the same name with the same phone, e-mail or birth date."""

from collections.abc import Sequence

import pytest
from tests.companies import NOW, Company
from tests.forgetting import forget

from trustdesk.audit import api as audit
from trustdesk.kernel.errors import RefusedError
from trustdesk.register.api import (
    add_many,
    add_note,
    add_value,
    card,
    correct_value,
    declare_attribute,
    known,
    lock,
    merge,
    unmerge,
)
from trustdesk.register.contracts import (
    Attribute,
    ConfirmedBy,
    CustomerKind,
    NewCustomer,
    NewValue,
    RestrictionGround,
    ValueKind,
)


def row(*values: tuple[str, str], country: str = "", shared_line: bool = False) -> NewCustomer:
    given = [NewValue(attribute, text, shared_line=shared_line) for attribute, text in values]
    return NewCustomer(kind=CustomerKind.PERSON, values=given, country=country)


def who(company: Company, *values: tuple[str, str], country: str = "") -> int | None:
    return known(company.context("list:preview"), [row(*values, country=country)])[0]


@pytest.fixture
def hanna(alone: Company) -> int:
    return alone.person(
        name="Dr. Hanna Mäkelä-Nagy",
        phone="040 1234567",
        email="Hanna.Nagy@Example.com",
        birth_date="1985-03-04",
        customer_number="00012-34A",
        address="Mannerheimintie 1, 00100 Helsinki",
        town="Helsinki",
    )


@pytest.mark.parametrize("number", ["00012-34A", "12-34a", "1234A", " 0012 34/a "])
def test_an_external_id_alone_decides(alone: Company, hanna: int, number: str) -> None:
    assert who(alone, ("customer_number", number), ("name", "Somebody Else")) == hanna
    assert who(alone, ("customer_number", number)) == hanna


NAMES = ["Hanna Mäkelä-Nagy", "makela nagy hanna", "NAGY, Hanna Mäkelä", "Dr. Hanna Nagy Makela"]
CONTACTS = [
    ("phone", "+358 40 123 4567"),
    ("phone", "00358401234567"),
    ("phone", "040-1234567"),
    ("email", "hanna.nagy@example.com"),
    ("email", "<HANNA.NAGY@EXAMPLE.COM>"),
    ("birth_date", "4.3.1985"),
    ("birth_date", "1985-03-04"),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("contact", CONTACTS, ids=[text for _attribute, text in CONTACTS])
def test_a_name_with_one_of_three_decides_in_any_notation(
    alone: Company,
    hanna: int,
    name: str,
    contact: tuple[str, str],
) -> None:
    assert who(alone, ("name", name), contact) == hanna
    given, family = name.replace(",", "").split()[:2], name.replace(",", "").split()[2:]
    parts = [("given_name", " ".join(given)), ("family_name", " ".join(family))]
    assert who(alone, *[part for part in parts if part[1]], contact) == hanna


@pytest.mark.parametrize(
    "values",
    [
        [("name", "Hanna Mäkelä-Nagy")],
        [("phone", "040 1234567")],
        [("email", "hanna.nagy@example.com")],
        [("birth_date", "1985-03-04"), ("phone", "040 1234567"), ("email", "hanna.nagy@example.com")],
        [("name", "Hanna Mäkelä-Nagy"), ("address", "Mannerheimintie 1, 00100 Helsinki"), ("town", "Helsinki")],
        [("name", "Henna Mäkelä-Nagy"), ("phone", "040 1234567")],
        [("name", "Hanna Maria Mäkelä-Nagy"), ("phone", "040 1234567")],
        [("name", "Hanna Mäkelä-Nagy"), ("phone", "040 1234568")],
        [("name", "Han Mäk"), ("phone", "040 1234567")],
        [("name", "Hanna Mäkelä-Nagy"), ("phone", "no number"), ("email", "none"), ("birth_date", "1985")],
        [("customer_number", "1234B")],
        [("shoe_size", "43"), ("region", "Uusimaa")],
        [],
    ],
    ids=str,
)
def test_less_decides_nothing(alone: Company, hanna: int, values: list[tuple[str, str]]) -> None:
    assert who(alone, *values) is None


def test_fewer_names_are_the_same_name(alone: Company, hanna: int) -> None:
    """Lists shorten: all names of the row must be the customer's, not the other way round."""
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "040 1234567")) == hanna


def test_the_phone_is_read_as_the_row_s_country_writes_it(alone: Company) -> None:
    customer = alone.person(name="Kovács Anna", phone="+36 30 123 4567")
    national = ("name", "Anna Kovacs"), ("phone", "06 30 123 4567")
    assert who(alone, *national, country="HU") == customer
    assert who(alone, ("name", "Anna Kovacs"), ("phone", "06 30 999 4567"), country="HU") is None


def test_a_shared_line_makes_nobody_the_same(alone: Company) -> None:
    """One telephone of a household or a switchboard: whoever has another name is another person."""
    line = NewValue("phone", "09 123 4567", shared_line=True)
    rows = [
        NewCustomer(kind=CustomerKind.PERSON, values=[NewValue("name", name), line])
        for name in ("Hanna Mäkelä", "Juho Mäkelä")
    ]
    added = add_many(alone.context(), rows, source_id=alone.imported, now=NOW).outcomes
    hanna, juho = (outcome.customer_id for outcome in added)
    assert known(alone.context(), rows) == [hanna, juho]
    assert who(alone, ("name", "Eino Mäkelä"), ("phone", "+358 9 1234567")) is None
    # The same name on the same line is taken for the same person, father and son included (ADR 7).
    assert who(alone, ("name", "Mäkelä Juho"), ("phone", "+358 9 1234567")) == juho


def test_an_external_id_decides_before_the_rest(alone: Company, hanna: int) -> None:
    other = alone.person(name="Juho Mäkelä", customer_number="77")
    asked = ("name", "Hanna Mäkelä-Nagy"), ("phone", "040 1234567"), ("customer_number", "77")
    assert who(alone, *asked) == other


def test_of_two_alike_the_older_one_is_named(alone: Company) -> None:
    first, _second = (alone.person(name="Hanna Mäkelä", phone="040 1234567") for _time in range(2))
    assert who(alone, ("name", "Hanna Mäkelä"), ("phone", "040 1234567")) == first


def test_what_was_corrected_no_longer_decides(alone: Company, hanna: int) -> None:
    values = {value.attribute: value.value_id for value in card(alone.context(), hanna, now=NOW).values}
    given = {"source_id": alone.direct, "by": ConfirmedBy.CUSTOMER, "now": NOW}
    correct_value(alone.context(), customer_id=hanna, value_id=values["phone"], text="040 7654321", **given)  # type: ignore[arg-type]
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "040 1234567")) is None
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "040 7654321")) == hanna
    second = NewValue("phone", "050 1111111", label="work")
    add_value(alone.context(), customer_id=hanna, value=second, source_id=alone.direct, now=NOW)
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "050 1111111")) == hanna
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "040 7654321")) == hanna


def test_words_of_notes_and_towns_are_no_names_of_a_row(alone: Company) -> None:
    """What is written about somebody is not who somebody is; a town is no name, but it shares the names' tokens."""
    customer = alone.person(name="Hanna", phone="040 1234567", town="Nokia")
    add_note(alone.context(), customer_id=customer, text="Sister of Juho Virtanen", now=NOW)
    assert who(alone, ("name", "Juho Virtanen"), ("phone", "040 1234567")) is None
    assert who(alone, ("name", "Hanna Nokia"), ("phone", "040 1234567")) == customer


def test_a_merged_customer_is_named_as_the_one_shown(alone: Company, hanna: int) -> None:
    root = alone.person(name="Johanna Nagy", phone="050 2222222")
    done = merge(alone.context(), into=root, customer_id=hanna, reason="same", now=NOW)
    assert who(alone, ("name", "Hanna Mäkelä"), ("phone", "040 1234567")) == root
    assert who(alone, ("customer_number", "1234A")) == root
    # Name and phone must be of one of the two records.
    assert who(alone, ("name", "Johanna Nagy"), ("phone", "040 1234567")) is None
    unmerge(alone.context(), merge_id=done, now=NOW)
    assert who(alone, ("customer_number", "1234A")) == hanna


@pytest.mark.parametrize("ground", [ground for ground in RestrictionGround if ground != RestrictionGround.KEPT_BY_LAW])
def test_who_is_restricted_is_known_and_nothing_more(alone: Company, hanna: int, ground: RestrictionGround) -> None:
    """Art. 18 lets data be stored: the same list must not add the person a second time."""
    lock(alone.context(), customer_id=hanna, ground=ground, now=NOW)
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "040 1234567")) == hanna


def erase(company: Company, customer_id: int) -> None:
    forget("register", company.context(), customer_id)


def test_who_is_erased_is_a_stranger(alone: Company, hanna: int) -> None:
    erase(alone, hanna)
    assert who(alone, ("name", "Hanna Mäkelä-Nagy"), ("phone", "040 1234567")) is None
    assert who(alone, ("customer_number", "1234A")) is None
    again = alone.person(name="Hanna Mäkelä-Nagy", phone="040 1234567")
    assert who(alone, ("name", "Hanna Nagy"), ("phone", "040 1234567")) == again


def test_who_is_kept_by_law_only_is_a_stranger_too(alone: Company) -> None:
    invoice = Attribute(
        code="invoice_number",
        label="Number on invoices",
        kind=ValueKind.EXTERNAL_ID,
        category="pd:UID",
        purposes=("dpv:LegalCompliance",),
        legal_basis="eu-gdpr:A6-1-c",
        retention_class="statutory:fi-accounting",
        retention_period="P6Y",
    )
    declare_attribute(alone.context(), attribute=invoice, now=NOW)
    customer = alone.person(name="Hanna Mäkelä", invoice_number="I-77")
    assert who(alone, ("invoice_number", "I-77")) == customer
    erase(alone, customer)
    assert card(alone.context(), customer, now=NOW).restriction is not None
    assert who(alone, ("invoice_number", "I-77")) is None


def test_a_neighbor_s_customers_are_strangers(alone: Company, hanna: int, south: Company) -> None:
    assert who(south, ("name", "Hanna Mäkelä-Nagy"), ("phone", "+358401234567"), ("customer_number", "1234A")) is None


@pytest.mark.parametrize("operation", ["customer:search", "customer:open", "log:read"])
def test_only_who_brings_lists_may_ask(alone: Company, operation: str) -> None:
    with pytest.raises(RefusedError):
        known(alone.context(operation), [row(("name", "Hanna"))])


@pytest.mark.parametrize("operation", ["list:preview", "list:import"])
def test_asking_opens_nothing(alone: Company, hanna: int, operation: str) -> None:
    before = [entry.id for entry in audit.entries(alone.context(), limit=200) if entry.kind == "opening"]
    assert known(alone.context(operation), [row(("customer_number", "1234A"))]) == [hanna]
    after = [entry.id for entry in audit.entries(alone.context(), limit=200) if entry.kind == "opening"]
    assert [one for one in after if one not in before] == after[: len(after) - len(before)]
    assert {entry.what for entry in audit.entries(alone.context(), limit=200) if entry.id not in before} <= {
        "audit.entries",
        "register.customer.created",
        "register.catalog.seeded",
        "register.source.created",
        "vault.provisioned",
        "controller.prepared",
    }


def test_rows_are_answered_in_their_order(alone: Company, hanna: int) -> None:
    juho = alone.person(name="Juho Mäkelä", email="juho@example.com")
    rows: Sequence[NewCustomer] = [
        row(("name", "Nobody")),
        row(("name", "Juho Mäkelä"), ("email", "juho@example.com")),
        row(),
        row(("customer_number", "1234A")),
        row(("name", "Mäkelä Juho"), ("email", "JUHO@example.com")),
    ]
    assert known(alone.context(), rows) == [None, juho, None, hanna, juho]
    assert known(alone.context(), []) == []
