"""Queues and who answers them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from typing import Any

import pytest
from tests.companies import Company
from tests.telephoning import WEEK, number, queue
from tests.world import World

from trustdesk.announcements import api as announcements
from trustdesk.announcements.contracts import NewWords
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.telephony import api
from trustdesk.telephony.contracts import Overflow


def test_a_queue_comes_back_as_it_was_set(south: Company, north: Company) -> None:
    context = south.context()
    new = queue(wrap_up_seconds=45, alarm_seconds=200, callback_offered=True, region="")
    api.save_queue(context, new=new, now=clock.now())
    held = api.queue(context, "service")
    assert [[tuple(span) for span in day] for day in held.week] == WEEK
    for name in ("names", "time_zone", "wrap_up_seconds", "alarm_seconds", "callback_offered", "overflow", "skill"):
        assert getattr(held, name) == getattr(new, name, "service"), name
    assert held.name_in("hu") == "Szolgálat"
    assert held.name_in("fi") == "Service"
    assert api.queues(north.context()) == []
    with pytest.raises(NotFoundError):
        api.queue(north.context(), "service")


@pytest.mark.parametrize(
    ("more", "place"),
    [
        ({"code": "Ügyfél"}, "code"),
        ({"names": {}}, "names"),
        ({"names": {"hu": " "}}, "names"),
        ({"names": {"fr": "Service"}}, "names"),
        ({"names": {"hu": "a\nb"}}, "names.hu"),
        ({"time_zone": "Europe/Nowhere"}, "time_zone"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"country": "QQ"}, "country"),
        ({"region": "XX"}, "region"),
        ({"wrap_up_seconds": -1}, "wrap_up_seconds"),
        ({"longest_wait_seconds": 5}, "longest_wait_seconds"),
        ({"overflow_after_seconds": 0}, "overflow_after_seconds"),
        ({"service_level_seconds": 10_000}, "service_level_seconds"),
        ({"alarm_seconds": 0}, "alarm_seconds"),
        ({"week": WEEK[:6]}, "week"),
        ({"week": [[(time(8), time(12)), (time(11), time(16))], *WEEK[1:]]}, "week.0"),
        ({"week": [[(time(5), time(9))], [], [], [], [], [], [(time(22), time(6))]]}, "week.6"),
        ({"overflow": Overflow.QUEUE}, "overflow_queue"),
        ({"overflow": Overflow.QUEUE, "overflow_queue": "nobody"}, "overflow_queue"),
        ({"overflow_queue": "sales"}, "overflow_queue"),
        ({"closed_words": "holiday"}, "closed_words"),
    ],
)
def test_what_does_not_fit_names_its_place(south: Company, more: Mapping[str, Any], place: str) -> None:
    with pytest.raises(BadInputError) as refused:
        api.save_queue(south.context(), new=queue(**more), now=clock.now())
    assert refused.value.place == place


def test_a_night_may_end_on_monday(south: Company) -> None:
    week = [[(time(6), time(9))], [], [], [], [], [], [(time(22), time(6))]]
    api.save_queue(south.context(), new=queue(week=week), now=clock.now())
    assert [list(day) for day in api.queue(south.context(), "service").week] == week


def test_a_queue_does_not_overflow_into_itself(south: Company) -> None:
    api.save_queue(south.context(), new=queue(), now=clock.now())
    api.save_queue(south.context(), new=queue("sales"), now=clock.now())
    into = {"overflow": Overflow.QUEUE}
    with pytest.raises(BadInputError):
        api.save_queue(south.context(), new=queue(**into, overflow_queue="service"), now=clock.now())
    api.save_queue(south.context(), new=queue(**into, overflow_queue="sales"), now=clock.now())
    assert api.queue(south.context(), "service").overflow_queue == "sales"


def test_closed_words_of_the_companys_own(south: Company) -> None:
    words = NewWords(code="holiday", language="hu", text="Ünnepnapokon zárva tartunk.")
    announcements.save_words(south.context(), new=words, now=clock.now())
    api.save_queue(south.context(), new=queue(closed_words="holiday"), now=clock.now())
    assert api.queue(south.context(), "service").closed_words == "holiday"


def test_the_alarm_comes_before_the_time_of_the_law_is_over(south: Company) -> None:
    context, now = south.context(), clock.now()
    api.save_queue(context, new=queue(), now=now)
    held = api.queue(context, "service")
    usual = api.rule_of(number("+3662555010"), now=now)
    public = api.rule_of(number("+3662555010", sector="public_service"), now=now)
    assert api.alarm_after(held, usual) is None
    assert api.alarm_after(held, public) == 240
    for own, alarm in ((60, 60), (290, 240)):
        assert api.alarm_after(replace(held, alarm_seconds=own), public) == alarm
    assert api.alarm_after(replace(held, alarm_seconds=290), usual) == 290


def test_agents_by_skill(committed: World) -> None:
    context, now = committed.system(committed.north, "service"), clock.now()
    api.save_queue(context, new=queue("skilled", names={"fi": "Palvelu"}, country="FI"), now=now)
    agent, other = committed.agent_north.id, committed.agent_both.id
    boss = committed.context(committed.supervisor_north, committed.north)
    for operator_id, level in ((agent, 40), (other, 90)):
        api.set_skill(boss, operator_id=operator_id, queue="skilled", level=level, now=now)
    assert api.agents_for(context, "skilled") == [(other, 90), (agent, 40)]
    api.set_skill(boss, operator_id=other, queue="skilled", level=0, now=now)
    assert api.agents_for(context, "skilled") == [(agent, 40)]
    assert api.skills(boss)[other]["skilled"] == 0
    api.set_skill(boss, operator_id=other, queue="skilled", level=None, now=now)
    assert "skilled" not in api.skills(boss).get(other, {})
    for wrong in (
        {"operator_id": committed.outsider.id, "queue": "skilled", "level": 5},
        {"operator_id": committed.agent_south.id, "queue": "skilled", "level": 5},
        {"operator_id": agent, "queue": "nobody", "level": 5},
        {"operator_id": agent, "queue": "skilled", "level": 101},
        {"operator_id": agent, "queue": "skilled", "level": -1},
    ):
        with pytest.raises(BadInputError):
            api.set_skill(boss, **wrong, now=now)  # type: ignore[arg-type]
    with pytest.raises(RefusedError):
        api.set_skill(
            committed.context(committed.agent_north, committed.north),
            operator_id=agent,
            queue="skilled",
            level=100,
            now=now,
        )
    api.remove_queue(context, code="skilled", now=now)
    assert api.agents_for(context, "skilled") == []


def test_an_agent_agrees_for_itself_and_may_take_it_back(committed: World) -> None:
    agent = committed.agent_south
    context = committed.context(agent, committed.south)
    assert not api.agent(context, agent.id).agreed
    api.agree(context, given=True, words="Hozzájárulok.", language="hu", now=clock.now())
    held = api.agent(context, agent.id)
    assert held.agreed
    assert held.agreement is not None
    assert (held.agreement.words, held.agreement.language) == ("Hozzájárulok.", "hu")
    api.agree(context, given=False, words="Visszavonom.", language="hu", now=clock.now())
    assert not api.agent(context, agent.id).agreed
    with pytest.raises(BadInputError):
        api.agree(context, given=True, words=" ", language="hu", now=clock.now())
    with pytest.raises(RefusedError):
        api.agree(committed.system(committed.south), given=True, words="Igen.", language="hu", now=clock.now())
    token = replace(context, session_id="token:0000000000001")
    with pytest.raises(RefusedError):
        api.agree(token, given=True, words="Igen.", language="hu", now=clock.now())


def test_an_agreement_counts_in_its_company_only(committed: World) -> None:
    both = committed.agent_both
    api.agree(committed.context(both, committed.north), given=True, words="Suostun.", language="fi", now=clock.now())
    assert api.agent(committed.context(both, committed.north), both.id).agreed
    assert not api.agent(committed.context(both, committed.south), both.id).agreed
