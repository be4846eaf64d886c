"""A switchboard for pages: its socket answered by a stand-in, its tables written by the tests.

The stand-in speaks the real words over the real link. What it does not do is move a call: a test says what follows.
"""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from django.conf import settings
from django.db import connections
from django.test import Client
from django.urls import reverse

from trustdesk.conversations import api as conversing
from trustdesk.conversations.contracts import Direction as Way
from trustdesk.conversations.contracts import Kind, NewConversation, NewInteraction, Result
from trustdesk.isolation import api as isolation
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import new_id
from trustdesk.live import api as live
from trustdesk.live.contracts import Thing
from trustdesk.sipedge.link.lines import LinkBrokenError
from trustdesk.sipedge.link.sockets import listen
from trustdesk.sipedge.link.swearing import demand
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.words.word import Word
from trustdesk.switchboard.contracts import PRESENCE, CallState, Certainty, Direction, Presence
from trustdesk.switchboard.models import AgentNow, Call
from trustdesk.switchboard.words import HOUSE, DialOut, Fault, Settled

FRAGMENT = {"HX-Request": "true"}
React = Callable[[Word], Word | None]


class StandIn:
    """Answers as `react` says, else that it was done; `asked` is what was wanted, in order."""

    def __init__(self) -> None:
        self.words: list[Word] = []
        self.react: React = lambda _: None

    async def asked(self, word: Word) -> Word:
        self.words.append(word)
        done = Settled(text=str(new_id())) if isinstance(word, DialOut) else Settled()
        return await asyncio.to_thread(self._reacts, word) or done

    def _reacts(self, word: Word) -> Word | None:
        try:
            return self.react(word)
        finally:
            connections.close_all()  # the thread stays, and would keep its place in the pool

    def told(self, word: Word) -> None:
        raise AssertionError(f"{word} was told")

    def refuse(self, message: str, *, code: str = "refused", mend: str = "") -> None:
        """From now on no to everything."""
        self.react = lambda _: Fault(code=code, message=message, mend=mend)


@contextmanager
def stand_in() -> Iterator[StandIn]:
    """Listening where the house looks for its switchboard."""
    home = settings.TRUSTDESK_HOME
    home.prepare()
    switchboard, loop = StandIn(), asyncio.new_event_loop()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await demand(reader, writer, key=home.secret("exchange.key"), expected="house")
            await Talk(reader, writer, HOUSE, switchboard).run()
        except (LinkBrokenError, asyncio.CancelledError):
            writer.close()

    thread = Thread(target=loop.run_forever, daemon=True)
    thread.start()
    listening = listen(home.run / "switchboard.sock", handle)
    server = asyncio.run_coroutine_threadsafe(listening, loop).result(5)
    try:
        yield switchboard
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(server: asyncio.Server) -> None:
    server.close()
    for task in asyncio.all_tasks() - {asyncio.current_task()}:
        task.cancel()
    await asyncio.sleep(0)


def stands(context: AccessContext, state: Presence, *, call: int | None = None, **more: Any) -> None:  # noqa: ANN401
    """What the operator is doing, from now on; told to open pages."""
    with isolation.scoped(context.scope):
        AgentNow.objects.filter(controller_id=context.controller_id, operator_id=context.operator_id).delete()
        AgentNow.objects.create(
            controller_id=context.controller_id,
            operator_id=context.operator_id,
            mandate_id=context.mandate_id,
            purpose=context.purpose,
            state=state,
            since=clock.now(),
            call_id=call,
            **{"reachable": state is not Presence.OFFLINE} | more,
        )
        live.announce(context, Thing(PRESENCE, context.operator_id))


def rings(context: AccessContext, **more: Any) -> int:  # noqa: ANN401
    """A call comes in, has waited, and rings at the operator's."""
    call, now = new_id(), clock.now()
    standing = {
        "direction": Direction.IN,
        "state": CallState.RINGING,
        "line": "+358942720000",
        "queue": "service",
        "language": "fi",
        "country": "FI",
        "certainty": Certainty.UNIDENTIFIED,
        "offered_to": context.operator_id,
        "began_at": now,
        "queued_at": now,
    }
    with isolation.scoped(context.scope):
        Call.objects.create(controller_id=context.controller_id, id=call, **standing | more)
    stands(context, Presence.RINGING, call=call)
    return call


def turns(context: AccessContext, call: int, **changed: Any) -> None:  # noqa: ANN401
    """The call is otherwise from now on; told to open pages."""
    with isolation.scoped(context.scope):
        Call.objects.filter(controller_id=context.controller_id, id=call).update(**changed)
        live.announce(context, Thing(PRESENCE, context.operator_id))


def speaks(context: AccessContext, **more: Any) -> int:  # noqa: ANN401
    """A call in the operator's hand, recorded."""
    talking = {
        "state": CallState.TALKING,
        "offered_to": None,
        "operator_id": context.operator_id,
        "answered_at": clock.now(),
        "recorded": True,
    }
    call = rings(context, **talking | more)
    stands(context, Presence.TALKING, call=call)
    return call


def conversing_about(context: AccessContext, *, ended: bool = False) -> tuple[int, int, str]:
    """A conversation with a call in it: both ids, and the reference. Ended, it waits for its disposition."""
    now = clock.now()
    new = NewConversation(channel=Kind.CALL, queue="service", language="fi")
    opened = conversing.open_conversation(context, new=new, now=now)
    begun = NewInteraction(kind=Kind.CALL, direction=Way.IN, started_at=now)
    interaction = conversing.begin_interaction(context, conversation_id=opened.conversation_id, new=begun, now=now)
    if ended:
        conversing.join(context, interaction_id=interaction, operator_id=context.operator_id, now=now)
        conversing.end_interaction(context, interaction_id=interaction, result=Result.ANSWERED, ended_at=now, now=now)
    return opened.conversation_id, interaction, opened.reference


def hangs_up(context: AccessContext, call: int, *, then: Presence = Presence.WRAP_UP) -> None:
    """It is over."""
    turns(context, call, state=CallState.ENDED, ended_at=clock.now(), offered_to=None, matches=[])
    stands(context, then)


def bar(client: Client) -> str:
    answer = client.get(reverse("desk:phone-bar"), headers=FRAGMENT)
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()
