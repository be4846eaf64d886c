"""Who may speak on the link, over real sockets."""

import asyncio
from pathlib import Path

import pytest

from trustdesk.sipedge.link.lines import Kind, Line, LinkBrokenError, Vocabulary, next_line
from trustdesk.sipedge.link.sockets import connect, listen
from trustdesk.sipedge.link.swearing import OathRefusedError, demand, swear
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.words.asks import Done, LookUp, Refusal, Sworn
from trustdesk.sipedge.words.told import Registered
from trustdesk.sipedge.words.word import Word

KEY = b"k" * 32
WORDS = Vocabulary([Done, LookUp, Refusal, Registered])


class Echo:
    """Answers a look-up with its digits, after the pause they name; keeps what it is told."""

    def __init__(self) -> None:
        self.heard: list[Word] = []

    async def asked(self, word: Word) -> Word:
        assert isinstance(word, LookUp)
        await asyncio.sleep(word.call / 1000)
        return Done(text=word.digits)

    def told(self, word: Word) -> None:
        self.heard.append(word)


async def both(path: Path, *, theirs: bytes = KEY, side: str = "edge") -> tuple[str, str]:
    """How the oath ended on the listening and on the connecting side."""
    ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await demand(reader, writer, key=KEY, expected="edge")
            ended.set_result("sworn")
        except LinkBrokenError as fault:
            ended.set_result(type(fault).__name__)
        finally:
            writer.close()

    async with await listen(path, handle):
        reader, writer = await connect(path)
        try:
            await swear(reader, writer, key=theirs, side=side)  # type: ignore[arg-type]
            mine = "sworn"
        except LinkBrokenError as fault:
            mine = type(fault).__name__
        writer.close()
        return await ended, mine


@pytest.mark.parametrize("folder", ["run", "a folder with a long name " * 8])
def test_two_that_hold_the_key_are_joined(tmp_path: Path, folder: str) -> None:
    assert asyncio.run(both(tmp_path / folder / "edge.sock")) == ("sworn", "sworn")


def test_nobody_else_may_listen_in_the_folder(tmp_path: Path) -> None:
    asyncio.run(both(tmp_path / "run" / "edge.sock"))
    assert (tmp_path / "run").stat().st_mode & 0o777 == 0o700


def test_a_wrong_key_is_refused_before_anything_of_ours_is_proven(tmp_path: Path) -> None:
    listening, connecting = asyncio.run(both(tmp_path / "edge.sock", theirs=b"x" * 32))
    assert connecting == "OathRefusedError"
    assert listening == "LinkBrokenError"  # the other side left without a proof


def test_another_side_is_refused(tmp_path: Path) -> None:
    listening, connecting = asyncio.run(both(tmp_path / "edge.sock", side="house"))
    assert (listening, connecting) == ("OathRefusedError", "LinkBrokenError")


def test_a_proof_sent_back_to_its_maker_proves_nothing(tmp_path: Path) -> None:
    """Whoever does not hold the key can only repeat what the switchboard said."""
    ended: list[str] = []

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await demand(reader, writer, key=KEY, expected="edge")
        except OathRefusedError:
            ended.append("refused")
        finally:
            writer.close()

    async def mirror() -> None:
        oath = Vocabulary([Sworn])
        async with await listen(tmp_path / "edge.sock", handle):
            reader, writer = await connect(tmp_path / "edge.sock")
            writer.write(oath.write(Line(Kind.TELL, 0, Sworn(side="edge", nonce="00"))))
            said = (await next_line(reader, oath)).word
            assert isinstance(said, Sworn)
            writer.write(oath.write(Line(Kind.TELL, 0, Sworn(side="edge", nonce="00", proof=said.proof))))
            assert await reader.read() == b""
            writer.close()

    asyncio.run(mirror())
    assert ended == ["refused"]


async def talking(path: Path, listener: Echo) -> tuple[Talk, asyncio.Server, "asyncio.Task[None]"]:
    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await Talk(reader, writer, WORDS, listener).run()

    server = await listen(path, handle)
    talk = Talk(*await connect(path), WORDS, Echo())
    return talk, server, asyncio.create_task(talk.run())


def test_asks_beside_each_other_each_get_their_own_answer(tmp_path: Path) -> None:
    async def ask() -> list[Word]:
        talk, server, running = await talking(tmp_path / "a.sock", Echo())
        asks = [talk.ask(LookUp(call=50 - n, digits=str(n)), within=5) for n in range(50)]
        answers = await asyncio.gather(*asks)
        talk.end()
        await running
        server.close()
        return list(answers)

    assert asyncio.run(ask()) == [Done(text=str(n)) for n in range(50)]


def test_what_is_told_arrives_in_order(tmp_path: Path) -> None:
    said = [Registered(phones=(str(n),), attachments=(), trunks=()) for n in range(200)]
    echo = Echo()

    async def tell() -> None:
        talk, server, running = await talking(tmp_path / "a.sock", echo)
        for word in said:
            talk.tell(word)
        await talk.ask(LookUp(call=0, digits="1"), within=5)
        talk.end()
        await running
        server.close()

    asyncio.run(tell())
    assert echo.heard == said


def test_no_answer_in_time_is_said(tmp_path: Path) -> None:
    async def ask() -> None:
        talk, server, running = await talking(tmp_path / "a.sock", Echo())
        with pytest.raises(TimeoutError):
            await talk.ask(LookUp(call=500, digits="1"), within=0.05)
        assert await talk.ask(LookUp(call=0, digits="2"), within=5) == Done(text="2")
        talk.end()
        await running
        server.close()

    asyncio.run(ask())


def test_who_waits_is_told_when_the_other_side_goes(tmp_path: Path) -> None:
    async def ask() -> None:
        talk, server, running = await talking(tmp_path / "a.sock", Echo())
        waiting = asyncio.create_task(talk.ask(LookUp(call=60_000, digits="1"), within=60))
        await asyncio.sleep(0.05)
        talk.end()
        with pytest.raises(LinkBrokenError):
            await waiting
        with pytest.raises(LinkBrokenError):
            talk.tell(Registered(phones=(), attachments=(), trunks=()))
        await running
        server.close()

    asyncio.run(ask())


@pytest.mark.parametrize(
    "raw",
    [
        b"no json\n",
        b"[]\n",
        b"{}\n",
        b'{"kind": "ask", "number": 1, "name": "Sworn", "word": {"side": "edge", "nonce": ""}}\n',
        b'{"kind": "ask", "number": 1, "name": "LookUp", "word": {"call": 1, "digits": "1", "more": 2}}\n',
        b'{"kind": "shout", "number": 1, "name": "LookUp", "word": {"call": 1, "digits": "1"}}\n',
        b'{"kind": "ask", "number": "x", "name": "LookUp", "word": {"call": 1, "digits": "1"}}\n',
    ],
)
def test_what_is_no_line_of_ours_ends_the_talk(raw: bytes) -> None:
    with pytest.raises(LinkBrokenError):
        WORDS.read(raw)
