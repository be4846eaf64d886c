"""Who was erased does not come back by accident, and nobody else is kept out for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from tests.erasing import Rooms
from tests.world import World

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Gone, Verdict
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.registries import check_complete
from trustdesk.register import api as register
from trustdesk.register.contracts import CustomerKind, NewCustomer, NewSource, NewValue, SourceKind
from trustdesk.vault import api as vault

PHONE, MAIL = "+358401110031", "veera.kallio@example.com"
VEERA = {"name": "Veera Kallio", "phone": PHONE, "email": MAIL, "birth_date": "1980-05-17"}
YESTERDAY = timedelta(days=1)


def row(texts: dict[str, str], collected_at: datetime | None = None) -> NewCustomer:
    values = tuple(NewValue(attribute, text) for attribute, text in texts.items())
    return NewCustomer(kind=CustomerKind.PERSON, values=values, collected_at=collected_at)


def let_in(held: Rooms, rows: Sequence[NewCustomer], source_id: int | None = None) -> list[bool]:
    """Which rows of a list were let in."""
    added = register.add_many(held.house.context(), rows, source_id=source_id or held.house.imported, now=clock.now())
    return [outcome.customer_id is not None for outcome in added.outcomes]


def known(held: Rooms, as_of: datetime | None = None, **texts: str) -> Gone:
    return erasure.gone(held.context, values=list(texts.items()), as_of=as_of)


def test_nobody_starts_without_the_gate() -> None:
    check_complete()


def test_an_old_list_does_not_bring_the_person_back(held: Rooms) -> None:
    plan = held.erase(held.person(**VEERA))
    assert erasure.sightings(held.context) == []
    assert let_in(held, [row(VEERA), row({"name": "Kallio, VEERA", "phone": "040 1110031"}), row({"email": MAIL})]) == [
        False,
        False,
        False,
    ]
    (seen,) = erasure.sightings(held.context)
    assert (seen.plan_id, seen.verdict, seen.place, seen.times) == (plan.plan_id, Verdict.ERASED, "import", 3)
    erasure.seen(held.context, sighting_id=seen.sighting_id, now=clock.now())
    assert erasure.sightings(held.context) == []
    with pytest.raises(NotFoundError):
        erasure.seen(held.context, sighting_id=seen.sighting_id, now=clock.now())


def test_a_look_before_an_import_is_no_alarm(held: Rooms) -> None:
    held.erase(held.person(**VEERA))
    (rejected,) = register.check_many(
        held.house.context(), [row(VEERA)], source_id=held.house.imported, now=clock.now()
    )
    assert rejected is not None
    assert rejected.source_of_law.startswith("GDPR Art. 17")
    assert erasure.sightings(held.context) == []


def test_an_alarm_outlives_what_was_refused(held: Rooms) -> None:
    """Whoever is refused alone undoes what asked: the alarm stays."""
    held.erase(held.person(**VEERA))
    bought = NewSource(
        kind=SourceKind.BOUGHT,
        name="Lists Ltd",
        legal_basis="eu-gdpr:A6-1-f",
        seller="Lists Ltd",
        acquired_date=(clock.now() - YESTERDAY).date(),
        proof="contract 17",
    )
    source_id = register.create_source(held.house.context(), source=bought, now=clock.now())
    with pytest.raises(RefusedError):
        register.create_customer(
            held.house.context(),
            kind=CustomerKind.PERSON,
            values=[NewValue("email", MAIL)],
            source_id=source_id,
            notice=None,
            now=clock.now(),
        )
    (seen,) = erasure.sightings(held.context)
    assert (seen.place, seen.verdict, seen.times) == ("capture", Verdict.ERASED, 1)


def test_a_merge_that_is_refused_is_an_alarm(held: Rooms) -> None:
    before = held.person(**VEERA)
    other = held.person("Otto Berg")
    held.erase(held.person(**VEERA))
    with pytest.raises(RefusedError):
        register.merge(held.house.context(), into=other, customer_id=before, reason="same", now=clock.now())
    assert len(register.merge_history(held.house.context(), other)) == 0
    (seen,) = erasure.sightings(held.context)
    assert (seen.place, seen.verdict, seen.times) == ("merge", Verdict.ERASED, 1)


def test_a_new_act_of_the_person_makes_a_new_customer(held: Rooms) -> None:
    held.erase(held.person(**VEERA))
    assert let_in(held, [row(VEERA, collected_at=clock.now())]) == [True]
    bought = NewSource(
        kind=SourceKind.BOUGHT,
        name="Lists Ltd",
        legal_basis="eu-gdpr:A6-1-f",
        seller="Lists Ltd",
        acquired_date=(clock.now() - YESTERDAY).date(),
        proof="contract 17",
    )
    source_id = register.create_source(held.house.context(), source=bought, now=clock.now())
    assert let_in(held, [row(VEERA)], source_id) == [False]
    assert held.campaigning.company.person(MAIL, PHONE).customer_id  # by an own act, now
    assert {seen.verdict for seen in erasure.sightings(held.context)} == {Verdict.ERASED}


def test_one_recycled_number_identifies_nobody(held: Rooms) -> None:
    plan = held.erase(held.person(**VEERA))
    assert let_in(held, [row({"name": "Otto Berg", "phone": PHONE}), row({"phone": PHONE})]) == [True, True]
    (seen,) = erasure.sightings(held.context)
    assert (seen.plan_id, seen.verdict, seen.kinds, seen.times) == (plan.plan_id, Verdict.REVIEW, ("phone",), 2)


def test_a_namesake_and_the_household_come_in(held: Rooms) -> None:
    address = "Kirkkokatu 3, 00100 Helsinki"
    held.erase(held.person(**VEERA, address=address))
    assert let_in(
        held,
        [
            row({"name": "Veera Kallio", "phone": "+358401110032"}),
            row({"name": "Onni Kallio", "phone": PHONE, "address": address}),
        ],
    ) == [True, True]


def test_what_identifies_and_what_does_not(held: Rooms) -> None:
    held.erase(held.person(**VEERA, customer_number="C-0017"))
    assert known(held, name="Veera Kallio").verdict is Verdict.UNKNOWN
    assert known(held, birth_date="1980-05-17").verdict is Verdict.UNKNOWN
    assert known(held, name="Veera Kallio", birth_date="1980-05-17").verdict is Verdict.ERASED
    assert known(held, external_id="c 17").verdict is Verdict.UNKNOWN
    assert known(held, external_id="C-0017").verdict is Verdict.ERASED
    assert known(held, email=MAIL).verdict is Verdict.ERASED
    assert known(held, name="Onni Kallio", email=MAIL).verdict is Verdict.REVIEW
    assert known(held, clock.now(), name="Veera Kallio", email=MAIL).verdict is Verdict.UNKNOWN


def test_the_ledger_outlives_a_new_key(held: Rooms) -> None:
    held.erase(held.person(**VEERA))
    vault.nest_suppression_key(held.context, now=clock.now())
    assert known(held, email=MAIL).verdict is Verdict.ERASED
    left = erasure.renest(held.context, chunk=2)
    assert left > 0
    while left:
        left = erasure.renest(held.context, chunk=2)
    assert held.ask("SELECT DISTINCT level FROM erasure_ledger") == [(2,)]
    assert known(held, email=MAIL).verdict is Verdict.ERASED
    assert let_in(held, [row(VEERA)]) == [False]


def test_a_neighbors_ledger_keeps_nobody_out(held: Rooms, committed: World) -> None:
    held.erase(held.person(**VEERA))
    neighbor = committed.system(committed.south, "compliance")
    assert erasure.gone(neighbor, values=[("email", MAIL)], as_of=None).verdict is Verdict.UNKNOWN
    agent = committed.context(committed.agent_north, committed.north)
    with pytest.raises(RefusedError):
        erasure.sightings(agent)
