"""Named employees and their companies, seen from both sides."""

from datetime import timedelta

import pytest
from tests.companies import NOW, Company

from trustdesk.audit import api as audit
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register.api import create_customer, employment, lock, merge
from trustdesk.register.contracts import CustomerKind, NewValue, Notice, NoticeKind, RestrictionGround

LATER = NOW + timedelta(days=1)


def add(company: Company, kind: CustomerKind, employer: int | None = None, **texts: str) -> int:
    return create_customer(
        company.context(),
        kind=kind,
        values=[NewValue(attribute, text) for attribute, text in texts.items()],
        source_id=company.direct,
        notice=Notice(NoticeKind.ART13, "2026-01", NOW),
        employer_id=employer,
        now=NOW,
    )


def firm(company: Company, name: str) -> int:
    return add(company, CustomerKind.COMPANY, company_name=name)


def employee(company: Company, name: str, at: int) -> int:
    return add(company, CustomerKind.NAMED_EMPLOYEE, at, name=name)


def names(company: Company, customer_id: int) -> tuple[list[str], list[str]]:
    found = employment(company.context(), customer_id, now=LATER)
    return [hit.name for hit in found.employers], [hit.name for hit in found.employees]


def test_both_sides_name_the_other(north: Company) -> None:
    works = firm(north, "Sähkötyö Oy")
    employee(north, "Virtanen Ville", works)
    anna = employee(north, "Aalto Anna", works)
    assert names(north, works) == ([], ["Aalto Anna", "Virtanen Ville"])
    assert names(north, anna) == (["Sähkötyö Oy"], [])


def test_who_is_merged_is_shown_as_what_it_is_shown_as(north: Company) -> None:
    older, works = firm(north, "Vanha Oy"), firm(north, "Uusi Oy")
    anna, twin = employee(north, "Aalto Anna", older), employee(north, "Aalto A.", works)
    merge(north.context(), into=works, customer_id=older, reason="x", now=LATER)
    merge(north.context(), into=anna, customer_id=twin, reason="x", now=LATER)
    assert names(north, works) == names(north, older) == ([], ["Aalto Anna"])
    assert names(north, twin) == (["Uusi Oy"], [])


def test_the_opening_stands_in_the_log_and_only_where_somebody_was_opened(north: Company) -> None:
    works, alone = firm(north, "Kirjattu Oy"), firm(north, "Yksin Oy")
    anna = employee(north, "Aalto Anna", works)

    def openings() -> list[tuple[int, ...]]:
        entries = audit.entries(north.context(), subject=anna, limit=50)
        return [tuple(entry.subjects) for entry in entries if entry.what == "register.employment"]

    assert openings() == []
    names(north, works)
    assert openings() == [(anna,)]
    names(north, alone)
    assert len(openings()) == 1


def test_a_restricted_employee_has_no_name_here(north: Company) -> None:
    works = firm(north, "Lukko Oy")
    anna = employee(north, "Aalto Anna", works)
    lock(north.context(), customer_id=anna, ground=RestrictionGround.OBJECTION_PENDING, now=LATER)
    (hit,) = employment(north.context("customer:open"), works, now=LATER).employees
    assert (hit.restricted, hit.name) == (True, "")


def test_a_named_employee_needs_a_company_of_the_own_register(north: Company, south: Company) -> None:
    far = firm(south, "Messzi Kft.")
    for employer in (None, far, 5):
        with pytest.raises(BadInputError):
            add(north, CustomerKind.NAMED_EMPLOYEE, employer, name="Aalto Anna")
    with pytest.raises(NotFoundError):
        employment(north.context(), far, now=LATER)
    with pytest.raises(RefusedError):
        employment(north.context("customer:search"), firm(north, "Toinen Oy"), now=LATER)


def test_a_large_company_shows_the_newest_and_says_so(north: Company, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trustdesk.register.selectors.employment.SHOWN", 2)
    works = firm(north, "Suuri Oy")
    for letter in "ABC":
        employee(north, f"Joku {letter}", works)
    found = employment(north.context(), works, now=LATER)
    assert ([hit.name for hit in found.employees], found.more) == (["Joku B", "Joku C"], True)
