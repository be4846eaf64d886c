"""Many are forgotten by as many statements as one."""

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
import pytest
from tests import clearing, conversing
from tests.erasing import DAY, Rooms
from tests.integration.erasure.test_found_by_index import FORGETTING

from trustdesk.clearance import api as clearance
from trustdesk.clearance.contracts import Collection, Method, Scope
from trustdesk.erasure import capabilities
from trustdesk.identity.models import Visit
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id
from trustdesk.kernel.registries import Person


@dataclass
class Counted:
    statements: int = 0


@pytest.fixture
def counted(monkeypatch: pytest.MonkeyPatch) -> Counted:
    """Every statement of whatever cursor: Django's and the raw ones."""
    found, execute = Counted(), psycopg.Cursor.execute

    def counting(*given: object, **more: object) -> object:
        found.statements += 1
        return execute(*given, **more)  # type: ignore[call-overload]  # as they come

    monkeypatch.setattr(psycopg.Cursor, "execute", counting)
    return found


def known(held: Rooms, number: int) -> int:
    """Somebody who called, objected, was told something, and was in the portal."""
    phone = f"+35840777{number:04d}"
    one = clearing.person(held.house, name=f"Kalle Numero{chr(97 + number)}", phone=phone)
    context, now = held.house.context(), clock.now()
    conversing.call(held.house, party=phone).identify(one).note("Asked about the bill.")
    conversing.call(held.house, party=phone)
    clearance.record_objection(context, customer_id=one, scope=Scope(purpose="news"), method=Method.REPLY, now=now)
    clearance.record_collection(context, customer_id=one, collection=Collection(told=True), at=now, now=now)
    with scoped(held.context.scope):
        Visit.objects.create(
            controller_id=held.house.controller_id,
            id=new_id(),
            digest=new_id().to_bytes(8, "big"),
            customer_id=one,
            value_id=1,
            proof="mailbox",
            began_at=now,
            expires_at=now + DAY,
        )
    return one


def test_many_take_as_many_statements_as_one(held: Rooms, counted: Counted) -> None:
    first, second, *others = [(known(held, number),) for number in range(12)]
    taken: list[dict[tuple[str, str], int]] = []
    persons: Sequence[Person]
    for persons in ([first], [second], others):  # the first one pays for what is looked up once
        each: dict[tuple[str, str], int] = {}
        for declaration in capabilities.from_high_to_low():
            if declaration.capability not in FORGETTING:
                continue
            for what, ask in (("plan", declaration.plan), ("erase", declaration.erase)):
                assert ask is not None
                before = counted.statements
                assert len(ask(held.context, persons)) == len(persons)
                each[declaration.capability, what] = counted.statements - before
        taken.append(each)
    assert taken[1] == taken[2]
    assert sum(taken[2].values()) < 100
