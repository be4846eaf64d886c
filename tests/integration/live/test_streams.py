"""A page hears at once what changed, and nothing it may not; what let it in ends it."""

import asyncio
import time
from collections.abc import Callable
from contextlib import ExitStack, aclosing
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from django.conf import settings
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from tests.integration.live.conftest import Import
from tests.integration.live.listening import ENDED, apart, cookies, listening
from tests.surfaces import neighbor, newcomer, seated, signed_in
from tests.world import Person, World

from trustdesk.accounts import api as accounts
from trustdesk.accounts.models import Operator
from trustdesk.design.streams import AT_ONCE_MILLISECONDS, RETRY_MILLISECONDS, _events
from trustdesk.isolation.api import scoped
from trustdesk.kernel import clock
from trustdesk.kernel.ids import new_id, to_public
from trustdesk.live.api import announce, changes
from trustdesk.live.contracts import Thing
from trustdesk.live.streams import REST_SECONDS
from trustdesk.mandates import api as mandates
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE

pytestmark = pytest.mark.slow  # streams that time out

LISTENERS = "SELECT pid FROM pg_stat_activity WHERE query = 'LISTEN trustdesk_live'"


def tell(run: Import, identifier: int | None = None, kind: str = "import") -> None:
    with scoped(run.context.scope):
        announce(run.context, Thing(kind, identifier or run.run_id))


@pytest.fixture
def supervisor_north(committed: World) -> Client:
    return seated(committed.supervisor_north, committed.north)


def listeners() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(LISTENERS)
        return [pid for (pid,) in cursor.fetchall()]


def test_a_page_hears_what_changed_and_only_that(address: str, supervisor_north: Client, waiting: Import) -> None:
    with listening(address + waiting.stream, supervisor_north) as stream:
        name = f"changed {to_public(waiting.run_id)}"
        assert stream.next() == name
        tell(waiting)
        assert stream.next(seconds=10) == name
        tell(waiting, new_id())
        tell(waiting, kind="queue")
        assert stream.silent()
        headers = stream.response.headers
        assert headers["content-type"] == "text/event-stream; charset=utf-8"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_a_burst_is_told_once(address: str, supervisor_north: Client, waiting: Import) -> None:
    with listening(address + waiting.stream, supervisor_north) as stream:
        stream.next()
        began = time.monotonic()
        for _ in range(50):
            tell(waiting)
        rests = (time.monotonic() - began) / REST_SECONDS
        heard = 0
        while not stream.silent():
            heard += 1
        assert 1 <= heard <= rests + 2


def test_what_was_rolled_back_was_never_said(address: str, supervisor_north: Client, waiting: Import) -> None:
    with listening(address + waiting.stream, supervisor_north) as stream:
        stream.next()
        with transaction.atomic():
            tell(waiting)
            assert stream.silent()
            transaction.set_rollback(True)
        assert stream.silent()


def test_a_neighbor_with_the_same_number_is_another_thing(
    address: str,
    committed: World,
    supervisor_north: Client,
    waiting: Import,
) -> None:
    south = committed.system(committed.south)
    with listening(address + waiting.stream, supervisor_north) as stream:
        stream.next()
        with scoped(south.scope):
            announce(south, Thing("import", waiting.run_id))
        assert stream.silent()


@pytest.mark.parametrize("who", ["agent_north", "client_north", "officer_north"])
def test_who_may_not_see_it_does_not_hear_it(address: str, committed: World, waiting: Import, who: str) -> None:
    client = seated(committed.people[who], committed.north)
    assert httpx.get(address + waiting.stream, cookies=cookies(client)).status_code == 403


def test_a_neighbor_an_outsider_and_a_stranger_do_not_hear_it(address: str, committed: World, waiting: Import) -> None:
    person = neighbor(committed)
    assert httpx.get(address + waiting.stream, cookies=cookies(seated(person, committed.south))).status_code == 404
    outsider = httpx.get(address + waiting.stream, cookies=cookies(signed_in(committed.outsider)))
    assert outsider.headers["Location"] == reverse("design:choose")
    assert httpx.get(address + waiting.stream).headers["Location"].startswith("/sign-in/")


def sign_out(_world: World, _person: Person, client: Client) -> None:
    assert client.post(reverse("account_logout")).status_code == 302


def end_seat(world: World, person: Person, _client: Client) -> None:
    [(_company, held)] = mandates.seats_of(person.id, by=world.admin.id, now=clock.now())
    mandates.end_seat(controller_id=world.north.id, seat_id=held.id, by=None, now=clock.now())


def disable(world: World, person: Person, _client: Client) -> None:
    accounts.disable(operator_id=person.id, by=world.admin.id, now=clock.now())


def end_sessions(_world: World, person: Person, _client: Client) -> None:
    accounts.end_sessions(operator_id=person.id)


def change_password(_world: World, person: Person, _client: Client) -> None:
    row = Operator.objects.get(id=person.id)
    row.set_password("another horse, another staple")
    row.save(update_fields=["password"])


