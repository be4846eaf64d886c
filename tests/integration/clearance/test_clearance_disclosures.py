"""Telling others: who, what for, which kinds of data, where, on what terms; and what the person said to it."""

from dataclasses import replace

import pytest
from tests.clearing import DAY, LATER, consent, person
from tests.companies import NOW, Company

from trustdesk.clearance.api import (
    declare_purpose,
    declare_recipient,
    disclose,
    end_recipient,
    may_disclose,
    recipients,
    record_objection,
    retire_purpose,
)
from trustdesk.clearance.contracts import (
    ALL_MARKETING,
    ConsentState,
    Method,
    NewPurpose,
    NewRecipient,
    NotClearedError,
    RecipientRole,
)
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register.api import card, disclosures, lock
from trustdesk.register.contracts import RestrictionGround

PARTNER = NewRecipient(
    name="Partner Oy",
    role=RecipientRole.THIRD_PARTY,
    country="FI",
    purposes=("news",),
    categories=("pd:EmailAddress", "pd:TelephoneNumber"),
)
PRINTER = replace(PARTNER, name="Printing House", role=RecipientRole.PROCESSOR)


def values(company: Company, customer_id: int, *attributes: str) -> list[int]:
    held = card(company.context(), customer_id, now=NOW).values
    return [value.value_id for value in held if value.attribute in attributes]


def asked(company: Company, recipient_id: int, *categories: str, purpose: str = "news") -> set[str]:
    """The rules that refuse; none where it may be told."""
    found = may_disclose(
        company.context(),
        recipient_id=recipient_id,
        purpose=purpose,
        categories=categories,
        now=LATER,
    )
    assert found.reasons
    return set() if found.permitted else {reason.rule_id for reason in found.reasons}


def test_a_recipient_is_told_what_it_is_declared_for(north: Company) -> None:
    partner = declare_recipient(north.context(), recipient=PARTNER, now=NOW)
    assert asked(north, partner, "pd:EmailAddress") == set()
    assert asked(north, partner, "pd:EmailAddress", "pd:BirthDate") == {"DISCLOSE-CATEGORIES"}
    assert asked(north, partner) == {"DISCLOSE-CATEGORIES"}
    assert asked(north, partner, "pd:EmailAddress", purpose="service") == {"DISCLOSE-PURPOSE"}
    every = declare_recipient(north.context(), recipient=replace(PARTNER, categories=("dpv:PersonalData",)), now=NOW)
    assert asked(north, every, "pd:BirthDate") == set()


@pytest.mark.parametrize(
    ("country", "safeguard", "refused"),
    [
        ("NO", "", False),
        ("US", "", True),
        ("US", "eu-gdpr:A45-3", False),
        ("IN", "eu-gdpr:A46-2-c", False),
        ("CH", "", True),  # adequate, and that has to be said: decisions fall
    ],
)
def test_a_third_country_needs_its_safeguard(north: Company, country: str, safeguard: str, refused: bool) -> None:  # noqa: FBT001
    there = replace(PARTNER, country=country, safeguard=safeguard)
    recipient = declare_recipient(north.context(), recipient=there, now=NOW)
    assert asked(north, recipient, "pd:EmailAddress") == ({"DISCLOSE-TRANSFER"} if refused else set())


def test_before_and_after_its_time_nothing_is_told(north: Company) -> None:
    coming = declare_recipient(north.context(), recipient=replace(PARTNER, starts_at=LATER + DAY), now=NOW)
    assert asked(north, coming, "pd:EmailAddress") == {"DISCLOSE-PERIOD"}
    partner = declare_recipient(north.context(), recipient=PARTNER, now=NOW)
    end_recipient(north.context(), recipient_id=partner, now=LATER)
    assert asked(north, partner, "pd:EmailAddress") == {"DISCLOSE-PERIOD"}
    retire_purpose(north.context(), code="news", now=NOW)
    with pytest.raises(NotFoundError):
        asked(north, partner, "pd:EmailAddress")


def test_on_legitimate_interests_the_assessment_comes_first(north: Company) -> None:
    partner = declare_recipient(north.context(), recipient=replace(PARTNER, purposes=("offers",)), now=NOW)
    assert asked(north, partner, "pd:EmailAddress", purpose="offers") == {"DISCLOSE-ASSESSMENT"}


