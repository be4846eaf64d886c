"""What the invented companies have declared: purposes, notices, recipients, rules of their own, and as whom they write.

Dated back as far as the consents that rest on it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Assessment, NewPurpose, NewRecipient, NoticeKind, RecipientRole
from trustdesk.decision.contracts import Channel, PurposeKind
from trustdesk.delivery import api as delivery
from trustdesk.delivery.contracts import Sender, Template
from trustdesk.demo import texts
from trustdesk.demo.companies import Company
from trustdesk.kernel.context import AccessContext

SINCE = timedelta(days=330)
NEWSLETTER, CALLS = "newsletter", "phone-offers"
_KINDS = (NoticeKind.ART13, NoticeKind.ART14, NoticeKind.CONSENT)
_CONSENT, _CONTRACT, _INTEREST = "eu-gdpr:A6-1-a", "eu-gdpr:A6-1-b", "eu-gdpr:A6-1-f"
_STANDARD_CLAUSES = "eu-gdpr:A46-2-c"
_PRINTERS = {"FI": "Postilinja Oy", "HU": "Alföldi Levélnyomda Kft."}
_OBSERVED = {"FI": "FI-PUHELIN-ROBINSON, FI-POSTI-ROBINSON", "HU": "PL-LISTA-ROBINSONOW"}


def _purpose(code: str, label: str, term: str, kind: PurposeKind, basis: str) -> NewPurpose:
    return NewPurpose(
        code=code, label=label, other_labels=texts.PURPOSES[code], term=term, kind=kind, legal_basis=basis
    )


PURPOSES: Sequence[NewPurpose] = (
    _purpose("service", "Customer service", "dpv:CustomerCare", PurposeKind.SERVICE, _CONTRACT),
    _purpose(NEWSLETTER, "Newsletter", "dpv:DirectMarketing", PurposeKind.MARKETING, _CONSENT),
    _purpose(CALLS, "Offers by phone", "dpv:DirectMarketing", PurposeKind.MARKETING, _CONSENT),
    _purpose("offers", "Offers to our customers", "dpv:Marketing", PurposeKind.MARKETING, _INTEREST),
    # Nobody has weighed this one yet: so nothing is permitted for it.
    _purpose("survey", "Survey after a contact", "dpv:CommercialResearch", PurposeKind.RESEARCH, _INTEREST),
)

_WEIGHED = {
    "pursued": "Our own: to tell people who buy from us about more of what we make, so that they stay and buy again.",
    "necessity": "Advertising to everybody costs more, and reaches people who never had to do with us. Of our own "
    "customers we need no more than the address they gave us when they bought.",
    "balancing": "Whoever buys from us may expect to hear of similar products now and then. Nothing is computed about "
    "the person, nobody else gets the address, and children are not written to. Against that stands the nuisance of a "
    "message nobody asked for, which is small where it can be stopped at once.",
    "safeguards": "One message a month at most. Everybody was told at the purchase that objecting is free; each "
    "message says so again, and one click ends it. Lists kept by others are asked before anything is sent.",
}


def declare(context: AccessContext, company: Company, *, assessed_by: str, now: datetime) -> None:
    """Everything that has to be there before anybody may be contacted."""
    since = now - SINCE
    for purpose in PURPOSES:
        clearance.declare_purpose(context, purpose=purpose, now=since)
    weighed = Assessment(
        **_WEIGHED, assessed_at=since, assessed_by=assessed_by, review_date=(now + timedelta(days=400)).date()
    )
    clearance.assess_purpose(context, code="offers", assessment=weighed, now=now)
    for kind in _KINDS:
        written = {language: texts.notice(company.house, kind, language) for language in company.languages}
        clearance.publish_notice(context, kind=kind, version=texts.VERSION, texts=written, now=since)
    for recipient in _recipients(company):
        clearance.declare_recipient(context, recipient=recipient, now=since)
    # Two associations' lists are asked although no law says so; nobody is called after six.
    clearance.adopt_policy(context, text=_policy(company.country), now=now)
    _write_as(context, company, now=now)


def _recipients(company: Company) -> Sequence[NewRecipient]:
    return (
        NewRecipient(
            name=_PRINTERS[company.country],
            role=RecipientRole.PROCESSOR,
            country=company.country,
            purposes=["service", "offers"],
            categories=["pd:Name", "pd:PhysicalAddress"],
        ),
        NewRecipient(
            name="Clearsend Inc.",
            role=RecipientRole.PROCESSOR,
            country="US",
            safeguard=_STANDARD_CLAUSES,
            purposes=[NEWSLETTER],
            categories=["pd:Name", "pd:EmailAddress"],
        ),
    )


def _policy(country: str) -> str:
    days = ", ".join(f'{day}: ["10:00-18:00"]' for day in ("monday", "tuesday", "wednesday", "thursday", "friday"))
    return (
        "# Stricter than the law: lists of the associations are asked, and nobody is called in the evening.\n"
        "as_of: 2026-11-20\n"
        f"observes: [{_OBSERVED[country]}]\n"
        "windows:\n"
        "  - id: HOUSE-HOURS\n"
        f"    jurisdiction: {country}\n"
        "    channels: [call_human]\n"
        "    audiences: all\n"
        f"    week: {{{days}, saturday: [], sunday: []}}\n"
        "    public_holiday: []\n"
    )


def _write_as(context: AccessContext, company: Company, *, now: datetime) -> None:
    house = company.house
    host = house.officer.partition("@")[2]
    sender = Sender(
        mail_address=f"news@{host}",
        mail_name=house.company,
        reply_to=f"service@{host}",
        return_mailbox=f"returns@{host}",
        imprint=f"{house.company}\n{house.address}\nservice@{host}",
        sms_name=house.company.split()[0],
    )
    delivery.set_sender(context, sender=sender, now=now)
    for language in company.languages:
        subject, text = texts.mail(house, language)
        template = Template(channel=Channel.EMAIL, code=NEWSLETTER, language=language, subject=subject, text=text)
        delivery.publish_template(context, template=template, now=now)
