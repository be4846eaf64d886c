"""`trustdesk restore`: an empty machine, both halves of a backup and its epoch's key make the installation again."""

import io
import tarfile
import tempfile
from pathlib import Path

import click

from trustdesk.cli.archive import DATABASE_DUMP, FILES, KEY_FILES, KEY_ROWS, read_manifest
from trustdesk.cli.dumps import Tools, tools
from trustdesk.cli.environment import close_connections, ready, say
from trustdesk.cli.installation import collect_static, make_database, migrate, replace_database
from trustdesk.cli.keybox import epoch_folder, find_epoch_key, open_into
from trustdesk.kernel import clock
from trustdesk.kernel.errors import BadInputError, ConflictError
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home, current_home, write_private

_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.command("restore")
@click.option("--data", type=_FOLDER, required=True, help="The folder of one backup's data.")
@click.option("--keys", type=_FOLDER, required=True, help="The folder of the same backup's keys.")
@click.option("--epoch-keys", type=click.Path(path_type=Path), help="The epoch's key, or the folder of them.")
def command(data: Path, keys: Path, epoch_keys: Path | None) -> None:
    """Restore into an empty home folder."""
    home = current_home()
    if (home.keys / "django.key").exists() or home.cluster.exists():
        raise ConflictError(
            "There is an installation here already: nothing is written over it.",
            place=str(home.path),
            mend="Set TRUSTDESK_HOME to an empty folder.",
        )
    backup, epoch = check_pair(data, keys)
    key = find_epoch_key(epoch_keys or epoch_folder(home, None), epoch)
    say("keys: opening")
    _restore_files(home, data, keys, key=key, backup=backup)
    home.prepare()
    ready()
    cluster = make_database(home)
    if cluster is None:
        raise AssertionError
    try:
        say("database: restoring")
        restore_database(tools(home, cluster), data, keys, key=key, backup=backup)
        say("database: bringing the schema to this version")
        migrate()
        _note(backup)
    finally:
        close_connections()
        cluster.stop()
    collect_static()
    say("restored. Start with `trustdesk up`; all sessions have ended.")


def check_pair(data: Path, keys: Path) -> tuple[str, str]:
    """The backup's name and epoch. Raises BadInputError where the halves are altered or of two backups."""
    manifests = read_manifest(data), read_manifest(keys)
    if manifests[0]["backup"] != manifests[1]["backup"]:
        raise BadInputError("Data and keys are of two backups.", place=str(keys), mend="Name the same moment twice.")
    return str(manifests[0]["backup"]), str(manifests[0]["epoch"])


def restore_database(programs: Tools, data: Path, keys: Path, *, key: bytes, backup: str) -> None:
    """Tables, rows, the rows of keys, and then what watches over them: keys' tombstones come back as tombstones."""
    dump = data / DATABASE_DUMP
    programs.restore(dump, section="pre-data")
    programs.restore(dump, section="data")
    with tempfile.TemporaryDirectory(prefix="trustdesk-restore-") as folder:
        rows = Path(folder) / "rows.dump"  # wrapped under the root key, as in the table
        with rows.open("wb") as target:
            open_into(keys / KEY_ROWS, target, key=key, label=f"{backup} rows")
        programs.restore(rows, section="data")
    programs.restore(dump, section="post-data")


def put_back(home: Home, cluster: Cluster, data: Path, keys: Path, *, epochs: Path) -> None:
    """Replace the database by the backup's, on the same installation: the keys' files stay as they are."""
    backup, epoch = check_pair(data, keys)
    key = find_epoch_key(epochs, epoch)
    replace_database(cluster)
    restore_database(tools(home, cluster), data, keys, key=key, backup=backup)
    from trustdesk.isolation.api import install_scope_key  # noqa: PLC0415 - needs the settings

    install_scope_key()
    close_connections()


def _restore_files(home: Home, data: Path, keys: Path, *, key: bytes, backup: str) -> None:
    packed = io.BytesIO()
    open_into(keys / KEY_FILES, packed, key=key, label=f"{backup} files")
    packed.seek(0)
    for folder in (home.path, home.keys, home.data):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tarfile.open(fileobj=packed) as files:
        unpack(files, home.path)
    with tarfile.open(data / FILES) as files:
        unpack(files, home.path)


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
