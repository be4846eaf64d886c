"""Recordings follow their conversation: under the customer it is with, off the one it was not with, in one step."""

import os
import signal
import subprocess
import sys

import pytest
from django.db import connection
from tests.architecture.source import ROOT
from tests.companies import NOW, Company
from tests.conversing import Call, call
from tests.forgetting import forget_everywhere
from tests.integration.recordings.conftest import said
from tests.recorded import AGENT_HZ, CALLER_HZ, conversation, leg, loudest, recorded, sides

from trustdesk.conversations import api as conversing
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError
from trustdesk.recordings import api as recordings
from trustdesk.recordings.contracts import LISTENING_LIVES, Ground, Integrity, Purpose
from trustdesk.recordings.services import listening
from trustdesk.vault import api as vault

WAITS = 120  # seconds, for a process on a machine that has other things to do
OWN = {
    "DJANGO_SETTINGS_MODULE": "trustdesk.settings.test",
    "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
}


def recorded_call(house: Company) -> Call:
    one = call(house)
    conversation(house.context(), conversation_id=one.id)
    return one


def take_back(one: Call) -> None:
    conversing.take_back(one.context, conversation_id=one.id, now=NOW)


def heard(one: Call) -> tuple[int, int]:
    listening = recordings.listen(one.context, conversation_id=one.id, purpose=Purpose.DISPUTE, now=clock.now())
    part = recordings.hear(
        one.context, listening_id=listening.listening_id, call_id=listening.calls[0].call_id, now=clock.now()
    )
    left, right = sides(b"".join(part.pieces))
    return loudest(left), loudest(right)


def wrapped_under(one: Call) -> set[tuple[int | None, str]]:
    """Under whose keys the conversation's recordings lie: as the vault has it, and as the rows say."""
    with scoped(one.context.scope), connection.cursor() as cursor:
        cursor.execute(
            "SELECT k.customer_id, k.retention_class, r.customer_id, r.filed_class FROM recordings_recording r"
            " JOIN vault_stream_key k ON k.controller_id = r.controller_id AND k.id = r.id"
            " WHERE r.conversation_id = %s",
            [one.id],
        )
        rows = cursor.fetchall()
    assert all(row[:2] == row[2:] for row in rows), rows
    return {row[:2] for row in rows}


def erase(house: Company, customer_id: int) -> None:
    forget_everywhere(house.context(), customer_id)


def test_who_is_identified_has_them_at_once(house: Company) -> None:
    anna, one = house.person(name="Anna"), recorded_call(house)
    assert wrapped_under(one) == {(None, "")}
    one.identify(anna)
    assert wrapped_under(one) == {(anna, "service")}
    assert heard(one) == (CALLER_HZ, AGENT_HZ)
    (entry,) = said(one.context, "recording.filed", subject=anna)
    assert dict(entry.detail or {})["conversation"] == one.id


def test_taken_back_they_leave_the_wrong_customers_keys(house: Company) -> None:
    anna, bert = house.person(name="Anna"), house.person(name="Bert")
    one = recorded_call(house)
    one.identify(anna)
    take_back(one)
    assert wrapped_under(one) == {(None, "")}
    assert recordings.newest(one.context, customer_id=anna) == []
    assert conversing.timeline(one.context, anna) == []
    assert conversing.conversations(one.context, customer_id=anna) == []
    (entry,) = said(one.context, "recording.unfiled", subject=anna)
    assert len(dict(entry.detail or {})["recordings"]) == 2  # type: ignore[arg-type]
    erase(house, anna)
    assert heard(one) == (CALLER_HZ, AGENT_HZ), "the wrong customer's erasure has nothing to do with it"
    one.identify(bert)
    assert wrapped_under(one) == {(bert, "service")}
    erase(house, bert)
    assert recordings.of_conversation(one.context, one.id) == []


def test_every_class_is_overwritten(house: Company) -> None:
    anna, one = house.person(name="Anna"), call(house)
    recorded(one.context, leg(one.id, retention_class="statutory:hu-call"))
    one.identify(anna)
    assert wrapped_under(one) == {(anna, "statutory:hu-call")}
    take_back(one)
    for retention_class in ("service", "statutory:hu-call"):
        vault.destroy(one.context, anna, retention_class, now=clock.now())
    assert heard(one)[0] == CALLER_HZ


def test_under_a_hold_they_leave_too_and_stay_held(house: Company) -> None:
    anna, bert, one = house.person(name="Anna"), house.person(name="Bert"), recorded_call(house)
    one.identify(anna)
    recordings.hold(one.context, conversation_id=one.id, ground=Ground.CLAIM, file_number="1", now=clock.now())
    assert wrapped_under(one) == {(anna, "statutory:legal-hold")}
    take_back(one)
    assert wrapped_under(one) == {(None, "")}
    one.identify(bert)
    assert wrapped_under(one) == {(bert, "statutory:legal-hold")}


def test_what_was_recorded_while_it_was_the_wrong_one_still_verifies(house: Company) -> None:
    """The log's entry of its end stands under the customer it had then."""
    anna, bert, one = house.person(name="Anna"), house.person(name="Bert"), call(house)
    recording_id = recorded(one.context, leg(one.id, customer_id=anna))
    one.identify(anna)
    take_back(one)
    one.identify(bert)
    found = recordings.verify(one.context, recording_id=recording_id, now=clock.now())
    assert (found.integrity, found.same_in_log) == (Integrity.SOUND, True)


def test_one_whose_key_died_with_the_wrong_customer_is_destroyed_whole(house: Company) -> None:
    anna, one = house.person(name="Anna"), call(house)
    recorded(one.context, leg(one.id, retention_class="statutory:hu-call"))
    one.identify(anna)
    vault.destroy(one.context, anna, "statutory:hu-call", now=clock.now())
    take_back(one)
    assert recordings.of_conversation(one.context, one.id) == []
    assert conversing.line(one.context, one.id).customer_id is None


def test_a_listening_of_the_wrong_customer_ends(house: Company) -> None:
    """Begun in the portal, while it was taken for theirs."""
    anna, one = house.person(name="Anna"), recorded_call(house)
    one.identify(anna)

    begun = listening.begin(
        one.context,
        listening.own_of(one.context, listening.rows_of(one.context, one.id), anna),
        purpose=listening.COPY,
        lives=LISTENING_LIVES,
        customer_id=anna,
        now=clock.now(),
    )
    take_back(one)
    with pytest.raises(NotFoundError):
        recordings.hear(one.context, listening_id=begun.listening_id, call_id=begun.calls[0].call_id, now=clock.now())


@pytest.mark.slow  # processes are killed
@pytest.mark.parametrize("stage", ["nothing-refiled", "all-refiled"])
def test_killed_while_it_is_taken_back_nothing_is_half_done(house: Company, stage: str) -> None:
    anna, one = house.person(name="Anna"), recorded_call(house)
    one.identify(anna)
    arguments = [str(house.controller_id), str(one.id), stage]
    command = [sys.executable, "-m", "tests.integration.recordings.worker", *arguments]
    process = subprocess.run(command, env=os.environ | OWN, cwd=ROOT, timeout=WAITS, check=False)
    assert process.returncode == -signal.SIGKILL
    assert wrapped_under(one) == {(anna, "service")}
    assert conversing.line(one.context, one.id).customer_id == anna
    assert heard(one) == (CALLER_HZ, AGENT_HZ)
    assert said(one.context, "recording.unfiled") == []
    take_back(one)
    assert wrapped_under(one) == {(None, "")}
    assert heard(one) == (CALLER_HZ, AGENT_HZ)
