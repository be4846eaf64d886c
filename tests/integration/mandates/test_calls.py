"""What is remembered of another system's calls."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256

import pytest
from django.db import connection
from tests.world import World

from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import NotFoundError, RefusedError
from trustdesk.kernel.ids import from_public
from trustdesk.mandates import api as mandates
from trustdesk.mandates.services.calls import REPLY_LIFE

FIRST, SECOND = sha256(b"first").digest(), sha256(b"second").digest()
REPLY = mandates.Reply(status=201, answer='{"customer_id":"0000000000001"}', location="/api/v1/customers/0000000000001")


def calling(world: World) -> AccessContext:
    """The context of a fresh token of North."""
    now = clock.now()
    system = mandates.system_context(
        world.north.id,
        purpose="administration",
        now=now,
        on_behalf_of=world.agent_north.id,
    )
    token = mandates.create_token(
        system,
        name="another system",
        operations=["customer:note"],
        purposes=["service"],
        ends_at=now + timedelta(days=1),
        now=now,
    )
    return mandates.context_for_token(token.secret, purpose="service", now=clock.now())


@pytest.fixture
def context(committed: World) -> Iterator[AccessContext]:
    yield calling(committed)
    connection.close()


def test_calls_of_a_minute_are_counted_over_all_connections(context: AccessContext) -> None:
    now = clock.now().replace(second=20, microsecond=0)

    def one(_number: int) -> int:
        return mandates.count_use(context, limit=5, now=now).calls

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(one, range(12))) == list(range(1, 13))
    over = mandates.count_use(context, limit=5, now=now)
    assert (over.allowed, over.remaining, over.wait_seconds) == (False, 0, 40)
    later = mandates.count_use(context, limit=5, now=now + timedelta(minutes=1))
    assert (later.calls, later.allowed, later.remaining) == (1, True, 4)


def test_an_answer_is_given_again_for_a_day_and_then_forgotten(context: AccessContext) -> None:
    now = clock.now()
    with scoped(context.scope):
        assert mandates.take_key(context, key=FIRST, fingerprint=FIRST, now=now) is None
        mandates.keep_reply(context, key=FIRST, fingerprint=FIRST, reply=REPLY, now=now)
    with scoped(context.scope):
        assert mandates.take_key(context, key=FIRST, fingerprint=FIRST, now=now) == REPLY
        with pytest.raises(mandates.KeyReusedError):
            mandates.take_key(context, key=FIRST, fingerprint=SECOND, now=now)
    late = now + REPLY_LIFE
    with scoped(context.scope):
        assert mandates.take_key(context, key=FIRST, fingerprint=SECOND, now=late) is None
        mandates.keep_reply(context, key=FIRST, fingerprint=SECOND, reply=REPLY, now=late)
        with connection.cursor() as cursor:
            token_id = from_public(context.session_id.removeprefix("token:"))
            cursor.execute("SELECT fingerprint FROM mandates_reply WHERE token_id = %s", [token_id])
            assert [bytes(row[0]) for row in cursor.fetchall()] == [SECOND]


def test_what_is_rolled_back_was_not_done(context: AccessContext) -> None:
    now = clock.now()
    with pytest.raises(NotFoundError):
        _write_and_fail(context, now)
    with scoped(context.scope):
        assert mandates.take_key(context, key=SECOND, fingerprint=SECOND, now=now) is None


def _write_and_fail(context: AccessContext, now: datetime) -> None:
    with scoped(context.scope):
        mandates.take_key(context, key=SECOND, fingerprint=SECOND, now=now)
        mandates.keep_reply(context, key=SECOND, fingerprint=SECOND, reply=REPLY, now=now)
        raise NotFoundError("gone")


def test_a_held_key_does_not_make_the_second_wait(context: AccessContext) -> None:
    now = clock.now()

    def meanwhile() -> str:
        try:
            with scoped(context.scope):
                mandates.take_key(context, key=FIRST, fingerprint=FIRST, now=now)
        except mandates.KeyInUseError as error:
            return error.code
        finally:
            connection.close()
        return ""

    with ThreadPoolExecutor(1) as pool:
        with scoped(context.scope):
            mandates.take_key(context, key=FIRST, fingerprint=FIRST, now=now)
            assert pool.submit(meanwhile).result(timeout=10) == "in-progress"
        assert pool.submit(meanwhile).result(timeout=10) == ""


def test_the_same_key_of_another_company_is_another_key(context: AccessContext, committed: World) -> None:
    now = clock.now()
    with scoped(context.scope):
        mandates.keep_reply(context, key=SECOND, fingerprint=FIRST, reply=REPLY, now=now)
    other = committed.context(committed.agent_south, committed.south)
    with scoped(other.scope), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM mandates_reply")
        assert cursor.fetchone()[0] == 0
        cursor.execute("SELECT count(*) FROM mandates_token_use")
        assert cursor.fetchone()[0] == 0


def test_only_tokens_are_counted(committed: World) -> None:
    context = committed.context(committed.agent_north, committed.north)
    with pytest.raises(RefusedError):
        mandates.count_use(context, limit=1, now=clock.now())
