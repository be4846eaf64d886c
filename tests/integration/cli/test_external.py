"""An external PostgreSQL from the first start to the roll-back of an upgrade, without a superuser where none is due."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.integration.cli.program import Program, trustdesk
from tests.integration.cli.servers import Server, serving
from tests.ports import free_port

from trustdesk.kernel.errors import BadInputError
from trustdesk.server import external

pytestmark = pytest.mark.slow
LATER = {"DJANGO_SETTINGS_MODULE": "tests.integration.cli.failing.settings"}
KEY_TABLES = ("vault_controller_key", "vault_data_key", "vault_token_key", "audit_key", "audit_installation_key")
Places = tuple[Path, Path, Path]
INIT = ("init", "--email", "first@example.org", "--name", "First Person")
LIST = "Number;Name;Phone\nX-1;Erika Muster;+49 30 901820\nX-2;Jan Kowalski;+48 22 6945555\n"
MAPPING = {"columns": {"Number": "customer_number", "Name": "name", "Phone": "phone"}, "undeclared": "refuse"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """One that no test leaves anything on."""
    with serving(tmp_path_factory.mktemp("server") / "var") as started:
        yield started


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Server]:
    """One of the test's own: roles belong to a whole server."""
    with serving(tmp_path / "server" / "var") as started:
        yield started


def test_a_desk_lives_on_an_external_server(fresh: Server, program: Program, tmp_path: Path) -> None:
    """Start, sign in, import, examine, back up, lose everything, restore elsewhere, and fail to upgrade."""
    program.arguments += ["--database", fresh.url()]
    program.start()
    assert not (program.home / "data" / "pg").exists()
    assert "ALTER ROLE trustdesk_backup BYPASSRLS" in program.printed()
    assert fresh.run("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'trustdesk%' AND rolsuper") == [(0,)]
    desk = program.desk()
    desk.choose()
    assert desk.search("FI-010001")

    imported = bring_in(program.home, tmp_path)
    assert re.search(r"added +2\b", imported), imported
    check_sound(program.home)

    places = [str(tmp_path / name) for name in ("data", "keys", "epochs")]
    backup = ["backup", "--data", places[0], "--keys", places[1], "--epoch-keys", places[2]]
    refused = trustdesk(program.home, *backup)
    assert "may not read every row" in refused.stderr
    assert not Path(places[0]).exists()
    fresh.run(external.LET_BACKUP_READ)
    done = trustdesk(program.home, *backup)
    assert done.returncode == 0, done.stderr
    check_sound(program.home)
    assert program.stop() == 0, program.printed()

    shutil.rmtree(program.home)
    data, keys = (str(next(Path(place).iterdir())) for place in places[:2])
    dump = (Path(data) / "database.dump").read_bytes()
    assert fresh.home.database_passwords()["postgres"].encode() not in dump
    with serving(tmp_path / "second" / "var") as second:
        back = restored(second, tmp_path / "elsewhere" / "var", data, keys, places[2])
        for table in KEY_TABLES:
            (count,) = second.run(f"SELECT count(*) FROM {table}", name="desk")[0]
            assert count, table
        fail_to_upgrade(second, back)


def check_sound(home: Path) -> None:
    examined = trustdesk(home, "doctor")
    assert examined.returncode == 0, examined.stdout + examined.stderr


def bring_in(home: Path, folder: Path) -> str:
    (folder / "list.csv").write_text(LIST)
    (folder / "shop.json").write_text(json.dumps(MAPPING))
    command = ["import", str(folder / "list.csv"), "--controller", "1", "--source", "Shop", "--source-kind", "other"]
    command += ["--legal-basis", "eu-gdpr:A6-1-b", "--proof", "contract", "--mapping", str(folder / "shop.json")]
    done = trustdesk(home, *command)
    assert done.returncode == 0, done.stderr
    return done.stdout


def restored(server: Server, home: Path, data: str, keys: str, epochs: str) -> Program:
    """On a machine that never saw the first server, nor the database on it."""
    home.parent.mkdir()
    arguments = ["restore", "--data", data, "--keys", keys, "--epoch-keys", epochs]
    assert "external database" in trustdesk(home, *arguments).stderr
    assert not home.exists()
    server.run("CREATE DATABASE taken OWNER maker")
    server.run("CREATE TABLE something ()", name="taken")
    assert "holds something already" in trustdesk(home, *arguments, "--database", server.url("taken")).stderr
    done = trustdesk(home, *arguments, "--database", server.url())
    assert done.returncode == 0, done.stderr
    server.run(external.LET_BACKUP_READ)
    program = Program(home, demo=False)
    program.start()
    desk = program.desk()
    desk.choose()
    assert len(desk.search("X-2")) == 1
    assert program.stop() == 0, program.printed()
    return program


