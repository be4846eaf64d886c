"""The demo's contacts: invented like its customers, and tied to a company."""

from datetime import UTC, datetime

from faker import Faker

from trustdesk.demo.customers import customers
from trustdesk.demo.ties import contact
from trustdesk.register.contracts import CustomerKind

NOW = datetime(2026, 11, 25, tzinfo=UTC)


def test_a_contact_belongs_to_its_company_and_writes_to_nobody_real() -> None:
    company = next(row for row in customers("fi_FI", 100, now=NOW, first_number=10_000) if row.kind == "company")
    faker = Faker("fi_FI")
    faker.seed_instance(1)
    made = contact(faker, company, 4711, now=NOW)
    assert (made.kind, made.employer_id, made.language) == (CustomerKind.NAMED_EMPLOYEE, 4711, "fi")
    texts = {value.attribute: value.text for value in made.values}
    assert texts["given_name"]
    assert texts["email"].endswith(".example.com")
