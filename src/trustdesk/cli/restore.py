"""`trustdesk restore`: an empty machine, both halves of a backup and its epoch's key make the installation again."""

import io
import json
import shutil
import tarfile
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path

import click
from django.apps import apps

from trustdesk.cli.archive import DATABASE_DUMP, FILES, KEY_FILES, KEY_ROWS, Pair, Written, read_pair
from trustdesk.cli.dumps import Tools, tools
from trustdesk.cli.environment import alone, close_connections, external, ready, say, use_database
from trustdesk.cli.forgotten import copies, erase_again
from trustdesk.cli.installation import (
    SETTINGS,
    collect_static,
    made_database,
    migrate,
    name_database,
    replace_database,
)
from trustdesk.cli.keybox import epoch_folder, find_epoch_key, open_into
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError, TrustdeskError
from trustdesk.server.cluster import Cluster
from trustdesk.server.external import check_account
from trustdesk.server.home import Home, current_home, write_private

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("restore")
@click.option("--data", type=_FOLDER, required=True, help="The folder of one backup's data.")
@click.option("--keys", type=_FOLDER, required=True, help="The folder of the same backup's keys.")
@click.option("--epoch-keys", type=click.Path(path_type=Path), help="The epoch's key, or the folder of them.")
@click.option(
    "--ledger",
    "ledgers",
    type=click.Path(exists=True, path_type=Path),
    multiple=True,
    help="A newer copy of the ledger of erasures: of the lost machine, or of a later backup's folder.",
)
@click.option("--database", metavar="URL", help="An external PostgreSQL, with an account that may create roles.")
def command(data: Path, keys: Path, epoch_keys: Path | None, ledgers: tuple[Path, ...], database: str | None) -> None:
    """Restore into an empty home folder, and into a database of its own or an empty external one.

    Whoever was erased after the backup is erased again before it ends: by the ledgers of later backups that lie beside
    this one, and by those that are named.
    """
    home = current_home()
    _check_nothing_there(home)
    pair = read_pair(data, keys)
    key = find_epoch_key(epoch_keys or epoch_folder(home, None), pair.epoch)
    say("keys: opening")
    packed = _open_files(pair, key)
    _check_database(packed, database, pair)
    with alone(home):
        try:
            _restore(home, pair, key, packed=packed, database=database, ledgers=ledgers)
        except BaseException:
            _forget(home)
            raise
    say("restored. Start with `trustdesk up`; all sessions have ended.")


def _restore(
    home: Home, pair: Pair, key: bytes, *, packed: io.BytesIO, database: str | None, ledgers: tuple[Path, ...]
) -> None:
    with tarfile.open(fileobj=packed) as files:
        unpack(files, home.path)
    with tarfile.open(pair.data / FILES) as files:
        unpack(files, home.path)
    home.prepare()
    if database:
        name_database(home, database)
        use_database(database)
    ready()
    with made_database(home, admin_url=database, oldest=pair.server_major) as cluster:
        say("database: restoring")
        restore_database(tools(home, cluster, oldest=pair.dump_major), pair, key)
        say("database: bringing the schema to this version")
        migrate()
        _note(pair.backup)
        with copies(pair.data, ledgers) as newer:
            erase_again(newer)
    collect_static()


def _check_nothing_there(home: Home) -> None:
    if (home.keys / "django.key").exists() or home.cluster.exists():
        raise ConflictError(
            "There is an installation here already: nothing is written over it.",
            place=str(home.path),
            mend="Set TRUSTDESK_HOME to an empty folder.",
        )


def _check_database(packed: io.BytesIO, database: str | None, pair: Pair) -> None:
    """Before anything is written: an external database is named anew, never taken from the backup's own settings."""
    with tarfile.open(fileobj=packed) as files:
        passwords, settings = (_member(files, name) for name in ("keys/database.json", SETTINGS))
    packed.seek(0)
    if database:
        check_account(database, json.loads(passwords), empty=True, oldest=pair.server_major)
    elif tomllib.loads(settings.decode()).get("database"):
        raise BadInputError(
            "The backup is of an installation with an external database.",
            place="--database",
            mend="Name an empty one, with an account that may create roles.",
        )


def _member(files: tarfile.TarFile, name: str) -> bytes:
    held = files.extractfile(name) if name in files.getnames() else None
    return held.read() if held else b""


def _forget(home: Home) -> None:
    """What a restore that failed has made, so that it can be tried again. The epochs' keys were there before."""
    close_connections()
    if apps.ready and external():  # it was found empty, or the restore had not begun
        with suppress(TrustdeskError):
            replace_database(home, None)
    shutil.rmtree(home.cluster, ignore_errors=True)
    for path in home.keys.iterdir() if home.keys.exists() else ():
        if path.is_file():
            path.unlink()


def restore_database(programs: Tools, pair: Pair, key: bytes) -> None:
    """Tables, rows, the rows of keys, and then what watches over them: keys' tombstones come back as tombstones."""
    dump = pair.data / DATABASE_DUMP
    programs.restore(dump, section="pre-data")
    programs.restore(dump, section="data")
    with tempfile.TemporaryDirectory(prefix="trustdesk-restore-") as folder:
        rows = Path(folder) / "rows.dump"  # wrapped under the root key, as in the table
        with rows.open("wb") as target:
            open_into(pair.keys / KEY_ROWS, target, key=key, label=f"{pair.backup} rows")
        programs.restore(rows, section="data")
    programs.restore(dump, section="post-data")


def put_back(home: Home, cluster: Cluster | None, written: Written, *, epochs: Path) -> None:
    """Replace the database by the backup's, on the same installation: the keys' files stay as they are."""
    pair = read_pair(written.data, written.keys)
    key = find_epoch_key(epochs, pair.epoch)
    programs = tools(home, cluster, oldest=pair.dump_major)
    replace_database(home, cluster)
    restore_database(programs, pair, key)
    from trustdesk.isolation.api import install_scope_key  # noqa: PLC0415 - needs the settings

    install_scope_key()
    close_connections()


def _open_files(pair: Pair, key: bytes) -> io.BytesIO:
    packed = io.BytesIO()
    open_into(pair.keys / KEY_FILES, packed, key=key, label=f"{pair.backup} files")
    packed.seek(0)
    return packed


def unpack(files: tarfile.TarFile, folder: Path) -> None:
    """Plain files below the folder, closed to others; everything else in an archive is refused.

    Python's own filter for this is missing from Debian 12's release.
    """
    for member in files:
        target = (folder / member.name).resolve()
        content = files.extractfile(member) if member.isfile() else None
        if not target.is_relative_to(folder.resolve()) or (content is None and not member.isdir()):
            raise BadInputError("The archive holds what no backup of ours holds.", place=member.name)
        if content is None:
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_private(target, content.read())


def _note(backup: str) -> None:
    from trustdesk.audit.api import installation_deed  # noqa: PLC0415 - needs the settings

    installation_deed(None, "installation.restored", {"backup": backup, "at": clock.rfc3339(clock.now())})
