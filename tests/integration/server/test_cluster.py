"""A cluster of our own, also as root below a closed folder, with each kind of PostgreSQL there is."""

import os
import shutil
from pathlib import Path

import psycopg
import pytest

from trustdesk.kernel.errors import BadInputError
from trustdesk.server import binaries
from trustdesk.server.cluster import Cluster, ClusterError
from trustdesk.server.home import Home

pytestmark = pytest.mark.slow  # clusters are made

WHEEL = binaries._folders()[-1]


@pytest.fixture
def closed_home(tmp_path: Path) -> Home:
    """A home below a folder that nobody else may search."""
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    home = Home(closed / "var")
    home.prepare()
    return home


def test_wheel_starts_below_a_closed_folder(closed_home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PG_BIN", str(WHEEL))
    cluster = Cluster(closed_home)
    cluster.create()
    cluster.start()
    try:
        with cluster.connect() as connection:
            row = connection.execute("SELECT current_setting('listen_addresses')").fetchone()
        assert row == ("",)
        assert closed_home.path.parent.stat().st_mode & 0o777 == 0o700
        pid = cluster.running_pid()
        if os.geteuid() == 0:
            assert Path(f"/proc/{pid}").stat().st_uid != 0
    finally:
        cluster.stop()
    assert cluster.running_pid() is None


def test_programs_below_a_closed_folder_are_copied_for_somebody_else_only(
    closed_home: Home,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    site = closed_home.path.parent / "site"
    package = WHEEL.parent.parent
    for folder in (package, package.with_name(f"{package.name}.libs")):
        shutil.copytree(folder, site / folder.name, symlinks=True)
    monkeypatch.setenv("PG_BIN", str(site / package.name / "pginstall" / "bin"))
    cluster = Cluster(closed_home)
    cluster.create()
    copied = cluster.binaries().folder
    try:
        cluster.start()
        with cluster.connect() as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    finally:
        cluster.stop()
        if site not in copied.parents:
            shutil.rmtree(copied.parents[2])
    as_somebody_else = os.geteuid() == 0
    assert (site not in copied.parents) == as_somebody_else


def test_a_cluster_needs_its_password(closed_home: Home) -> None:
    cluster = Cluster(closed_home)
    cluster.create()
    cluster.start()
    try:
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(host=cluster.socket_folder, user="postgres", password="wrong", dbname="postgres")
    finally:
        cluster.stop()


def test_one_that_was_cut_off_is_made_anew(closed_home: Home) -> None:
    half = closed_home.data / "pg.draft"
    half.mkdir()
    (half / "PG_VERSION").write_text("15")
    cluster = Cluster(closed_home)
    assert not cluster.exists()
    with pytest.raises(ClusterError, match="no database in this home"):
        cluster.start()
    cluster.create()
    cluster.start()
    cluster.stop()
    assert not half.exists()


def test_a_second_start_finds_the_running_server(closed_home: Home) -> None:
    first, second = Cluster(closed_home), Cluster(closed_home)
    first.create()
    first.start()
    try:
        second.start()
        assert second.running_pid() == first.running_pid()
    finally:
        first.stop()


def test_binaries_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    with pytest.raises(BadInputError) as caught:
        binaries.find_binaries()
    assert caught.value.place == "PG_BIN"
