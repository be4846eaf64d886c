"""What is left somewhere is found there, shown to who decides, and keeps the certificate back until it is decided."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from tests.proving import SOON, Proving, a_file, a_person, in_an_export

from trustdesk.erasure.contracts import PlanState
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import HitState, PartKind, SearchState
from trustdesk.register import api as register


@contextmanager
def in_a_json_column(proving: Proving) -> Iterator[str]:
    other = a_person(proving.company)
    other.draw()
    said = json.dumps({"seen": {"last": [f"mail from {proving.email}, answered"]}})
    proving.run("UPDATE erasure_task SET counts = %s WHERE plan_id = %s AND name = 'tell'", said, other.plan_id)
    yield "erasure_task.counts"
    proving.run("UPDATE erasure_task SET counts = '{}' WHERE plan_id = %s AND name = 'tell'", other.plan_id)


@contextmanager
def in_the_queue(proving: Proving) -> Iterator[str]:
    said = json.dumps({"to": proving.phone})
    [(job,)] = proving.run(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, args) VALUES ('nowhere', 'nothing', %s) RETURNING id",
        said,
    )
    yield "procrastinate_jobs.args"
    proving.run("UPDATE procrastinate_jobs SET args = '{}' WHERE id = %s", job)


@contextmanager
def in_a_log(proving: Proving) -> Iterator[str]:
    with a_file(
        "logs/web.log",
        f"12:00 ok\n12:01 refused for {proving.phone[:3]} {proving.phone[3:5]} {proving.phone[5:]}\n12:02 ok\n",
    ):
        yield "home.logs"


@contextmanager
def in_a_snapshot(proving: Proving) -> Iterator[str]:
    with a_file("screening/06X/rows.txt", f"{proving.name} <{proving.email.upper()}>"):
        yield "home.screening"


@contextmanager
def in_anothers_note(proving: Proving) -> Iterator[str]:
    """In a form that cutting the whole name leaves: the ending hangs on the word."""
    other = a_person(proving.company)
    note = f"{proving.name}ral is beszéltem erről tegnap."
    register.add_note(proving.context, customer_id=other.customer_id, text=note, now=clock.now())
    yield "register_note"


PLACES = [in_a_json_column, in_the_queue, in_a_log, in_an_export, in_a_snapshot, in_anothers_note]


@pytest.mark.parametrize("planted", PLACES, ids=lambda place: place.__name__)
def test_what_is_left_is_found(proving: Proving, planted: Callable[[Proving], object]) -> None:
    with planted(proving) as where:  # type: ignore[attr-defined]
        done = proving.erase()
        assert done.state is not PlanState.DONE
        assert proving.search().state is SearchState.DECIDING
        [hit] = proving.hits()
        assert hit.what == where
        assert hit.context
        with pytest.raises(NotFoundError):
            proof.certificate(proving.context, proving.plan_id)
        if planted is not in_anothers_note:
            with pytest.raises(ConflictError, match="still stands"):
                proof.clear(proving.context, hit_id=hit.hit_id, now=clock.now())
    if planted is in_anothers_note:
        proof.justify(proving.context, hit_id=hit.hit_id, reason="part of a contract", law="Ptk. 6:1", now=clock.now())
    else:
        proof.clear(proving.context, hit_id=hit.hit_id, now=clock.now())
    assert proving.carry_out(later=SOON).state is PlanState.DONE
    [said] = [json.loads(proof.certificate(proving.context, proving.plan_id).document)]
    hits = said["certificate"]["scan"]["hits"]
    assert (hits["shown"], hits["cleared"] + hits["justified"]) == (1, 1)
    [decided] = proof.hits(proving.context, proving.plan_id)
    assert (decided.place, decided.context) == (None, None)  # gone with the key


def test_a_namesake_and_the_household_are_not_shown(proving: Proving) -> None:
    """Who shares the name, the number or the house is somebody else, and so is what is written about them."""
    namesake = proving.company.person(name=proving.name, phone="+36301112223")
    flatmate = proving.company.person(name="Egészen Más", phone=proving.phone)
    for customer, text in ((namesake, f"{proving.name} telefonált"), (flatmate, f"vissza: {proving.phone}")):
        register.add_note(proving.context, customer_id=customer, text=text, now=clock.now())
    assert proving.erase().state is PlanState.DONE
    assert proof.hits(proving.context, proving.plan_id) == []


@pytest.mark.parametrize(
    ("living", "said", "shown"),
    [
        (False, "{name} telefonált", 1),
        (True, "{name} telefonált", 0),
        (True, "{name} telefonált, válasz: {mailbox}", 1),
    ],
)
def test_of_a_namesake_the_name_alone_is_not_shown(proving: Proving, living: bool, said: str, shown: int) -> None:  # noqa: FBT001
    """The name in a file may be the living customer's; beside something else of the person it is the person's."""
    if living:
        proving.company.person(name=proving.name, phone="+36301112223")
    mailbox = proving.email.partition("@")[0]
    with a_file("logs/calls.log", f"12:00 ok\n12:01 {said.format(name=proving.name, mailbox=mailbox)}\n"):
        proving.erase()
        assert len(proving.hits()) == shown


def test_the_same_row_of_another_company_is_not_shown(proving: Proving, neighbor: Proving) -> None:
    """A neighbor's rows are not to be seen, and neither is what lies in its folders."""
    neighbor.company.person(name=proving.name, phone=proving.phone, email=proving.email)
    folder = f"recordings/{neighbor.company.controller_id}"
    with a_file(f"{folder}/note.txt", proving.email):
        assert proving.erase().state is PlanState.DONE
    with pytest.raises(NotFoundError):
        proof.search(neighbor.context, proving.plan_id)
    with pytest.raises(NotFoundError):
        proof.certificate(neighbor.context, proving.plan_id)


def test_a_reason_that_names_the_person_is_refused(proving: Proving) -> None:
    with in_an_export(proving):
        proving.erase()
        [hit] = proving.hits()
        for reason, law in ((f"{proving.name} asked", "Ptk."), ("by contract", proving.email), ("", "Ptk."), ("x", "")):
            with pytest.raises(BadInputError):
                proof.justify(proving.context, hit_id=hit.hit_id, reason=reason, law=law, now=clock.now())
        proof.justify(proving.context, hit_id=hit.hit_id, reason="by contract", law="Ptk. 6:1", now=clock.now())
        with pytest.raises(ConflictError):
            proof.justify(proving.context, hit_id=hit.hit_id, reason="again", law="Ptk. 6:1", now=clock.now())


def test_a_neighbor_decides_nothing(proving: Proving, neighbor: Proving) -> None:
    with in_an_export(proving):
        proving.erase()
        [hit] = proving.hits()
        with pytest.raises(NotFoundError):
            proof.clear(neighbor.context, hit_id=hit.hit_id, now=clock.now())
        with pytest.raises(NotFoundError):
            proof.justify(neighbor.context, hit_id=hit.hit_id, reason="x", law="y", now=clock.now())
    assert proving.hits()[0].kind is PartKind.STORE
    assert [one.state for one in proving.hits(state=HitState.OPEN)] == [HitState.OPEN]
