"""How a verdict is made: what is not known, what is contradictory, what it says and until when it holds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from tests.decisions import AT, STRANGER, WILLING, ask, packs, question, told

from trustdesk.decision import api
from trustdesk.decision.contracts import Channel, LegalBasis, Outcome, PurposeKind, UnknownFactError

CALL, EMAIL, SMS, POST, FAX, CHAT = (
    Channel.CALL_HUMAN,
    Channel.EMAIL,
    Channel.SMS,
    Channel.POST,
    Channel.FAX,
    Channel.CHAT,
)


@pytest.mark.parametrize("country", [None, "SE", "de"], ids=["not known", "without a pack", "garbage"])
def test_a_country_that_is_not_known_is_not_decided(country: str | None) -> None:
    verdict = ask(question(EMAIL), WILLING | {"country": country})
    assert verdict.outcome is Outcome.UNDECIDED
    assert told(verdict, Outcome.UNDECIDED) == {"NO-RULE-COUNTRY"}


@pytest.mark.parametrize(
    ("channel", "outcome"),
    [(EMAIL, Outcome.PERMIT), (CALL, Outcome.UNDECIDED), (SMS, Outcome.UNDECIDED)],
)
def test_the_country_of_a_number_has_to_be_known(channel: Channel, outcome: Outcome) -> None:
    assert ask(question(channel), WILLING | {"point_country": None}).outcome is outcome


@pytest.mark.parametrize(
    ("channel", "country"),
    [(CHAT, "DE"), (FAX, "HU"), (POST, "AT"), (Channel.MMS, "PL")],
    ids=str,
)
def test_a_channel_without_a_rule_is_not_decided(channel: Channel, country: str) -> None:
    verdict = ask(question(channel), WILLING | {"country": country, "point_country": country})
    assert verdict.outcome is Outcome.UNDECIDED
    assert "NO-RULE-COUNTRY" in told(verdict, Outcome.UNDECIDED)


def test_an_audience_without_a_rule_is_not_decided() -> None:
    employee = WILLING | {"country": "FI", "point_country": "FI", "audience": "named_employee"}
    assert ask(question(EMAIL), employee).outcome is Outcome.PERMIT
    assert ask(question(SMS), employee).outcome is Outcome.UNDECIDED
    assert ask(question(EMAIL), employee | {"audience": None}).outcome is Outcome.UNDECIDED


def test_service_and_contract_need_no_country() -> None:
    """They are a matter of the GDPR, which holds in every country alike."""
    nowhere = WILLING | {"country": None, "audience": None}
    asked = question(EMAIL, PurposeKind.CONTRACT, legal_basis=LegalBasis.CONTRACT)
    assert ask(asked, nowhere).outcome is Outcome.PERMIT
    assert ask(question(CHAT, PurposeKind.LEGAL_DUTY, legal_basis=LegalBasis.LEGAL_OBLIGATION), nowhere).permitted


def test_the_strictest_of_two_countries() -> None:
    """A Hungarian with a German number: Eht 162§(2) is content without consent, UWG §7(2) is not."""
    person = STRANGER | {"country": "HU", "point_country": "HU"}
    assert ask(question(CALL), person).outcome is Outcome.PERMIT
    german_number = ask(question(CALL), person | {"point_country": "DE"})
    assert told(german_number, Outcome.DENY) == {"DE-UWG-7-2-1-CONSUMER"}
    assert ask(question(CALL), person | {"country": "DE"}).outcome is Outcome.DENY


def test_poland_before_and_after_the_electronic_communications_law() -> None:
    person = WILLING | {"country": "PL", "point_country": "PL", "consent_at": datetime(2020, 1, 1, tzinfo=UTC)}
    before = ask(question(CALL, at=datetime(2024, 11, 9, 22, 59, tzinfo=UTC)), person)
    assert before.outcome is Outcome.UNDECIDED, "of the law before, nothing is known"
    assert before.holds_until == datetime(2024, 11, 9, 23, 0, tzinfo=UTC), "midnight in Warsaw"
    after = ask(question(CALL, at=datetime(2024, 11, 9, 23, 0, tzinfo=UTC)), person)
    assert after.outcome is Outcome.PERMIT


LATER, EARLIER = AT + timedelta(days=1), AT - timedelta(days=1)


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"consent": "expired"}, Outcome.DENY),
        ({"consent_until": AT}, Outcome.DENY),
        ({"consent_until": LATER}, Outcome.PERMIT),
        ({"consent_at": LATER}, Outcome.DENY),
        ({"consent_at": AT}, Outcome.PERMIT),
        ({"consent_at": None}, Outcome.DENY),
        ({"consent_at": LATER, "consent_until": EARLIER}, Outcome.DENY),
        ({"consent": "withdrawn"}, Outcome.DENY),
        ({"consent": "requested"}, Outcome.DENY),
        ({"consent": "presumed"}, Outcome.DENY),
        ({"consent": None}, Outcome.UNDECIDED),
        ({"consent_express": None}, Outcome.UNDECIDED),
        ({"objected": True}, Outcome.DENY),
        ({"objected": None}, Outcome.UNDECIDED),
    ],
    ids=[
        "expired",
        "ends now",
        "ends later",
        "begins later",
        "begins now",
        "without a date",
        "ends before it begins",
        "withdrawn",
        "only requested",
        "presumed of a consumer",
        "not known",
        "kind not known",
        "objected, though consented",
        "objection not known",
    ],
)
def test_consents_that_are_none(facts: dict[str, object], outcome: Outcome) -> None:
    assert ask(question(CALL), WILLING | facts).outcome is outcome


def test_what_is_known_to_be_bad_outweighs_what_is_not_known() -> None:
    assert ask(question(EMAIL), {"objected": True}).outcome is Outcome.DENY
    assert ask(question(EMAIL), {}).outcome is Outcome.UNDECIDED


def test_every_reason_has_its_law_and_its_words() -> None:
    verdict = ask(question(EMAIL), STRANGER)
    first = verdict.reasons[0]
    assert verdict.outcome is first.outcome is Outcome.DENY
    assert [reason.outcome for reason in verdict.reasons] == sorted(
        (reason.outcome for reason in verdict.reasons),
        key=["deny", "undecided", "permit"].index,
    )
    german = next(reason for reason in verdict.reasons if reason.rule_id == "DE-UWG-7-2-2")
    assert german.statute.text == "UWG §7(2) no 2"
    assert german.statute.url.startswith("https://www.gesetze-im-internet.de/")
    assert german.message == "The law asks for an express consent first."
    assert german.because[:2] == ("No consent of the kind needed is in force.", "The consent was not an express act.")
    assert all(reason.statute.text and reason.message for reason in verdict.reasons)


def test_a_permit_names_what_permits_it() -> None:
    customer = WILLING | {"consent": "none"}
    assert "DE-UWG-7-3" in told(ask(question(EMAIL), customer), Outcome.PERMIT)
    assert "DE-UWG-7-3" not in told(ask(question(EMAIL), WILLING | {"existing_customer": False}), Outcome.PERMIT)


def test_the_exception_for_customers_is_no_legal_basis() -> None:
    """It stands in for the consent that the law on advertising asks for, not for one that a purpose rests on."""
    customer = WILLING | {"consent": "none"}
    verdict = ask(question(EMAIL, legal_basis=LegalBasis.CONSENT), customer)
    assert told(verdict, Outcome.DENY) == {"EU-GDPR-6-1-A"}


@pytest.mark.parametrize(
    ("facts", "until"),
    [
        ({}, None),
        ({"consent_until": LATER}, LATER),
        ({"list_current_until": AT + timedelta(hours=2), "country": "AT"}, AT + timedelta(hours=2)),
        ({"list_current_until": AT + timedelta(hours=2), "consent_until": AT + timedelta(hours=1), "country": "AT"},
         AT + timedelta(hours=1)),
        ({"consent_until": EARLIER, "consent_at": LATER}, LATER),
    ],
    ids=["no end", "consent ends", "list grows stale", "whichever is first", "consent begins"],
)  # fmt: skip
def test_until_when_it_holds(facts: dict[str, object], until: datetime | None) -> None:
    assert ask(question(EMAIL), WILLING | facts).holds_until == until


def test_until_the_hours_change() -> None:
    closes = AT + timedelta(hours=7)
    assert ask(question(CALL, contact=True), WILLING | {"window_until": closes}).holds_until == closes
    assert ask(question(CALL), WILLING | {"window_until": closes}).holds_until is None


def test_until_a_rule_changes() -> None:
    before = question(CHAT, PurposeKind.SERVICE, at=datetime(2026, 8, 1, 12, tzinfo=UTC))
    brussels_midnight = datetime(2026, 8, 1, 22, 0, tzinfo=UTC)
    assert ask(before, WILLING).holds_until == brussels_midnight
    assert ask(replace(before, at=brussels_midnight), WILLING).holds_until is None


def test_a_mask_says_the_same_with_fewer_words() -> None:
    program = api.compile_program(packs(), api.NO_POLICY, question(EMAIL))
    for person in (WILLING, STRANGER, WILLING | {"country": None}):
        full, bare = api.decide(program, person), api.verdict_of_mask(program, api.mask(program, person))
        assert (bare.outcome, bare.mask, bare.packs_digest) == (full.outcome, full.mask, packs().digest)
        assert [(r.rule_id, r.outcome, r.message) for r in bare.reasons] == [
            (r.rule_id, r.outcome, r.message) for r in full.reasons
        ]


def test_a_program_is_kept_between_two_edges() -> None:
    def clauses(at: datetime) -> object:
        return api.compile_program(packs(), api.NO_POLICY, question(CALL, at=at)).clauses

    assert clauses(AT) is clauses(AT + timedelta(days=100))
    assert clauses(AT) is not clauses(datetime(2024, 1, 1, tzinfo=UTC))
    program = api.compile_program(packs(), api.NO_POLICY, question(CALL, at=AT + timedelta(days=100)))
    assert program.question.at == AT + timedelta(days=100)


def test_only_some_countries_can_occur() -> None:
    everywhere = api.compile_program(packs(), api.NO_POLICY, question(EMAIL))
    here = api.compile_program(packs(), api.NO_POLICY, replace(question(EMAIL), countries=frozenset({"DE"})))
    assert len(here.clauses) < len(everywhere.clauses)
    for person in (WILLING, STRANGER):
        assert api.decide(here, person).outcome is api.decide(everywhere, person).outcome
    austrian = WILLING | {"country": "AT"}
    assert api.decide(everywhere, austrian).outcome is Outcome.PERMIT
    assert api.decide(here, austrian).outcome is Outcome.UNDECIDED


@pytest.mark.parametrize(
    ("facts", "place"),
    [
        ({"weather": True}, "weather"),
        ({"erased": 0}, "erased"),
        ({"attempts_today": True}, "attempts_today"),
        ({"consent": "granted"}, "consent"),
        ({"consent_at": datetime(2026, 1, 1)}, "consent_at"),  # noqa: DTZ001
        ({"consent_at": "2026-01-01"}, "consent_at"),
        ({"country": 36}, "country"),
    ],
)
def test_a_fact_nobody_declared_is_refused_without_its_value(facts: dict[str, object], place: str) -> None:
    with pytest.raises(UnknownFactError) as caught:
        ask(question(EMAIL), WILLING | facts)
    assert caught.value.place == place
    assert "granted" not in str(caught.value)


def test_what_is_said_of_the_undertaking_is_declared_too() -> None:
    with pytest.raises(UnknownFactError):
        ask(question(EMAIL, about={"weather": True}), WILLING)
    with pytest.raises(UnknownFactError):
        ask(question(EMAIL, about={"stop_offered": "yes"}), WILLING)
    with pytest.raises(ValueError, match="time zone"):
        ask(question(EMAIL, at=datetime(2026, 1, 1)), WILLING)  # noqa: DTZ001
