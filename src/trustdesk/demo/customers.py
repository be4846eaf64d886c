"""Invented customers from Faker: the same ones at every first start, because the seed is fixed."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta

import phonenumbers
from faker import Faker

from trustdesk.register.contracts import (
    ConfirmedBy,
    CustomerKind,
    NewCustomer,
    NewValue,
    Notice,
    NoticeKind,
    Relationship,
)

SEED = 20260101
_COUNTRIES = {"fi_FI": ("FI", "fi"), "hu_HU": ("HU", "hu"), "pl_PL": ("PL", "pl"), "de_DE": ("DE", "de")}
_PRODUCTS = ("electricity", "broadband", "mobile", "insurance")
_TRIES = 20
_ONE_IN_TWENTY = 0.05


def customers(locale: str, count: int, *, now: datetime, first_number: int) -> Iterator[NewCustomer]:
    """So many invented customers of a locale; mostly persons, one in twenty a company."""
    faker = Faker(locale)
    faker.seed_instance(SEED + first_number)
    chance = random.Random(SEED + first_number)  # noqa: S311 - invented people, nothing is guarded by it
    country, language = _COUNTRIES[locale]
    for number in range(first_number, first_number + count):
        company = chance.random() < _ONE_IN_TWENTY
        values = [NewValue("customer_number", f"{country}-{number:06d}"), *_name(faker, chance, company=company)]
        values += _contact_points(faker, chance, country, number, now=now)
        if not company:
            values.append(NewValue("birth_date", faker.date_of_birth(minimum_age=18, maximum_age=92).isoformat()))
        yield NewCustomer(
            kind=CustomerKind.COMPANY if company else CustomerKind.PERSON,
            values=values,
            language=language,
            country=country,
            relationship=_relationship(chance, now=now),
            notice=_notice(chance, now=now),
            collected_at=now,
        )


def _name(faker: Faker, chance: random.Random, *, company: bool) -> list[NewValue]:
    if company:
        return [NewValue("company_name", faker.company())]
    female = chance.random() < 1 / 2
    given = faker.first_name_female() if female else faker.first_name_male()
    return [NewValue("given_name", given), NewValue("family_name", faker.last_name())]


def _contact_points(
    faker: Faker, chance: random.Random, country: str, number: int, *, now: datetime
) -> Iterator[NewValue]:
    town = faker.city()
    street = f"{faker.street_name()} {chance.randint(1, 140)}"
    at, by = _freshness(chance, now=now)
    yield NewValue("address", f"{street}, {faker.postcode()} {town}", "home", confirmed_at=at, confirmed_by=by)
    yield NewValue("town", town)
    if (phone := _phone(faker, country)) is not None:
        at, by = _freshness(chance, now=now)
        shared = chance.random() < 2 * _ONE_IN_TWENTY
        yield NewValue("phone", phone, shared_line=shared, confirmed_at=at, confirmed_by=by)
    if chance.random() < 1 - 4 * _ONE_IN_TWENTY:
        at, by = _freshness(chance, now=now)
        address = f"customer{number}@{country.lower()}.example.com"
        yield NewValue("email", address, confirmed_at=at, confirmed_by=by)


def _phone(faker: Faker, country: str) -> str | None:
    """A number that could be dialed in that country; Faker's patterns know only some of the rules."""
    for _attempt in range(_TRIES):
        try:
            parsed = phonenumbers.parse(faker.phone_number(), country)
        except phonenumbers.NumberParseException:
            continue
        if phonenumbers.is_valid_number_for_region(parsed, country):
            return str(phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164))
    return None


def _freshness(chance: random.Random, *, now: datetime) -> tuple[datetime | None, ConfirmedBy | None]:
    """Confirmed at some time by something; a third never was."""
    if chance.random() < 1 / 3:
        return None, None
    by = chance.choice((ConfirmedBy.CUSTOMER, ConfirmedBy.DELIVERY, ConfirmedBy.DOCUMENT))
    days = chance.choice((7, 60, 400, 1400)) - chance.randint(0, 6)
    return now - timedelta(days=days, minutes=chance.randint(0, 1439)), by


def _notice(chance: random.Random, *, now: datetime) -> Notice | None:
    """Most were told where their data came from; for the others the month of Art. 14(3) runs."""
    if chance.random() < 2 * _ONE_IN_TWENTY:
        return None
    return Notice(NoticeKind.ART14, "2026-01", now - timedelta(days=chance.randint(1, 300)))


def _relationship(chance: random.Random, *, now: datetime) -> Relationship:
    since: date = (now - timedelta(days=chance.randint(60, 4000))).date()
    return Relationship(customer_since=since, product_groups=[chance.choice(_PRODUCTS)])
