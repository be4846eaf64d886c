"""From the home folder or a URL to Django's and psycopg's ways of naming a database."""

from collections.abc import Mapping
from typing import Any

from psycopg.conninfo import make_conninfo

from trustdesk.server.cluster import socket_folder
from trustdesk.server.database import OWNER, RUNTIME, SEQUENCER
from trustdesk.server.external import place_of
from trustdesk.server.home import Home

_ROLES = {"app": RUNTIME, "owner": OWNER, "sequencer": SEQUENCER}
_POOL = {"min_size": 1, "max_size": 16, "timeout": 10}


def database_place(home: Home, url: str, name: str) -> dict[str, str]:
    """Where the database is, as libpq names it: on the external server of `url`, else on the home's own cluster."""
    return place_of(url) if url else {"host": socket_folder(home), "dbname": name}


def django_databases(home: Home, place: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """`default` works as the runtime role, `owner` migrates."""
    passwords = home.database_passwords()
    common = {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": place.get("host", ""),
        "PORT": place.get("port", ""),
        "NAME": place["dbname"],
        "CONN_MAX_AGE": 0,
    }
    options = {name: value for name, value in place.items() if name not in {"host", "port", "dbname"}}
    return {
        "default": {
            **common,
            "USER": RUNTIME,
            "PASSWORD": passwords[RUNTIME],
            "OPTIONS": {**options, "pool": _POOL},
            "CONN_HEALTH_CHECKS": True,  # after a restart of the database no request gets a connection of before it
            "DISABLE_SERVER_SIDE_CURSORS": False,
        },
        "owner": {**common, "USER": OWNER, "PASSWORD": passwords[OWNER], "OPTIONS": options},
    }


def conninfo(place: Mapping[str, str], home: Home, role: str) -> str:
    """The connection text of a role for psycopg."""
    user = _ROLES[role]
    return make_conninfo("", **place, user=user, password=home.database_passwords()[user])
