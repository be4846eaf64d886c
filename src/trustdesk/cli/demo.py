"""What `up --demo` does before it starts: a home of its own, and everything invented in it."""

from trustdesk.cli.environment import ready, say
from trustdesk.cli.installation import check_choice, installed, migrate, pending_migrations, replace_database
from trustdesk.demo.home import exists, is_loaded, mark_loaded
from trustdesk.demo.people import draw_sign_ins
from trustdesk.server.cluster import Cluster
from trustdesk.server.home import Home


def make_demo_home(home: Home, database: str | None) -> None:
    """Make the home where there is none, on an external database where one is named.

    Raises RefusedError where it belongs to an installation.
    """
    if exists(home) and is_loaded(home):
        check_choice(home, database)
        return
    say(f"demo: making its home in {home.path}")
    with installed(home, choices={"demo": True}, admin_url=database):
        draw_sign_ins(home)


def load_demo(home: Home, cluster: Cluster | None) -> None:
    """Load what is invented, once; a start that was cut off begins anew. The demo follows new versions by itself."""
    ready()
    draw_sign_ins(home)
    if is_loaded(home):
        if pending_migrations():
            say("demo: bringing the schema to this version")
            migrate()
        return
    from trustdesk.demo.load import load  # noqa: PLC0415 - needs the settings
    from trustdesk.mandates.api import controllers  # noqa: PLC0415

    migrate()
    if controllers():
        say("demo: it was cut off while it was loaded, beginning anew")
        replace_database(home, cluster)
        migrate()
    say("demo: inventing companies, operators and customers")
    load(home, say)
    mark_loaded(home)
