"""A tenant may be stricter, never looser."""

import pytest
from tests.decisions import STRANGER, WILLING, ask, packs, question, told

from trustdesk.decision import api
from trustdesk.decision.contracts import BrokenPackError, Channel, LooserPolicyError, Outcome, Policy, PurposeKind

CALL, EMAIL = Channel.CALL_HUMAN, Channel.EMAIL
HU = {"country": "HU", "point_country": "HU"}
WEEK = "week: {monday: [%s], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: []}"


def policy(body: str) -> Policy:
    return api.parse_policy("as_of: 2026-11-22\n" + body, packs(), name="acme.yaml")


def rules(line: str) -> str:
    return f"rules:\n  - {{id: ACME-ONE, {line}}}\n"


def test_a_stricter_rule_adds_to_the_law() -> None:
    """The switch that cautious practice asks for in Hungary: calls only with consent (reading of Grt 6§(1))."""
    strict = policy(rules("jurisdiction: HU, channels: [call_human], audiences: [consumer], effect: opt_in"))
    assert ask(question(CALL), STRANGER | HU).outcome is Outcome.PERMIT
    verdict = ask(question(CALL), STRANGER | HU, strict)
    assert told(verdict, Outcome.DENY) == {"ACME-ONE"}
    assert verdict.reasons[0].statute.text == "policy of the controller"
    assert ask(question(CALL), WILLING | HU, strict).outcome is Outcome.PERMIT
    assert ask(question(CALL), STRANGER | {"country": "FI", "point_country": "FI"}, strict).outcome is Outcome.PERMIT


def test_a_policy_does_not_know_the_exception_for_customers() -> None:
    customer = WILLING | {"consent": "none"}
    strict = policy(rules("jurisdiction: DE, channels: [email], audiences: all, effect: opt_in_express"))
    assert ask(question(EMAIL), customer).outcome is Outcome.PERMIT
    assert told(ask(question(EMAIL), customer, strict), Outcome.DENY) == {"ACME-ONE"}


def test_a_policy_may_ask_for_one_thing_more() -> None:
    strict = policy(
        rules("jurisdiction: EU, channels: all, audiences: all, effect: lawful, conditions: [existing_customer]"),
    )
    assert ask(question(EMAIL), WILLING, strict).outcome is Outcome.PERMIT
    verdict = ask(question(EMAIL), WILLING | {"existing_customer": False}, strict)
    assert told(verdict, Outcome.DENY) == {"ACME-ONE"}
    assert verdict.reasons[0].because == ("The person is not a customer yet.",)
    assert ask(question(EMAIL), WILLING | {"existing_customer": None}, strict).outcome is Outcome.UNDECIDED


def test_a_policy_for_one_country_asks_where_the_person_is_also_outside_advertising() -> None:
    strict = policy(
        rules("jurisdiction: HU, channels: [email], audiences: all, purpose_kinds: [service], effect: prohibited"),
    )
    service = question(EMAIL, PurposeKind.SERVICE)
    assert ask(service, WILLING | {"country": None}).outcome is Outcome.PERMIT
    assert ask(service, WILLING | {"country": None}, strict).outcome is Outcome.UNDECIDED
    assert ask(service, WILLING | HU, strict).outcome is Outcome.DENY
    assert ask(service, WILLING, strict).outcome is Outcome.PERMIT


