"""`trustdesk upgrade`: back up, migrate, and put everything back where that fails."""

from pathlib import Path

import click

from trustdesk import __version__
from trustdesk.cli.archive import Written, check_apart
from trustdesk.cli.backup import back_up
from trustdesk.cli.environment import alone, close_connections, existing_home, ready, running_database, say
from trustdesk.cli.installation import collect_static, migrate, pending_migrations
from trustdesk.cli.keybox import epoch_folder
from trustdesk.cli.restore import put_back
from trustdesk.kernel.errors import TrustdeskError
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home

_FOLDER = click.Path(file_okay=False, path_type=Path)


class UpgradeError(TrustdeskError):
    """A migration failed. The message says what state the data is in."""

    code = "upgrade"
    status = 503


@click.command("upgrade")
@click.option("--data", type=_FOLDER, help="Where the backup's data goes; by default the home's own data.")
@click.option("--keys", type=_FOLDER, help="Where the backup's keys go; by default the home's own keys.")
def command(data: Path | None, keys: Path | None) -> None:
    """Bring the database to this version. Stop `trustdesk up` first."""
    home = existing_home()
    ready()
    with alone(home), running_database(home) as cluster:
        waiting = pending_migrations()
        if not waiting:
            collect_static()
            _order_tokens()
            say(f"The database is that of trustdesk {__version__} already.")
            return
        say(f"{waiting} migrations to apply")
        places = data or home.data / "backups", keys or home.keys / "backups"
        if data or keys:
            check_apart(*places, home)
        written = back_up(home, data=places[0], keys=places[1], epoch_keys=None)
        say(f"backed up to {written.data} and {written.keys}")
        _migrate(home, cluster, written)
        collect_static()
        _order_tokens()
        say(f"upgraded to trustdesk {__version__}")


def _migrate(home: Home, cluster: Cluster | None, written: Written) -> None:
    from trustdesk.audit.api import installation_deed  # noqa: PLC0415 - needs the settings

    close_connections()
    try:
        migrate()
    except Exception as fault:
        say("a migration failed, putting the backup back")
        close_connections()
        put_back(home, cluster, written, epochs=epoch_folder(home, None))
        raise UpgradeError(
            f"A migration failed ({type(fault).__name__}); the database is as it was before.",
            place=str(written.data),
            mend="Go back to the version before, start it, and report the migration.",
        ) from fault
    installation_deed(None, "installation.upgraded", {"version": __version__})


def _order_tokens() -> None:
    """Search tokens that an older version made are made anew by the worker; until then both are asked for."""
    from trustdesk.kernel import clock  # noqa: PLC0415 - needs the settings
    from trustdesk.mandates.api import controllers, system_context  # noqa: PLC0415
    from trustdesk.register.api import order_token_renewal  # noqa: PLC0415

    for company in controllers():
        context = system_context(company.id, purpose="administration", now=clock.now(), on_behalf_of=0)
        left = order_token_renewal(context)
        if left:
            say(f"{company.name}: the worker will make the search tokens of {left} customers anew; `up` starts it")
