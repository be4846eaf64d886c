"""What updates hold of a person goes with them, planned as it is done; what is others' stays."""

from tests.companies import Company
from tests.forgetting import forget
from tests.integration.updates.feeding import AINO, NOW, Feed, change, person, rows

from trustdesk.isolation.api import scoped
from trustdesk.kernel.ids import new_id
from trustdesk.updates.contracts import ChangeKind, Fate
from trustdesk.updates.models import (
    Applied,
    Audit,
    AuditRound,
    Candidate,
    Change,
    Departed,
    Duplicate,
    Order,
    Profile,
    Review,
)
from trustdesk.updates.services.farewell import plan

HOME = {"address": "Mäntytie 3, 33100 Tampere"}
KERTTU = AINO | {"given_name": "Kerttu", "birth_date": "1955-01-01", "phone": "+358401112223"}
NAMED = {"given_name": "Aino", "family_name": "Virtanen", "address": HOME["address"]}


def test_all_of_it_goes_and_the_plan_says_so_before(north: Company, feed: Feed) -> None:
    aino, kerttu = person(north, AINO), person(north, KERTTU)
    moved, other = feed.take(
        change("1", person=AINO, becomes=HOME),
        change("2", person=KERTTU, becomes={"address": "Satamakatu 12, 20100 Turku"}),
    )
    assert (moved.fate, other.fate) == (Fate.UPDATED, Fate.UPDATED)
    feed.take(change("3", ChangeKind.NON_DISCLOSURE, person=AINO))
    twin = person(north, AINO | HOME | {"birth_date": "2004-07-01", "phone": "+358405550000"})
    (open_one,) = feed.take(change("4", person=NAMED, becomes={"phone": "+358409998877"}))
    assert open_one.fate is Fate.REVIEW
    _looked_at(north, aino, twin, moved.change_id)
    context = north.context()
    planned = {line.what: line.count for line in plan(context, [[aino]])[0]}
    assert planned == {
        "update-fields": 2,  # the order took the address that the feed had given
        "update-audits": 1,
        "update-orders": 1,
        "updates": len(rows(north, Change, customer_id=aino)),
        "profiles": 1,
        "update-reviews": 1,
        "duplicates": 1,
    }
    forget("updates", context, aino)
    for model in (Applied, Audit, Order, Change, Profile, Review, Candidate):
        assert rows(north, model, customer_id=aino) == []
    assert rows(north, Duplicate) == rows(north, Review) == []
    assert rows(north, Change, id=open_one.change_id) == []  # it may have been hers
    assert [row["customer_id"] for row in rows(north, Departed)] == [aino]
    assert len(rows(north, Change, customer_id=kerttu)) == len(rows(north, Applied, customer_id=kerttu)) == 1
    assert {row["customer_id"] for row in rows(north, Profile)} >= {kerttu, twin}
    assert plan(context, [[aino]])[0] == []


def _looked_at(company: Company, left: int, right: int, change_id: int | None) -> None:
    assert change_id is not None
    own = {"controller_id": company.controller_id}
    with scoped(company.context().scope):
        round_id = new_id()
        AuditRound.objects.create(**own, id=round_id, drawn_at=NOW, drawn_by=0, since=NOW, until=NOW, made=1, size=1)
        Audit.objects.create(**own, round_id=round_id, change_id=change_id, customer_id=left)
        Duplicate.objects.create(
            **own,
            id=new_id(),
            left_id=left,
            right_id=right,
            probability=0.5,
            second="",
            evidence=[],
            found_at=NOW,
            state="open",
        )
