"""Many persons are forgotten at once as each would be alone: counted for each, named in one entry of the log, and in as
many statements for all of them as for one. What stands above the register is asked here.
"""

from collections.abc import Sequence

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from tests.erasing import Rooms, history

from trustdesk.audit import api as audit
from trustdesk.copies.contracts import State as CopyState
from trustdesk.copies.models import Copy
from trustdesk.intake.models import ImportedRow, Run, SavedMapping
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock, registries
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Person, Planned
from trustdesk.register.api import shown_as_one
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Kind, NewRequest
from trustdesk.screening.models import Result, Row
from trustdesk.screening.models import Run as Screening
from trustdesk.switchboard.contracts import CallState, Certainty, Direction
from trustdesk.switchboard.models import Call

DEEDS = {
    "campaigns": "campaigns.erased",
    "copies": "copy.erased",
    "delivery": "delivery.erased",
    "intake": "intake.erased",
    "rights": "rights.minimised",
    "screening": "screening.erased",
    "switchboard": "switchboard.erased",
}
NOBODY = 1


@pytest.fixture
def persons(held: Rooms) -> list[Person]:
    """Two with a history and of two records each; between them one of whom nothing is held."""
    first, nobody, last = history(held), held.person("Nobody at all"), history(held)
    met: list[Person] = [shown_as_one(held.context, each) for each in (first, nobody, last)]
    own = {"controller_id": held.house.controller_id}
    context = held.context
    with scoped(context.scope):
        run_id = imported(own, held.house.imported, context.mandate_id)
        for number, person in enumerate((met[0], met[2])):
            ordered = {"ordered_at": clock.now(), "ordered_by": 0, "state": CopyState.FAILED, "language": "fi"}
            Copy.objects.create(**own, id=new_id(), customer_id=person[1], kind="access", **ordered)
            ImportedRow.objects.create(**own, row_token=number, customer_id=person[0], run_id=run_id)
        for customer_id in (None, met[0][1]):
            going(own, customer_id, [met[2][0], met[0][0], met[0][1]])
        shared(own, met[0], met[2])
    for person in (met[0], met[2]):
        asked = NewRequest(
            kind=Kind.ACCESS, channel=Channel.DESK, received_at=clock.now(), language="fi", customer_id=person[1]
        )
        rights.receive(held.house.context(), new=asked, now=clock.now())
    return met


def imported(own: dict[str, int], source_id: int, mandate_id: int) -> int:
    now = clock.now()
    mapping = SavedMapping.objects.create(**own, id=new_id(), name="m", said="{}", digest=b"", saved_at=now, saved_by=0)
    return Run.objects.create(
        **own,
        id=new_id(),
        file_sha256=b"",
        file_size=0,
        file_modified_ns=0,
        file_kind="csv",
        mapping_id=mapping.id,
        mapping_digest=b"",
        source_id=source_id,
        dry_run=False,
        purpose="service",
        operator_id=0,
        mandate_id=mandate_id,
        state="stopped",
        started_at=now,
        updated_at=now,
    ).id


def going(own: dict[str, int], customer_id: int | None, matches: Sequence[int]) -> None:
    """A call that is not over and whose number several people have."""
    Call.objects.create(
        **own,
        id=new_id(),
        direction=Direction.IN,
        state=CallState.TALKING,
        line="+35891234",
        language="fi",
        certainty=Certainty.NUMBER_MATCHED,
        matches=list(matches),
        customer_id=customer_id,
        began_at=clock.now(),
    )


def shared(own: dict[str, int], one: Person, other: Person) -> None:
    """A number on a list that both have: the row was found to be of one record, and the verdicts are of three."""
    run = Screening.objects.filter(**own).order_by("id")[0]
    Row.objects.create(**own, list_id=run.list_id, row_number=99, column_number=0, kind="phone", customer_id=one[0])
    for value_id, customer_id in enumerate((one[0], one[1], other[0])):
        cell = {"run_id": run.id, "row_number": 99, "column_number": 0}
        Result.objects.create(**own, **cell, value_id=value_id, customer_id=customer_id, mask=0)


