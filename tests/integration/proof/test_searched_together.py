"""Many at once: one opening, one walk, and of each what is theirs."""

from collections.abc import Sequence

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.proving import Proving, a_company, a_file, a_person
from tests.world import World

from trustdesk.erasure import api as erasure
from trustdesk.erasure.contracts import Cause, Job, Outcome, PlanState, Result
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import NotFoundError
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import HitState, PartState, SearchState
from trustdesk.proof.models import Search
from trustdesk.proof.people import known
from trustdesk.proof.services import preparing, rounds, scanning
from trustdesk.proof.services.looking import Looker
from trustdesk.proof.sought import opened_many
from trustdesk.register import api as register


@pytest.fixture(scope="module")
def many_company(world: World, django_db_blocker: DjangoDbBlocker) -> Company:
    with django_db_blocker.unblock():
        return a_company("Many")


@pytest.fixture
def many(many_company: Company, django_db_blocker: DjangoDbBlocker) -> Sequence[Proving]:
    """Three people whose plans are drawn, and none of whose steps is done."""
    with django_db_blocker.unblock():
        people = [a_person(many_company) for _ in range(3)]
        for one in people:
            plan = erasure.draw(one.context, customer_id=one.customer_id, cause=Cause.REQUEST, now=clock.now())
            one.plan_id = plan.plan_id
        return people


def job(one: Proving) -> Job:
    plan = erasure.plan(one.context, one.plan_id)
    return Job(plan.plan_id, plan.customer_id, plan.people, plan.cause, plan.drawn_at, None, None)


def prepare(people: Sequence[Proving]) -> list[Outcome]:
    context, jobs = people[0].context, [job(one) for one in people]
    with scoped(context.scope):
        return preparing.prepare(context, jobs, now=clock.now())


def scan(people: Sequence[Proving]) -> list[Result]:
    """One slice, as the machine of erasures asks for it."""
    context, jobs = people[0].context, [job(one) for one in people]
    with scoped(context.scope):
        return [one.result for one in scanning.scan(context, jobs, now=clock.now())]


def scan_all(people: Sequence[Proving]) -> list[Result]:
    while Result.AGAIN in (found := scan(people)):
        pass
    return found


def openings(one: Proving) -> int:
    [(many,)] = one.run("SELECT count(*) FROM audit_entry WHERE kind = 'opening'")
    assert isinstance(many, int)
    return many


def test_a_set_is_prepared_in_one_opening(many: Sequence[Proving]) -> None:
    before = openings(many[0])
    outcomes = prepare(many)
    assert openings(many[0]) == before + 1
    assert [outcome.result for outcome in outcomes] == [Result.DONE] * 3
    assert all(outcome.counts["values"] >= 3 for outcome in outcomes)
    assert {one.search().state for one in many} == {SearchState.PREPARED}


def test_who_is_known_in_a_set_is_known_as_alone(many: Sequence[Proving]) -> None:
    """Nobody's values, names of others or references come to somebody else."""
    namesake = many[0].company.person(name=many[1].name, phone="+36301112233")
    persons = [[one.customer_id] for one in many]
    together = known(many[0].context, persons, now=clock.now())
    alone = [known(many[0].context, [one], now=clock.now())[0] for one in persons]
    assert together == alone
    assert [bool(one.person.shared) for one in together] == [False, True, False]
    assert namesake not in {one.elsewhere.customer_id for one in together}


def test_a_stranger_in_a_set_stops_it(many: Sequence[Proving]) -> None:
    with pytest.raises(NotFoundError):
        known(many[0].context, [[many[0].customer_id], [1]], now=clock.now())


