"""A whole demo that is called: two telephones, and what its pages, tables and recordings say of the call."""

import json
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import httpx
import psycopg
from tests.baresip import Softphone, softphone
from tests.integration.cli.program import Browser, Program, inside

from trustdesk.demo.calls import REACHED
from trustdesk.demo.people import SIGN_INS
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import DATABASE
from trustdesk.server.home import Home

NUMBER = REACHED["FI"].number
CALLER, AGENT = 1000.0, 1300.0  # what each of them says, in hertz
HERTZ = {"customer": CALLER, "agent": AGENT}
HEARD = 0.3  # of the power of a second, however busy the machine is
PATIENCE = 90.0
T = TypeVar("T")


def until(found: Callable[[], T | None], *, seconds: float = PATIENCE, what: str = "") -> T:
    """What is found, as soon as it is there."""
    deadline = time.monotonic() + seconds
    while True:
        value = found()
        if value:
            return value
        assert time.monotonic() < deadline, f"it never came: {what}"
        time.sleep(0.1)


class House:
    """The demo, its Finnish company and one agent of it, at a browser."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.home = Home(program.home)
        drawn = json.loads(self.home.secret(SIGN_INS))
        self.port, self.password = int(drawn["sip"]), str(drawn["phones"]["agent-1"])
        self.controller = int(self.row("SELECT controller_id FROM telephony_number WHERE e164 = %s", NUMBER)[0])
        self.inside("say_little")
        self.browser = self._browser()

    def row(self, statement: str, *values: object) -> Any:  # noqa: ANN401 - whatever the tables hold
        """The first row; None where there is none, or the database is away."""
        try:
            with Cluster(self.home).connect(DATABASE) as connection:
                return connection.execute(statement.encode(), values).fetchone()
        except psycopg.OperationalError:
            return None

    def inside(self, name: str, *given: object) -> str:
        """What a function of `called_inside` prints."""
        values = ", ".join(repr(value) for value in (self.controller, *given))
        code = f"from tests.integration.cli import called_inside; called_inside.{name}({values})"
        return inside(self.program.home, code)

    def _browser(self) -> Browser:
        browser = self.program.desk()
        page = browser.get("/choose/").text
        names = {"controller_id": str(self.controller), "mandate_id": r"(\d+)", "purpose": '([^"]+)'}
        offered = ".*?".join(f'name="{name}" value="{value}"' for name, value in names.items())
        seat = re.search(offered, page, re.DOTALL)
        assert seat is not None, page
        browser.post({"controller_id": str(self.controller), "mandate_id": seat[1], "purpose": seat[2]})
        return browser

    def bar(self) -> str:
        """The agent's call bar, as the page has it."""
        return self.browser.get("/desk/phone/bar/").text

    def be_ready(self) -> None:
        """Asked again until the exchange has heard of the telephone."""

        def asked() -> bool:
            page = self.browser.get("/desk/phone/")
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
            assert token is not None
            given = {"csrfmiddlewaretoken": token[1], "state": "ready"}
            headers = {"Referer": str(page.url)}
            answer = self.browser.client.post("/desk/phone/presence/", data=given, headers=headers)
            return answer.status_code == httpx.codes.OK

        until(asked, what="the agent is ready")

    def say_what_came_of_it(self) -> None:
        """The wrap-up, as the bar asks for it."""

        def asked() -> re.Match[str] | None:
            return re.search(r'href="(/desk/conversations/[^"]+\?as=[^"]+)"', self.bar())

        self.browser.get(until(asked, what="the question what came of the call")[1].replace("&amp;", "&"))
        self.browser.post({"note": "a note"})

    @contextmanager
    def call(self, folder: Path) -> Iterator["Call"]:
        """A caller speaks with the agent, and both are recorded."""
        far_account = "<sip:+358401234567@127.0.0.1>;regint=0;audio_codecs=PCMA/8000/1"
        where = f"127.0.0.1:{self.port};transport=udp"
        near_account = (
            f"<sip:agent-1@{where}>;auth_user=agent-1;auth_pass={self.password};regint=60;"
            "audio_codecs=PCMA/8000/1;answermode=auto"
        )
        with ExitStack() as stack:
            far = stack.enter_context(softphone(folder / "far", account=far_account, says_hertz=CALLER, seconds=600))
            near = stack.enter_context(softphone(folder / "near", account=near_account, says_hertz=AGENT, seconds=600))
            near.wait_for("REGISTER_OK", seconds=PATIENCE)
            self.be_ready()
            yield Call(self, far, near, self.dial(far))

    def dial(self, far: Softphone) -> int:
        """The call, as soon as both are recorded."""
        far.dial(f"sip:{NUMBER}@127.0.0.1:{self.port}")
        far.wait_for("CALL_ESTABLISHED", seconds=PATIENCE)
        newest = (
            "SELECT id FROM switchboard_call WHERE controller_id = %s AND state = 'talking' AND recorded"
            " AND (SELECT count(*) FROM recordings_recording r WHERE r.call_id = switchboard_call.id) = 2"
        )
        return int(until(lambda: self.row(newest, self.controller), what="a call that is recorded")[0])


