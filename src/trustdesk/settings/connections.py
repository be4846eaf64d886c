"""From the home folder or a URL to Django's and psycopg's ways of naming a database."""

from typing import Any
from urllib.parse import unquote, urlsplit

from psycopg.conninfo import make_conninfo

from trustdesk.kernel.errors import BadInputError
from trustdesk.server.cluster import socket_folder
from trustdesk.server.database import OWNER, RUNTIME, SEQUENCER
from trustdesk.server.home import Home

_ROLES = {"app": RUNTIME, "owner": OWNER, "sequencer": SEQUENCER}
_POOL = {"min_size": 1, "max_size": 16, "timeout": 10}


def django_databases(home: Home, url: str, name: str) -> dict[str, dict[str, Any]]:
    """`default` works as the runtime role, `owner` migrates. `url` names an external server; its user is ours alone."""
    place = _external(url) if url else {"HOST": socket_folder(home), "PORT": "", "NAME": name}
    passwords = home.database_passwords()
    common = {"ENGINE": "django.db.backends.postgresql", **place}
    return {
        "default": {
            **common,
            "USER": RUNTIME,
            "PASSWORD": passwords[RUNTIME],
            "CONN_MAX_AGE": 0,
            "OPTIONS": {"pool": _POOL},
            "DISABLE_SERVER_SIDE_CURSORS": False,
        },
        "owner": {**common, "USER": OWNER, "PASSWORD": passwords[OWNER], "CONN_MAX_AGE": 0},
    }


def conninfo(database: dict[str, Any], home: Home, role: str) -> str:
    """The connection text of a role for psycopg."""
    user = _ROLES[role]
    port = str(database["PORT"]) or None
    password = home.database_passwords()[user]
    return make_conninfo(host=database["HOST"], port=port, dbname=database["NAME"], user=user, password=password)


def _external(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise BadInputError(
            "The database URL is not one of PostgreSQL.", place="database", mend="postgresql://host:5432/name"
        )
    return {"HOST": unquote(parts.hostname or ""), "PORT": str(parts.port or ""), "NAME": parts.path.strip("/")}