def test_everything_is_read_once_for_all(many: Sequence[Proving]) -> None:
    """One walk, and what is found is of whom it says, a row of two people of both."""
    prepare(many)
    first, second, third = many
    content = f"{first.email}\nnobody\n{second.name};{third.phone}\n"
    with a_file("exports/many.csv", content):
        assert scan_all(many) == [Result.WAITING] * 3
        found = {one.plan_id: proof.hits(one.context, one.plan_id) for one in many}
    parts = first.run(
        "SELECT DISTINCT p.round_id FROM proof_part p JOIN proof_search s ON s.controller_id ="
        " p.controller_id AND s.round_id = p.round_id WHERE s.plan_id = ANY(%s)",
        [one.plan_id for one in many],
    )
    assert len(parts) == 1
    in_files = {plan: [hit for hit in hits if hit.what == "home.exports"] for plan, hits in found.items()}
    assert [len(in_files[one.plan_id]) for one in many] == [1, 1, 1]
    assert first.email in str(in_files[first.plan_id][0].context)
    assert "line 3" in str(in_files[second.plan_id][0].place)
    assert all(part.state is PartState.READ for part in third.search().parts)
    assert {one.search().coverage.tables for one in many} == {first.search().coverage.tables}


def test_who_comes_later_has_a_round_of_their_own(many: Sequence[Proving], monkeypatch: pytest.MonkeyPatch) -> None:
    """And reads on while the others do: the slices are shared, whoever is asked about."""
    monkeypatch.setattr(rounds, "SECONDS", 0.0)
    monkeypatch.setattr(rounds, "_READING", 0)
    prepare(many)
    first, second, third = many
    assert scan([first, second]) == [Result.AGAIN] * 2
    scan([first, second])
    assert scan(many) == [Result.AGAIN] * 3
    scan(many)
    read = {one.plan_id: one.search().parts_read for one in many}
    assert read[first.plan_id] == read[second.plan_id] > read[third.plan_id] > 0
    with a_file("exports/later.csv", third.email):
        scan_all([third])
    assert third.search().parts_read == len(third.search().parts)
    assert first.search().state is SearchState.SCANNING


def test_a_round_looks_for_all_whoever_is_asked_about(many: Sequence[Proving]) -> None:
    """One of a round is asked about alone: what is read meanwhile is read for the others too."""
    prepare(many)
    first, second, _third = many
    scan(many)
    with a_file("exports/alone.csv", f"{second.email}\n"):
        scan_all([first])
    assert second.search().state is SearchState.SCANNING
    assert "home.exports" in {hit.what for hit in second.hits()}
    scan_all([second])
    assert second.search().state is SearchState.DECIDING


def test_each_has_a_certificate_of_their_own(many: Sequence[Proving]) -> None:
    """From plan to certificate with one row of another in a list that everybody stood in."""
    _first, second, third = many
    for one in many:
        one.carry_out()
        one.approve()
    with a_file("exports/all.csv", f"{second.number}\n"):
        states = [one.carry_out().state for one in many]
    assert states == [PlanState.DONE, PlanState.RUNNING, PlanState.DONE]
    [hit] = second.hits()
    proof.clear(second.context, hit_id=hit.hit_id, now=clock.now())
    assert second.search().hits[HitState.CLEARED] == 1
    assert third.search().hits[HitState.CLEARED] == 0


@pytest.mark.parametrize("words", [1, 2])
def test_a_note_is_opened_for_two_things_or_for_one_that_is_enough(many: Sequence[Proving], words: int) -> None:
    """A given name alone is half the country's: nobody's note is opened for it."""
    first = many[0]
    family, given = first.name.split()
    other = first.company.person(name="Egészen Más", phone="+36301112244")
    note = f"{given} azt mondta" if words == 1 else f"{family} (a {given}) azt mondta"
    register.add_note(first.context, customer_id=other, text=note, now=clock.now())
    [who] = known(first.context, [[first.customer_id]], now=clock.now())
    assert other in who.mentioned or words == 1
    prepare(many)
    scan_all(many)
    led = [part.rows for part in first.search().parts if part.name == "register.free_texts"]
    assert led == [0 if words == 1 else 1]


def test_making_ready_is_no_part_of_reading(many: Sequence[Proving]) -> None:
    """The automaton is built where it is first used: it took the first part's time, and little else was read."""
    one = many[0]
    prepare([one])
    context = one.context
    with scoped(context.scope):
        looker = Looker(context, opened_many(context, [Search.objects.get(plan_id=one.plan_id)]))
        looker.make_ready()
    assert "_indexes" in vars(looker.automaton)
