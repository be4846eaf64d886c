"""Nobody is believed for what an impostor can know, and nobody for a contact point that was changed yesterday."""

import re
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.companies import Company
from tests.requesting import (
    LATER,
    Person,
    ask,
    happenings,
    known,
    letters,
    officer,
    replaced,
    seen,
    somebody,
    take,
)

from trustdesk.decision.contracts import Channel as Way
from trustdesk.delivery.places import message_place
from trustdesk.identity.api import ProofRefusedError
from trustdesk.identity.contracts import Proof, Visit
from trustdesk.kernel.context import Opening
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError, ThrottledError
from trustdesk.register.api import merge
from trustdesk.rights import api as rights
from trustdesk.rights.contracts import Channel, Happening, Kind, NewRequest, ProofKind, State
from trustdesk.rights.states import NoSuchStepError
from trustdesk.vault.api import SealedBox, open_many


def visit(person: Person, value_id: int) -> Visit:
    return Visit(
        visit_id=1,
        controller_id=person.company.controller_id,
        customer_id=person.id,
        value_id=value_id,
        proof=Proof.MAILBOX,
        expires_at=LATER + timedelta(minutes=30),
    )


def new(kind: Kind = Kind.ERASURE) -> NewRequest:
    return NewRequest(kind=kind, channel=Channel.PORTAL, received_at=LATER, language="en", words="Forget me.")


def code_of(company: Company, request_id: int, value_id: int) -> str:
    """Sends a code and reads it, as it stands in the letter that waits in the outbox."""
    context = company.context()
    message_id = rights.send_code(context, request_id=request_id, value_id=value_id, now=LATER)
    customer_id, sealed = ask(company, "SELECT customer_id, sealed FROM delivery_message WHERE id = %s", message_id)[0]
    box = SealedBox(customer_id, "service", message_place(message_id), bytes(sealed))
    (text,) = open_many(context, opening=Opening("a test", [customer_id], ["message"]), boxes=[box])
    found = re.search(r" is (\d{6})\b", text or "")
    assert found is not None
    return found[1]


def test_a_visit_by_a_mailbox_that_has_stood_identifies_at_once(north: Company) -> None:
    person = somebody(north)
    received = rights.receive_in_visit(visit(person, person.point("email")), new=new(), now=LATER)
    held = seen(north, received.request_id)
    assert held.state is State.IDENTIFIED
    assert held.proved is not None
    assert held.proved.kind is ProofKind.PORTAL
    assert letters(north, person) == [("request-received", Way.EMAIL)]


def test_a_visit_by_a_mailbox_changed_yesterday_identifies_nobody_and_the_old_one_is_told(north: Company) -> None:
    person = somebody(north)
    replaced(person, "email", "thief@example.com")
    received = rights.receive_in_visit(visit(person, person.point("email")), new=new(), now=LATER)
    held = seen(north, received.request_id)
    assert (held.state, held.proved) == (State.IDENTIFYING, None)
    assert held.clock.suspended_since == LATER
    told = letters(north, person)
    assert ("request-alert", Way.EMAIL) in told, "the mailbox that was replaced"
    assert ("request-identity", Way.SMS) in told, "the telephone that has stood"
    with pytest.raises(RefusedError):
        rights.identify_in_visit(visit(person, person.point("email")), request_id=received.request_id, now=LATER)


def test_an_impostor_who_knows_everything_gets_nowhere(north: Company) -> None:
    """Name, birth date and address are on file and in the letter: nothing of it is a proof."""
    person = somebody(north, birth_date="1980-01-02")
    received = take(
        north,
        Kind.ERASURE,
        person,
        words="I am Aino Mäkelä, born 1980-01-02.",
        name="Aino Mäkelä",
        channel=Channel.MAIL,
    )
    with pytest.raises(NoSuchStepError):
        rights.approve(officer(north), request_id=received.request_id, now=LATER)
    with pytest.raises(NoSuchStepError):
        rights.plan(officer(north), request_id=received.request_id, now=LATER)
    assert letters(north, person) == [("request-received", Way.EMAIL)], "the right person learns of it"


