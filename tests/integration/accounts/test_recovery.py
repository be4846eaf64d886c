"""A lost factor comes back by two persons, neither of them the one who lost it."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from tests.world import PASSWORD, Person, make_person

from trustdesk.accounts import api
from trustdesk.accounts.models import Operator, Recovery
from trustdesk.kernel import clock
from trustdesk.kernel.errors import ConflictError, NotFoundError, RefusedError

pytestmark = pytest.mark.django_db
NOW = clock.now()


@pytest.fixture
def people() -> tuple[Person, Person, Person]:
    """The subject and two who may recover."""
    return (
        make_person("lost", roles=("administrator",)),
        make_person("one", roles=("administrator",)),
        make_person("two", roles=("officer",)),
    )


def test_two_persons_give_the_account_back(people: tuple[Person, Person, Person]) -> None:
    lost, one, two = people
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    assert api.has_second_factor(lost.id)
    link = api.recovery_approve(recovery_id=asked.id, by=two.id, now=NOW)
    assert not api.has_second_factor(lost.id)
    assert not Operator.objects.get(id=lost.id).has_usable_password()
    assert api.accept(link.path.rstrip("/").rsplit("/", 1)[1], password=PASSWORD, now=NOW) == lost.id


def test_one_person_is_not_two(people: tuple[Person, Person, Person]) -> None:
    lost, one, _two = people
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    with pytest.raises(RefusedError):
        api.recovery_approve(recovery_id=asked.id, by=one.id, now=NOW)
    assert api.has_second_factor(lost.id)


def test_the_subject_neither_asks_nor_approves(people: tuple[Person, Person, Person]) -> None:
    lost, one, _two = people
    with pytest.raises(RefusedError):
        api.recovery_request(operator_id=lost.id, by=lost.id, now=NOW)
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    with pytest.raises(RefusedError):
        api.recovery_approve(recovery_id=asked.id, by=lost.id, now=NOW)


def test_others_may_not(people: tuple[Person, Person, Person]) -> None:
    lost, one, _two = people
    plain = make_person("plain_colleague")
    with pytest.raises(RefusedError):
        api.recovery_request(operator_id=lost.id, by=plain.id, now=NOW)
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    with pytest.raises(RefusedError):
        api.recovery_approve(recovery_id=asked.id, by=plain.id, now=NOW)


def test_an_approval_comes_within_a_day_and_once(people: tuple[Person, Person, Person]) -> None:
    lost, one, two = people
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    with pytest.raises(ConflictError):
        api.recovery_request(operator_id=lost.id, by=two.id, now=NOW)
    with pytest.raises(NotFoundError):
        api.recovery_approve(recovery_id=asked.id, by=two.id, now=NOW + timedelta(days=1))
    later = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW + timedelta(days=1))
    api.recovery_approve(recovery_id=later.id, by=two.id, now=NOW + timedelta(days=1))
    with pytest.raises(NotFoundError):
        api.recovery_approve(recovery_id=later.id, by=two.id, now=NOW + timedelta(days=1))


def test_a_withdrawn_request_is_gone(people: tuple[Person, Person, Person]) -> None:
    lost, one, two = people
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    api.recovery_withdraw(recovery_id=asked.id, by=lost.id, now=NOW)
    with pytest.raises(NotFoundError):
        api.recovery_approve(recovery_id=asked.id, by=two.id, now=NOW)


@pytest.mark.parametrize("who", ["subject", "asker"])
def test_the_database_refuses_what_the_code_would_not(people: tuple[Person, Person, Person], who: str) -> None:
    lost, one, _two = people
    asked = api.recovery_request(operator_id=lost.id, by=one.id, now=NOW)
    approver = lost.id if who == "subject" else one.id
    with pytest.raises(IntegrityError, match="accounts_recovery_two_persons"), transaction.atomic():
        Recovery.objects.filter(id=asked.id).update(approved_by_id=approver, approved_at=NOW)


def test_the_house_knows_how_many_could_recover(people: tuple[Person, Person, Person]) -> None:
    before = api.recovery_persons()
    api.disable(operator_id=people[1].id, by=None, now=NOW)
    assert api.recovery_persons() == before - 1
