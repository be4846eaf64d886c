"""What a backup of the keys can bring back, and from which day on it can't."""

import io
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from tests.integration.vault.conftest import opened, sealed

from trustdesk.cli import keybox
from trustdesk.cli.dumps import Tools, tools
from trustdesk.kernel import clock
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, NotFoundError, SealBrokenError
from trustdesk.server.cluster import Cluster
from trustdesk.vault import api as vault

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)
LABEL = "backup 1 rows"


@pytest.fixture
def programs(cluster: Cluster) -> Tools:
    return tools(settings.TRUSTDESK_HOME, cluster)


def back_up(programs: Tools, folder: Path) -> Path:
    _name, key = keybox.epoch_key(folder / "epochs", DAY)
    dump = programs.dump_keys()
    content, _said = dump.communicate()
    assert dump.returncode == 0
    with (folder / "rows.sealed").open("wb") as target:
        keybox.write_sealed(io.BytesIO(content), target, key=key, label=LABEL)
    return folder / "rows.sealed"


def bring_back(programs: Tools, backup: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    """Restore the rows of keys into the living database, by the superuser and against all advice."""
    key = keybox.find_epoch_key(folder / "epochs", f"{DAY:%Y-%m-%d}")
    rows = folder / "rows.dump"
    with rows.open("wb") as target:
        keybox.open_into(backup, target, key=key, label=LABEL)
    command = [
        programs.programs.program("pg_restore"),
        "--data-only",
        "--table=vault_data_key",
        f"--dbname={programs.reader.conninfo}",
        str(rows),
    ]
    return subprocess.run(command, env=programs.reader.environment, capture_output=True, text=True, check=False)


def test_a_destroyed_key_is_not_brought_back_beside_its_tombstone(
    context: AccessContext,
    programs: Tools,
    tmp_path: Path,
) -> None:
    box = sealed(context, "secret")
    backup = back_up(programs, tmp_path)
    vault.destroy(context, 1, "service", now=clock.now())
    assert "duplicate key" in bring_back(programs, backup, tmp_path).stderr
    assert opened(context, box) == [None]


def test_after_its_epoch_no_backup_of_keys_opens(context: AccessContext, programs: Tools, tmp_path: Path) -> None:
    box = sealed(context, "secret")
    backup = back_up(programs, tmp_path)
    assert b"vault_data_key" not in backup.read_bytes()
    vault.destroy(context, 1, "service", now=clock.now())
    epochs = tmp_path / "epochs"
    kept = settings.TRUSTDESK_EPOCH_DAYS
    assert kept == 7
    ended = datetime(2026, 3, 2, tzinfo=UTC)
    assert keybox.destroy_epochs(epochs, ended + timedelta(days=kept, seconds=-1), days=kept) == []
    assert keybox.destroy_epochs(epochs, ended + timedelta(days=kept), days=kept) == ["2026-03-01"]
    assert list(epochs.iterdir()) == []
    with pytest.raises(NotFoundError):
        bring_back(programs, backup, tmp_path)
    assert opened(context, box) == [None]


def test_another_epochs_key_opens_nothing(context: AccessContext, programs: Tools, tmp_path: Path) -> None:
    sealed(context, "secret")
    backup = back_up(programs, tmp_path)
    _name, other = keybox.epoch_key(tmp_path / "epochs", DAY + timedelta(days=1))
    with pytest.raises(BadInputError):
        keybox.open_into(backup, io.BytesIO(), key=other, label=LABEL)


@pytest.mark.parametrize("harm", ["flip", "shorten", "swap"])
def test_an_altered_backup_of_keys_does_not_open(tmp_path: Path, harm: str) -> None:
    key = b"k" * 32
    content = b"".join(bytes([number]) * keybox.FRAME for number in range(3))
    target = io.BytesIO()
    keybox.write_sealed(io.BytesIO(content), target, key=key, label=LABEL)
    box = bytearray(target.getvalue())
    frame = len(box) // 3
    if harm == "flip":
        box[frame + 100] ^= 1
    elif harm == "shorten":
        del box[2 * frame :]
    else:
        box[:frame], box[frame : 2 * frame] = box[frame : 2 * frame], box[:frame]
    with pytest.raises(SealBrokenError):
        b"".join(keybox.read_sealed(io.BytesIO(bytes(box)), key=key, label=LABEL))
    assert b"".join(keybox.read_sealed(io.BytesIO(target.getvalue()), key=key, label=LABEL)) == content


def test_every_table_with_a_wrapped_key_is_named(cluster: Cluster, programs: Tools) -> None:
    with cluster.connect("trustdesk") as connection:
        found = connection.execute(
            "SELECT table_name FROM information_schema.columns"
            " WHERE table_schema = 'public' AND column_name = 'wrapped' ORDER BY 1",
        ).fetchall()
    assert {row[0] for row in found} == set(programs.key_tables)