def test_an_impostor_who_changed_the_telephone_first_gets_nowhere(north: Company) -> None:
    person = somebody(north)
    old = replaced(person, "phone", "+358 50 999 9999")
    received = take(north, Kind.ERASURE, person, channel=Channel.CALL)
    fresh = person.point("phone")
    for value_id in (fresh, old):
        with pytest.raises(RefusedError):
            rights.send_code(north.context(), request_id=received.request_id, value_id=value_id, now=LATER)
        with pytest.raises(RefusedError):
            rights.identify(
                officer(north),
                request_id=received.request_id,
                kind=ProofKind.CALLED_BACK,
                value_id=value_id,
                now=LATER,
            )
    assert ("request-alert", Way.SMS) in letters(north, person)
    assert seen(north, received.request_id).proved is None


def test_thirty_days_later_the_new_one_proves(north: Company) -> None:
    person = somebody(north)
    replaced(person, "phone", "+358 50 999 9999", at=LATER - timedelta(days=31))
    received = take(north, Kind.ERASURE, person)
    assert letters(north, person) == [("request-received", Way.EMAIL)], "nobody has to be told any more"
    rights.identify(
        officer(north),
        request_id=received.request_id,
        kind=ProofKind.CALLED_BACK,
        value_id=person.point("phone"),
        now=LATER,
    )
    assert seen(north, received.request_id).state is State.IDENTIFIED


def test_who_is_shown_as_one_since_yesterday_proves_nothing_by_the_others_mailbox(north: Company) -> None:
    victim, thief = somebody(north), somebody(north, "Thief", phone="+358 50 999 9999")
    merge(north.context(), into=victim.id, customer_id=thief.id, reason="same", now=LATER - timedelta(days=1))
    received = take(north, Kind.ERASURE, victim)
    assert rights.proving_points(north.context(), request_id=received.request_id, now=LATER) == []


def test_a_telephone_that_two_people_have_proves_neither(north: Company) -> None:
    person = somebody(north)
    somebody(north, "Eino")  # at the same number
    received = take(north, Kind.ACCESS, person)
    points = rights.proving_points(north.context(), request_id=received.request_id, now=LATER)
    assert points == [(person.point("email"), "email")]


def test_a_code_to_a_mailbox_on_file_identifies(north: Company) -> None:
    person = somebody(north)
    received = take(north, Kind.ACCESS, person)
    code = code_of(north, received.request_id, person.point("email"))
    assert re.fullmatch(r"\d{6}", code)
    rights.check_code(north.context(), request_id=received.request_id, code=f"{code[:3]} {code[3:]}", now=LATER)
    held = seen(north, received.request_id)
    assert held.state is State.IDENTIFIED
    assert held.proved is not None
    assert held.proved.kind is ProofKind.CODE
    assert code not in str(ask(north, "SELECT * FROM rights_code"))


def test_guessing_a_code_kills_it(north: Company) -> None:
    person = somebody(north)
    received = take(north, Kind.ACCESS, person)
    code = code_of(north, received.request_id, person.point("email"))
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _guess in range(5):
        with pytest.raises(ProofRefusedError):
            rights.check_code(north.context(), request_id=received.request_id, code=wrong, now=LATER)
    with pytest.raises(ProofRefusedError):
        rights.check_code(north.context(), request_id=received.request_id, code=code, now=LATER)
    assert happenings(north, received.request_id).count((Happening.CODE_WRONG, "")) == 6


def test_a_code_dies_with_its_quarter_of_an_hour_and_with_the_next_one(north: Company) -> None:
    person = somebody(north)
    received = take(north, Kind.ACCESS, person)
    first = code_of(north, received.request_id, person.point("email"))
    second = code_of(north, received.request_id, person.point("email"))
    if first != second:
        with pytest.raises(ProofRefusedError):
            rights.check_code(north.context(), request_id=received.request_id, code=first, now=LATER)
    late = LATER + rights.CODE_LIVES
    with pytest.raises(ProofRefusedError):
        rights.check_code(north.context(), request_id=received.request_id, code=second, now=late)


