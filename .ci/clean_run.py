"""`make run` as a stranger would: in a clean copy, sign in with a printed code, open the desk, stop, start again, stop.

Standard library only. Prints how long each step took; ends with 1 at the first thing that is not as promised.
"""

import http.cookiejar
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
FIRST_START_SECONDS = 180
SECOND_START_SECONDS = 10
STOP_SECONDS = 30
OPERATOR = "agent@demo.example"
# All that a stranger's shell has: where programs, home and temporary files are, and how packages are fetched here.
STRANGERS = ("PATH", "HOME", "LANG", "TMPDIR", "UV_", "PIP_", "SSL_", "http", "HTTP", "no_proxy", "NO_PROXY")


def stop(text: str) -> NoReturn:
    sys.exit(f"clean run: {text}")


def say(text: str) -> None:
    print(f"clean run: {text}", flush=True)


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])


class Run:
    """One `make run`, its printed lines, and its end."""

    def __init__(self, copy: Path, port: int) -> None:
        environment = {name: value for name, value in os.environ.items() if name.startswith(STRANGERS)}
        environment["TRUSTDESK_ADDRESS"] = f"http://127.0.0.1:{port}"
        self.log = copy / "run.log"
        self.began = time.monotonic()
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                ["make", "run"], cwd=copy, env=environment, stdout=log, stderr=subprocess.STDOUT, start_new_session=True
            )

    def printed(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_address(self, limit: float) -> float:
        while time.monotonic() - self.began < limit:
            if "Ctrl+C stops it" in self.printed():
                return time.monotonic() - self.began
            if self.process.poll() is not None:
                stop(f"it ended by itself:\n{self.printed()}")
            time.sleep(0.1)
        self.end()
        stop(f"no address after {limit:.0f} s:\n{self.printed()}")

    def end(self) -> float:
        """Ctrl+C goes to the whole group, as from a keyboard."""
        began = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        try:
            self.process.wait(timeout=STOP_SECONDS)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            stop(f"it did not stop within {STOP_SECONDS} s:\n{self.printed()}")
        return time.monotonic() - began


class Browser:
    """As much of a browser as signing in needs."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.place = address

    def get(self, path: str) -> str:
        return self._open(urllib.request.Request(urllib.parse.urljoin(self.place, path)))

    def post(self, page: str, values: dict[str, str]) -> str:
        """Send the page's first form that has the fields, with its hidden fields and its token."""
        forms = re.findall(r"<form.*?</form>", page, re.DOTALL)
        form = next((form for form in forms if all(f'name="{name}"' in form for name in values)), None)
        if form is None:
            stop(f"no form with {', '.join(values)} at {self.place}")
        hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', form))
        action = re.search(r'<form[^>]*action="([^"]*)"', form)
        target = urllib.parse.urljoin(self.place, action[1] if action and action[1] else self.place)
        body = urllib.parse.urlencode({**hidden, **values}).encode()
        return self._open(urllib.request.Request(target, data=body, headers={"Referer": self.place}))

    def _open(self, request: urllib.request.Request) -> str:
        try:
            with self.opener.open(request, timeout=30) as answer:
                self.place = answer.geturl()
                return str(answer.read().decode())
        except urllib.error.HTTPError as error:
            stop(f"{request.get_method()} {request.full_url} answered {error.code}")


def sign_in(copy: Path, address: str, printed: str) -> None:
    password = re.search(r"password of all: (\S+)", printed)
    if password is None:
        stop(f"no password was printed:\n{printed}")
    browser = Browser(address)
    page = browser.get("/")
    page = browser.post(page, {"login": OPERATOR, "password": password[1]})
    command = [str(copy / ".venv" / "bin" / "trustdesk"), "demo-code", OPERATOR]
    used = copy / "used-code"  # a code is good once, also after a restart
    while True:
        code = subprocess.run(command, cwd=copy, capture_output=True, text=True, check=True).stdout.strip()
        if not used.exists() or used.read_text() != code:
            break
        time.sleep(1)
    used.write_text(code)
    browser.post(page, {"code": code})
    if "sign-in" in urllib.parse.urlsplit(browser.place).path:
        stop(f"still at {browser.place} after password and code")
    say(f"signed in, now at {urllib.parse.urlsplit(browser.place).path}")


def leftovers(copy: Path) -> list[str]:
    """Processes that still work in the copy."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            inside = str(copy) in command or str(folder.joinpath("cwd").resolve()).startswith(str(copy))
        except OSError:
            continue
        if inside and int(folder.name) != os.getpid():
            found.append(command.strip()[:120])
    return found


def main() -> None:
    folder = Path(tempfile.mkdtemp(prefix="trustdesk-clean-"))
    copy = folder / "trustdesk"
    try:
        began = time.monotonic()
        subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", str(ROOT), str(copy)], check=True)
        port = free_port()
        address = f"http://127.0.0.1:{port}"
        run = Run(copy, port)
        run.wait_for_address(FIRST_START_SECONDS)
        Browser(address).get("/sign-in/")
        seconds = time.monotonic() - began
        say(f"clone to sign-in page {seconds:.1f} s, at most {FIRST_START_SECONDS} s are promised")
        sign_in(copy, address, run.printed())
        say(f"stopped in {run.end():.1f} s")
        run = Run(copy, port)
        seconds = run.wait_for_address(60)
        say(f"second start {seconds:.1f} s, at most {SECOND_START_SECONDS} s are promised")
        sign_in(copy, address, run.printed())
        say(f"stopped in {run.end():.1f} s")
        if seconds > SECOND_START_SECONDS:
            stop("the second start took too long")
        if left := leftovers(copy):
            stop(f"still running: {left}")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
