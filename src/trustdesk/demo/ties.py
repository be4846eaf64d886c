"""What makes a card more than a list of values: contacts, what was given to others, two records of one person."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from faker import Faker

from trustdesk.demo.customers import SEED
from trustdesk.kernel.context import AccessContext
from trustdesk.register.api import add_many, card, merge, record_disclosure
from trustdesk.register.contracts import ConfirmedBy, CustomerKind, NewCustomer, NewValue, Notice, NoticeKind

COMPANIES_WITH_CONTACTS = 5
GIVEN = 4
_CARRIERS = {"FI": "Posti Oyj", "HU": "Magyar Posta Zrt.", "PL": "Poczta Polska S.A.", "DE": "Deutsche Post AG"}


def tie(
    context: AccessContext,
    rows: Sequence[NewCustomer],
    ids: Sequence[int],
    *,
    locale: str,
    source_id: int,
    now: datetime,
) -> None:
    """Tie some of the customers just added; the same ones at every first start."""
    faker = Faker(locale)
    faker.seed_instance(SEED)
    pairs = list(zip(rows, ids, strict=True))
    companies = [pair for pair in pairs if pair[0].kind is CustomerKind.COMPANY][:COMPANIES_WITH_CONTACTS]
    people = [pair for pair in pairs if pair[0].kind is CustomerKind.PERSON][:GIVEN]
    contacts = [contact(faker, row, employer, now=now) for row, employer in companies for _one in range(2)]
    add_many(context, contacts, source_id=source_id, now=now)
    for row, customer_id in people:
        _give(context, customer_id, _CARRIERS[row.country], now=now)
    if people:
        row, customer_id = people[0]
        twin = add_many(context, [_twin(row)], source_id=source_id, now=now).outcomes[0].customer_id
        if twin is not None:
            merge(context, into=customer_id, customer_id=twin, reason="same birth date and town", now=now)


def contact(faker: Faker, company: NewCustomer, employer_id: int, *, now: datetime) -> NewCustomer:
    """Somebody one speaks with there."""
    said = now - timedelta(days=faker.random_int(1, 200))
    given, family = faker.first_name(), faker.last_name()
    return NewCustomer(
        kind=CustomerKind.NAMED_EMPLOYEE,
        values=[
            NewValue("given_name", given),
            NewValue("family_name", family),
            NewValue(
                "email",
                f"contact{faker.random_int(1000, 9999)}@company.example.com",
                "work",
                confirmed_at=said,
                confirmed_by=ConfirmedBy.CUSTOMER,
            ),
        ],
        language=company.language,
        country=company.country,
        notice=Notice(NoticeKind.ART14, "2026-01", said),
        collected_at=said,
        employer_id=employer_id,
    )


def _give(context: AccessContext, customer_id: int, carrier: str, *, now: datetime) -> None:
    address = [one.value_id for one in card(context, customer_id, now=now).values if one.attribute == "address"]
    record_disclosure(
        context,
        customer_id=customer_id,
        value_ids=address,
        recipient=carrier,
        purpose="orders",
        legal_basis="eu-gdpr:A6-1-b",
        now=now,
    )


def _twin(row: NewCustomer) -> NewCustomer:
    """The same person once more, as two systems had it."""
    kept = [value for value in row.values if value.attribute in {"given_name", "family_name", "birth_date", "town"}]
    return NewCustomer(kind=row.kind, values=kept, language=row.language, country=row.country, notice=row.notice)