def fail_to_upgrade(server: Server, program: Program) -> None:
    rows = "SELECT count(*), max(id) FROM register_customer"
    before = server.run(rows, name="desk")
    failed = trustdesk(program.home, "upgrade", **LATER)
    assert failed.returncode == 1, failed.stdout
    assert "the database is as it was before" in failed.stderr, failed.stderr
    assert server.run(rows, name="desk") == before
    assert "already" in trustdesk(program.home, "upgrade").stdout
    program.start()
    desk = program.desk("supervisor@demo.example")
    desk.choose()
    assert len(desk.search("X-1")) == 1
    check_sound(program.home)
    assert program.stop() == 0, program.printed()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql://maker:wrong@127.0.0.1:{port}/desk", "password authentication failed"),
        ("postgresql://maker:x@127.0.0.1:1/desk", "does not answer"),
        ("postgresql://maker:x@nobody.invalid/desk", "does not answer"),
        ("postgresql://maker:of-no-superuser@127.0.0.1:{port}", "names no database"),
        ("postgresql://maker:of-no-superuser@127.0.0.1:{port}/desk?sslmode=require", "SSL"),
        ("postgresql://half:of-no-superuser@127.0.0.1:{port}/desk", "may not create roles and databases"),
        ("postgresql://nobody_special:of-no-superuser@127.0.0.1:{port}/desk", "may not create roles and databases"),
        ("mysql://maker:of-no-superuser@127.0.0.1/desk", "not one of PostgreSQL"),
        ("postgresql://maker:of-no-superuser@[127.0.0.1/desk", "not one of PostgreSQL"),
    ],
)
def test_what_is_wrong_is_one_line_and_leaves_nothing(server: Server, tmp_path: Path, url: str, said: str) -> None:
    refused = trustdesk(tmp_path / "var", *INIT, "--database", url.format(port=server.port))
    assert refused.returncode == 1
    assert said in refused.stderr.splitlines()[0], refused.stderr
    assert refused.stderr.startswith("trustdesk: ")
    assert "of-no-superuser" not in refused.stderr
    assert not (tmp_path / "var").exists()


def test_too_old_a_server_is_refused(server: Server) -> None:
    with pytest.raises(BadInputError, match=r"is PostgreSQL \d+; 99 or newer is needed"):
        external.check_account(server.url(), {}, oldest=99)


def test_a_second_installation_does_not_take_the_roles_of_the_first(fresh: Server, tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    made = trustdesk(first, *INIT, "--database", fresh.url("one", account="postgres"))
    assert made.returncode == 0, made.stderr
    refused = trustdesk(second, *INIT, "--database", fresh.url("two", account="postgres"))
    assert "roles of another trustdesk" in refused.stderr
    assert not second.exists()
    assert trustdesk(first, "doctor").returncode == 0
    again = trustdesk(first, *INIT, "--database", fresh.url("one", account="postgres"))
    assert again.returncode == 0, again.stderr
    other = trustdesk(first, *INIT, "--database", fresh.url("two", account="postgres"))
    assert "name another database" in other.stderr


def test_a_database_made_beforehand_is_taken_while_it_is_empty(fresh: Server, tmp_path: Path) -> None:
    fresh.run("CREATE DATABASE latin OWNER maker ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")
    refused = trustdesk(tmp_path / "latin", *INIT, "--database", fresh.url("latin"))
    assert "is in LATIN1" in refused.stderr
    fresh.run("CREATE DATABASE theirs OWNER maker")
    fresh.run("CREATE TABLE something ()", name="theirs")
    refused = trustdesk(tmp_path / "theirs", *INIT, "--database", fresh.url("theirs"))
    assert "holds something already" in refused.stderr
    assert "belongs to postgres" in trustdesk(tmp_path / "var", *INIT, "--database", fresh.url("postgres")).stderr
    assert fresh.run("SELECT count(*) FROM pg_roles WHERE rolname LIKE 'trustdesk%'") == [(0,)]
    fresh.run("CREATE DATABASE ours OWNER maker")
    fresh.run("REVOKE ALL ON DATABASE ours FROM PUBLIC")
    fresh.run("REVOKE CONNECT ON DATABASE postgres FROM PUBLIC")
    made = trustdesk(tmp_path / "ours", *INIT, "--database", fresh.url("ours"))
    assert made.returncode == 0, made.stderr
    program = Program(tmp_path / "ours", demo=False)
    program.start()
    assert program.stop() == 0, program.printed()


def test_an_installation_moves_to_an_external_server(fresh: Server, places: Places, tmp_path: Path) -> None:
    home, moved = tmp_path / "own" / "var", tmp_path / "moved" / "var"
    assert trustdesk(home, *INIT).returncode == 0
    named = [f"{option}={place}" for option, place in zip(("--data", "--keys", "--epoch-keys"), places, strict=True)]
    assert trustdesk(home, "backup", *named).returncode == 0
    named[:2] = [f"--data={next(places[0].iterdir())}", f"--keys={next(places[1].iterdir())}"]
    done = trustdesk(moved, "restore", *named, "--database", fresh.url())
    assert done.returncode == 0, done.stderr
    check_sound(moved)
    assert not (moved / "data" / "pg").exists()
    assert f"127.0.0.1:{fresh.port}/desk" in (moved / "settings.toml").read_text()


def test_a_server_that_is_away_is_said_by_every_command(fresh: Server, tmp_path: Path) -> None:
    home = tmp_path / "var"
    made = trustdesk(home, *INIT, "--database", fresh.url())
    assert made.returncode == 0, made.stderr
    up = ["up", "--port", str(free_port())]
    wrong = trustdesk(home, *up, "--database", fresh.url("nowhere"))
    assert 'database "nowhere" does not exist' in wrong.stderr
    fresh.cluster.stop(immediate=True)
    for command in (up, ["doctor"], ["upgrade"], ["rotate-keys"], ["backup", "--data", "a", "--keys", "b"]):
        away = trustdesk(home, *command)
        assert away.returncode == 1
        assert away.stderr.startswith("trustdesk: The database server does not answer."), (command, away.stderr)
