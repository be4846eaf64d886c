"""What stands of the person in others' conversations after the cut is found, by the ways that lead there."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django.plugin import DjangoDbBlocker
from tests.companies import Company
from tests.conversing import Call, call
from tests.proving import Proving, a_company, a_person
from tests.world import World

from trustdesk.conversations import api as conversations
from trustdesk.conversations.contracts import NewFollowUp
from trustdesk.erasure.contracts import PlanState
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, RefusedError
from trustdesk.proof import api as proof
from trustdesk.proof.contracts import HitState, PartKind
from trustdesk.proof.services import rounds
from trustdesk.register import api as register


@pytest.fixture(scope="module")
def speaking(world: World, django_db_blocker: DjangoDbBlocker) -> Company:
    with django_db_blocker.unblock():
        return a_company("Speaking")


@pytest.fixture
def person(speaking: Company, django_db_blocker: DjangoDbBlocker) -> Iterator[Proving]:
    with django_db_blocker.unblock():
        yield a_person(speaking)


def talk(company: Company, party: str, customer_id: int) -> Call:
    return call(company, party=party, at=clock.now()).identify(customer_id, now=clock.now())


def opened(proving: Proving, name: str) -> int:
    [rows] = [part.rows for part in proving.search().parts if part.name == name]
    return rows


def planted_after_the_cut(proving: Proving, monkeypatch: pytest.MonkeyPatch, theirs: Call, text: str) -> None:
    """Somebody writes it down again, once the person is erased and before the scan has read it."""
    begin = rounds.begin

    def noted(*given: object) -> None:
        begin(*given)  # type: ignore[arg-type]
        conversations.add_note(given[0], conversation_id=theirs.id, text=text, now=clock.now())  # type: ignore[arg-type]

    monkeypatch.setattr(rounds, "begin", noted)
    proving.draw()
    proving.approve()
    proving.carry_out()


def test_where_a_number_of_the_person_took_part(person: Proving, monkeypatch: pytest.MonkeyPatch) -> None:
    """The link is gone with the erasure: it was noted while the plan was prepared."""
    other = a_person(person.company)
    theirs = talk(person.company, person.phone, other.customer_id)
    planted_after_the_cut(person, monkeypatch, theirs, f"Called back: {person.name}, {person.email}.")
    [hit] = person.hits()
    assert (hit.kind, hit.what) == (PartKind.SEALED, "conversations_note")
    assert person.name in str(hit.context)
    with pytest.raises(ConflictError, match="still stands"):
        proof.clear(person.context, hit_id=hit.hit_id, now=clock.now())
    person.run("DELETE FROM conversations_note WHERE conversation_id = %s", theirs.id)
    proof.clear(person.context, hit_id=hit.hit_id, now=clock.now())
    assert [one.state for one in person.hits(state=HitState.CLEARED)] == [HitState.CLEARED]


def test_where_a_customers_notes_spoke_of_the_person(person: Proving, monkeypatch: pytest.MonkeyPatch) -> None:
    """The note was cut and no token leads there any more; the customer was noted before."""
    other = a_person(person.company)
    register.add_note(
        person.context, customer_id=other.customer_id, text=f"{person.name} is a neighbor", now=clock.now()
    )
    theirs = talk(person.company, other.phone, other.customer_id)
    planted_after_the_cut(person, monkeypatch, theirs, f"{person.name} came along.")
    assert [hit.what for hit in person.hits()] == ["conversations_note"]


def test_where_a_customers_notes_speak_of_the_person(person: Proving) -> None:
    """In a form that the cut does not know: the note leads to the conversations of its customer."""
    other = a_person(person.company)
    said = f"{person.name.replace(' ', '-')} called"
    register.add_note(person.context, customer_id=other.customer_id, text=said, now=clock.now())
    theirs = talk(person.company, other.phone, other.customer_id)
    theirs.note(f"About {person.email[0]}. {person.email[2:]} and {person.number}.")
    new = NewFollowUp(due_at=clock.now() + timedelta(days=1), text=f"Send it to {person.number}.")
    conversations.follow_up(person.context, conversation_id=theirs.id, new=new, now=clock.now())
    person.erase()
    assert {"conversations_note", "conversations_followup"} <= {hit.what for hit in person.hits()}


def test_what_others_say_elsewhere_is_not_opened(person: Proving) -> None:
    """A conversation to which nothing leads stays sealed, and of a household its own number is its own."""
    stranger = a_person(person.company)
    talk(person.company, stranger.phone, stranger.customer_id).note("The meter is broken.")
    flatmate = person.company.person(name="Egészen Más", phone=person.phone)
    talk(person.company, person.phone, flatmate).note("The bill is too high.")
    assert person.erase().state is PlanState.DONE
    assert opened(person, "conversations.free_texts") == 0


def test_many_conversations_are_one_entry(person: Proving) -> None:
    other = a_person(person.company)
    for _ in range(3):
        talk(person.company, person.phone, other.customer_id).note("He asks about the bill.")
    assert person.erase().state is PlanState.DONE
    assert opened(person, "conversations.free_texts") == 3
    ids = person.run("SELECT id FROM conversations_conversation WHERE customer_id = %s", other.customer_id)
    before = person.run("SELECT count(*) FROM audit_entry WHERE kind = 'opening'")
    held = conversations.free_texts(person.context, [int(str(one)) for (one,) in ids], what="proof.others")
    assert len(held) == len(ids)
    [(count,)], [(earlier,)] = person.run("SELECT count(*) FROM audit_entry WHERE kind = 'opening'"), before
    assert int(str(count)) == int(str(earlier)) + 1


def test_whoever_may_not_forget_reads_nothing(person: Proving) -> None:
    bare = person.company.context("conversation:read")
    for refused in (
        lambda: conversations.free_texts(bare, [1], what="proof.others"),
        lambda: conversations.took_part(bare, [[person.customer_id]]),
        lambda: conversations.conversations_of(bare, [person.customer_id]),
    ):
        with scoped(bare.scope), pytest.raises(RefusedError):
            refused()
