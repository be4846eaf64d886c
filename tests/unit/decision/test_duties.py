"""Each duty, under its statute: where it holds, when it began, and what happens to a contact that leaves it undone."""

from datetime import UTC, datetime

import pytest
from tests.decisions import PROPER, WILLING, ask, packs, question, told

from trustdesk.decision import api
from trustdesk.decision.contracts import Audience, Channel, LegalBasis, Outcome, PurposeKind, Question
from trustdesk.decision.messages import DUTIES

CALL, ROBOT, EMAIL, SMS, DM, POST, CHAT = (
    Channel.CALL_HUMAN,
    Channel.CALL_AUTOMATED,
    Channel.EMAIL,
    Channel.SMS,
    Channel.SOCIAL_DM,
    Channel.POST,
    Channel.CHAT,
)
CONSUMER, TRADER, EMPLOYEE, COMPANY = Audience

# id, statute, country, where it holds, and where it does not.
HOLDS = [
    ("EU-EPD-13-4-SENDER", "Dir 2002/58/EC art 13(4): sender", "show_sender", "DE", EMAIL, CONSUMER, CALL),
    ("EU-EPD-13-4-STOP", "Dir 2002/58/EC art 13(2),(4): stop", "offer_stop", "DE", SMS, CONSUMER, CALL),
    ("EU-GDPR-21-4", "GDPR art 21(4)", "tell_objection_right", "DE", POST, CONSUMER, None),
    ("EU-GDPR-14-3B", "GDPR art 14(3)", "give_notice", "DE", POST, CONSUMER, None),
    ("EU-GDPR-7-1", "GDPR art 7(1), 5(2)", "prove_consent", "DE", EMAIL, COMPANY, None),
    ("EU-CRD-8-5", "Dir 2011/83 art 8(5)", "say_who_and_why", "AT", CALL, CONSUMER, EMAIL),
    ("EU-AIA-50-1", "Reg 2024/1689 art 50(1)", "disclose_machine", "DE", ROBOT, CONSUMER, CALL),
    ("PRODUCT-CLI", "product default: number", "show_number", "PL", CALL, CONSUMER, EMAIL),
    ("PRODUCT-SCRIPT-NAME", "product default: name", "say_name", "PL", CALL, CONSUMER, EMAIL),
    ("PRODUCT-SCRIPT-PRINCIPAL", "product default: principal", "say_principal", "PL", CALL, CONSUMER, EMAIL),
    ("PRODUCT-SCRIPT-PURPOSE", "product default: purpose", "say_commercial_purpose", "PL", CALL, CONSUMER, EMAIL),
    ("PRODUCT-SCRIPT-RECORDING", "product default: recording", "say_recording", "PL", CALL, CONSUMER, EMAIL),
    ("PRODUCT-SCRIPT-AI", "product default: machine", "disclose_machine", "PL", CALL, CONSUMER, EMAIL),
    ("PRODUCT-SCRIPT-STOP", "product default: stop", "offer_stop_in_call", "PL", CALL, CONSUMER, EMAIL),
    ("HU-GRT-6-2-FIELDS", "Grt 6§(2): fields", "consent_fields", "HU", EMAIL, CONSUMER, CALL),
    ("HU-GRT-6-7-REPLY", "Grt 6§(6),(7)", "prepaid_reply", "HU", POST, CONSUMER, EMAIL),
    ("HU-GRT-6-6-STOP", "Grt 6§(4),(6)", "offer_stop", "HU", POST, CONSUMER, EMAIL),
    ("HU-GRT-6-5-REGISTER", "Grt 6§(3),(5)", "consent_register", "HU", EMAIL, CONSUMER, None),
    ("HU-GRT-6-6-ROUTES", "Grt 6§(6)", "withdrawal_routes", "HU", EMAIL, CONSUMER, None),
    ("HU-EHT-162-3", "Eht 162§(3)", "show_sender", "HU", CALL, CONSUMER, POST),
    ("HU-EKERTV-14A-LABEL", "Ekertv 14/A§(1): label", "label_advert", "HU", EMAIL, CONSUMER, CALL),
    ("HU-EKERTV-14A-SENDER", "Ekertv 14/A§(1): sender", "show_sender", "HU", EMAIL, CONSUMER, CALL),
    ("HU-KR-45-2014-11", "45/2014 (II.26.) Korm. r. 11§", "say_who_and_why", "HU", CALL, CONSUMER, EMAIL),
    ("FI-SVPL-202-STOP", "SVPL 202§: stop", "offer_stop", "FI", EMAIL, COMPANY, CALL),
    ("FI-SVPL-200-3-STOP", "SVPL 200§ 3 mom.: stop", "offer_stop", "FI", EMAIL, CONSUMER, CALL),
    ("FI-SVPL-203", "SVPL 203§", "label_advert", "FI", SMS, CONSUMER, CALL),
    ("FI-KSL-6-IDENTITY", "KSL 38/1978 ch 6", "say_who_and_why", "FI", CALL, CONSUMER, EMAIL),
    ("FI-KSL-6-WRITTEN-OFFER", "KSL ch 6 and 6a", "written_offer", "FI", CALL, CONSUMER, EMAIL),
    ("FI-TELL-SOURCE", "KKV: source", "tell_source", "FI", POST, CONSUMER, None),
    ("PL-PKE-398-2", "PKE art 398(2)", "address_given_is_consent", "PL", EMAIL, CONSUMER, SMS),
    ("PL-PKE-398-3", "PKE art 398(3)", "free_for_recipient", "PL", SMS, CONSUMER, POST),
    ("PL-UPK-20-1", "upk art 20(1)", "say_who_and_why", "PL", CALL, CONSUMER, EMAIL),
    ("PL-UPK-20-2", "upk art 20(2)", "written_offer", "PL", CALL, CONSUMER, EMAIL),
    ("DE-UWG-7-2-3-SENDER", "UWG §7(2) no 3, DDG §6(1)", "show_sender", "DE", EMAIL, COMPANY, CALL),
    ("DE-UWG-7-2-3-STOP", "UWG §7(2) no 3, §7(3) no 4", "offer_stop", "DE", DM, CONSUMER, CALL),
    ("DE-TDDDG-15-2", "TDDDG §15(2)", "show_number", "DE", CALL, COMPANY, EMAIL),
    ("DE-BGB-312A-1", "BGB §312a(1)", "say_who_and_why", "DE", CALL, CONSUMER, EMAIL),
    ("DE-UWG-7A-1", "UWG §7a(1)", "document_consent", "DE", CALL, CONSUMER, EMAIL),
    ("DE-PRESUMED-FACTS", "UWG §7(2) no 1: facts on record", "record_presumed_interest", "DE", CALL, TRADER, EMAIL),
    ("DE-ENWG-41B-1", "EnWG §41b(1)", "text_form_contract", "DE", EMAIL, CONSUMER, None),
    ("AT-TKG-174-4-STOP", "TKG 2021 §174(4): stop", "offer_stop", "AT", EMAIL, CONSUMER, CALL),
    ("AT-TKG-174-2", "TKG 2021 §174(2)", "show_number", "AT", CALL, CONSUMER, EMAIL),
]  # fmt: skip
ABOUT: dict[str, dict[str, object]] = {
    "DE-ENWG-41B-1": {"product": "household_energy"},
    "FI-KSL-6-WRITTEN-OFFER": {"product": "garden_tools"},
}
NAMES = [f"{row[0]}: {row[1]}" for row in HOLDS]


