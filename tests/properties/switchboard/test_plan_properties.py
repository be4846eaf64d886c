"""What a plan may never be, whatever is known of a number."""

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.sipedge.contracts import AskConsent, Farewell, Menu, Mode, Notice, Plan, SayReference, Wait
from trustdesk.switchboard.plans import ASKING, Facts, may_store, plan_of, plan_out

CLIPS = st.lists(st.sampled_from(["/a.al", "/b.al"]), min_size=1, max_size=2).map(tuple)
NOTICES = st.none() | st.builds(Notice, version=st.integers(1, 9), clips=CLIPS)
MENUS = st.none() | st.builds(Menu, clips=CLIPS, choices=st.just({"1": "complaints"}), otherwise=st.just("main"))
FACTS = st.builds(
    Facts,
    call=st.integers(1, 2**62),
    controller=st.integers(1, 9),
    language=st.sampled_from(["hu", "de"]),
    queue=st.just("main"),
    open_now=st.booleans(),
    mode=st.sampled_from(Mode),
    notice=NOTICES,
    reference=CLIPS,
    consent=CLIPS,
    music=CLIPS,
    closed=CLIPS,
    lost=CLIPS,
    menu=MENUS,
    person_key=st.booleans(),
    human_first=st.booleans(),
    callback_key=st.sampled_from(["", "5"]),
)


def kinds(plan: Plan) -> list[type]:
    return [type(step) for step in plan.steps]


@given(FACTS)
def test_nothing_is_recorded_without_a_notice_before(facts: Facts) -> None:
    for plan in (plan_of(facts), plan_out(facts)):
        if plan.terms.mode is not Mode.OFF:
            steps = kinds(plan)
            assert Notice in steps
            assert all(steps.index(Notice) < steps.index(later) for later in (AskConsent, Wait) if later in steps)


@given(FACTS)
def test_consent_is_asked_exactly_where_the_terms_want_it_and_after_the_notice(facts: Facts) -> None:
    for plan in (plan_of(facts), plan_out(facts)):
        steps = kinds(plan)
        assert (AskConsent in steps) == (plan.terms.mode in ASKING)
        if AskConsent in steps:
            assert steps.index(Notice) < steps.index(AskConsent)


@given(FACTS)
def test_a_plan_ends_in_a_queue_or_with_a_farewell(facts: Facts) -> None:
    steps = kinds(plan_of(facts))
    assert steps[-1] in {Wait, Farewell}
    assert sum(step in {Wait, Farewell} for step in steps) == 1
    if not facts.open_now:
        assert steps == [Farewell]


@given(FACTS)
def test_who_waits_was_told_the_reference(facts: Facts) -> None:
    steps = kinds(plan_of(facts))
    if Wait in steps:
        assert steps.index(SayReference) < steps.index(Wait)


@given(FACTS)
def test_where_the_law_wants_a_human_first_no_menu_stands_before_one(facts: Facts) -> None:
    if facts.human_first and not facts.person_key:
        assert Menu not in kinds(plan_of(facts))


@given(FACTS)
def test_what_the_law_wants_recorded_is_not_spoken_of_unrecorded(facts: Facts) -> None:
    plan = plan_of(facts)
    if facts.mode is Mode.MANDATORY and Wait in kinds(plan):
        assert plan.terms.mode is Mode.MANDATORY


@given(
    mode=st.sampled_from(Mode),
    notice=st.none() | st.integers(1, 9),
    role=st.sampled_from(["customer", "agent", "third"]),
    heard=st.integers(0, 9),
    key=st.sampled_from(["", "1", "2"]),
    agreed=st.booleans(),
)
def test_a_key_is_given_for_heard_and_agreed_only(
    mode: Mode, notice: int | None, role: str, heard: int, key: str, *, agreed: bool
) -> None:
    why = may_store(mode=mode, notice=notice, role=role, heard=heard, consent_key=key, agreed=agreed)
    if not why:
        assert mode is not Mode.OFF
        assert notice is not None
        assert heard
        assert role == "agent" or (heard == notice and (mode not in ASKING or key == "1"))
        assert mode is not Mode.ALL_PARTY or role != "agent" or agreed
