"""From the invitation to the end of an account."""

from datetime import timedelta
from typing import Any

import pytest
from tests.world import PASSWORD, make_person

from trustdesk.accounts import api
from trustdesk.accounts.models import Link, Operator
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError, RefusedError

pytestmark = pytest.mark.django_db
NOW = clock.now()


def invited(email: str = "new@example.test", **changes: Any) -> api.SetupLink:  # noqa: ANN401  # whatever invite takes
    given: dict[str, Any] = {
        "email": email,
        "name": "New Person",
        "language": "fi",
        "installation_roles": (),
        "by": None,
        "now": NOW,
    }
    return api.invite(**{**given, **changes})


def secret_of(link: api.SetupLink) -> str:
    return link.path.rstrip("/").rsplit("/", 1)[1]


def test_the_first_administrator_has_no_password_but_a_link() -> None:
    Operator.objects.all().update(accepted_at=None)
    link = api.create_first_administrator(email="First@Example.test", name="First", language="en", now=NOW)
    row = Operator.objects.get(id=link.operator_id)
    assert not row.has_usable_password()
    assert row.email == "first@example.test"
    assert not row.is_active
    again = api.create_first_administrator(email="first@example.test", name="First", language="en", now=NOW)
    assert again.operator_id != link.operator_id
    with pytest.raises(NotFoundError):
        api.accept(secret_of(link), password=PASSWORD, now=NOW)


def test_a_second_first_administrator_is_refused(world: object) -> None:
    with pytest.raises(ConflictError):
        api.create_first_administrator(email="other@example.test", name="Other", language="en", now=NOW)


def test_an_invitation_opens_once() -> None:
    link = invited()
    assert api.accept(secret_of(link), password=PASSWORD, now=NOW) == link.operator_id
    assert api.operator(link.operator_id).state == "active"
    with pytest.raises(NotFoundError):
        api.accept(secret_of(link), password=PASSWORD, now=NOW)


def test_an_invitation_grows_old() -> None:
    link = invited()
    with pytest.raises(NotFoundError):
        api.accept(secret_of(link), password=PASSWORD, now=NOW + timedelta(days=8))


def test_a_newer_invitation_replaces_the_older() -> None:
    link = invited()
    newer = api.invite_again(operator_id=link.operator_id, by=None, now=NOW)
    with pytest.raises(NotFoundError):
        api.accept(secret_of(link), password=PASSWORD, now=NOW)
    assert api.accept(secret_of(newer), password=PASSWORD, now=NOW)


def test_an_invitation_never_replaces_a_second_factor() -> None:
    person = make_person("has_factor")
    with pytest.raises(RefusedError):
        api.invite_again(operator_id=person.id, by=None, now=NOW)


def test_the_table_does_not_hold_the_secret() -> None:
    link = invited()
    digest = bytes(Link.objects.get(operator_id=link.operator_id).digest)
    assert secret_of(link).encode() not in digest
    assert secret_of(link) not in repr(link)


@pytest.mark.parametrize("password", ["short", "password1234", "new.person12"])
def test_a_weak_password_is_refused_and_the_link_stays(password: str) -> None:
    link = invited(email="new.person12@example.test")
    with pytest.raises(BadInputError):
        api.accept(secret_of(link), password=password, now=NOW)
    assert api.accept(secret_of(link), password=PASSWORD, now=NOW)


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"email": "no address"}, BadInputError),
        ({"name": " "}, BadInputError),
        ({"installation_roles": ("emperor",)}, BadInputError),
    ],
)
def test_bad_invitations_are_refused(changes: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        invited(**changes)


def test_one_address_one_operator() -> None:
    invited(email="Same@example.test")
    with pytest.raises(ConflictError):
        invited(email="same@EXAMPLE.test")


def test_only_who_may_invites_and_disables() -> None:
    plain, admin = make_person("plain"), make_person("boss", roles=("administrator",))
    with pytest.raises(RefusedError):
        invited(by=plain.id)
    with pytest.raises(RefusedError):
        api.disable(operator_id=admin.id, by=plain.id, now=NOW)
    link = invited(by=admin.id)
    api.disable(operator_id=link.operator_id, by=admin.id, now=NOW)
    with pytest.raises(NotFoundError):
        api.accept(secret_of(link), password=PASSWORD, now=NOW)


def test_nobody_disables_the_own_account() -> None:
    admin = make_person("alone", roles=("administrator",))
    with pytest.raises(RefusedError):
        api.disable(operator_id=admin.id, by=admin.id, now=NOW)


def test_a_disabled_administrator_may_nothing() -> None:
    admin = make_person("former", roles=("administrator",))
    api.disable(operator_id=admin.id, by=None, now=NOW)
    assert api.installation_operations(admin.id) == frozenset()


def test_production_makes_no_known_password() -> None:
    with pytest.raises(RefusedError):
        api.provision_for_demo(
            email="a@example.test",
            name="A",
            language="en",
            password=PASSWORD,
            totp_secret="",
            installation_roles=(),
            now=NOW,
        )


def test_every_role_is_made_of_known_operations() -> None:
    for operations in [*api.ROLES.values(), *api.INSTALLATION_ROLES.values(), api.ELEVATED]:
        assert operations <= api.OPERATIONS


@pytest.mark.parametrize("role", ["administrator", "client"])
def test_who_runs_or_audits_opens_no_customer(role: str) -> None:
    assert not any(operation.startswith("customer:") for operation in api.ROLES[role])


def test_representations_name_nobody() -> None:
    person = make_person("quiet_person")
    shown = repr(api.operator(person.id)) + repr(Operator.objects.get(id=person.id))
    assert "quiet" not in shown.lower()
