"""A real edge in a process of its own, and the switchboard's side of its link in the test's: plans and keys by hand."""

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from tests.ports import free_port

from trustdesk.sipedge.audio.reader import SealedReader
from trustdesk.sipedge.audio.tones import tone
from trustdesk.sipedge.link.sockets import listen
from trustdesk.sipedge.link.swearing import demand
from trustdesk.sipedge.link.talk import Talk
from trustdesk.sipedge.link.vocabulary import EDGE
from trustdesk.sipedge.words.asks import Done, Found, Key, KeyFor, LookUp, NotFound, PlanFor, Refusal
from trustdesk.sipedge.words.commands import Command, Config, Listen, Phone, Trunk
from trustdesk.sipedge.words.plan import Mode, Notice, Plan, Step, Terms, Wait
from trustdesk.sipedge.words.told import Happened, Registered, Snapshot, Told
from trustdesk.sipedge.words.word import Word

T = TypeVar("T")
NUMBER = "+3611234567"
HERE = "127.0.0.1"
NOTICE_HERTZ = 700.0  # what is played can be told from what is said
MUSIC_HERTZ = 500.0
LOST_HERTZ = 1900.0


@dataclass
class BoardTwin:
    """Answers by what it is given; keeps all that it hears. Runs in a thread of its own."""

    folder: Path
    key: bytes
    plan: Callable[[PlanFor, int], Plan | Refusal]
    config: Config
    give_keys: bool = True
    recordings: Path | None = None  # where they go; among the sockets, where nothing is said
    found: Found | NotFound = field(default_factory=lambda: NotFound(clips=()))
    heard: list[Told] = field(default_factory=list)
    asks: list[Word] = field(default_factory=list)
    snapshots: list[Snapshot] = field(default_factory=list)
    reachable: Registered = field(default_factory=lambda: Registered(phones=(), attachments=(), trunks=()))
    keys: dict[int, Key] = field(default_factory=dict)
    calls: int = 0

    def __post_init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._server: asyncio.Server | None = None
        self._talk: Talk | None = None
        self.ready = threading.Event()

    def open(self) -> None:
        self._server = self._do(listen(self.folder / "edge.sock", self._met))

    def shut(self) -> None:
        """As if the switchboard were killed."""
        self.ready.clear()
        self._do(self._shut())

    def close(self) -> None:
        self.shut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)
        self._loop.close()

    def command(self, command: Command) -> Done | Refusal:
        async def ask() -> Word:
            assert self._talk is not None
            return await self._talk.ask(command, within=20)

        answer = self._do(ask())
        assert isinstance(answer, Done | Refusal)
        return answer

    def wait_for(self, happened: Happened, *, times: int = 1, seconds: float = 45, **words: object) -> Told:
        """The word, as soon as it was told so many times."""

        def fitting() -> list[Told]:
            return [
                word
                for word in self.heard
                if word.happened is happened and all(getattr(word, name) == value for name, value in words.items())
            ]

        self.until(lambda: len(fitting()) >= times, seconds=seconds, what=f"{happened} {words}")
        return fitting()[times - 1]

    def until(self, holds: Callable[[], bool], *, seconds: float = 45, what: str = "") -> None:
        deadline = time.monotonic() + seconds
        while not holds():
            assert time.monotonic() < deadline, f"no {what} within {seconds} s; heard: {self.happened()}"
            time.sleep(0.01)

    def key_asks(self) -> list[KeyFor]:
        return [ask for ask in self.asks if isinstance(ask, KeyFor)]

    def happened(self) -> list[str]:
        return [f"{word.happened} {word.leg} {word.reason}".strip() for word in self.heard]

    async def asked(self, word: Word) -> Word:
        self.asks.append(word)
        if isinstance(word, PlanFor):
            self.calls += 1
            return self.plan(word, self.calls)
        if isinstance(word, LookUp):
            return self.found
        if isinstance(word, KeyFor) and self.give_keys:
            number = len(self.keys) + 1
            path = (self.recordings or self.folder) / f"{number}.sealed"
            path.touch(0o600)
            key = Key(recording=number, key=secrets.token_hex(32), bound=f"recording|{number}", path=str(path))
            self.keys[number] = key
            return key
        return Refusal(reason="refused")

    def told(self, word: Word) -> None:
        if isinstance(word, Told):
            if not any(word.nth and (old.call, old.nth) == (word.call, word.nth) for old in self.heard):
                self.heard.append(word)  # told again at every connection
        elif isinstance(word, Registered):
            self.reachable = word
        elif isinstance(word, Snapshot):
            self.snapshots.append(word)
            self.reachable = word.reachable

    async def _met(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await demand(reader, writer, key=self.key, expected="edge")
        talk = self._talk = Talk(reader, writer, EDGE, self)
        running = asyncio.create_task(talk.run())
        answer = await talk.ask(self.config, within=10)
        assert answer == Done(), answer
        self.ready.set()
        await running

    async def _shut(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._talk is not None:
            self._talk.end()
            self._talk = None
        (self.folder / "edge.sock").unlink(missing_ok=True)

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(30)


@dataclass
class EdgeProcess:
    """The edge, its switchboard and the clips it plays."""

    folder: Path
    board: BoardTwin
    process: "subprocess.Popen[bytes]"
    log: Path
    ports: dict[str, int]
    clips: dict[str, str]

    def steps(self, *before: Step) -> tuple[Step, ...]:
        return (*before, Wait(queue="service", music=(self.clips["music"],)))

    @property
    def notice(self) -> Notice:
        return Notice(version=7, clips=(self.clips["notice"],))

    def opened(self, recording: int) -> SealedReader:
        key = self.board.keys[recording]
        return SealedReader(Path(key.path), key=bytes.fromhex(key.key), bound=key.bound)

    def files(self) -> list[Path]:
        """Whatever was stored of anybody."""
        return [path for path in self.folder.rglob("*.sealed") if path.stat().st_size]

    def until_it_listens(self) -> None:
        """The edge answers over TCP, and so over UDP: both are opened together."""
        deadline = time.monotonic() + 20
        while True:
            with socket.socket() as trying:
                if trying.connect_ex(("127.0.0.1", self.ports["tcp"])) == 0:
                    return
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def kill(self) -> None:
        """Without a word, and all its children with it."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)


@contextmanager
def edge_process(
    folder: Path,
    plan: Callable[[PlanFor, int], Plan | Refusal] | None = None,
    *,
    phones: tuple[Phone, ...] = (),
    trunks: tuple[Trunk, ...] = (Trunk(trunk=1, addresses=("127.0.0.0/8",)),),
    switchboard: bool = True,
    host: str = HERE,
    settings: Mapping[str, Any] | None = None,
    recordings: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Iterator[EdgeProcess]:
    """An edge on free ports of the host, told what to do by a `BoardTwin`. `settings` are fields of its `Config`."""
    run, clips = folder / "run", _clips(folder)
    run.mkdir(mode=0o700)
    ports = {"udp": free_port(host=host), "tcp": free_port(host=host)}
    config = _config(host, ports, clips["apology"], phones=phones, trunks=trunks).model_copy(update=settings)
    key = folder / "exchange.key"
    key.write_bytes(secrets.token_bytes(32))
    (run / "edge.json").write_text(config.model_dump_json())  # as if it had been told before
    answers = plan or (lambda _ask, _call: Refusal(reason="none", status=404))
    board = BoardTwin(run, key.read_bytes(), answers, config, recordings=recordings)
    log = folder / "edge.log"
    if switchboard:
        board.open()
    with log.open("wb") as stream:
        process = subprocess.Popen(
            [sys.executable, "-m", "trustdesk.sipedge", "--run", str(run), "--key", str(key)],
            stdout=stream,
            stderr=stream,
            start_new_session=True,
            env=os.environ | dict(environment or {}),
        )
    edge = EdgeProcess(folder, board, process, log, ports, clips)
    if plan is None:
        board.plan = lambda ask, call: plain_plan(edge, ask, call)
    try:
        if switchboard:
            assert board.ready.wait(60), log.read_text()
        yield edge
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                edge.kill()
        board.close()


def _clips(folder: Path) -> dict[str, str]:
    made = {
        "notice": tone(NOTICE_HERTZ, 1000),
        "music": tone(MUSIC_HERTZ, 400),
        "apology": tone(900.0, 300),
        "lost": tone(LOST_HERTZ, 2500),
    }
    for name, sound in made.items():
        (folder / f"{name}.al").write_bytes(sound)
    return {name: str(folder / f"{name}.al") for name in made}


def _config(
    host: str, ports: dict[str, int], apology: str, *, phones: tuple[Phone, ...], trunks: tuple[Trunk, ...]
) -> Config:
    first = 20000 + secrets.randbelow(15000) * 2
    return Config(
        realm="trustdesk.test",
        listen=(
            Listen(transport="udp", host=host, port=ports["udp"]),
            Listen(transport="tcp", host=host, port=ports["tcp"]),
        ),
        advertised=host,
        rtp_first=first,
        rtp_last=first + 398,
        trunks=trunks,
        phones=phones,
        numbers=(NUMBER,),
        apology={"": apology},
    )


def plain_plan(edge: EdgeProcess, _ask: PlanFor, call: int, mode: Mode = Mode.NOTICE) -> Plan:
    """Notice, then waiting."""
    return Plan(
        call=call,
        controller=1,
        language="en",
        steps=edge.steps(edge.notice),
        terms=Terms(mode=mode, lost=(edge.clips["lost"],)),
    )
