"""The program as a whole: started, killed in parts, stopped."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest
from tests.integration.cli.program import Program, trustdesk

pytestmark = pytest.mark.slow
PLANTED = "Zsuzsanna-Geplanzt Wörterbuch"
PLANTED_MAIL = "zsuzsanna.geplanzt@example.org"
PLANTED_PHONE = "+36 30 765 43 21"


def test_an_agent_signs_in_searches_and_opens(demo: Program) -> None:
    browser = demo.desk()
    browser.choose()
    found = browser.search("FI-010001")
    assert len(found) == 1
    assert "FI-010001" in browser.get(found[0]).text


@pytest.mark.parametrize("name", ["trustdesk.cli.web", "trustdesk.cli.worker", "trustdesk.cli.ledger"])
def test_a_killed_process_comes_back(demo: Program, name: str) -> None:
    before = demo.pid_of(name)
    os.kill(before, signal.SIGKILL)
    deadline = time.monotonic() + 90
    while demo.pid_of(name) == before:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    demo.wait_until_answers()


def test_a_killed_database_comes_back(demo: Program) -> None:
    postmaster = int((demo.home / "data" / "pg" / "postmaster.pid").read_text().splitlines()[0])
    os.kill(postmaster, signal.SIGKILL)
    demo.wait_for("database: it ended, starting it again")
    demo.wait_until_answers()
    demo.desk("client@demo.example")


def test_two_of_one_home_are_refused(demo: Program) -> None:
    second = trustdesk(demo.home, "up", "--demo", "--port", "1")
    assert second.returncode == 1
    assert "It runs already" in second.stderr


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1"])  # noqa: S104 - refused
def test_the_demo_binds_to_nothing_but_loopback(tmp_path: Path, host: str) -> None:
    refused = trustdesk(tmp_path / "var", "up", "--demo", "--host", host)
    assert refused.returncode == 1
    assert "this machine only" in refused.stderr
    assert not (tmp_path / "var").exists()


def test_nothing_typed_or_read_stands_in_any_log(demo: Program) -> None:
    """A whole session: a name that is signed in with, searched for, noted, and asked for by an address."""
    stranger = demo.browser().client
    stranger.get("/nowhere/", params={"name": PLANTED})
    stranger.get(f"/desk/customers/{PLANTED_MAIL}/")
    stranger.post("/api/v1/customers", json={"name": PLANTED}, headers={"Authorization": "Bearer Geplanzt"})
    browser = demo.desk("supervisor@demo.example")
    browser.choose()
    for query in (PLANTED, PLANTED_MAIL, PLANTED_PHONE):
        browser.search(query)
    found = browser.search("FI-010002")
    page = browser.get(found[0])
    browser.client.post(f"{found[0]}notes/", data={"text": PLANTED}, headers={"Referer": str(page.url)})
    time.sleep(1)
    words = [word.encode() for word in ("Zsuzsanna", "Geplanzt", "geplanzt", "Wörterbuch", "7654321", "765 43 21")]
    logs = sorted((demo.home / "data" / "logs").glob("*"))
    assert {log.name for log in logs} >= {"web.log", "worker.log", "ledger.log", "postgresql.log"}
    for log in [*logs, demo.output]:
        assert [word for word in words if word in log.read_bytes()] == [], log.name


def test_open_streams_do_not_hold_up_the_end_of_the_server(demo: Program) -> None:
    browser = demo.desk("supervisor@demo.example")
    browser.choose()
    page = browser.tried("people.csv", b"Name\nSomebody Streamed\n", columns={"column_0": "name"})
    with browser.client.stream("GET", f"{page.split('?')[0]}live/", timeout=20) as stream:
        lines = stream.iter_lines()
        assert "event: changed" in (next(lines), next(lines), next(lines))
        web = demo.pid_of("trustdesk.cli.web")
        began = time.monotonic()
        os.kill(web, signal.SIGTERM)
        assert list(lines)[-1] == ""
        assert time.monotonic() - began < 4, "the server waited for it"
    demo.wait_for("web: it ended, started again")
    demo.wait_until_answers()


def test_the_doctor_finds_it_sound(demo: Program) -> None:
    examined = trustdesk(demo.home, "doctor")
    assert "BAD" not in examined.stdout, examined.stdout + examined.stderr
    assert examined.returncode == 0


def test_ctrl_c_leaves_nothing_running(tmp_path: Path) -> None:
    home = tmp_path / "var"
    made = trustdesk(home, "init", "--email", "first@example.org", "--name", "First Person")
    assert made.returncode == 0, made.stdout + made.stderr
    assert "/sign-in/start/" in made.stdout
    program = Program(home, demo=False)
    program.start()
    assert program.stop() == 0
    assert program.printed().rstrip().endswith("stopped")
    left = subprocess.run(["pgrep", "-f", str(home)], capture_output=True, text=True, check=False).stdout
    assert left == ""