def test_three_codes_an_hour_whatever_the_request(north: Company) -> None:
    person = somebody(north)
    asked = [take(north, kind, person).request_id for kind in (Kind.ACCESS, Kind.ERASURE, Kind.OBJECTION)]
    for request_id in asked:
        code_of(north, request_id, person.point("email"))
    with pytest.raises(ThrottledError):
        rights.send_code(north.context(), request_id=asked[0], value_id=person.point("email"), now=LATER)


def test_a_document_is_seen_by_somebody_and_nothing_of_it_is_kept(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.ACCESS, person)
    held = seen(north, request_id)
    assert held.proved is not None
    assert (held.proved.kind, held.proved.by) == (ProofKind.DOCUMENT, 7)
    other = take(north, Kind.ACCESS, person).request_id
    with pytest.raises(BadInputError):  # a job vouches for nobody
        rights.identify(north.context(), request_id=other, kind=ProofKind.DOCUMENT, now=LATER)
    with pytest.raises(BadInputError):  # and nobody for a code
        rights.identify(officer(north), request_id=other, kind=ProofKind.CODE, now=LATER)


def test_of_somebody_unknown_nothing_can_be_proved(north: Company) -> None:
    received = take(north)
    with pytest.raises(ConflictError):
        rights.identify(officer(north), request_id=received.request_id, kind=ProofKind.DOCUMENT, now=LATER)
    assert rights.proving_points(north.context(), request_id=received.request_id, now=LATER) == []


def test_a_proof_that_is_doubted_is_none(north: Company) -> None:
    person = somebody(north)
    request_id = known(north, Kind.ACCESS, person)
    rights.doubt(officer(north), request_id=request_id, reason="The photograph was another's.", now=LATER)
    assert (seen(north, request_id).state, seen(north, request_id).proved) == (State.IDENTIFYING, None)


def test_a_visitor_confirms_the_own_request_and_no_other(north: Company) -> None:
    person, other = somebody(north), somebody(north, "Eino", phone="+358 50 111 1111")
    received = take(north, Kind.ERASURE, person, channel=Channel.MAIL)
    with pytest.raises(NotFoundError):
        rights.identify_in_visit(visit(other, other.point("email")), request_id=received.request_id, now=LATER)
    rights.identify_in_visit(visit(person, person.point("email")), request_id=received.request_id, now=LATER)
    assert seen(north, received.request_id).state is State.IDENTIFIED


def test_the_clock_stands_while_it_is_asked_and_only_where_that_was_prompt(north: Company) -> None:
    person = somebody(north)
    prompt, slow = (take(north, Kind.ACCESS, person).request_id for _each in range(2))
    rights.ask_identity(north.context(), request_id=prompt, now=LATER + timedelta(days=1))
    rights.ask_identity(north.context(), request_id=slow, now=LATER + timedelta(days=10))
    answered = LATER + timedelta(days=15)
    before = seen(north, slow).clock.due_date
    for request_id in (prompt, slow):
        rights.identify(officer(north), request_id=request_id, kind=ProofKind.DOCUMENT, now=answered)
    assert seen(north, slow).clock.due_date == before
    assert seen(north, slow).clock.suspended_days == 0
    assert seen(north, prompt).clock.suspended_days == 14
    assert seen(north, prompt).clock.due_date >= before + timedelta(days=11)


@pytest.mark.parametrize(
    "change",
    [
        "approved_at = now(), approved_mandate = 1, state = 'approved'",
        "approved_at = now(), approved_mandate = 1",
        "state = 'identified'",
        "state = 'done', closed_at = now()",
        "identity = 'document'",
        "identity = 'said-so', identity_at = now()",
        "identity = 'document', identity_at = now(), customer_id = NULL",
        "identity = 'code', identity_at = now(), approved_at = '2026-01-01', approved_mandate = 1, state = 'approved'",
    ],
)
def test_the_database_itself_refuses_what_nobody_has_proved(north: Company, change: str) -> None:
    received = take(north, Kind.ACCESS, somebody(north))
    with pytest.raises(IntegrityError), transaction.atomic():
        ask(north, f"UPDATE rights_request SET {change} WHERE id = %s", received.request_id)
