"""Data and keys of before, during and after an erasure, restored by the commands: nobody is back, and nobody comes."""

import io
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest
from tests.integration.cli.program import environment, trustdesk
from tests.integration.cli.test_backup import back_up

from trustdesk.cli.forgotten import copies
from trustdesk.kernel.errors import BadInputError

ROOT = Path(__file__).parents[3]
NOBODY = {"Anna": "", "Béla": "", "Cleo": "", "Dóra": "Dóra Kovács"}


def scene(home: Path, act: str, held: dict[str, int] | None = None) -> dict[str, Any]:
    path = f"{ROOT / 'src'}{os.pathsep}{ROOT}"
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.cli.erased_scene", act, json.dumps(held or {})],
        env=environment(home, DJANGO_SETTINGS_MODULE="trustdesk.settings.base", PYTHONPATH=path),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def restored(home: Path, data: Path, keys: Path, epochs: Path, *more: str) -> str:
    given = ["--data", str(data), "--keys", str(keys), "--epoch-keys", str(epochs)]
    done = trustdesk(home, "restore", *given, *more)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
def test_a_restore_brings_nobody_back(tmp_path: Path, places: tuple[Path, Path, Path]) -> None:
    home, epochs = tmp_path / "first" / "var", places[2]
    home.parent.mkdir()
    made = trustdesk(home, "init", "--email", "admin@example.com", "--name", "Admin")
    assert made.returncode == 0, made.stdout + made.stderr
    held = scene(home, "make")
    data, keys = back_up(home, places)
    assert scene(home, "finish", held) == {"Béla": "done", "Cleo": "done"}
    book = tmp_path / "of the lost machine.jsonl"
    shutil.copy(home / "ledger" / "erased.jsonl", book)

    elsewhere = tmp_path / "second" / "var"
    elsewhere.parent.mkdir()
    said = restored(elsewhere, data, keys, epochs, "--ledger", str(book))
    assert "ledger: 3 erasures, 2 of them done again" in said
    after = scene(elsewhere, "look", held)
    assert after["there"] == NOBODY
    assert after["keys"] == [0, 0, 0, 1]
    assert after["let in"] == [False, False, False]
    assert after["plans"] == ["done", "done", "done"]
    assert after["found"] == 1


def test_a_later_backup_beside_the_restored_one_says_who_was_erased(tmp_path: Path) -> None:
    """Without the lost machine's own copy: each backup carries the ledger of its day."""
    line = b'{"controller_id":1}\n'
    for name, held in {"20261101T000000Z": b"", "20261102T000000Z": line}.items():
        folder = tmp_path / "data" / name
        folder.mkdir(parents=True)
        with tarfile.open(folder / "files.tar", "w") as files:
            if held:
                member = tarfile.TarInfo("ledger/erased.jsonl")
                member.size = len(held)
                files.addfile(member, io.BytesIO(held))
    earlier, later = sorted((tmp_path / "data").iterdir())
    with copies(earlier, []) as found:
        assert [path.read_bytes() for path in found] == [line]
    with copies(tmp_path / "data" / "elsewhere" / "20261101", [later]) as found:
        assert [path.read_bytes() for path in found] == [line]
    with pytest.raises(BadInputError), copies(earlier, [earlier]):
        pass
