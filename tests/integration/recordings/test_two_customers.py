"""Two customers on one call, two keys: on sealed files, one dies and the other is heard."""

from dataclasses import replace

import pytest
from tests.companies import Company
from tests.conversing import Call, call
from tests.integration.recordings.test_following import erase, wrapped_under
from tests.recorded import AGENT_HZ, CALLER_HZ, THIRD_HZ, leg, loudest, recorded, sides

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import How
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import LISTENING_LIVES, Ground, Purpose
from trustdesk.recordings.services import listening as listenings
from trustdesk.vault import api as vault

SECONDS = 8000


def conference(house: Company, *, third: int | None = None) -> Call:
    """The caller and an agent; from the fourth second somebody else instead of the caller, as after a transfer."""
    one = call(house)
    caller = leg(one.id)
    recorded(one.context, caller, seconds=3)
    recorded(one.context, replace(caller, leg="b", role="agent", operator_id=7), hertz=AGENT_HZ, seconds=6)
    other = replace(caller, leg="c", role="third", customer_id=third)
    recorded(one.context, other, hertz=THIRD_HZ, seconds=3, start_ms=3000)
    return one


def voices(one: Call) -> tuple[int, int, int]:
    """The caller's, the other's and the agent's, in hertz: 0 where nothing is heard."""
    try:
        listening = recordings.listen(one.context, conversation_id=one.id, purpose=Purpose.DISPUTE, now=clock.now())
    except NotFoundError:
        return 0, 0, 0
    (heard,) = listening.calls
    part = recordings.hear(one.context, listening_id=listening.listening_id, call_id=heard.call_id, now=clock.now())
    left, right = sides(b"".join(part.pieces))
    first = loudest(left[: 3 * SECONDS])
    return (0, first, 0) if first == THIRD_HZ else (first, loudest(left[3 * SECONDS :]), loudest(right[: 3 * SECONDS]))


def test_a_third_party_is_not_filed_under_the_caller(house: Company) -> None:
    """Nobody said who it is: what they said must not die with the caller's keys, nor be handed to the caller."""
    anna, one = house.person(name="Anna"), conference(house)
    one.identify(anna)
    assert wrapped_under(one) == {(anna, "service"), (None, "")}
    assert voices(one) == (CALLER_HZ, THIRD_HZ, AGENT_HZ)
    vault.destroy(one.context, anna, "service", now=clock.now())
    assert voices(one) == (0, THIRD_HZ, 0)


@pytest.mark.parametrize("erased", ["caller", "other"])
def test_two_identified_customers_die_each_alone(house: Company, erased: str) -> None:
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = conference(house, third=bert)
    one.identify(anna)
    assert wrapped_under(one) == {(anna, "service"), (bert, "service")}
    assert voices(one) == (CALLER_HZ, THIRD_HZ, AGENT_HZ)
    erase(house, {"caller": anna, "other": bert}[erased])
    assert voices(one) == {"caller": (0, THIRD_HZ, 0), "other": (CALLER_HZ, 0, AGENT_HZ)}[erased]
    left = [one_leg.leg for each in recordings.of_conversation(one.context, one.id) for one_leg in each.recordings]
    assert sorted(left) == {"caller": ["c"], "other": ["a", "b"]}[erased]


def test_taking_the_one_back_leaves_the_other(house: Company) -> None:
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = conference(house, third=bert)
    one.identify(anna)
    conversing.take_back(one.context, conversation_id=one.id, now=clock.now())
    assert wrapped_under(one) == {(None, ""), (bert, "service")}


def test_who_was_a_third_party_is_said_and_taken_back(house: Company) -> None:
    """Their voice alone goes under their keys, and comes off them again."""
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = conference(house)
    one.identify(anna)
    voice = third_of(one)
    now = clock.now()
    with pytest.raises(BadInputError):
        recordings.identify_third(one.context, recording_id=voice, customer_id=bert, how=How.NUMBER_MATCHED, now=now)
    for _again in range(2):
        recordings.identify_third(one.context, recording_id=voice, customer_id=bert, how=How.QUESTIONS, now=now)
    assert wrapped_under(one) == {(anna, "service"), (bert, "service")}
    with pytest.raises(ConflictError):
        recordings.identify_third(one.context, recording_id=voice, customer_id=anna, how=How.QUESTIONS, now=now)
    recordings.take_third_back(one.context, recording_id=voice, now=now)
    assert wrapped_under(one) == {(anna, "service"), (None, "")}
    assert voices(one) == (CALLER_HZ, THIRD_HZ, AGENT_HZ)
    with pytest.raises(ConflictError):
        recordings.take_third_back(one.context, recording_id=voice, now=now)


def test_said_who_they_are_they_die_alone(house: Company) -> None:
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = conference(house)
    one.identify(anna)
    recordings.identify_third(
        one.context, recording_id=third_of(one), customer_id=bert, how=How.DOCUMENT, now=clock.now()
    )
    erase(house, bert)
    assert voices(one) == (CALLER_HZ, 0, AGENT_HZ)


def test_only_a_third_party_is_said_so_and_nobody_who_was_erased(house: Company) -> None:
    anna, gone = house.person(name="Anna"), house.person(name="Gone")
    one = conference(house)
    one.identify(anna)
    erase(house, gone)
    now, voice = clock.now(), third_of(one)
    with pytest.raises(RefusedError):
        recordings.identify_third(one.context, recording_id=voice, customer_id=gone, how=How.QUESTIONS, now=now)
    (call,) = recordings.of_conversation(one.context, one.id)
    for other in [each.recording_id for each in call.recordings if each.role != "third"]:
        with pytest.raises(NotFoundError):
            recordings.identify_third(one.context, recording_id=other, customer_id=anna, how=How.QUESTIONS, now=now)
    assert wrapped_under(one) == {(anna, "service"), (None, "")}


def third_of(one: Call) -> int:
    (call,) = recordings.of_conversation(one.context, one.id)
    return next(each.recording_id for each in call.recordings if each.role == "third")


def test_each_hears_the_own_voice_and_not_the_others(house: Company) -> None:
    """GDPR Art. 15(4): the copy of the caller lacks the other, and the other's lacks the caller."""
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = conference(house, third=bert)
    one.identify(anna)
    rows = listenings.rows_of(one.context, one.id)
    assert [row.leg for row in listenings.own_of(one.context, rows, anna)] == ["a", "b"]
    assert [row.leg for row in listenings.own_of(one.context, rows, bert)] == ["c"]
    for customer_id, hertz in ((anna, CALLER_HZ), (bert, THIRD_HZ)):
        begun = listenings.begin(
            one.context,
            listenings.own_of(one.context, rows, customer_id),
            purpose=listenings.COPY,
            lives=LISTENING_LIVES,
            customer_id=customer_id,
            now=clock.now(),
        )
        part = recordings.hear(
            one.context, listening_id=begun.listening_id, call_id=begun.calls[0].call_id, now=clock.now()
        )
        left, _right = sides(b"".join(part.pieces))
        assert loudest(left) == hertz


def test_a_hold_keeps_both_and_gives_each_back_to_its_own(house: Company) -> None:
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = conference(house, third=bert)
    one.identify(anna)
    hold_id = recordings.hold(
        one.context, conversation_id=one.id, ground=Ground.AUTHORITY, file_number="3", now=clock.now()
    )
    erase(house, bert)
    assert voices(one) == (CALLER_HZ, THIRD_HZ, AGENT_HZ)
    recordings.release(one.context, hold_id=hold_id, now=clock.now())
    assert voices(one) == (CALLER_HZ, 0, AGENT_HZ)
    assert wrapped_under(one) == {(anna, "service")}