def ids(asked: Question, country: str, audience: Audience) -> set[str]:
    """Of the duties that a permitted contact carries."""
    person = WILLING | {"country": country, "point_country": country, "audience": audience, "asked_for_contact": None}
    verdict = ask(asked, person)
    assert verdict.outcome is Outcome.PERMIT, verdict.reasons
    return {duty.id for duty in verdict.duties}


@pytest.mark.parametrize("row", HOLDS, ids=NAMES)
def test_a_permitted_contact_carries_the_duty(
    row: tuple[str, str, str, str, Channel, Audience, Channel | None],
) -> None:
    duty_id, _, text, country, channel, audience, elsewhere = row
    asked = question(channel, about=ABOUT.get(duty_id))
    assert duty_id in ids(asked, country, audience)
    duty = next(duty for duty in api.duties(packs(), api.NO_POLICY, asked, countries={country}) if duty.id == duty_id)
    assert duty.text == DUTIES[text]
    if elsewhere is not None:
        assert duty_id not in ids(question(elsewhere, about=ABOUT.get(duty_id)), country, CONSUMER)
    neighbor = {"HU": "PL"}.get(country, "HU")
    own = duty_id.startswith(f"{country}-")
    assert (duty_id in {d.id for d in api.duties(packs(), api.NO_POLICY, asked, countries={neighbor})}) is not own


def test_every_duty_has_its_line_here() -> None:
    assert {row[0] for row in HOLDS} == {duty.id for pack in packs().by_jurisdiction.values() for duty in pack.duties}


FULFILLED = [
    (duty.id, duty.statute.text, duty.jurisdiction, duty.fulfilled_by, channel)
    for pack in packs().by_jurisdiction.values()
    for duty in pack.duties
    if duty.fulfilled_by
    for channel in sorted(duty.channels)
]