def planned(held: Rooms, capability: str, persons: Sequence[Person]) -> list[list[Planned]]:
    plan = registries.privacy.get(capability).plan
    assert plan is not None
    context = held.context
    with scoped(context.scope):
        return [[line for line in lines if line.count] for lines in plan(context, persons)]


def rows(lines: Sequence[Planned]) -> int:
    return sum(line.count for line in lines)


def erase(held: Rooms, capability: str, persons: Sequence[Person]) -> list[int]:
    forget = registries.privacy.get(capability).erase
    assert forget is not None
    context = held.context
    with scoped(context.scope):
        return list(forget(context, persons))


def test_each_is_counted_and_nobody_else_is_named(held: Rooms, persons: list[Person]) -> None:
    everybody = {record for number in (0, 2) for record in persons[number]}
    for capability, what in DEEDS.items():
        before = planned(held, capability, persons)
        assert [bool(lines) for lines in before] == [True, False, True], capability
        assert [planned(held, capability, [person])[0] for person in persons] == before, capability
        assert erase(held, capability, persons) == [rows(lines) for lines in before], capability
        assert planned(held, capability, persons) == [[], [], []], capability
        told = [entry for entry in audit.entries(held.context, limit=200) if entry.what == what]
        assert len(told) == 1, capability
        assert set(told[0].subjects) <= everybody, capability
        assert all(everybody & set(person) & set(told[0].subjects) for person in (persons[0], persons[2])), capability
        assert erase(held, capability, persons) == [0, 0, 0], capability
        assert len([entry for entry in audit.entries(held.context, limit=200) if entry.what == what]) == 1, capability


def test_many_cost_no_more_statements_than_one(held: Rooms, persons: list[Person]) -> None:
    for capability in DEEDS.keys() - {"rights"}:  # the key of each request is destroyed by itself
        asked = [statements(held, capability, some) for some in ([persons[0]], persons)]
        assert asked[0] == asked[1], capability


def statements(held: Rooms, capability: str, persons: Sequence[Person]) -> int:
    """How many an erasure takes that is undone again."""
    forget, context = registries.privacy.get(capability).erase, held.context
    assert forget is not None
    with scoped(context.scope), transaction.atomic():
        with CaptureQueriesContext(connection) as asked:
            assert sum(forget(context, persons))
        transaction.set_rollback(True)
    return len(asked)


def test_a_row_of_two_persons_is_counted_for_each_and_goes_once(held: Rooms, persons: list[Person]) -> None:
    before = planned(held, "screening", persons)
    alone = planned(held, "screening", [persons[0]])
    (lines,) = [line.count for line in before[2] if line.what == "list-rows"]
    assert alone == [before[0]]
    erase(held, "screening", [persons[0]])
    left = planned(held, "screening", [persons[2]])[0]
    assert [line.count for line in left if line.what == "list-rows"] == [lines - 1]
    assert [line.count for line in left if line.what == "verdicts"] == [
        line.count for line in before[2] if line.what == "verdicts"
    ]


def test_a_call_that_goes_on_may_be_of_nobody_who_was_erased(held: Rooms, persons: list[Person]) -> None:
    lines = [{line.what: line.count for line in one} for one in planned(held, "switchboard", persons)]
    assert [one.get("call-matches", 0) for one in lines] == [1, 0, 2]
    erase(held, "switchboard", [persons[2]])
    left = [tuple(matches) for (matches,) in held.ask("SELECT matches FROM switchboard_call WHERE state <> 'ended'")]
    assert left == [tuple(persons[0])] * 2
    erase(held, "switchboard", [persons[0]])
    left = held.ask("SELECT matches, customer_id, certainty FROM switchboard_call WHERE state <> 'ended' ORDER BY id")
    assert left == [([], None, "number-matched"), ([], None, "unidentified")]
