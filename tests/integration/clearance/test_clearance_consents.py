"""Consents: proved, counted from their day, never outweighed by anything but the person."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.clearing import ASSESSMENT, DAY, LATER, VERSION, consent, person, tick, verdict
from tests.companies import NOW, Company

from trustdesk.clearance.api import assess_purpose, consent_words, consents, record_consent, withdraw
from trustdesk.clearance.contracts import By, ConsentState, Evidence, Method
from trustdesk.decision.contracts import Channel, Outcome
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.register.api import card, lock, merge
from trustdesk.register.contracts import CustomerKind, RestrictionGround

SHA = bytes(32)
PROOFS = {
    Method.WEB_FORM: tick(),
    Method.DOUBLE_OPT_IN: tick(method=Method.DOUBLE_OPT_IN, reference="mail 7"),
    Method.RECORDED_SENTENCE: tick(method=Method.RECORDED_SENTENCE, recording="rec-1", spoken_ms=(12_000, 15_500)),
    Method.KEY_PRESS: tick(method=Method.KEY_PRESS, reference="call 9"),
    Method.PAPER_SCAN: Evidence(method=Method.PAPER_SCAN, by=By.PERSON, document_sha256=SHA, reference="binder 3"),
}


@pytest.mark.parametrize("method", PROOFS, ids=str)
def test_each_way_of_consenting_counts_with_its_proof(north: Company, method: Method) -> None:
    anna = person(north, email="anna@example.com")
    assert not verdict(north, anna).permitted
    event = consent(north, anna, evidence=PROOFS[method])
    assert verdict(north, anna).permitted
    held = consents(north.context(), anna)[0]
    assert (held.event_id, held.state, held.express, held.of_age) == (event, ConsentState.GIVEN, True, True)
    assert replace(held.evidence, words="") == replace(PROOFS[method], words="")
    assert consent_words(north.context(), anna, reason="authority")[event] == PROOFS[method].words


@pytest.mark.parametrize(
    ("method", "missing"),
    [
        (Method.WEB_FORM, "words"),
        (Method.WEB_FORM, "notice_version"),
        (Method.DOUBLE_OPT_IN, "reference"),
        (Method.RECORDED_SENTENCE, "recording"),
        (Method.RECORDED_SENTENCE, "spoken_ms"),
        (Method.KEY_PRESS, "reference"),
        (Method.PAPER_SCAN, "document_sha256"),
        (Method.PAPER_SCAN, "reference"),
    ],
)
def test_a_consent_without_its_proof_is_none(north: Company, method: Method, missing: str) -> None:
    anna = person(north, email="anna@example.com")
    nothing = {"document_sha256": b"", "spoken_ms": None}.get(missing, "")
    with pytest.raises(BadInputError) as refusal:
        consent(north, anna, evidence=replace(PROOFS[method], **{missing: nothing}))  # type: ignore[arg-type]
    assert refusal.value.place == missing


@pytest.mark.parametrize("method", [Method.TOLD_OPERATOR, Method.ONE_CLICK, Method.REPLY, Method.FACTS])
def test_what_proves_nothing_gives_nothing(north: Company, method: Method) -> None:
    anna = person(north, email="anna@example.com")
    with pytest.raises(BadInputError):
        consent(north, anna, evidence=tick(method=method))


def test_nobody_consents_for_somebody_else(north: Company) -> None:
    with pytest.raises(BadInputError) as refusal:
        consent(north, person(north, email="anna@example.com"), evidence=tick(by=By.OPERATOR))
    assert refusal.value.place == "by"


def test_what_was_shown_was_a_published_notice(north: Company) -> None:
    with pytest.raises(BadInputError) as refusal:
        consent(north, person(north, email="anna@example.com"), evidence=tick(notice_version="never"))
    assert refusal.value.place == "notice_version"


def test_a_consent_is_for_its_purpose_and_channel(north: Company) -> None:
    anna = person(north, email="anna@example.com", phone="040 1234567")
    consent(north, anna, Channel.EMAIL)
    assert verdict(north, anna, Channel.EMAIL).permitted
    assert not verdict(north, anna, Channel.SMS).permitted
    assert not verdict(north, anna, Channel.EMAIL, purpose="offers").permitted


def test_without_a_channel_a_consent_reaches_nobody_and_an_end_ends_all(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna, None)
    assert not verdict(north, anna).permitted
    consent(north, anna, Channel.EMAIL)
    assert verdict(north, anna).permitted
    consent(north, anna, None, ConsentState.WITHDRAWN, at=LATER)
    assert not verdict(north, anna, at=LATER + DAY).permitted


def test_withdrawing_needs_no_proof_and_is_felt_at_once(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    withdraw(
        north.context(),
        customer_id=anna,
        purpose="news",
        channel=Channel.EMAIL,
        method=Method.TOLD_OPERATOR,
        now=LATER,
    )
    assert verdict(north, anna, at=LATER).outcome is Outcome.DENY
    assert verdict(north, anna, at=LATER - timedelta(seconds=1)).permitted


def test_a_new_consent_counts_after_a_withdrawal(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    consent(north, anna, state=ConsentState.WITHDRAWN, at=LATER)
    consent(north, anna, at=LATER + DAY)
    assert verdict(north, anna, at=LATER + 2 * DAY).permitted


def test_an_expired_consent_is_none_and_the_verdict_knows_its_last_day(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    end = LATER + DAY
    consent(north, anna, until=end)
    held = verdict(north, anna)
    assert (held.permitted, held.holds_until) == (True, end)
    assert not verdict(north, anna, at=end).permitted


def test_the_future_is_refused_at_the_desk(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    for state, evidence in (
        (ConsentState.GIVEN, tick()),
        (ConsentState.WITHDRAWN, Evidence(method=Method.REPLY, by=By.PERSON)),
    ):
        with pytest.raises(BadInputError) as refusal:
            record_consent(
                north.context(),
                customer_id=anna,
                purpose="news",
                channel=Channel.EMAIL,
                state=state,
                evidence=evidence,
                at=LATER,
                now=NOW,
            )
        assert refusal.value.place == "at"


@pytest.mark.parametrize("state", [ConsentState.WITHDRAWN, ConsentState.REFUSED, ConsentState.EXPIRED])
@pytest.mark.parametrize("first", ["given", "other"])
def test_of_two_events_of_the_same_instant_the_stricter_counts(north: Company, state: ConsentState, first: str) -> None:
    anna = person(north, email="anna@example.com")
    order = [ConsentState.GIVEN, state]
    for each in order if first == "given" else reversed(order):
        consent(north, anna, state=each)
    assert not verdict(north, anna).permitted


def test_the_same_event_twice_is_one(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    assert consent(north, anna) == consent(north, anna)
    assert len(consents(north.context(), anna)) == 1


def test_asking_again_changes_nothing(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    request = Evidence(method=Method.WEB_FORM, by=By.OPERATOR)
    consent(north, anna, state=ConsentState.REQUESTED, evidence=request)
    assert not verdict(north, anna).permitted
    consent(north, anna, at=LATER)
    consent(north, anna, state=ConsentState.REQUESTED, evidence=request, at=LATER + DAY)
    assert verdict(north, anna, at=LATER + 2 * DAY).permitted


def test_a_presumption_needs_facts_and_never_outweighs_the_person(north: Company) -> None:
    """UWG § 7(2) no 1: towards other market participants at least a presumed consent."""
    firm = person(north, country="DE", kind=CustomerKind.COMPANY, company_name="Muster GmbH", phone="+49301234567")
    facts = Evidence(method=Method.FACTS, by=By.OPERATOR, words="Asked for our catalogue at the fair")
    assert not verdict(north, firm, Channel.CALL_HUMAN, purpose="offers").permitted
    with pytest.raises(BadInputError):
        consent(north, firm, Channel.CALL_HUMAN, ConsentState.PRESUMED, evidence=replace(facts, words=" "))
    consent(north, firm, Channel.CALL_HUMAN, ConsentState.PRESUMED, purpose="offers", evidence=facts)
    assess_purpose(north.context(), code="offers", assessment=ASSESSMENT, now=NOW)
    assert verdict(north, firm, Channel.CALL_HUMAN, purpose="offers").permitted
    consent(north, firm, Channel.CALL_HUMAN, ConsentState.REFUSED, purpose="offers", at=LATER)
    later = {"evidence": facts, "purpose": "offers", "at": LATER + DAY}
    consent(north, firm, Channel.CALL_HUMAN, ConsentState.PRESUMED, **later)  # type: ignore[arg-type]
    refused = verdict(north, firm, Channel.CALL_HUMAN, purpose="offers", at=LATER + 2 * DAY)
    assert refused.outcome is Outcome.DENY


@pytest.mark.parametrize(
    ("born", "countries"),
    [("2011-11-24", "HU PL DE"), ("2013-11-24", "FI"), ("2012-11-24", "AT")],
)
def test_a_child_does_not_consent_alone(south: Company, born: str, countries: str) -> None:
    """GDPR Art. 8(1): 16 in Hungary, Poland and Germany, 13 in Finland (Tietosuojalaki 5 §), 14 in Austria (DSG § 4).
    The company's own country counts too, so the southern (Hungarian) one asks for 16 everywhere.
    """
    for country in countries.split():
        child = person(south, country=country, email="kid@example.com", birth_date=born)
        with pytest.raises(RefusedError) as refusal:
            consent(south, child, at=NOW)
        assert refusal.value.place == "GDPR Art. 8(1)"
        consent(south, child, at=NOW, evidence=tick(by=By.GUARDIAN))
        assert verdict(south, child).permitted


def test_the_birthday_itself_is_old_enough(north: Company) -> None:
    born = NOW.replace(year=NOW.year - 13).date()
    young = person(north, email="young@example.com", birth_date=(born + DAY).isoformat())
    with pytest.raises(RefusedError):
        consent(north, young)
    consent(north, person(north, email="old@example.com", birth_date=born.isoformat()))


def test_a_birth_date_that_cant_be_read_decides_nothing(north: Company) -> None:
    anna = person(north, email="anna@example.com", birth_date="1980-01-01")
    born = next(value for value in card(north.context(), anna, now=NOW).values if value.attribute == "birth_date")
    lock(
        north.context(),
        customer_id=anna,
        value_id=born.value_id,
        ground=RestrictionGround.ACCURACY_CONTESTED,
        now=NOW,
    )
    blind = north.context("consent:record", "customer:open", "clearance:read")
    record_consent(
        blind,
        customer_id=anna,
        purpose="news",
        channel=Channel.EMAIL,
        state=ConsentState.GIVEN,
        evidence=tick(),
        at=NOW,
        now=NOW,
    )
    assert consents(north.context(), anna)[0].of_age is None
    assert verdict(north, anna).outcome is Outcome.UNDECIDED


def test_merged_records_are_one_person(north: Company) -> None:
    anna, ann = (person(north, email=f"{name}@example.com") for name in ("anna", "ann"))
    consent(north, anna)
    consent(north, ann, state=ConsentState.WITHDRAWN, at=LATER)
    merge(north.context(), into=anna, customer_id=ann, reason="same", now=LATER)
    for either in (anna, ann):
        assert not verdict(north, either, at=LATER + DAY).permitted
        assert len(consents(north.context(), either)) == 2


def test_restriction_and_strangers(north: Company, south: Company) -> None:
    anna = person(north, email="anna@example.com")
    assert verdict(north, anna, purpose="service").permitted
    consent(north, anna)
    lock(north.context(), customer_id=anna, ground=RestrictionGround.ACCURACY_CONTESTED, now=NOW)
    # GDPR Art. 18(2): with the person's consent it is still used, and for little else.
    assert verdict(north, anna).permitted
    assert verdict(north, anna, purpose="service").outcome is Outcome.DENY
    with pytest.raises(NotFoundError):
        consents(south.context(), anna)
    with pytest.raises(NotFoundError):
        consent(south, anna)
    assert verdict(south, anna).outcome is not Outcome.PERMIT
    with pytest.raises(RefusedError):
        withdraw(
            north.context("customer:open"),
            customer_id=anna,
            purpose="news",
            channel=Channel.EMAIL,
            method=Method.REPLY,
            now=NOW,
        )


def test_the_notice_and_its_language_are_kept(north: Company) -> None:
    anna = person(north, email="anna@example.com")
    consent(north, anna)
    said = consents(north.context(), anna)[0].evidence
    assert (said.notice_version, said.notice_language) == (VERSION, "en")