@pytest.mark.parametrize("end", [sign_out, end_seat, disable, end_sessions, change_password])
def test_what_let_it_in_ends_it(
    address: str,
    committed: World,
    waiting: Import,
    end: Callable[[World, Person, Client], None],
) -> None:
    person = newcomer(committed, committed.north)
    client, other = seated(person, committed.north), seated(committed.supervisor_north, committed.north)
    with listening(address + waiting.stream, client) as ending, listening(address + waiting.stream, other) as staying:
        ending.next()
        staying.next()
        end(committed, person, client)
        assert ending.next(seconds=10) == ENDED
        assert staying.silent()
    again = httpx.get(address + waiting.stream, cookies=cookies(client))
    assert again.status_code in {302, 403}


def test_the_end_of_the_mandate_ends_it(committed: World) -> None:
    now = clock.now()
    mandate = mandates.create_mandate(
        controller_id=committed.south.id,
        processor_id=mandates.create_processor(name=f"Ending {new_id()}", country="PL", by=None, now=now),
        purposes=["service"],
        categories=[mandates.EVERY_CATEGORY],
        operations=["customer:open"],
        starts_at=now - timedelta(minutes=1),
        ends_at=None,
        by=None,
        now=now,
    )
    context = mandates.system_context(
        committed.south.id,
        purpose="service",
        now=now,
        on_behalf_of=0,
        mandate_id=mandate.id,
    )

    def end() -> None:
        mandates.end_mandate(
            controller_id=committed.south.id,
            mandate_id=mandate.id,
            reason="tested",
            by=None,
            now=clock.now(),
        )
        connection.close()

    async def heard() -> tuple[list[Thing | None], list[str]]:
        told, page = changes(context, [Thing("import", 1)]), _events(context, [Thing("import", 1)])
        first, words = await anext(told), [await anext(page), await anext(page)]
        await asyncio.to_thread(end)
        return [first, *[thing async for thing in told]], words + [word async for word in page]

    things, words = apart(asyncio.wait_for(heard(), 5))
    assert things == [Thing("import", 1)]
    assert "retry" not in words[-1], "who may no longer see it is not sent back at once"


def test_it_ends_with_the_contexts_time(committed: World, waiting: Import) -> None:
    async def heard() -> list[Thing | None]:
        short = replace(waiting.context, expires_at=clock.now() + timedelta(seconds=1))
        async with aclosing(changes(short, [Thing("import", waiting.run_id)])) as told:
            return [thing async for thing in told]

    assert apart(asyncio.wait_for(heard(), 5)) == [Thing("import", waiting.run_id), None]


def test_where_only_the_time_is_over_the_page_comes_again_at_once(committed: World, waiting: Import) -> None:
    """It came after two seconds, every ten minutes: so long a call could ring at a page that did not know."""

    async def told() -> list[str]:
        short = replace(waiting.context, expires_at=clock.now() + timedelta(seconds=1))
        async with aclosing(_events(short, [Thing("import", waiting.run_id)])) as words:
            return [word async for word in words]

    words = apart(asyncio.wait_for(told(), 9))
    assert (words[0], words[-1]) == (f"retry: {RETRY_MILLISECONDS}\n\n", f"retry: {AT_ONCE_MILLISECONDS}\n\n")


def test_forty_pages_hold_one_connection(
    address: str,
    committed: World,
    supervisor_north: Client,
    waiting: Import,
) -> None:
    """More than the pool has: were one held for each stream, the page would wait for the pool and fail."""
    most = settings.DATABASES["default"]["OPTIONS"]["pool"]["max_size"]
    with ExitStack() as stack:
        streams = [stack.enter_context(listening(address + waiting.stream, supervisor_north)) for _ in range(40)]
        assert len(streams) > most
        for stream in streams:
            stream.next()
        assert len(listeners()) == 1
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'")
            assert cursor.fetchone() == (0,)
        page = httpx.get(address + reverse("console:imports"), cookies=cookies(supervisor_north), timeout=10)
        assert page.status_code == httpx.codes.OK
        tell(waiting)
        for stream in streams:
            assert stream.news().startswith("changed")


def test_nobody_listening_means_no_connection(address: str, supervisor_north: Client, waiting: Import) -> None:
    with listening(address + waiting.stream, supervisor_north) as stream:
        stream.next()
        assert len(listeners()) == 1
    for _attempt in range(50):
        if not listeners():
            return
        time.sleep(0.1)
    pytest.fail("the listening connection stayed")


def test_who_can_not_hear_does_not_look_as_if_nothing_happened(
    address: str,
    supervisor_north: Client,
    waiting: Import,
    cluster: Cluster,
) -> None:
    with listening(address + waiting.stream, supervisor_north) as stream:
        stream.next()
        with cluster.connect(DATABASE) as database:
            database.execute("SELECT pg_terminate_backend(pid) FROM (" + LISTENERS + ") AS listening")
        assert stream.next(seconds=10) == ENDED
    with listening(address + waiting.stream, supervisor_north) as stream:
        assert stream.next().startswith("changed")
        tell(waiting)
        assert stream.next().startswith("changed")
