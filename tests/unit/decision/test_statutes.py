"""Each line of the law that the packs hold, under its statute: what it demands, of whom, and what is let through."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest
from tests.decisions import AT, STRANGER, WILLING, ask, packs, question, told

from trustdesk.decision.contracts import Audience, Channel, Effect, LegalBasis, Outcome, PurposeKind, Rule

CALL, ROBOT, EMAIL, SMS, MMS, DM, POST, FAX, CHAT = (
    Channel.CALL_HUMAN,
    Channel.CALL_AUTOMATED,
    Channel.EMAIL,
    Channel.SMS,
    Channel.MMS,
    Channel.SOCIAL_DM,
    Channel.POST,
    Channel.FAX,
    Channel.CHAT,
)
ALL = tuple(Channel)
CONSUMER, TRADER, EMPLOYEE, COMPANY = Audience
NATURAL = (CONSUMER, TRADER, EMPLOYEE)
BUSINESS = (TRADER, EMPLOYEE, COMPANY)
EVERYBODY = tuple(Audience)
ASK = PurposeKind.CONSENT_REQUEST

Facts = dict[str, object]
OBJECTED: Facts = {"objected": True}
NOT_EXPRESS: Facts = {"consent_express": False}
NO_CONSENT: Facts = {"consent": "none"}
SOFT: Facts = {name: WILLING[name] for name in ("existing_customer", "point_from_sale", "similar_products")}
NOT_SOFT: tuple[Facts, ...] = (
    {"existing_customer": False},
    {"point_from_sale": False},
    {"similar_products": False},
    {"told_at_collection": False},
    {"refused_at_collection": True},
)


@dataclass(frozen=True)
class Line:
    """One line of the law. `stops`: what, taken from somebody willing, makes this very rule deny; `lets`: what, given
    to a stranger, is enough for it."""

    rule_id: str
    statute: str
    country: str
    effect: Effect
    channels: tuple[Channel, ...]
    audiences: tuple[Audience, ...] = EVERYBODY
    stops: tuple[Facts, ...] = ()
    lets: tuple[Facts, ...] = ()
    about: Facts = field(default_factory=dict)
    basis: LegalBasis = LegalBasis.LEGITIMATE_INTEREST
    purpose: PurposeKind = PurposeKind.MARKETING


AGREED: Facts = {"consent": "given", "consent_at": WILLING["consent_at"]}
EXPRESSLY: Facts = AGREED | {"consent_express": True}
NEVER_SOFT: Facts = NO_CONSENT | {"existing_customer": False}

LINES = [
    # The European frame
    Line("EU-EPD-13-1", "Dir 2002/58/EC art 13(1),(5)", "DE", Effect.OPT_IN, (ROBOT, FAX, EMAIL, SMS, DM), NATURAL,
         (NEVER_SOFT,), (AGREED,)),
    Line("EU-EPD-13-3", "Dir 2002/58/EC art 13(3)", "HU", Effect.OPT_OUT, (CALL,), EVERYBODY, (OBJECTED,), ({},)),
    Line("EU-GDPR-21-2", "GDPR art 21(2),(3)", "PL", Effect.OPT_OUT, ALL, EVERYBODY, (OBJECTED,), ({},)),
    # Hungary
    Line("HU-EHT-162-2-CONSUMER", "Eht 162§(2)", "HU", Effect.OPT_OUT, (CALL,), (CONSUMER,), (OBJECTED,), ({},)),
    Line("HU-EHT-162-2-BUSINESS", "Eht 162§(2) (előfizető)", "HU", Effect.OPT_OUT, (CALL,), BUSINESS, (OBJECTED,),
         ({},)),
    Line("HU-EHT-162-1-A", "Eht 162§(1)a", "HU", Effect.OPT_IN, (ROBOT,), EVERYBODY, (NO_CONSENT,), (AGREED,)),
    Line("HU-GRT-6-1-CONSUMER", "Grt 6§(1)-(3); Ekertv 14§", "HU", Effect.OPT_IN_EXPRESS, (EMAIL, SMS, MMS, DM),
         (CONSUMER,), (NO_CONSENT, NOT_EXPRESS), (EXPRESSLY,)),
    Line("HU-GRT-6-1-NATURAL", "Grt 6§(1)", "HU", Effect.OPT_IN_EXPRESS, (EMAIL, SMS, DM), (TRADER, EMPLOYEE),
         (NO_CONSENT, NOT_EXPRESS), (EXPRESSLY,)),
    Line("HU-GRT-6-GENERIC", "Grt 6§ (natural persons only)", "HU", Effect.OPT_OUT, (EMAIL, SMS), (COMPANY,),
         (OBJECTED,), ({},)),
    Line("HU-EKERTV-14-2", "Ekertv 14§(2),(5); Grt 6§(8)", "HU", Effect.PROHIBITED, (EMAIL,), EVERYBODY, ({},),
         purpose=ASK),
    Line("HU-EKERTV-14-2-CONFIRM", "Ekertv 14§(2),(5); Grt 6§(8)", "HU", Effect.PROHIBITED, (EMAIL,), EVERYBODY, ({},),
         purpose=PurposeKind.SERVICE, basis=LegalBasis.CONTRACT, about={"consent_request_only": True}),
    Line("HU-GRT-6-4", "Grt 6§(4),(6),(7),(9)", "HU", Effect.OPT_OUT, (POST,), (CONSUMER,), (OBJECTED,), ({},),
         about={"identical_items": 500}),
    Line("HU-GRT-6-1-POST", "Grt 6§(1), fewer than 500", "HU", Effect.OPT_IN_EXPRESS, (POST,), (CONSUMER,),
         (NO_CONSENT, NOT_EXPRESS), (EXPRESSLY,), about={"identical_items": 499}),
    # Finland
    Line("FI-SVPL-200-2", "SVPL 917/2014 200§ 2 mom.", "FI", Effect.OPT_OUT, (CALL,), (CONSUMER,), (OBJECTED,), ({},)),
    Line("FI-SVPL-201", "SVPL 201§", "FI", Effect.PROHIBITED, (CALL,), (CONSUMER,),
         ({"asked_for_contact": False, "existing_customer": False},), about={"product": "mobile_subscription"}),
    Line("FI-SVPL-202-CALL", "SVPL 202§", "FI", Effect.OPT_OUT, (CALL,), BUSINESS, (OBJECTED,), ({},)),
    Line("FI-SVPL-200-1", "SVPL 200§ 1 mom.", "FI", Effect.OPT_IN, (ROBOT, EMAIL, SMS, MMS, DM, FAX),
         (CONSUMER, TRADER), (NEVER_SOFT,), (AGREED,)),
    Line("FI-SVPL-202-MESSAGE", "SVPL 202§", "FI", Effect.OPT_OUT, (EMAIL, SMS), (COMPANY,), (OBJECTED,), ({},)),
    Line("FI-EMPLOYEE-DUTIES", "SVPL 200§, 202§ (work duties)", "FI", Effect.OPT_OUT, (EMAIL,), (EMPLOYEE,),
         (OBJECTED,), (AGREED,), about={"relates_to_duties": True}),
    Line("FI-EMPLOYEE-OTHER", "SVPL 200§, 202§ (other matters)", "FI", Effect.OPT_IN, (EMAIL,), (EMPLOYEE,),
         (NO_CONSENT,), (AGREED,), about={"relates_to_duties": False}),
    Line("FI-POST", "KKV, post", "FI", Effect.OPT_OUT, (POST,), (CONSUMER,), (OBJECTED,), ({},)),
    # Poland
    Line("PL-PKE-398-1", "PKE art 398(1) pkt 1-2, art 400", "PL", Effect.OPT_IN, (CALL, ROBOT, EMAIL, SMS, DM),
         EVERYBODY, (NO_CONSENT,), (AGREED,)),
    Line("PL-POST", "GDPR 6(1)f + 21(2), post", "PL", Effect.OPT_OUT, (POST,), EVERYBODY, (OBJECTED,), ({},)),
    # Germany
    Line("DE-UWG-7-2-1-CONSUMER", "UWG §7(2) no 1", "DE", Effect.OPT_IN_EXPRESS, (CALL,), (CONSUMER,),
         (NO_CONSENT, NOT_EXPRESS), (EXPRESSLY,)),
    Line("DE-UWG-7-2-1-BUSINESS", "UWG §7(2) no 1 (mutmaßliche Einwilligung)", "DE", Effect.PRESUMED_CONSENT, (CALL,),
         BUSINESS, (NO_CONSENT,), ({"consent": "presumed"}, AGREED)),
    Line("DE-UWG-7-2-2", "UWG §7(2) no 2", "DE", Effect.OPT_IN_EXPRESS, (ROBOT, FAX, EMAIL, SMS, DM), EVERYBODY,
         (NEVER_SOFT, NOT_EXPRESS | {"existing_customer": False}), (EXPRESSLY,)),
    Line("DE-UWG-7-1-POST", "UWG §7(1) s.2; GDPR 6(1)f, 21(2)", "DE", Effect.OPT_OUT, (POST,), EVERYBODY, (OBJECTED,),
         ({},)),
    # Austria
    Line("AT-TKG-174-1", "TKG 2021 §174(1)", "AT", Effect.OPT_IN, (CALL,), EVERYBODY, (NO_CONSENT,), (AGREED,)),
    Line("AT-TKG-174-3", "TKG 2021 §174(3)", "AT", Effect.OPT_IN, (EMAIL, SMS, DM), EVERYBODY, (NEVER_SOFT,),
         (AGREED,)),
    # The person, the basis and the consent
    Line("EU-GDPR-17", "GDPR art 17(1)", "DE", Effect.PROHIBITED, ALL, EVERYBODY, ({"erased": True},)),
    Line("EU-GDPR-18", "GDPR art 18(2)", "DE", Effect.PROHIBITED, ALL, EVERYBODY,
         ({"restricted": True, "consent": "none"},)),
    Line("EU-GDPR-21-1", "GDPR art 21(1),(6)", "DE", Effect.OPT_OUT, ALL, EVERYBODY, (OBJECTED,), ({},),
         purpose=PurposeKind.SERVICE),
    Line("EU-SUPPRESSION", "GDPR art 21(3), 17(1): suppression", "DE", Effect.PROHIBITED, ALL, EVERYBODY,
         ({"suppressed": True},)),
    Line("EU-GDPR-6-1-A", "GDPR art 6(1)(a)", "HU", Effect.OPT_IN, ALL, EVERYBODY, (NO_CONSENT,), (AGREED,),
         basis=LegalBasis.CONSENT, purpose=PurposeKind.SERVICE),
    Line("EU-GDPR-6-1-F", "GDPR art 6(1)(f), 5(2)", "DE", Effect.LAWFUL, ALL, EVERYBODY, ({"lia_done": False},), ({},),
         purpose=PurposeKind.SERVICE),
    Line("EU-GDPR-6-1-B-E", "GDPR art 6(1)(b)-(e)", "DE", Effect.LAWFUL, ALL, EVERYBODY, (), ({},),
         basis=LegalBasis.CONTRACT, purpose=PurposeKind.CONTRACT),
    Line("EU-MARKETING-BASIS", "GDPR art 6(1)(a),(f), recital 47", "DE", Effect.PROHIBITED, ALL, EVERYBODY, ({},),
         basis=LegalBasis.CONTRACT),
    Line("EU-GDPR-7-1-TIME", "GDPR art 7(1)", "DE", Effect.PROHIBITED, ALL, EVERYBODY,
         ({"consent_at": None}, {"consent_at": datetime(2026, 11, 24, tzinfo=UTC)}, {"consent_until": AT})),
    Line("EU-GDPR-7-3", "GDPR art 7(3), 4(11)", "DE", Effect.PROHIBITED, ALL, EVERYBODY,
         ({"consent": "withdrawn"}, {"consent": "refused"})),
    Line("EU-GDPR-8-1", "GDPR art 8(1)", "DE", Effect.PROHIBITED, ALL, (CONSUMER,), ({"age_ok": False},)),
]  # fmt: skip

EXCEPTIONS = [
    ("EU-EPD-13-2", "Dir 2002/58/EC art 13(2)", "AT", (EMAIL, SMS, DM), NATURAL),
    ("FI-SVPL-200-3", "SVPL 200§ 3 mom.", "FI", (EMAIL, SMS), (CONSUMER,)),
    ("DE-UWG-7-3", "UWG §7(3)", "DE", (EMAIL, SMS), EVERYBODY),
    ("AT-TKG-174-4", "TKG 2021 §174(4)", "AT", (EMAIL, SMS), EVERYBODY),
]


def rule(rule_id: str) -> Rule:
    return next(rule for pack in packs().by_jurisdiction.values() for rule in pack.rules if rule.id == rule_id)


def statutes(lines: list[Line]) -> list[str]:
    return [f"{line.rule_id}: {line.statute}" for line in lines]


def people(line: Line, base: Facts) -> Iterator[tuple[Channel, Facts]]:
    for channel in line.channels:
        for audience in line.audiences:
            yield channel, base | {"country": line.country, "point_country": line.country, "audience": audience}


@pytest.mark.parametrize("line", LINES, ids=statutes(LINES))
def test_the_line_says_of_whom_and_what_it_asks(line: Line) -> None:
    found = rule(line.rule_id)
    assert found.effect is line.effect
    assert found.channels == set(line.channels)
    assert found.audiences == set(line.audiences)
    assert found.statute.text
    assert found.attested_by == ""


@pytest.mark.parametrize("line", LINES, ids=statutes(LINES))
def test_the_line_stops_a_contact(line: Line) -> None:
    for channel, person in people(line, WILLING):
        asked = question(channel, line.purpose, legal_basis=line.basis, about=line.about)
        for taken in line.stops:
            verdict = ask(asked, person | taken)
            assert verdict.outcome is Outcome.DENY, (channel, taken)
            assert line.rule_id in told(verdict, Outcome.DENY), (channel, person["audience"], taken)


@pytest.mark.parametrize("line", LINES, ids=statutes(LINES))
def test_the_line_lets_a_contact_through(line: Line) -> None:
    """Where it permits at all, what it asks for is enough for it, also of somebody who is otherwise a stranger."""
    for channel, person in people(line, STRANGER):
        asked = question(channel, line.purpose, legal_basis=line.basis, about=line.about)
        for given in line.lets:
            assert line.rule_id in told(ask(asked, person | given), Outcome.PERMIT), (channel, given)
        if not line.lets and line.stops != ({},):
            assert line.rule_id not in told(ask(asked, person | EXPRESSLY | SOFT), Outcome.DENY)


@pytest.mark.parametrize(
    ("rule_id", "country", "channels", "audiences"),
    [(rule_id, country, channels, audiences) for rule_id, _, country, channels, audiences in EXCEPTIONS],
    ids=[f"{rule_id}: {statute}" for rule_id, statute, *_ in EXCEPTIONS],
)
def test_the_exception_for_customers(
    rule_id: str,
    country: str,
    channels: tuple[Channel, ...],
    audiences: tuple[Audience, ...],
) -> None:
    found = rule(rule_id)
    assert found.effect is Effect.SOFT_OPT_IN
    assert (found.channels, found.audiences) == (frozenset(channels), frozenset(audiences))
    for channel in channels:
        for audience in audiences:
            customer = WILLING | NO_CONSENT | {"country": country, "point_country": country, "audience": audience}
            if rule_id != "EU-EPD-13-2":  # a directive permits nothing before a country's law does
                expected = ask(question(channel), customer)
                assert expected.outcome is Outcome.PERMIT, (channel, audience)
                assert rule_id in told(expected, Outcome.PERMIT)
            for missing in NOT_SOFT:
                verdict = ask(question(channel), customer | missing)
                assert verdict.outcome is Outcome.DENY, (channel, audience, missing)


@pytest.mark.parametrize("country", ["HU", "PL"])
def test_hungary_and_poland_know_no_exception_for_customers(country: str) -> None:
    customer = WILLING | NO_CONSENT | {"country": country, "point_country": country}
    for channel in (EMAIL, SMS, DM):
        assert ask(question(channel), customer).outcome is Outcome.DENY


def test_a_consent_request_by_mail_is_an_advertisement_everywhere() -> None:
    """TKG 2021 §174(1): also calls that ask for a consent; and Ekertv 14§(2) prohibits it by mail outright."""
    for country in packs().countries:
        person = STRANGER | {"country": country, "point_country": country}
        assert ask(question(EMAIL, ASK), person).outcome is Outcome.DENY
    assert ask(question(CALL, ASK), STRANGER | {"country": "AT", "point_country": "AT"}).outcome is Outcome.DENY


def test_every_rule_has_its_line_here() -> None:
    lines = {line.rule_id for line in LINES} | {rule_id for rule_id, *_ in EXCEPTIONS}
    assert lines == {rule.id for pack in packs().by_jurisdiction.values() for rule in pack.rules}
