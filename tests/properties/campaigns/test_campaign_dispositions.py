"""Whatever outcomes come in whatever order under whatever map: nobody waits beyond the limit, or once it is over."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from trustdesk.campaigns.contracts import Act, Disposition, Outcome, State, TargetState
from trustdesk.campaigns.models import Campaign, Target
from trustdesk.campaigns.services.settling import Ended, next_of

NOW = datetime(2026, 11, 25, tzinfo=UTC)
MEANINGS = st.sampled_from(Act).flatmap(
    lambda act: st.builds(
        Disposition,
        st.just(act),
        st.timedeltas(min_value=timedelta(minutes=1), max_value=timedelta(days=30)) if act is Act.AGAIN else st.none(),
    ),
)
MAPS = st.dictionaries(st.sampled_from(Outcome), MEANINGS)
UNMAPPED = Disposition(Act.STOP)


@given(st.lists(st.sampled_from(Outcome), max_size=60), MAPS, st.integers(1, 5), st.sampled_from(State))
def test_attempts_stay_within_the_limit(
    outcomes: list[Outcome],
    mapped: dict[Outcome, Disposition],
    limit: int,
    state: State,
) -> None:
    row = Campaign(per_campaign=limit, state=state)
    target = Target(state=TargetState.WAITING, number=0, attempts=0)
    for outcome in outcomes:
        if target.state != TargetState.WAITING:
            break
        target.number += 1
        target.attempts += outcome is not Outcome.HELD
        assert target.attempts <= limit
        target.state, target.next_at = next_of(row, target, Ended(outcome=outcome), mapped.get(outcome, UNMAPPED), NOW)
        assert (target.state == TargetState.WAITING) == (target.next_at is not None)
        if state in {State.ENDED, State.CANCELLED}:
            assert target.state != TargetState.WAITING
        if target.state == TargetState.WAITING:
            assert outcome is Outcome.HELD or mapped[outcome].act is Act.AGAIN
            assert target.next_at is not None
            assert target.next_at > NOW
    assert target.number <= 31 + limit
