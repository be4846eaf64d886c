"""One law, one text: every reader of it gives the same verdict, row for row."""

from collections import Counter
from collections.abc import Iterator

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.integration.screening import registers
from tests.integration.screening.conftest import OFFERS, Company, declare, make
from tests.world import World

from trustdesk.clearance import api as clearance
from trustdesk.decision.api import verdict_of_mask
from trustdesk.decision.contracts import Channel, Outcome, Verdict
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.screening.contracts import Engine
from trustdesk.screening.engines import snapshot

pytestmark = pytest.mark.slow  # engines are started

ROWS = 10_000
EACH = 400
CHANNELS = (Channel.CALL_HUMAN, Channel.CALL_AUTOMATED, Channel.SMS)


@pytest.fixture(scope="module")
def crowded(
    world: World,
    tmp_path_factory: pytest.TempPathFactory,
    django_db_blocker: DjangoDbBlocker,
) -> Iterator[Company]:
    """Twenty thousand persons, sixty thousand events; on legitimate interests, so that every kind of rule speaks."""
    with django_db_blocker.unblock():
        company = make(f"Crowded {new_id()}", tmp_path_factory.mktemp("crowded"))
        declare(company.context(), basis="eu-gdpr:A6-1-f")
        registers.fill(company, ROWS)
        yield company


@pytest.mark.parametrize("channel", CHANNELS)
def test_every_reader_gives_the_same_masks(crowded: Company, channel: Channel) -> None:
    asked = registers.question(crowded, channel, clock.now(), product="energy")
    live = registers.by_postgresql(crowded, asked, run_id=100 + CHANNELS.index(channel))
    with snapshot.taken(crowded.context(), registers.LIST_ID) as copy:
        assert registers.by_reader(copy.folder, asked) == live
        assert registers.by_engine(crowded, asked, Engine.DUCKDB, copy) == live
        assert registers.by_engine(crowded, asked, Engine.SPARK, copy) == live
    outcomes = Counter(asked.program.outcome(mask) for mask in live.values())
    assert min(outcomes.values()) > ROWS // 100, outcomes
    assert len(live) > ROWS, "nobody shares a number"
    assert len(set(live.values())) > 20
    assert len(outcomes) > 1


@pytest.mark.parametrize("channel", CHANNELS)
def test_a_list_is_decided_as_each_of_its_persons_is(crowded: Company, channel: Channel) -> None:
    """`clearance.decide` reads one person with a statement of its own, and compiles the rules of the countries that
    count for this person only: the same outcome for the same reasons, under bits of its own.
    """
    asked = registers.question(crowded, channel, clock.now(), product="energy")
    live = registers.by_postgresql(crowded, asked, run_id=200 + CHANNELS.index(channel))
    known = [key for key in sorted(live) if key[3]][:EACH]
    for key in known:
        verdict = clearance.decide(
            crowded.context(),
            customer_id=key[3],
            value_id=key[2],
            channel=channel,
            purpose=OFFERS,
            now=asked.program.question.at,
            about={"product": "energy"},
        )
        found = verdict_of_mask(asked.program, live[key])
        assert verdict.outcome is found.outcome, key
        assert _said(verdict) ^ _said(found) == set(), key


def _said(verdict: Verdict) -> set[tuple[str, Outcome]]:
    """Which rules spoke, and for what. Their words differ where a country is not known: who is asked about alone hears
    of the countries that are.
    """
    return {(reason.rule_id, reason.outcome) for reason in verdict.reasons}
