"""Who is let in, on what terms, and what becomes of it."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from tests.companies import NOW, Company

from trustdesk.isolation.api import scoped
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, RefusedError
from trustdesk.kernel.registries import Admission, Candidate
from trustdesk.register.api import (
    add_many,
    card,
    create_customer,
    create_source,
    give_notice,
    notices_due,
    record_communication,
    search,
)
from trustdesk.register.contracts import (
    ConfirmedBy,
    CustomerKind,
    NewCustomer,
    NewSource,
    NewValue,
    Notice,
    NoticeKind,
    Relationship,
    SourceKind,
)

ART13 = Notice(NoticeKind.ART13, "2026-01", NOW)


class NoJussi:
    """A gate that keeps one phone number out."""

    name = "no-jussi"

    def __init__(self) -> None:
        self.asked: list[Candidate] = []

    def ask(self, context: AccessContext, candidates: Sequence[Candidate]) -> Sequence[Admission]:
        self.asked += candidates
        suppressed = ("phone", "+358401111111")
        return [
            Admission(suppressed not in each.suppression_values, "suppressed", "GDPR Art. 21(3)") for each in candidates
        ]


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> NoJussi:
    gate = NoJussi()
    monkeypatch.setattr(registries.admission, "_things", {gate.name: gate})
    return gate


def row(*values: NewValue, **rest: object) -> NewCustomer:
    return NewCustomer(kind=CustomerKind.PERSON, values=values, **rest)  # type: ignore[arg-type]


def test_a_person_is_kept_as_given_and_shown_with_origin_and_freshness(north: Company) -> None:
    customer = create_customer(
        north.context(),
        kind=CustomerKind.PERSON,
        values=[
            NewValue("name", "Mäkelä Jussi"),
            NewValue(
                "phone",
                "040 123 4567",
                "mobile",
                shared_line=True,
                confirmed_at=NOW,
                confirmed_by=ConfirmedBy.CUSTOMER,
            ),
            NewValue("region", "Pirkanmaa"),
        ],
        source_id=north.direct,
        notice=ART13,
        now=NOW,
        language="fi",
        relationship=Relationship(customer_since=date(2020, 1, 1), product_groups=("mobile", "fibre")),
    )
    shown = card(north.context(), customer, now=NOW + timedelta(days=400))
    assert (shown.name, shown.language) == ("Mäkelä Jussi", "fi")
    assert shown.relationship == Relationship(customer_since=date(2020, 1, 1), product_groups=("mobile", "fibre"))
    assert shown.notice == ART13
    assert shown.art14_due_at is None
    phone = next(value for value in shown.values if value.attribute == "phone")
    assert (phone.text, phone.label, phone.shared_line) == ("+358401234567", "mobile", True)
    assert (phone.source_kind, phone.source_name) == (SourceKind.DIRECT, "Desk")
    assert (phone.confirmed_by, phone.confirmed_at, phone.stale) == (ConfirmedBy.CUSTOMER, NOW, True)
    region = next(value for value in shown.values if value.attribute == "region")
    assert (region.text, region.confirmed_at) == ("Pirkanmaa", None)


def test_nothing_of_a_person_stands_open_in_the_tables(north: Company) -> None:
    north.person(name="Quxberg Anna", phone="+358405550001", email="anna@quxberg.example.com")
    with scoped(north.context().scope), connection.cursor() as cursor:
        for table in ("customer", "value", "token"):
            cursor.execute(f"SELECT t::text FROM register_{table} t")
            assert "quxberg" not in str(cursor.fetchall()).lower()


@pytest.mark.parametrize("notice", [None, Notice(NoticeKind.ART14, "1", NOW), Notice(NoticeKind.ART13, " ", NOW)])
def test_who_gives_data_is_informed_first(north: Company, notice: Notice | None) -> None:
    with pytest.raises(BadInputError) as refusal:
        create_customer(
            north.context(),
            kind=CustomerKind.PERSON,
            values=[NewValue("name", "Anna")],
            source_id=north.direct,
            notice=notice,
            now=NOW,
        )
    assert refusal.value.place == "notice"


def test_data_from_elsewhere_starts_the_clock_of_art_14(north: Company) -> None:
    collected = datetime(2026, 10, 31, 8, tzinfo=UTC)
    added = add_many(
        north.context(),
        [row(NewValue("name", "Anna"), collected_at=collected)],
        source_id=north.imported,
        now=NOW,
    )
    customer = added.outcomes[0].customer_id
    assert customer is not None
    context = north.context()
    assert card(context, customer, now=NOW).art14_due_at == datetime(2026, 11, 30, 8, tzinfo=UTC)
    assert customer in [due.customer_id for due in notices_due(context, before=datetime(2026, 12, 1, tzinfo=UTC))]
    record_communication(context, customer_id=customer, now=NOW)
    assert card(context, customer, now=NOW).art14_due_at == NOW
    give_notice(context, customer_id=customer, notice=Notice(NoticeKind.ART14, "2", NOW), now=NOW)
    assert card(context, customer, now=NOW).art14_due_at is None


@pytest.mark.parametrize("missing", ["seller", "acquired_date", "legal_basis", "proof"])
def test_a_bought_list_without_evidence_is_refused(north: Company, missing: str) -> None:
    whole: dict[str, object] = {
        "seller": "Lists Ltd",
        "acquired_date": date(2026, 1, 1),
        "legal_basis": "eu-gdpr:A6-1-f",
        "proof": "contract 7",
    }
    create_source(north.context(), source=NewSource(kind=SourceKind.BOUGHT, name="List", **whole), now=NOW)  # type: ignore[arg-type]
    del whole[missing]
    with pytest.raises(BadInputError) as refusal:
        create_source(north.context(), source=NewSource(kind=SourceKind.BOUGHT, name="List", **whole), now=NOW)  # type: ignore[arg-type]
    assert refusal.value.place == missing


def test_bad_rows_stay_out_with_their_reason_and_the_others_go_in(north: Company) -> None:
    rows = [
        row(NewValue("name", "Anna"), NewValue("phone", "040 765 4321")),
        row(NewValue("shoe_size", "43")),
        row(NewValue("email", "no address")),
        row(),
        row(NewValue("name", "A"), NewValue("name", "B")),
        row(NewValue("name", "Late"), collected_at=NOW + timedelta(days=1)),
        NewCustomer(kind=CustomerKind.NAMED_EMPLOYEE, values=[NewValue("name", "C")]),
        NewCustomer(kind=CustomerKind.NAMED_EMPLOYEE, values=[NewValue("name", "C")], employer_id=1),
        row(NewValue("name", "<script>alert(1)</script>")),
    ]
    result = add_many(north.context(), rows, source_id=north.imported, now=NOW)
    assert (result.added, result.rejected) == (2, 7)
    said = [(each.rejection.code, each.rejection.attribute) for each in result.outcomes if each.rejection]
    assert said == [
        ("undeclared", "shoe_size"),
        ("bad-input", "email"),
        ("bad-input", ""),
        ("bad-input", "name"),
        ("bad-input", "collected_at"),
        ("bad-input", "employer"),
        ("bad-input", "employer"),
    ]
    stored = result.outcomes[-1].customer_id
    assert stored is not None
    assert north.texts(stored) == [("name", "<script>alert(1)</script>")]


def test_a_gate_is_asked_for_each_candidate_and_its_no_is_kept(north: Company, gate: NoJussi) -> None:
    rows = [row(NewValue("phone", "040 1111111")), row(NewValue("phone", "040 2222222"))]
    result = add_many(north.context(), rows, source_id=north.imported, now=NOW)
    assert [outcome.customer_id is None for outcome in result.outcomes] == [True, False]
    rejection = result.outcomes[0].rejection
    assert rejection is not None
    assert (rejection.code, rejection.source_of_law) == ("not-admitted", "GDPR Art. 21(3)")
    with pytest.raises(RefusedError):
        north.person(phone="040 1111111")
    assert [candidate.place for candidate in gate.asked] == ["import", "import", "capture"]


def test_an_employee_belongs_to_a_company_of_the_same_controller(north: Company, south: Company) -> None:
    company = create_customer(
        north.context(),
        kind=CustomerKind.COMPANY,
        values=[NewValue("company_name", "Oy Esimerkki Ab")],
        source_id=north.imported,
        notice=None,
        now=NOW,
    )
    employee = NewCustomer(kind=CustomerKind.NAMED_EMPLOYEE, values=[NewValue("name", "Anna")], employer_id=company)
    assert add_many(north.context(), [employee], source_id=north.imported, now=NOW).added == 1
    assert add_many(south.context(), [employee], source_id=south.imported, now=NOW).added == 0


def test_without_the_operation_nothing_is_written(north: Company) -> None:
    context = north.context("customer:search")
    with pytest.raises(RefusedError):
        add_many(context, [row(NewValue("name", "Anna"))], source_id=north.imported, now=NOW)
    with pytest.raises(RefusedError):
        create_source(context, source=NewSource(kind=SourceKind.OTHER, name="x", legal_basis="y"), now=NOW)


def test_many_customers_are_found_afterwards(north: Company) -> None:
    rows = [row(NewValue("name", f"Manyson{number:03}"), NewValue("town", "Oulu")) for number in range(300)]
    assert add_many(north.context(), rows, source_id=north.imported, now=NOW).added == 300
    found = search(north.context(), "manyson", limit=50)
    assert (len(found.rows), found.truncated, found.order, found.total_at_least) == (50, True, "newest", 51)
    one = search(north.context(), "Manyson007 oulu")
    assert [(hit.name, hit.detail) for hit in one.rows] == [("Manyson007", "Oulu")]
