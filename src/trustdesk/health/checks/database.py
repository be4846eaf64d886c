"""Versions, schema, isolation, roles and waiting work, as the database itself tells them."""

import platform
from datetime import datetime

import django
from django.db import connections
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext_noop as _

from trustdesk import __version__
from trustdesk.health.contracts import Finding, State
from trustdesk.health.isolated import gaps
from trustdesk.server.database import BACKUP

OLDEST_POSTGRESQL = 15
LONGEST_WAIT_MINUTES = 15


def check_versions(_now: datetime) -> Finding:
    """What runs here, for whoever reads a report; an old PostgreSQL is broken."""
    connection = connections["owner"]
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        number = int(cursor.fetchone()[0])
    values = {
        "trustdesk": __version__,
        "python": platform.python_version(),
        "django": django.get_version(),
        "postgresql": f"{number // 10000}.{number % 10000}",
    }
    message = _("trustdesk %(trustdesk)s, Python %(python)s, Django %(django)s, PostgreSQL %(postgresql)s.")
    state = State.SOUND if number // 10000 >= OLDEST_POSTGRESQL else State.BROKEN
    return Finding("versions", state, message, values, "" if state is State.SOUND else _("Use PostgreSQL 15 or newer."))


def check_schema(_now: datetime) -> Finding:
    """Every migration of this version is applied."""
    executor = MigrationExecutor(connections["owner"])
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    if waiting:
        return Finding(
            "schema",
            State.BROKEN,
            _("%(count)s migrations are not applied."),
            {"count": waiting},
            _("Run `trustdesk upgrade`."),
        )
    return Finding("schema", State.SOUND, _("The schema is that of this version."))


def check_tables(_now: datetime) -> Finding:
    """Every table refuses the rows of another controller, or stands on the reasoned list."""
    with connections["owner"].cursor() as cursor:
        found, tables = gaps(cursor)
    if found:
        return Finding(
            "isolation",
            State.BROKEN,
            _("The isolation between companies has %(count)s gaps, the first: %(first)s."),
            {"count": len(found), "first": found[0]},
            _("Stop the program and restore the schema; tell the data protection officer."),
        )
    return Finding("isolation", State.SOUND, _("%(count)s tables keep the companies apart."), {"count": tables})


def check_roles(_now: datetime) -> Finding:
    """The roles the program works as can't step around the isolation; that of the backups reads past it, no more."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FILTER (WHERE rolsuper OR rolcreaterole OR rolbypassrls AND rolname <> %s), count(*)"
            " FROM pg_roles WHERE rolname LIKE 'trustdesk\\_%%'",
            [BACKUP],
        )
        strong, known = cursor.fetchone()
    if strong or not known:
        return Finding(
            "roles",
            State.BROKEN,
            _("A role of the program could step around the isolation."),
            mend=_("Take SUPERUSER, BYPASSRLS and CREATEROLE from the trustdesk roles."),
        )
    return Finding("roles", State.SOUND, _("No role of the program can step around the isolation."))


def check_work(now: datetime) -> Finding:
    """Jobs are taken up: the oldest that waits is not old."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "SELECT count(*), min(coalesce(j.scheduled_at, e.at)) FROM procrastinate_jobs j"
            " JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'"
            " WHERE j.status = 'todo' AND coalesce(j.scheduled_at, e.at) < %s",
            [now],
        )
        count, oldest = cursor.fetchone()
    minutes = int((now - oldest).total_seconds() // 60) if oldest else 0
    if minutes > LONGEST_WAIT_MINUTES:
        return Finding(
            "work",
            State.WARNING,
            _("%(count)s jobs wait, the oldest for %(minutes)s minutes."),
            {"count": count, "minutes": minutes},
            _("See whether the worker runs, and its log."),
        )
    return Finding("work", State.SOUND, _("No job waits long."))