@pytest.mark.parametrize(
    ("body", "place", "against"),
    [
        (
            rules("jurisdiction: DE, channels: [call_human], audiences: [consumer], effect: opt_in"),
            "acme.yaml:3:85 rules[0].effect",
            "DE-UWG-7-2-1-CONSUMER: UWG §7(2) no 1",
        ),
        (
            rules("jurisdiction: PL, channels: all, audiences: all, effect: opt_out"),
            "acme.yaml:3:69 rules[0].effect",
            "EU-EPD-13-1: Directive 2002/58/EC art 13(1),(5)",
        ),
        (
            rules("jurisdiction: PL, channels: [email], audiences: all, effect: soft_opt_in"),
            "acme.yaml:3:73 rules[0].effect",
            "",
        ),
        (
            rules("jurisdiction: PL, channels: [email], audiences: all, effect: lawful"),
            "acme.yaml:3:73 rules[0].effect",
            "",
        ),
        (
            "attempts:\n  - {id: ACME-A, jurisdiction: DE, channels: [call_human], per_day: 3}\n",
            "acme.yaml:3:60 attempts[0].per_day",
            "PRODUCT-ATTEMPTS: product default",
        ),
        (
            "attempts:\n  - {id: ACME-A, jurisdiction: DE, channels: [call_human], ring_seconds: [15, 60]}\n",
            "acme.yaml:3:60 attempts[0].ring_seconds",
            "PRODUCT-ATTEMPTS: product default",
        ),
        (
            "windows:\n  - id: ACME-W\n    jurisdiction: DE\n    channels: [call_human]\n    public_holiday: []\n    "
            + WEEK % '"08:59-12:00"',
            "acme.yaml:7:5 windows[0].week",
            "PRODUCT-HOURS: product default",
        ),
        (
            "windows:\n  - id: ACME-W\n    jurisdiction: DE\n    channels: [call_human]\n    public_holiday: []\n    "
            + WEEK % '"18:00-02:00"',
            "acme.yaml:7:5 windows[0].week",
            "PRODUCT-HOURS: product default",
        ),
        (
            "windows:\n  - id: ACME-W\n    jurisdiction: EU\n    channels: [call_human]\n"
            "    public_holiday: as_weekday\n    " + WEEK % '"10:00-12:00"',
            "acme.yaml:6:5 windows[0].public_holiday",
            "PRODUCT-HOURS: product default",
        ),
    ],
)
def test_a_looser_policy_is_refused_at_its_place(body: str, place: str, against: str) -> None:
    with pytest.raises(LooserPolicyError) as caught:
        policy(body)
    assert caught.value.place == place
    assert caught.value.mend == against


def test_stricter_hours_and_attempts_are_taken() -> None:
    body = "windows:\n  - id: ACME-W\n    jurisdiction: DE\n    channels: [call_human]\n    public_holiday: []\n    "
    strict = policy(
        body
        + WEEK % '"10:00-12:00"'
        + "\nattempts:\n  - {id: ACME-A, jurisdiction: DE, channels: [call_human], per_day: 1}\n",
    )
    contact = question(CALL, contact=True)
    assert told(ask(contact, WILLING | {"attempts_today": 1}, strict), Outcome.DENY) == {"ACME-A"}
    assert told(ask(contact, WILLING | {"inside_window": False}, strict), Outcome.DENY) == {"ACME-W"}
    assert ask(contact, WILLING, strict).outcome is Outcome.PERMIT


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ("adopts: [DE-HOURS-NONE]\n", "acme.yaml:2:10 adopts[0]"),
        ("adopts: [PRODUCT-HOURS]\n", "acme.yaml:2:10 adopts[0]"),
        ("observes: [FI-DVV-BAN]\n", "acme.yaml:2:12 observes[0]"),
        (
            rules("jurisdiction: SE, channels: all, audiences: all, effect: opt_in"),
            "acme.yaml:3:20 rules[0].jurisdiction",
        ),
        (rules("channels: all, audiences: all, effect: opt_in"), "acme.yaml:3:5 rules[0]"),
        (
            "rules:\n  - {id: EU-GDPR-17, jurisdiction: EU, channels: all, audiences: all, effect: prohibited}\n",
            "acme.yaml:3:6 rules[0].id",
        ),
        ("colour: green\n", "acme.yaml:2:1 colour"),
        (
            "windows:\n  - {id: ACME-W, jurisdiction: DE, channels: all, binding: statute}\n",
            "acme.yaml:3:51 windows[0].binding",
        ),
    ],
)
def test_a_broken_policy_is_refused_at_its_place(body: str, place: str) -> None:
    with pytest.raises(BrokenPackError) as caught:
        policy(body)
    assert caught.value.place == place


def test_a_policy_that_no_mask_can_hold_is_refused() -> None:
    asks = "jurisdiction: EU, channels: [email], audiences: all, effect: prohibited, unless: [age_ok]"
    lines = "".join(f"  - {{id: ACME-R{n}, {asks}}}\n" for n in range(40))
    with pytest.raises(BrokenPackError, match="Too many rules"):
        policy("rules:\n" + lines)


def test_what_stands_in_a_policy_may_have_a_source_of_its_own() -> None:
    strict = policy(
        "rules:\n  - {id: ACME-ONE, jurisdiction: DE, channels: [post], audiences: all, effect: opt_in, "
        "statute: {text: works agreement 3, source: HR}, valid_from: 2026-12-01}\n",
    )
    rule = strict.rules[0]
    assert rule.statute.text == "works agreement 3"
    assert rule.valid_from is not None
    assert rule.valid_from.isoformat() == "2026-12-01T00:00:00+01:00"
    assert ask(question(Channel.POST), STRANGER, strict).holds_until == rule.valid_from
