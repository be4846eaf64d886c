"""`trustdesk up`: database, web, worker, ledger and the exchange under one roof, until Ctrl+C."""

import sys
import time

import click

from trustdesk.cli.demo import load_demo, make_demo_home
from trustdesk.cli.environment import (
    alone,
    close_connections,
    existing_home,
    external,
    ready,
    running_database,
    say,
    use_database,
)
from trustdesk.cli.installation import collect_static, pending_migrations
from trustdesk.cli.listening import Listening, choose, set_environment
from trustdesk.cli.processes import Child, Supervisor
from trustdesk.kernel.errors import ConflictError, TrustdeskError
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import EXCHANGE_KEY, Home, current_home

_READY_SECONDS = 60


@click.command("up")
@click.option("--demo", is_flag=True, help="Load invented companies and people first; answers this machine only.")
@click.option("--database", metavar="URL", help="An external PostgreSQL instead of the home's own.")
@click.option("--host", help="Where to listen; by default the address of the settings.")
@click.option("--port", type=click.IntRange(1, 65535), help="Where to listen; by default that of the address.")
def command(*, demo: bool, database: str | None, host: str | None, port: int | None) -> None:
    """Start everything and keep it running; Ctrl+C stops it in order."""
    began = time.monotonic()
    listening = choose(host=host, port=port, demo=demo)
    listening.check()
    set_environment(listening)
    home = current_home() if demo else existing_home()
    with alone(home):
        listening.check_free()
        if demo:
            make_demo_home(home, database)
        use_database(database)
        _run(home, listening, demo=demo, began=began)
    say("stopped")


def _run(home: Home, listening: Listening, *, demo: bool, began: float) -> None:
    ready()
    say("database: " + ("external" if external() else "starting"))
    supervisor = Supervisor(_children(home, listening))
    with running_database(home) as cluster:
        supervisor.stop_on_signals()
        try:
            if demo:
                load_demo(home, cluster)
            _check_schema()
            collect_static()
            close_connections()
            say("web, worker, ledger, switchboard and edge: starting")
            supervisor.start("web")  # alone, so that people wait for nothing else
            _wait_until_ready(supervisor, listening)
            supervisor.start("worker", "ledger", "switchboard", "edge")
            if not supervisor.stopping:
                _greet(listening, demo=demo, seconds=time.monotonic() - began)
            _tend(supervisor, cluster)
        finally:
            say("stopping")
            for name in supervisor.stop():
                say(f"{name} did not stop by itself and was ended")


def _children(home: Home, listening: Listening) -> list[Child]:
    environment = {"DJANGO_SETTINGS_MODULE": "trustdesk.settings.base", "TRUSTDESK_HOME": str(home.path)}
    environment |= listening.environment()
    edge = ("-m", "trustdesk.sipedge", "--run", str(home.run), "--key", str(home.keys / EXCHANGE_KEY))
    programs = {name: ("-m", f"trustdesk.cli.{name}") for name in ("web", "worker", "ledger", "switchboard")}
    return [
        Child(name, (sys.executable, *program), environment, home.logs / f"{name}.log")
        for name, program in (programs | {"edge": edge}).items()
    ]


def _check_schema() -> None:
    waiting = pending_migrations()
    if waiting:
        raise ConflictError(
            f"The database lacks {waiting} migrations of this version.",
            place="database",
            mend="Run `trustdesk upgrade`: it backs up first.",
        )


def _wait_until_ready(supervisor: Supervisor, listening: Listening) -> None:
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and not supervisor.stopping:
        if listening.answers():
            return
        if supervisor.wait(tend=0.1):
            break
    if not supervisor.stopping:
        log = supervisor.children[0].log
        raise TrustdeskError("The web process does not answer.", place=str(log), mend="Read the end of its log.")


def _greet(listening: Listening, *, demo: bool, seconds: float) -> None:
    say("")
    say(f"trustdesk answers at {listening.address}  (started in {seconds:.1f} s)")
    if demo:
        from trustdesk.demo.people import sign_ins  # noqa: PLC0415 - only the demo needs it

        for line in sign_ins(current_home()):
            say(line)
    say("Ctrl+C stops it.")
    sys.stdout.flush()


def _tend(supervisor: Supervisor, cluster: Cluster | None) -> None:
    while not supervisor.stopping:
        if cluster is not None and cluster.running_pid() is None:
            say("database: it ended, starting it again")
            cluster.start()
        for name in supervisor.wait():
            say(f"{name}: it ended, started again")
