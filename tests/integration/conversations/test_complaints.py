"""A complaint has its fields, its number, its clock and its years, by the law of the place."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.clearing import person
from tests.companies import Company, found_company
from tests.conversing import QUEUE, Call, ask, call, keys_of, sector

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import (
    ComplaintForm,
    ComplaintLine,
    ComplaintState,
    Given,
    NewReply,
    ReplyOutcome,
)
from trustdesk.conversations.services import keeping
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError
from trustdesk.kernel.ids import new_id
from trustdesk.server.cluster import Cluster

MADE = datetime(2026, 10, 26, 9, 0, tzinfo=UTC)  # a Monday
DAY = timedelta(days=1)
FULL = {
    "complainant_name": "Kovács Anna",
    "complainant_address": "1055 Budapest, Fő utca 1.",
    "submitted": "By telephone, Monday morning",
    "description": "The bill of September counts twice.",
    "evidence": "",
    "position": "",
}


def complain(company: Company, fields: dict[str, str] | None = None, *, at: datetime = MADE) -> tuple[Call, int]:
    one = call(company, at=at)
    given = Given(complaint=ComplaintForm(fields=FULL if fields is None else fields))
    conversing.dispose(
        company.context(), interaction_id=one.interaction_id, disposition="complaint", given=given, now=at
    )
    (file,) = conversing.conversation(company.context(), one.id).complaints
    return one, file.complaint_id


def line(company: Company, complaint_id: int) -> ComplaintLine:
    return conversing.complaint(company.context(), complaint_id).line


def answer(
    company: Company,
    complaint_id: int,
    *,
    outcome: ReplyOutcome = ReplyOutcome.ACCEPTED,
    at: datetime = MADE + DAY,
    authority: str = "",
) -> None:
    new = NewReply(outcome=outcome, text="You are right.", sent_at=at, authority=authority)
    conversing.reply(company.context(), complaint_id=complaint_id, new=new, now=at)


def test_hungarian_minutes_have_eight_fields_and_a_number_of_their_own(south: Company) -> None:
    """Fgytv 17/A§(4)-(7)."""
    one, complaint_id = complain(south)
    asked = conversing.asked(south.context(), conversation_id=one.id, now=MADE)
    file = conversing.complaint(south.context(), complaint_id)
    assert file.minutes is not None
    assert set(file.minutes) == set(asked.fields)
    assert len(file.minutes) == 8
    assert file.minutes["description"] == FULL["description"]
    assert file.minutes["unique_id"] == f"{conversing.grouped(one.opened.reference)}/1"
    assert file.line.number == f"{one.opened.reference}/1"
    assert file.line.due_date == asked.last_date == date(2026, 11, 25)
    assert file.line.law.text.startswith("Fgytv 17/A")
    assert file.line.copy_due
    stored = ask(south, "SELECT encode(minutes, 'escape') FROM conversations_complaint WHERE id = %s", complaint_id)
    assert "September" not in stored[0][0]


def test_the_number_finds_the_case(south: Company) -> None:
    one, complaint_id = complain(south)
    number = line(south, complaint_id).number
    for digits in (number, number.partition("/")[0], f"{conversing.grouped(one.opened.reference)} / 1"):
        found = conversing.by_reference(south.context(), digits=digits, asker="a desk of complaints", now=MADE)
        assert found == one.id


@pytest.mark.parametrize("missing", ["complainant_name", "complainant_address", "submitted", "description"])
def test_a_field_the_law_asks_for_may_not_be_empty(south: Company, missing: str) -> None:
    with pytest.raises(BadInputError) as refused:
        complain(south, FULL | {missing: " "})
    assert refused.value.place == missing
    assert conversing.complaints(south.context()) == []


@pytest.mark.parametrize(
    ("country", "named", "due", "silence"),
    [
        ("HU", "", date(2026, 11, 25), False),
        ("HU", "energy", date(2026, 11, 10), False),
        ("PL", "", date(2026, 11, 9), True),
        ("DE", "energy", date(2026, 11, 23), False),
        ("DE", "", date(2026, 11, 25), False),
        ("FI", "", date(2026, 11, 25), False),
    ],
)
def test_the_clock_is_the_countrys_and_sectors(
    cluster: Cluster, django_db_blocker: DjangoDbBlocker, country: str, named: str, due: date, *, silence: bool
) -> None:
    with django_db_blocker.unblock():
        _look_at_the_clock(found_company(f"Complained about {new_id()}", country), named, due, silence=silence)


def _look_at_the_clock(company: Company, named: str, due: date, *, silence: bool) -> None:
    sector(company, named)
    _one, complaint_id = complain(company)
    file = line(company, complaint_id)
    assert (file.due_date, file.silence_accepts) == (due, silence)
    end = datetime.combine(due + DAY, datetime.min.time(), ZoneInfo("Europe/Helsinki"))
    assert file.due_at == end
    assert file.state(end - timedelta(seconds=1)) is ComplaintState.OPEN
    late = ComplaintState.ACCEPTED_BY_SILENCE if silence else ComplaintState.OVERDUE
    assert file.state(end) is late


def test_a_reply_ends_the_clock_and_begins_the_years(south: Company) -> None:
    _one, complaint_id = complain(south)
    answer(south, complaint_id, at=MADE + 3 * DAY)
    file = conversing.complaint(south.context(), complaint_id)
    assert file.reply == "You are right."
    assert file.line.state(MADE + 90 * DAY) is ComplaintState.REPLIED
    assert file.line.keep_until == datetime(2029, 10, 30, tzinfo=ZoneInfo("Europe/Helsinki"))
    assert not file.line.copy_due, "it goes with the reply at the latest"
    with pytest.raises(ConflictError):
        answer(south, complaint_id)


@pytest.mark.parametrize("outcome", [ReplyOutcome.PARTLY, ReplyOutcome.REJECTED])
def test_who_rejects_names_where_one_can_go(south: Company, outcome: ReplyOutcome) -> None:
    """Fgytv 17/A§(8)."""
    _one, complaint_id = complain(south)
    with pytest.raises(BadInputError):
        answer(south, complaint_id, outcome=outcome)
    answer(south, complaint_id, outcome=outcome, authority="Budapesti Békéltető Testület")
    assert conversing.complaint(south.context(), complaint_id).authority == "Budapesti Békéltető Testület"


@pytest.mark.parametrize("at", [MADE - DAY, MADE + 2 * DAY])
def test_a_reply_lies_between_the_complaint_and_now(south: Company, at: datetime) -> None:
    _one, complaint_id = complain(south)
    new = NewReply(outcome=ReplyOutcome.ACCEPTED, text="x", sent_at=at)
    with pytest.raises(BadInputError):
        conversing.reply(south.context(), complaint_id=complaint_id, new=new, now=MADE + DAY)


def test_more_time_once_where_the_law_gives_it(south: Company) -> None:
    """Fgytv 17/B§(3b): fifteen days, and once fifteen more."""
    sector(south, "energy")
    one, complaint_id = complain(south)
    conversing.extend(south.context(), complaint_id=complaint_id, reason="The meter is tested.", now=MADE + DAY)
    assert line(south, complaint_id).due_date == date(2026, 11, 25)
    notes = conversing.conversation(south.context(), one.id).notes
    assert [note.text for note in notes] == ["The meter is tested."]
    with pytest.raises(ConflictError):
        conversing.extend(south.context(), complaint_id=complaint_id, reason="Again.", now=MADE + DAY)


def test_no_more_time_where_the_law_gives_none(south: Company) -> None:
    _one, complaint_id = complain(south)
    with pytest.raises(ConflictError):
        conversing.extend(south.context(), complaint_id=complaint_id, reason="Please.", now=MADE + DAY)


def test_what_is_due_is_escalated_once(south: Company) -> None:
    one, complaint_id = complain(south)
    due = line(south, complaint_id).due_at
    assert conversing.escalations(south.context(), now=due - 4 * DAY) == []
    soon = due - 2 * DAY
    assert [file.complaint_id for file in conversing.escalations(south.context(), now=soon)] == [complaint_id]
    for _night in range(2):
        keeping.keep_rules(south.context(), now=soon)
    told = [each.kind for each in conversing.conversation(south.context(), one.id).happenings]
    assert told.count("escalated") == 1
    answer(south, complaint_id, at=soon)
    assert conversing.escalations(south.context(), now=due) == []


def test_waiting_ones_come_first_the_next_due_first_of_all(south: Company) -> None:
    _first, late = complain(south, at=MADE + 5 * DAY)
    _second, soon = complain(south)
    _third, done = complain(south)
    answer(south, done)
    found = conversing.complaints(south.context())
    assert [file.complaint_id for file in found] == [soon, late, done]
    assert [file.complaint_id for file in conversing.complaints(south.context(), answered=True)] == [done]
    assert len(conversing.complaints(south.context(), answered=False, queue=QUEUE)) == 2
    assert conversing.complaints(south.context(), queue="another") == []


def test_when_its_years_are_over_the_file_and_its_key_go(alone: Company) -> None:
    anna = alone.person(name="Anna")
    one, complaint_id = complain(alone)
    one.identify(anna, now=MADE)
    answer(alone, complaint_id)
    kept = line(alone, complaint_id).keep_until
    assert kept is not None
    keeping.keep_rules(alone.context(), now=kept - DAY)
    assert line(alone, complaint_id).complaint_id == complaint_id
    keeping.keep_rules(alone.context(), now=kept)
    with pytest.raises(NotFoundError):
        conversing.complaint(alone.context(), complaint_id)
    assert keys_of(alone, anna)["statutory:complaint"] is False


def test_an_unanswered_file_is_never_deleted(south: Company) -> None:
    _one, complaint_id = complain(south)
    keeping.keep_rules(south.context(), now=MADE + 4000 * DAY)
    assert line(south, complaint_id).complaint_id == complaint_id


def test_a_neighbor_and_an_outsider_get_nothing(north: Company, south: Company) -> None:
    _one, complaint_id = complain(south)
    new = NewReply(outcome=ReplyOutcome.ACCEPTED, text="x", sent_at=MADE)
    with pytest.raises(NotFoundError):
        conversing.complaint(north.context(), complaint_id)
    with pytest.raises(NotFoundError):
        conversing.reply(north.context(), complaint_id=complaint_id, new=new, now=MADE)
    with pytest.raises(NotFoundError):
        conversing.extend(north.context(), complaint_id=complaint_id, reason="x", now=MADE)
    outsider = south.context("conversation:read", "conversation:work")
    with pytest.raises(RefusedError):
        conversing.reply(outsider, complaint_id=complaint_id, new=new, now=MADE)
    with pytest.raises(RefusedError):
        conversing.copy_given(outsider, complaint_id=complaint_id, at=MADE, now=clock.now())


def test_the_persons_country_counts_too(south: Company) -> None:
    """A Polish consumer of a Hungarian company: fourteen days, and eight fields."""
    anna = person(south, name="Anna")
    ask(south, "UPDATE register_customer SET country = 'PL' WHERE id = %s RETURNING id", anna)
    one = call(south, at=MADE).identify(anna)
    asked = conversing.asked(south.context(), conversation_id=one.id, now=MADE)
    assert asked.last_date == date(2026, 11, 9)
    assert len(asked.fields) == 8
