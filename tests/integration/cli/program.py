"""The `trustdesk` program as somebody at the machine uses it, and as much of a browser as signing in needs."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import httpx
from tests.ports import free_port

from trustdesk.demo.people import code, password, totp_secret
from trustdesk.server.home import Home

READY = "Ctrl+C stops it"
START_SECONDS = 150
PERIOD_SECONDS = 30  # of one-time codes


def environment(home: Path, **more: str) -> dict[str, str]:
    """That of a shell which knows nothing of the tests."""
    ours = ("TRUSTDESK", "DJANGO", "PYTEST")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "TRUSTDESK_HOME": str(home), **more}


def trustdesk(home: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """One command to its end."""
    command = [sys.executable, "-m", "trustdesk.cli", *arguments]
    return subprocess.run(
        command,
        env=environment(home, **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )


def inside(home: Path, code: str, **more: str) -> str:
    """What this code prints in a process of the installation's own."""
    done = subprocess.run(
        [sys.executable, "-c", f"from trustdesk.cli.environment import ready; ready(); {code}"],
        env=environment(home, DJANGO_SETTINGS_MODULE="trustdesk.settings.base", **more),
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


class Program:
    """A `trustdesk up` in a home folder."""

    def __init__(self, home: Path, *, demo: bool = True) -> None:
        self.home = home
        self.port = free_port()
        self.address = f"http://127.0.0.1:{self.port}"
        self.arguments = ["up", "--port", str(self.port), *(["--demo"] if demo else [])]
        self.output = home.parent / f"{home.name}.output"
        self.process: subprocess.Popen[bytes] | None = None
        self._browsers: list[Browser] = []
        self._used: set[tuple[str, str]] = set()

    def start(self, *, ready: str = READY, **more: str) -> float:
        """Start and wait until it says that it is ready; the seconds it took."""
        began = time.monotonic()
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "trustdesk.cli", *self.arguments],
                env=environment(self.home, **more),
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        self.wait_for(ready)
        return time.monotonic() - began

    def end(self) -> None:
        """Whatever state it is in; for a test that failed in the middle."""
        for browser in self._browsers:
            browser.client.close()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=60)

    def wait_for(self, text: str, *, seconds: float = START_SECONDS) -> None:
        deadline = time.monotonic() + seconds
        while text not in self.printed():
            assert self.process is not None
            assert self.process.poll() is None, self.printed()
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.1)

    def wait_until_answers(self, *, seconds: float = 90) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                if httpx.get(f"{self.address}/sign-in/", timeout=5).status_code == httpx.codes.OK:
                    return
            except httpx.TransportError:
                pass
            assert time.monotonic() < deadline, self.printed()
            time.sleep(0.2)

    def printed(self) -> str:
        return self.output.read_text() if self.output.exists() else ""

    def stop(self) -> int:
        """Ctrl+C; the exit code."""
        for browser in self._browsers:
            browser.client.close()
        assert self.process is not None
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    def pid_of(self, name: str, *, seconds: float = 60) -> int:
        """The child of the program with this part in its command line. It is waited for: what a test before this one
        killed, or what lost its database, may be on its way back.
        """
        deadline = time.monotonic() + seconds
        while (found := self._child(name)) is None:
            assert time.monotonic() < deadline, f"{name} is not there: {self.printed()}"
            time.sleep(0.1)
        return found

    def _child(self, name: str) -> int | None:
        assert self.process is not None
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                parent = re.search(r"^PPid:\t(\d+)", (folder / "status").read_text(), re.MULTILINE)
                command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if parent and int(parent[1]) == self.process.pid and name in command:
                return int(folder.name)
        return None

    def desk(self, email: str = "agent@demo.example") -> "Browser":
        """Signed in as one of the demo's people."""
        return self.sign_in(self.browser(), email)

    def sign_in(self, browser: "Browser", email: str) -> "Browser":
        """With the demo's password and a code, at whatever address the browser asks."""
        browser.get("/sign-in/")
        browser.post({"login": email, "password": password(Home(self.home))})
        browser.post({"code": self._fresh_code(email)})
        assert "/sign-in" not in str(browser.page.url), browser.page.text
        return browser

    def browser(self) -> "Browser":
        """Nobody's browser yet; closed with the program."""
        self._browsers.append(Browser(self.address))
        return self._browsers[-1]

    def _fresh_code(self, email: str) -> str:
        """A code is good once. A clock may be half a minute fast: where this one was used, the next one is good too."""
        secret = totp_secret(Home(self.home), email)
        while True:
            for ahead in (0, PERIOD_SECONDS):
                fresh = code(secret, at=time.time() + ahead)
                if (email, fresh) not in self._used:
                    self._used.add((email, fresh))
                    return fresh
            time.sleep(0.5)


class Browser:
    """Cookies, forms with their hidden fields, redirects."""

    def __init__(self, address: str, client: httpx.Client | None = None) -> None:
        self.client = client or httpx.Client(base_url=address, follow_redirects=True, timeout=30)
        self.page: httpx.Response

    def get(self, path: str) -> httpx.Response:
        self.page = self.client.get(path)
        assert self.page.status_code == httpx.codes.OK, (path, self.page.status_code)
        return self.page

    def post(self, values: Mapping[str, str], *, file: tuple[str, bytes] | None = None) -> httpx.Response:
        """Send the page's first form that has these fields, with a file in its field `file`."""
        wanted = [*values, *(["file"] if file else [])]
        for form in re.findall(r"<form.*?</form>", self.page.text, re.DOTALL):
            if all(f'name="{name}"' in form for name in wanted):
                break
        else:
            raise AssertionError((wanted, str(self.page.url), self.page.text[:2000]))
        fields = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
        action = re.search(r'<form[^>]*\baction="([^"]*)"', form)
        target = urljoin(str(self.page.url), action[1] if action and action[1] else str(self.page.url))
        sent = {name: unescape(value) for name, value in fields.items()} | dict(values)
        files = {"file": file} if file else None
        self.page = self.client.post(target, data=sent, files=files, headers={"Referer": str(self.page.url)})
        assert self.page.status_code == httpx.codes.OK, (target, self.page.status_code, self.page.text[:2000])
        return self.page

    def choose(self) -> httpx.Response:
        """The first company and purpose that are offered."""
        self.get("/choose/")
        form = re.search(r'name="controller_id" value="(\d+)"', self.page.text)
        assert form is not None, self.page.text
        return self.post({"controller_id": form[1]})

    def search(self, query: str) -> list[str]:
        """The addresses of the customers found."""
        self.get("/desk/")
        return re.findall(r'href="(/desk/customers/[0-9A-Z]{13}/)"', self.post({"query": query}).text)

    def tried(self, name: str, content: bytes, *, columns: Mapping[str, str]) -> str:
        """Give a list and try it; the address of its dry run."""
        page = self.get("/console/imports/")
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert token is not None
        headers = {"Referer": str(page.url)}
        given = {"csrfmiddlewaretoken": token[1]}
        self.page = self.client.post("/console/imports/", data=given, files={"file": (name, content)}, headers=headers)
        source = {"source": "new", "source_kind": "import", "source_name": "Older", "legal_basis": "eu-gdpr:A6-1-b"}
        mapping = {"name": name, "kind": "person", "undeclared": "refuse", "try": ""}
        return str(self.post({**mapping, **source, **columns}).url)
