"""One private cluster a run, migrated once by the owner; the tests work as the runtime role."""

import os

from django.conf import settings
from django.core.management import call_command
from django.db import connections

from trustdesk.isolation.api import close_pools, install_scope_key
from trustdesk.server.cluster import Cluster
from trustdesk.server.database import create_database, prepare_roles, prepare_schema

# The tests' cluster dies with the run: it need not survive a power cut. It does survive kill -9 of its processes.
FAST = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "shared_buffers": "128MB"}


def start_cluster() -> Cluster:
    """Create, start and migrate; a cluster that runs already (a child process of the run) is used as it is."""
    home = settings.TRUSTDESK_HOME
    cluster = Cluster(home, settings=FAST)
    cluster.create()
    cluster.start()
    with cluster.connect() as connection:
        prepare_roles(connection, home.database_passwords())
        created = create_database(connection)
    if created:
        with cluster.connect("trustdesk") as connection:
            prepare_schema(connection)
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        install_scope_key()
        connections["owner"].close()
    return cluster


def stop_cluster(cluster: Cluster) -> None:
    close_pools()
    for connection in connections.all():
        connection.close()
        if connection.alias == "default" and hasattr(connection, "close_pool"):
            connection.close_pool()
    if os.environ.get("TRUSTDESK_KEEP_CLUSTER") != "1":
        cluster.stop(immediate=True)
