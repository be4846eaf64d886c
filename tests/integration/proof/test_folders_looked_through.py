"""Which folders are looked through: one that shares its name with another, or lies behind a link, is no blind spot."""

from pathlib import Path

import pytest
from django.conf import settings

from trustdesk.proof import places
from trustdesk.server.home import Home


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    monkeypatch.setattr(settings, "TRUSTDESK_HOME", made)
    return made


def test_two_of_one_name_are_both_looked_through(home: Home) -> None:
    (home.path / "logs").mkdir()
    folders = places.folders()
    assert folders["home.logs"] == home.logs
    assert folders["home.logs.above"] == home.path / "logs"


def test_what_lies_on_another_disk_is_looked_through(home: Home, tmp_path: Path) -> None:
    elsewhere = tmp_path / "disk" / "exports"
    elsewhere.mkdir(parents=True)
    (home.data / "exports").symlink_to(elsewhere)
    assert places.folders()["home.exports"] == elsewhere


def test_keys_and_the_database_are_not(home: Home) -> None:
    home.cluster.mkdir()
    looked = set(places.folders().values())
    assert not looked & {home.keys, home.data, home.cluster, home.run}
