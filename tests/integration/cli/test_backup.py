"""Backup, loss of everything, restore, and the same desk again; and what is refused on the way."""

import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.integration.cli.program import Program, environment, inside, trustdesk

from trustdesk.cli.keybox import destroy_epochs, epoch_key

pytestmark = pytest.mark.slow
Places = tuple[Path, Path, Path]


def back_up(home: Path, places: Places) -> tuple[Path, Path]:
    data, keys, epochs = map(str, places)
    done = trustdesk(home, "backup", "--data", data, "--keys", keys, "--epoch-keys", epochs)
    assert done.returncode == 0, done.stdout + done.stderr
    return newest(places[0]), newest(places[1])


def newest(folder: Path) -> Path:
    return max(folder.iterdir())


def restore(home: Path, data: Path, keys: Path, epochs: Path) -> subprocess.CompletedProcess[str]:
    return trustdesk(home, "restore", "--data", str(data), "--keys", str(keys), "--epoch-keys", str(epochs))


@pytest.fixture
def restored(demo: Program, places: Places, tmp_path: Path) -> Iterator[Program]:
    """The demo on another machine: an empty home, and nothing of the first one but its backup."""
    data, keys = back_up(demo.home, places)
    program = Program(tmp_path / "elsewhere" / "var", demo=False)
    program.home.parent.mkdir()
    done = restore(program.home, data, keys, places[2])
    assert done.returncode == 0, done.stdout + done.stderr
    program.start()
    yield program
    assert program.stop() == 0, program.printed()


def test_a_restored_desk_opens_the_same_customers(demo: Program, restored: Program) -> None:
    before, after = demo.desk("supervisor@demo.example"), restored.desk("supervisor@demo.example")
    for browser in (before, after):
        browser.choose()
    assert after.search("FI-010003") == before.search("FI-010003") != []
    address = after.search("FI-010003")[0]
    assert "FI-010003" in after.get(address).text
    examined = trustdesk(restored.home, "doctor")
    assert examined.returncode == 0, examined.stdout + examined.stderr


def test_a_restored_log_verifies_and_goes_on(restored: Program, tmp_path: Path) -> None:
    deadline = time.monotonic() + 60
    while not (handed_out := list((restored.home / "handout" / "0").glob("checkpoint-*.txt"))):
        assert time.monotonic() < deadline, "nothing was handed out"
        time.sleep(0.5)
    out = tmp_path / "installation.log"
    export = f"export_installation(out=Path({str(out)!r}))"
    inside(restored.home, f"from pathlib import Path; from trustdesk.audit.api import export_installation; {export}")
    verified = trustdesk(restored.home, "verify", str(out))
    assert "SELF-CONSISTENT ONLY" in verified.stdout, verified.stdout + verified.stderr
    against = trustdesk(restored.home, "verify", str(out), "--against", str(handed_out[0]))
    assert against.returncode == 0, against.stdout + against.stderr


def test_neither_half_says_anything_alone(demo: Program, places: Places) -> None:
    """In the data there is no key, in the keys nothing that is not sealed."""
    data, keys = back_up(demo.home, places)
    held = b"".join(path.read_bytes() for path in data.iterdir())
    sealed = b"".join(path.read_bytes() for path in keys.iterdir())
    for key in ("root.key", "scope.key", "django.key", "log.key"):
        secret = (demo.home / "keys" / key).read_bytes()
        assert secret not in held + sealed
        assert secret.hex().encode() not in held + sealed
    assert b"vault_data_key" not in sealed
    assert (places[0].stat().st_mode | data.stat().st_mode) & 0o077 == 0


@pytest.mark.parametrize(
    ("data", "keys"),
    [("one", "one"), ("one", "one/below"), ("one/below", "one"), ("one", "link")],
)
def test_one_place_for_both_is_refused(demo: Program, tmp_path: Path, data: str, keys: str) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "one")
    refused = trustdesk(demo.home, "backup", "--data", str(tmp_path / data), "--keys", str(tmp_path / keys))
    assert refused.returncode == 1
    assert "one place" in refused.stderr
    assert list((tmp_path / "one").iterdir()) == []


def test_the_wrong_half_of_the_home_is_refused(demo: Program, tmp_path: Path) -> None:
    beside = trustdesk(
        demo.home,
        "backup",
        "--data",
        str(tmp_path / "data"),
        "--keys",
        str(demo.home / "data" / "backups"),
    )
    assert beside.returncode == 1
    assert "beside the data" in beside.stderr


def test_a_full_disk_leaves_nothing_half_done(demo: Program, places: Places) -> None:
    data, keys = back_up(demo.home, places)
    kept = sorted(path.name for path in (*data.iterdir(), *keys.iterdir()))
    command = [sys.executable, "-m", "trustdesk.cli", "backup", "--data", str(places[0]), "--keys", str(places[1])]
    failed = subprocess.run(
        command,
        env=environment(demo.home),
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000)),
    )
    assert failed.returncode == 1
    assert "trustdesk: " in failed.stderr
    assert "Traceback" not in failed.stderr
    assert list(places[0].iterdir()) == [data]
    assert list(places[1].iterdir()) == [keys]
    assert sorted(path.name for path in (*data.iterdir(), *keys.iterdir())) == kept


def test_what_was_altered_or_does_not_belong_together_is_not_restored(
    demo: Program,
    places: Places,
    tmp_path: Path,
) -> None:
    data, keys = back_up(demo.home, places)
    other = tmp_path / "second" / "data", tmp_path / "second" / "keys", places[2]
    foreign = back_up(demo.home, other)[0]
    home = tmp_path / "empty" / "var"
    assert "of two backups" in restore(home, foreign, keys, places[2]).stderr
    altered = tmp_path / "altered"
    shutil.copytree(data, altered)
    dump = bytearray((altered / "database.dump").read_bytes())
    dump[len(dump) // 2] ^= 1
    (altered / "database.dump").write_bytes(dump)
    assert "altered: database.dump" in restore(home, altered, keys, places[2]).stderr
    assert not home.exists()


def test_without_its_epochs_key_a_backup_stays_shut(demo: Program, places: Places, tmp_path: Path) -> None:
    data, keys = back_up(demo.home, places)
    shutil.rmtree(places[2])
    home = tmp_path / "empty" / "var"
    assert "was destroyed" in restore(home, data, keys, places[2]).stderr
    places[2].mkdir()
    epoch_key(places[2], datetime.now(UTC))  # another key of the same day
    assert "does not open" in restore(home, data, keys, places[2]).stderr
    assert not (home / "keys" / "root.key").exists()


def test_nothing_is_restored_over_an_installation(demo: Program, places: Places) -> None:
    data, keys = back_up(demo.home, places)
    assert "installation here already" in restore(demo.home, data, keys, places[2]).stderr


def test_epochs_are_destroyed_after_their_days(tmp_path: Path) -> None:
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    for day in range(10):
        epoch_key(tmp_path, start + timedelta(days=day))
    gone = destroy_epochs(tmp_path, start + timedelta(days=9), days=7)
    assert gone == ["2026-03-01", "2026-03-02"]
    assert len(list(tmp_path.iterdir())) == 8
    assert destroy_epochs(tmp_path / "nowhere", start, days=7) == []
