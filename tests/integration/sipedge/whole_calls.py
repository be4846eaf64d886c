"""Calls with real telephones through a real edge, and what is checked of them on decrypted audio."""

import hashlib
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.baresip import Softphone, softphone, strength
from tests.integration.sipedge.edge_process import MUSIC_HERTZ, NOTICE_HERTZ, NUMBER, EdgeProcess

from trustdesk.sipedge.audio.reader import SealedReader
from trustdesk.sipedge.words.asks import Done
from trustdesk.sipedge.words.commands import Agent, Command, Connect, Phone
from trustdesk.sipedge.words.told import Happened

CALLER, FIRST, SECOND = 1000.0, 1300.0, 1600.0  # what each of them says, in hertz
PASSWORD = "a-password"
SURE, NONE = 0.5, 0.01


def known(user: str, number: int) -> Phone:
    ha1 = hashlib.md5(f"{user}:trustdesk.test:{PASSWORD}".encode(), usedforsecurity=False).hexdigest()
    return Phone(phone=number, user=user, ha1=ha1)


PHONES = (known("desk1", 1), known("desk2", 2))


def caller(folder: Path, codec: str = "PCMA") -> AbstractContextManager[Softphone]:
    account = f"<sip:+36201112233@127.0.0.1>;regint=0;audio_codecs={codec}/8000/1"
    return softphone(folder / "caller", account=account, says_hertz=CALLER)


def dial(edge: EdgeProcess, telephone: Softphone, transport: str = "udp") -> None:
    telephone.dial(f"sip:{NUMBER}@127.0.0.1:{edge.ports[transport]};transport={transport}")
    telephone.wait_for("CALL_ESTABLISHED")


@contextmanager
def desk(
    edge: EdgeProcess,
    folder: Path,
    user: str = "desk1",
    hertz: float = FIRST,
    *,
    transport: str = "udp",
    codec: str = "PCMA",
) -> Iterator[Softphone]:
    """A registered telephone that picks up by itself."""
    where = f"127.0.0.1:{edge.ports[transport]};transport={transport}"
    account = (
        f"<sip:{user}@{where}>;auth_user={user};auth_pass={PASSWORD};regint=60;"
        f"audio_codecs={codec}/8000/1;answermode=auto"
    )
    with softphone(folder / user, account=account, says_hertz=hertz) as telephone:
        edge.board.until(lambda: user in edge.board.reachable.phones, what=f"registration of {user}")
        yield telephone


def agent(edge: EdgeProcess, user: str = "desk1", operator: int = 5) -> Agent:
    return Agent(operator=operator, phone=user, notice=edge.notice, agreed=True)


def done(edge: EdgeProcess, command: Command) -> None:
    assert edge.board.command(command) == Done()


def talking(edge: EdgeProcess, far: Softphone) -> None:
    """The caller waits, then speaks with desk1, and both are recorded."""
    dial(edge, far)
    edge.board.wait_for(Happened.QUEUED)
    assert edge.files() == []
    done(edge, Connect(call=1, agent=agent(edge)))
    edge.board.wait_for(Happened.RECORDING, times=2)


def seconds(sound: SealedReader, hertz: float) -> list[float]:
    """How much of each whole second is this tone."""
    starts = range(sound.start_ms, sound.end_ms - 999, 1000)
    return [strength(sound.samples(start, start + 1000), hertz) for start in starts]


def check_only(edge: EdgeProcess, recording: int, hertz: float) -> None:
    """The recording is as the log has it, and holds nothing but this voice or silence."""
    told = edge.board.wait_for(Happened.RECORDED, recording=recording)
    with edge.opened(recording) as sound:
        assert sound.agrees(chunks=told.chunks, head=told.head)
        assert max(seconds(sound, hertz)) > SURE
        for other in {CALLER, FIRST, SECOND, NOTICE_HERTZ, MUSIC_HERTZ} - {hertz}:
            assert max(seconds(sound, other)) < NONE