def test_the_person_agrees_to_being_handed_on_and_the_ledger_says_so(north: Company) -> None:
    """ "Two thirds want to agree actively before their data go to third parties." """
    anna = person(north, email="anna@example.com", phone="040 1234567")
    partner = declare_recipient(north.context(), recipient=PARTNER, now=NOW)
    given = {"customer_id": anna, "value_ids": values(north, anna, "email", "phone"), "recipient_id": partner}
    consent(north, anna, Channel.EMAIL)  # to being written to: that is something else
    with pytest.raises(NotClearedError) as refusal:
        disclose(north.context(), **given, purpose="news", now=LATER)  # type: ignore[arg-type]
    assert [reason.rule_id for reason in refusal.value.verdict.reasons] == ["DISCLOSE-CONSENT"]
    assert disclosures(north.context(), anna) == []
    consent(north, anna, None)
    assert len(disclose(north.context(), **given, purpose="news", now=LATER)) == 2  # type: ignore[arg-type]
    entries = disclosures(north.context(), anna)
    assert {(entry.recipient, entry.purpose, entry.legal_basis) for entry in entries} == {
        ("Partner Oy", "dpv:DirectMarketing", "eu-gdpr:A6-1-a"),
    }
    consent(north, anna, None, ConsentState.WITHDRAWN, at=LATER)
    with pytest.raises(NotClearedError):
        disclose(north.context(), **given, purpose="news", now=LATER + DAY)  # type: ignore[arg-type]


def test_a_processor_acts_for_the_company_and_asks_nobody(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    printer = declare_recipient(north.context(), recipient=PRINTER, now=NOW)
    told = disclose(
        north.context(),
        customer_id=anna,
        value_ids=values(north, anna, "email"),
        recipient_id=printer,
        purpose="news",
        now=LATER,
    )
    assert len(told) == 1


def test_what_was_objected_to_or_is_restricted_stays(north: Company) -> None:
    profile = NewPurpose(
        code="scores",
        label="Scores",
        term="dpv:Marketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-e",
    )
    declare_purpose(north.context(), purpose=profile, now=NOW)
    partner = declare_recipient(north.context(), recipient=replace(PARTNER, purposes=("scores",)), now=NOW)
    anna = person(north, email="anna@example.com")
    given = {
        "customer_id": anna,
        "value_ids": values(north, anna, "email"),
        "recipient_id": partner,
        "purpose": "scores",
    }
    assert disclose(north.context(), **given, now=LATER)  # type: ignore[arg-type]
    record_objection(north.context(), customer_id=anna, scope=ALL_MARKETING, method=Method.REPLY, now=LATER)
    with pytest.raises(NotClearedError, match="objected"):
        disclose(north.context(), **given, now=LATER + DAY)  # type: ignore[arg-type]
    lock(north.context(), customer_id=anna, ground=RestrictionGround.UNLAWFUL_BUT_KEEP, now=LATER)
    with pytest.raises(NotClearedError) as refusal:
        disclose(north.context(), **given, now=LATER + DAY)  # type: ignore[arg-type]
    assert {reason.rule_id for reason in refusal.value.verdict.reasons} == {
        "DISCLOSE-RESTRICTED",
        "DISCLOSE-OBJECTION",
    }


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("name", " "),
        ("country", "Finland"),
        ("purposes", ()),
        ("categories", ()),
        ("categories", ("pd:NoSuchThing",)),
        ("safeguard", "eu-gdpr:A6-1-a"),
    ],
)
def test_a_recipient_is_declared_in_full(north: Company, field: str, text: object) -> None:
    with pytest.raises(BadInputError):
        declare_recipient(north.context(), recipient=replace(PARTNER, **{field: text}), now=NOW)  # type: ignore[arg-type]


def test_outsider_and_neighbor(north: Company, south: Company) -> None:
    partner = declare_recipient(north.context(), recipient=PARTNER, now=NOW)
    assert recipients(south.context()) == []
    with pytest.raises(NotFoundError):
        asked(south, partner, "pd:EmailAddress")
    with pytest.raises(RefusedError):
        declare_recipient(north.context("clearance:read"), recipient=PARTNER, now=NOW)
    with pytest.raises(RefusedError):
        may_disclose(
            north.context("customer:open"),
            recipient_id=partner,
            purpose="news",
            categories=["pd:Name"],
            now=NOW,
        )