@pytest.mark.parametrize(
    ("duty_id", "jurisdiction", "fact", "channel"),
    [(duty_id, jurisdiction, fact, channel) for duty_id, _, jurisdiction, fact, channel in FULFILLED],
    ids=[f"{duty_id}: {statute}, {channel.value}" for duty_id, statute, _, _, channel in FULFILLED],
)
def test_a_duty_left_undone_stops_the_contact(duty_id: str, jurisdiction: str, fact: str, channel: Channel) -> None:
    country = "DE" if jurisdiction == "EU" else jurisdiction
    person = WILLING | {"country": country, "point_country": country}
    if duty_id == "FI-SVPL-202-STOP":
        person["audience"] = COMPANY
    purpose = PurposeKind.SERVICE if duty_id in {"EU-AIA-50-1", "PRODUCT-CLI"} else PurposeKind.MARKETING
    asked = question(channel, purpose, about={fact: False})
    assert duty_id in told(ask(asked, person), Outcome.DENY)
    unsaid = question(channel, purpose, about={fact: None}, contact=True)
    verdict = ask(unsaid, person)
    assert verdict.outcome is Outcome.UNDECIDED or channel in {Channel.MMS, Channel.FAX, Channel.CHAT}
    assert any(reason.parameters.get("duty") for reason in verdict.reasons)
    planned = ask(question(channel, purpose, about={fact: None}), person)
    assert not any(reason.parameters.get("duty") for reason in planned.reasons), "what is only planned is not done yet"


@pytest.mark.parametrize(("day", "told_so"), [(1, False), (2, True)], ids=["1 August 2026", "2 August 2026"])
def test_regulation_2024_1689_art_50_1_from_2_august_2026(day: int, told_so: bool) -> None:  # noqa: FBT001
    asked = question(
        CHAT,
        PurposeKind.SERVICE,
        at=datetime(2026, 8, day, 12, tzinfo=UTC),
        about={"machine_disclosed": False},
    )
    verdict = ask(asked, WILLING)
    assert (verdict.outcome is Outcome.DENY) is told_so
    assert ("EU-AIA-50-1" in told(verdict, Outcome.DENY)) is told_so


def test_a_machine_that_is_none_needs_not_be_disclosed() -> None:
    asked = question(CHAT, PurposeKind.SERVICE, about={"machine": False, "machine_disclosed": None}, contact=True)
    assert ask(asked, WILLING).outcome is Outcome.PERMIT
    unsaid = question(CHAT, PurposeKind.SERVICE, about={"machine": None, "machine_disclosed": None}, contact=True)
    assert ask(unsaid, WILLING).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("about", "person", "at", "wanted"),
    [
        ({}, {"asked_for_contact": False}, datetime(2023, 1, 2, tzinfo=UTC), True),
        ({}, {"asked_for_contact": False}, datetime(2022, 12, 30, tzinfo=UTC), False),
        ({}, {"asked_for_contact": True}, datetime(2023, 1, 2, tzinfo=UTC), False),
        ({"product": "consumer_credit"}, {"asked_for_contact": False}, datetime(2023, 1, 2, tzinfo=UTC), False),
        ({"product": "e_communication_service"}, {"asked_for_contact": False}, datetime(2023, 1, 2, tzinfo=UTC), False),
    ],
    ids=["from 2023", "before 2023", "asked to be called", "consumer credit", "communication service"],
)
def test_ksl_chapter_6_the_written_offer(
    about: dict[str, object],
    person: dict[str, object],
    at: datetime,
    wanted: bool,  # noqa: FBT001
) -> None:
    finn = WILLING | {"country": "FI", "point_country": "FI", "consent_at": datetime(2020, 1, 1, tzinfo=UTC)} | person
    asked = question(CALL, at=at, about=about)
    carried = {duty.id for duty in ask(asked, finn).duties}
    assert ("FI-KSL-6-WRITTEN-OFFER" in carried) is wanted


def test_duties_go_with_a_permit_only() -> None:
    assert ask(question(EMAIL), WILLING | {"objected": True}).duties == ()


def test_contract_and_legal_duty_need_no_stop() -> None:
    asked = Question(
        channel=EMAIL,
        purpose_kind=PurposeKind.CONTRACT,
        legal_basis=LegalBasis.CONTRACT,
        at=datetime(2026, 11, 23, 12, tzinfo=UTC),
        about=PROPER | {"stop_offered": False},
        contact=True,
    )
    assert ask(asked, WILLING).outcome is Outcome.PERMIT
