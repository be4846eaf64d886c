"""Helpers of clearance's tests: a company with purposes and a notice, and acts as people do them."""

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

from tests.companies import NOW, Company
from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import (
    Assessment,
    By,
    ConsentState,
    Evidence,
    Method,
    NewPurpose,
    NoticeKind,
    NoticeText,
    Point,
    PointKind,
)
from trustdesk.decision.contracts import Channel, PurposeKind, Verdict
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import ConflictError
from trustdesk.register.contracts import CustomerKind, NewValue, Notice
from trustdesk.register.contracts import NoticeKind as GivenKind

VERSION = "2026-1"
DAY = timedelta(days=1)
LATER = NOW + DAY
TEXT = NoticeText(
    who="North, Street 1, Town",
    purpose="News of our offers",
    further_use="None",
    legal_basis="Your consent, GDPR Art. 6(1)(a)",
    retention="Until you withdraw",
    recipients="Nobody",
    rights="Access, objection, withdrawal, complaint",
    where_the_rest_is="https://example.com/privacy",
)
PURPOSES = (
    NewPurpose(
        code="news",
        label="News of our offers",
        term="dpv:DirectMarketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-a",
    ),
    NewPurpose(
        code="service",
        label="Customer care",
        term="dpv:CustomerCare",
        kind=PurposeKind.SERVICE,
        legal_basis="eu-gdpr:A6-1-b",
    ),
    NewPurpose(
        code="offers",
        label="Offers by phone and post",
        term="dpv:Marketing",
        kind=PurposeKind.MARKETING,
        legal_basis="eu-gdpr:A6-1-f",
    ),
)

ASSESSMENT = Assessment(
    pursued="Selling what we make",
    necessity="A letter is the mildest way",
    balancing="Letters can be thrown away",
    safeguards="A stop address in each",
    assessed_at=NOW,
    assessed_by="Officer",
)


def declare(company: Company) -> None:
    """Purposes and the notice of consent, once a test."""
    for purpose in PURPOSES:
        try:
            clearance.declare_purpose(company.context(), purpose=purpose, now=NOW)
        except ConflictError:
            return
    clearance.publish_notice(company.context(), kind=NoticeKind.CONSENT, version=VERSION, texts={"en": TEXT}, now=NOW)


def declare_under(context: AccessContext, *, languages: tuple[str, ...]) -> None:
    """The same under any context, once a company; at this moment, as people declare it."""
    now = clock.now()
    for purpose in PURPOSES:
        try:
            clearance.declare_purpose(context, purpose=purpose, now=now)
        except ConflictError:
            return
    texts = dict.fromkeys(languages, TEXT)
    clearance.publish_notice(context, kind=NoticeKind.CONSENT, version=VERSION, texts=texts, now=now)


def declare_similar(context: AccessContext) -> str:
    """A purpose that rests on an assessed interest: offers of the same as was bought. Its code."""
    purpose = replace(PURPOSES[2], code="similar", label="Offers of the same")
    with suppress(ConflictError):
        clearance.declare_purpose(context, purpose=purpose, now=clock.now())
    clearance.assess_purpose(context, code=purpose.code, assessment=ASSESSMENT, now=clock.now())
    return purpose.code


def person(company: Company, *, country: str = "FI", kind: CustomerKind = CustomerKind.PERSON, **texts: str) -> int:
    """Somebody who came by the own act, informed under Art. 13."""
    from trustdesk.register.api import create_customer  # noqa: PLC0415

    return create_customer(
        company.context(),
        kind=kind,
        values=[NewValue(attribute, text) for attribute, text in texts.items()],
        source_id=company.direct,
        notice=Notice(GivenKind.ART13, VERSION, NOW),
        country=country,
        now=NOW,
    )


def tick(**more: object) -> Evidence:
    """A box ticked in a form."""
    given: dict[str, object] = {
        "method": Method.WEB_FORM,
        "by": By.PERSON,
        "words": "Yes, send me news.",
        "notice_version": VERSION,
        "notice_language": "en",
    }
    return Evidence(**(given | more))  # type: ignore[arg-type]


def consent(
    company: Company,
    customer_id: int,
    channel: Channel | None = Channel.EMAIL,
    state: ConsentState = ConsentState.GIVEN,
    *,
    purpose: str = "news",
    at: datetime = NOW,
    until: datetime | None = None,
    evidence: Evidence | None = None,
) -> int:
    if evidence is None:
        evidence = tick() if state is ConsentState.GIVEN else Evidence(method=Method.REPLY, by=_by(state))
    return clearance.record_consent(
        company.context(),
        customer_id=customer_id,
        purpose=purpose,
        channel=channel,
        state=state,
        evidence=evidence,
        at=at,
        until=until,
        now=max(at, NOW),
    )


def _by(state: ConsentState) -> By:
    return By.CONTROLLER if state is ConsentState.EXPIRED else By.PERSON


def verdict(
    company: Company,
    customer_id: int,
    channel: Channel = Channel.EMAIL,
    *,
    purpose: str = "news",
    at: datetime = LATER,
    **more: object,
) -> Verdict:
    return clearance.decide(
        company.context(),
        customer_id=customer_id,
        channel=channel,
        purpose=purpose,
        now=at,
        **more,  # type: ignore[arg-type]
    )


def phone(text: str, country: str = "") -> Point:
    return Point(PointKind.PHONE, text, country)
