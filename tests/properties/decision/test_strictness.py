"""What must hold for any person: more law, more countries, more policy and less knowledge never open a door."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.decisions import AT, packs
from tests.properties.decision.test_readers import known_value_of, people, policies, questions

from trustdesk.decision import api
from trustdesk.decision.contracts import Channel, Outcome, Place, Policy, PurposeKind, Question

_DEGREE = {Outcome.DENY: 0, Outcome.UNDECIDED: 1, Outcome.PERMIT: 2}


def outcome(question: Question, facts: dict[str, object], policy: Policy = api.NO_POLICY) -> Outcome:
    return api.decide(api.compile_program(packs(), policy, question), facts).outcome


@given(questions, people, st.data())
@settings(deadline=None, max_examples=150)
def test_what_is_permitted_not_knowing_is_permitted_whatever_it_is(
    question: Question,
    facts: dict[str, object],
    data: st.DataObject,
) -> None:
    """An unknown fact never permits what the worst of it would deny; and no verdict turns round by learning more."""
    before = outcome(question, facts)
    missing = [name for name, value in facts.items() if value is None and not api.FACTS[name].absent]
    learned = facts | {name: data.draw(known_value_of(name)) for name in missing}
    after = outcome(question, learned)
    if before is not Outcome.UNDECIDED:
        assert after is before


willing_people = people.map(
    lambda facts: (
        facts
        | {
            "erased": False,
            "restricted": False,
            "suppressed": False,
            "objected": False,
            "lia_done": True,
            "age_ok": True,
        }
        | {"consent": "given", "consent_express": True, "consent_at": AT - timedelta(days=1), "consent_until": None}
        | {"country": facts["country"] or "DE", "audience": facts["audience"] or "consumer"}
    ),
)


@given(questions, people | willing_people, policies)
@settings(deadline=None, max_examples=150)
def test_a_policy_never_turns_no_into_yes(question: Question, facts: dict[str, object], policy: Policy) -> None:
    assert _DEGREE[outcome(question, facts, policy)] <= _DEGREE[outcome(question, facts)]


@given(questions, people | willing_people, st.sampled_from([*packs().countries, "SE"]))
@settings(deadline=None, max_examples=150)
def test_a_second_country_never_turns_no_into_yes(question: Question, facts: dict[str, object], other: str) -> None:
    alone = facts | {"point_country": facts["country"]}
    both = alone | {"point_country": other}
    if facts["country"] is not None and outcome(question, alone) is not Outcome.PERMIT:
        assert outcome(question, both) is not Outcome.PERMIT


@given(questions, people | willing_people)
@settings(deadline=None, max_examples=150)
def test_fewer_countries_to_expect_never_turn_no_into_yes(question: Question, facts: dict[str, object]) -> None:
    everywhere = replace(question, countries=frozenset())
    assert _DEGREE[outcome(question, facts)] <= max(_DEGREE[outcome(everywhere, facts)], 1)


@given(questions, people | willing_people)
@settings(deadline=None, max_examples=100)
def test_it_holds_until_it_says(question: Question, facts: dict[str, object]) -> None:
    """Nothing but time passing, the verdict stays what it is until just before `holds_until`."""
    program = api.compile_program(packs(), api.NO_POLICY, question)
    verdict = api.decide(program, facts)
    if verdict.holds_until is None:
        later = question.at + timedelta(days=4000)
    else:
        assert verdict.holds_until > question.at
        later = verdict.holds_until - timedelta(microseconds=1)
    assert outcome(replace(question, at=later), facts) is verdict.outcome


@given(
    st.datetimes(datetime(2024, 1, 1), datetime(2031, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001  (given there)
    st.sets(st.sampled_from(packs().countries), min_size=1, max_size=3),
    st.sampled_from(packs().countries),
    st.sampled_from(["", "BY", "SN", "01"]),
)
@settings(deadline=None, max_examples=150)
def test_hours_grow_no_longer_by_another_country(at: datetime, countries: set[str], other: str, region: str) -> None:
    def inside(places: set[str], part: str = "") -> bool | None:
        return api.inside_window(
            packs(),
            api.NO_POLICY,
            place=Place(frozenset(places), part),
            channel=Channel.CALL_HUMAN,
            purpose_kind=PurposeKind.MARKETING,
            at=at,
        )

    assert inside(countries | {other}) in (inside(countries), False)
    if inside(countries):
        assert inside(countries, region), "who does not know the region reads the strictest"