@dataclass
class Call:
    """A call that goes on."""

    house: House
    far: Softphone
    near: Softphone
    number: int

    @contextmanager
    def heard_throughout(self) -> Iterator[None]:
        """In every second, by both."""
        starts = [len(phone.heard()) for phone in (self.far, self.near)]
        yield
        self.far.until_heard(AGENT, seconds=PATIENCE)
        self.near.until_heard(CALLER, seconds=PATIENCE)
        for phone, start, hertz in zip((self.far, self.near), starts, (AGENT, CALLER), strict=True):
            parts = phone.strengths(hertz, start)
            assert parts
            assert min(parts) > HEARD, parts

    def hang_up(self) -> None:
        self.far.hang_up()
        self.near.wait_for("CALL_CLOSED", seconds=PATIENCE)

    def column(self, name: str) -> Any:  # noqa: ANN401 - whatever the table holds
        found = self.house.row(f"SELECT {name} FROM switchboard_call WHERE id = %s", self.number)
        return found[0] if found else None

    def ended(self) -> None:
        """The call's row, its conversation's and its wait say that it is over, and how."""
        until(lambda: self.column("ended_at"), what="the end of the call in its row")
        assert (self.column("state"), self.column("result")) == ("ended", "answered")
        interaction = self.house.row(
            "SELECT result, ended_at IS NOT NULL, answered_at IS NOT NULL FROM conversations_interaction WHERE id = %s",
            self.column("interaction_id"),
        )
        assert interaction == ("answered", True, True)
        waits = self.house.row("SELECT count(*), min(ended) FROM switchboard_wait WHERE call_id = %s", self.number)
        assert waits == (1, "answered")

    def wrapped_up(self) -> None:
        """The agent has time to write down what came of it, and does."""
        states = "SELECT state FROM switchboard_agent WHERE controller_id = %s AND call_id = %s"
        assert self.house.row(states, self.house.controller, self.number) == ("wrap-up",)
        self.house.say_what_came_of_it()

    def recordings(self, *states: str) -> list[dict[str, Any]]:
        """Both of them, as soon as they are closed: each is what the log has of it, and holds its voice throughout."""
        open_ones = "SELECT count(*) = 0 FROM recordings_recording WHERE call_id = %s AND state = 'open'"
        until(lambda: (self.house.row(open_ones, self.number) or (False,))[0], what="recordings that are closed")
        told: list[dict[str, Any]] = json.loads(self.house.inside("recordings", self.number, HERTZ))
        assert sorted(one["role"] for one in told) == ["agent", "customer"]
        for one in told:
            assert one["state"] in states, told
            assert one["agrees"], told
            assert min(one["voice"]) > HEARD, told
        return told
