"""Settings, disk and clock."""

import shutil
import stat
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext_noop as _

from trustdesk.health import store
from trustdesk.health.contracts import Finding, State

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_GIGABYTE = 1_000_000_000
LITTLE_SPACE = 5 * _GIGABYTE
NO_SPACE = _GIGABYTE
CLOCKS_APART = timedelta(seconds=2)


def check_settings(_now: datetime) -> Finding:
    """A program that answers beyond this machine does so under HTTPS; keys are read by their owner only."""
    address = urlsplit(settings.TRUSTDESK_ADDRESS)
    keys: Path = settings.TRUSTDESK_HOME.keys
    others = stat.S_IRWXG | stat.S_IRWXO
    open_files = [path for path in (keys, *keys.rglob("*")) if path.lstat().st_mode & others]
    if open_files:
        return Finding(
            "settings",
            State.BROKEN,
            _("Others on this machine may read %(count)s of the key files."),
            {"count": len(open_files)},
            _("Take the rights of group and others away: chmod -R go= var/keys."),
        )
    if address.scheme != "https" and address.hostname not in LOOPBACK:
        return Finding(
            "settings",
            State.BROKEN,
            _("The address is not under HTTPS."),
            mend=_("Set a certificate or a proxy in settings.toml; the how-to on installing says how."),
        )
    return Finding("settings", State.SOUND, _("The settings fit together."))


def check_disk(_now: datetime) -> Finding:
    """Room for data and log; without it nothing can be opened, because nothing can be logged."""
    free = shutil.disk_usage(settings.TRUSTDESK_HOME.data).free
    values = {"free": round(free / _GIGABYTE, 1)}
    if free < NO_SPACE:
        return Finding("disk", State.BROKEN, _("Only %(free)s GB are free."), values, _("Make room or add a disk."))
    if free < LITTLE_SPACE:
        return Finding("disk", State.WARNING, _("Only %(free)s GB are free."), values, _("Make room or add a disk."))
    return Finding("disk", State.SOUND, _("%(free)s GB are free."), values)


def check_clock(now: datetime) -> Finding:
    """The clock here against the database's, and against the last examination."""
    with connections["owner"].cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        theirs: datetime = cursor.fetchone()[0]
    apart = abs(theirs - now)
    earlier = store.newest(1)
    if earlier and earlier[0].at > now + CLOCKS_APART:
        return Finding(
            "clock",
            State.BROKEN,
            _("The clock was set back: the last examination lies in the future."),
            mend=_("Set the clock right and keep it by a time service."),
        )
    # The examination began a moment ago; a minute's difference is a wrong clock, not a slow check.
    if apart > timedelta(minutes=1):
        return Finding(
            "clock",
            State.BROKEN,
            _("The database's clock differs by %(seconds)s seconds."),
            {"seconds": int(apart.total_seconds())},
            _("Set the clock right and keep it by a time service."),
        )
    return Finding("clock", State.SOUND, _("The clocks agree."))
