"""Whatever is killed in between: run again it comes to its end, and the certificate is issued once."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.proving import SOON, Proving, a_company, a_file, a_person
from tests.world import World

from trustdesk.erasure.contracts import PlanState
from trustdesk.kernel import clock
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import HitState, SearchState
from trustdesk.proof.services import rounds

_WRITES = ("INSERT", "UPDATE", "DELETE")
LONGEST = 400


class Killed(BaseException):
    """As a kill: nothing of the program catches it, and the transaction is rolled back."""


class Writes:
    """Counts what is written, and kills at one write."""

    def __init__(self, at: int) -> None:
        self.left = at

    def __call__(self, execute: Callable[..., Any], sql: str, *rest: Any) -> Any:  # noqa: ANN401 - Django's own
        found = execute(sql, *rest)
        if sql.lstrip().startswith(_WRITES):
            self.left -= 1
            if self.left == 0:
                raise Killed
        return found


@contextmanager
def killing(at: int) -> Iterator[None]:
    with connection.execute_wrapper(Writes(at)):
        yield


@pytest.fixture(scope="module")
def company(world: World, django_db_blocker: DjangoDbBlocker) -> Iterator[Company]:
    with django_db_blocker.unblock():
        yield a_company("Killed")


def certificates(proving: Proving) -> list[tuple[object, ...]]:
    return proving.run("SELECT number FROM proof_certificate WHERE plan_id = %s", proving.plan_id)


def entries(proving: Proving) -> int:
    """How often the log speaks of a certificate of this company."""
    [(many,)] = proving.run("SELECT count(*) FROM audit_entry WHERE kind = 'certificate'")
    assert isinstance(many, int)
    return many


@settings(max_examples=6, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(kills=st.lists(st.integers(1, LONGEST), min_size=1, max_size=3))
def test_killed_after_any_write(company: Company, monkeypatch: pytest.MonkeyPatch, kills: list[int]) -> None:
    monkeypatch.setattr(rounds, "SECONDS", 0.01)  # many slices, each a commit
    proving = a_person(company)
    before = entries(proving)
    with a_file("exports/killed.csv", f"{proving.number};{proving.name}"):
        proving.draw()
        proving.approve()
        for at in kills:
            with killing(at):
                try:
                    proving.carry_out()
                except Killed:
                    continue
        proving.carry_out()
        assert proving.search().state is SearchState.DECIDING
        [hit] = proving.hits()  # found once, however often the slice was begun
        proof.justify(proving.context, hit_id=hit.hit_id, reason="a contract", law="Ptk. 6:1", now=clock.now())
    for at in kills:
        with killing(at % 7 + 1):
            try:
                finish(proving)
            except Killed:
                continue
    assert finish(proving) is PlanState.DONE
    [(number,)] = certificates(proving)
    said = json.loads(proof.certificate(proving.context, proving.plan_id).document)
    assert said["certificate"]["number"] == number
    assert entries(proving) == before + 1
    assert proving.search().hits[HitState.JUSTIFIED] == 1


def finish(proving: Proving) -> PlanState:
    return proving.carry_out(later=SOON).state
