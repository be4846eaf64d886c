"""Tokens of other systems: never more than the mandate, never longer."""

from datetime import timedelta

import pytest
from django.db import connection
from tests.integration.mandates.test_contexts import enter, mandate_of, seated
from tests.world import Person, World

from trustdesk.accounts import api as accounts
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, RefusedError
from trustdesk.mandates import api


@pytest.fixture
def manager(committed: World) -> Person:
    """Somebody with a seat and a mandate of the own, who may make tokens."""
    mandate = mandate_of(committed, operations=["seat:read", "token:manage", "log:read"])
    return seated(committed, mandate, role="administrator")


@pytest.fixture
def context(committed: World, manager: Person) -> AccessContext:
    return enter(committed, manager)


def token_of(context: AccessContext, *, operations: tuple[str, ...] = ("seat:read",), days: int = 30) -> api.NewToken:
    now = clock.now()
    return api.create_token(
        context,
        name="Shop",
        operations=operations,
        purposes=["service"],
        ends_at=now + timedelta(days=days),
        now=now,
    )


def test_a_token_opens_what_it_names(committed: World, context: AccessContext) -> None:
    token = token_of(context)
    found = api.context_for_token(token.secret, purpose="service", now=clock.now())
    assert (found.controller_id, found.mandate_id) == (committed.north.id, context.mandate_id)
    assert found.operations == {"seat:read"}
    assert found.session_id.startswith("token:")
    assert token.secret not in repr(token)


def test_the_table_holds_no_secret(context: AccessContext) -> None:
    token = token_of(context)
    with scoped(context.scope), connection.cursor() as cursor:
        cursor.execute("SELECT mandates_api_token::text FROM mandates_api_token")
        assert token.secret.rsplit("_", 1)[1] not in str(cursor.fetchall())


@pytest.mark.parametrize("part", [0, 1, 2, 3])
def test_an_altered_token_opens_nothing(committed: World, context: AccessContext, part: int) -> None:
    parts = token_of(context).secret.split("_", 3)
    parts[part] = {0: "xyz", 1: str(committed.south.id), 2: "0" * 13, 3: "x" * 43}[part]
    with pytest.raises(api.TokenRefusedError):
        api.context_for_token("_".join(parts), purpose="service", now=clock.now())


@pytest.mark.parametrize(
    "secret",
    ["", "tdk", "tdk_1_2_3", "tdk_-1_0000000000000_x", "tdk_99999999999_0000000000000_x"],
)
def test_what_is_no_token_opens_nothing(committed: World, secret: str) -> None:
    with pytest.raises(api.TokenRefusedError):
        api.context_for_token(secret, purpose="service", now=clock.now())


def test_a_token_ends(context: AccessContext) -> None:
    token = token_of(context, days=1)
    with pytest.raises(api.TokenRefusedError):
        api.context_for_token(token.secret, purpose="service", now=clock.now() + timedelta(days=1))


def test_a_revoked_token_opens_nothing(context: AccessContext) -> None:
    token = token_of(context)
    api.revoke_token(context, token_id=token.id, now=clock.now())
    with pytest.raises(api.TokenRefusedError):
        api.context_for_token(token.secret, purpose="service", now=clock.now())
    with pytest.raises(NotFoundError):
        api.revoke_token(context, token_id=token.id, now=clock.now())


def test_a_token_dies_with_its_mandate(committed: World, context: AccessContext) -> None:
    token = token_of(context)
    api.end_mandate(
        controller_id=committed.north.id,
        mandate_id=context.mandate_id,
        reason="over",
        by=None,
        now=clock.now(),
    )
    with pytest.raises(api.TokenRefusedError):
        api.context_for_token(token.secret, purpose="service", now=clock.now())


def test_a_token_dies_with_who_answers_for_it(context: AccessContext, manager: Person) -> None:
    token = token_of(context)
    accounts.disable(operator_id=manager.id, by=None, now=clock.now())
    with pytest.raises(api.TokenRefusedError):
        api.context_for_token(token.secret, purpose="service", now=clock.now())


def test_a_token_is_for_its_purposes(context: AccessContext) -> None:
    token = token_of(context)
    with pytest.raises(RefusedError):
        api.context_for_token(token.secret, purpose="claims", now=clock.now())


def test_a_token_never_does_more_than_its_mandate(context: AccessContext) -> None:
    with pytest.raises(BadInputError):
        token_of(context, operations=("customer:open",))


@pytest.mark.parametrize("days", [0, -1, 367])
def test_a_token_lives_at_most_a_year(context: AccessContext, days: int) -> None:
    with pytest.raises(BadInputError):
        token_of(context, days=days)


def test_agents_make_no_tokens(committed: World) -> None:
    with pytest.raises(RefusedError):
        token_of(committed.context(committed.agent_north, committed.north))
    with pytest.raises(RefusedError):
        api.tokens(committed.context(committed.agent_north, committed.north))
