"""`trustdesk backup`: data to one place, keys to another, sealed under the key of the day's epoch."""

from pathlib import Path

import click

from trustdesk.cli.archive import Written, check_apart, on_one_device, write
from trustdesk.cli.dumps import check_reader, tools
from trustdesk.cli.environment import alone, existing_home, ready, running_database, say
from trustdesk.cli.keybox import destroy_epochs, epoch_folder
from trustdesk.kernel import clock
from trustdesk.server.home import Home

_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command("backup")
@click.option("--data", type=_FOLDER, required=True, help="Where the data goes.")
@click.option("--keys", type=_FOLDER, required=True, help="Where the keys go: another place, best in other hands.")
@click.option("--epoch-keys", type=_FOLDER, help="Where the epochs' keys lie: a third place, to restore elsewhere.")
def command(data: Path, keys: Path, epoch_keys: Path | None) -> None:
    """Back data and keys up. It runs beside a working installation and stops nothing."""
    home = existing_home()
    check_apart(data, keys, home)
    if epoch_keys is not None:
        check_apart(data, epoch_keys, home)
        check_apart(keys, epoch_keys, home)
    ready()
    written = back_up(home, data=data, keys=keys, epoch_keys=epoch_keys)
    say(f"data: {written.data}")
    say(f"keys: {written.keys}, sealed under the epoch {written.epoch}")
    if on_one_device(data, keys):
        say("Both lie on one device: copy one of them elsewhere.")
    if epoch_keys is None:
        say("The epoch's key lies in the home's own keys: to restore on another machine, name a place by --epoch-keys.")


def back_up(home: Home, *, data: Path, keys: Path, epoch_keys: Path | None) -> Written:
    """Write both halves, destroy the epochs whose time is over. Raises what `check_reader`, `tools` and `write`
    raise, ConflictError while another backup of this home is written.
    """
    from django.conf import settings  # noqa: PLC0415 - needs the home

    from trustdesk.audit.api import installation_deed  # noqa: PLC0415

    now = clock.now()
    epochs = epoch_folder(home, epoch_keys)
    with alone(home, "backup"), running_database(home) as cluster:
        if cluster is None:
            check_reader(home)
        written = write(home, tools(home, cluster), data=data, keys=keys, epochs=epochs, now=now)
        destroyed = destroy_epochs(epochs, now, days=settings.TRUSTDESK_EPOCH_DAYS)
        installation_deed(None, "backup.made", {"epoch": written.epoch, "epochs_destroyed": destroyed})
    return written
