"""What the doctor looks at, in words; the code of the check, as the command prints it, stands beside them."""

from django.utils.translation import gettext as _


def check_label(code: str) -> str:
    """A code without words is shown as it is."""
    labels = {
        "settings": _("Settings"),
        "disk": _("Disk"),
        "clock": _("Clock"),
        "versions": _("Versions"),
        "schema": _("Schema of the database"),
        "isolation": _("Companies kept apart"),
        "roles": _("Rights in the database"),
        "work": _("Jobs"),
        "tokens": _("Search tokens"),
        "outbox": _("Outbox"),
        "connected": _("Connected systems"),
        "feeds": _("Feeds"),
        "recordings": _("Recordings"),
        "erasures": _("Erasures"),
        "keys": _("Encryption keys"),
        "checkpoints": _("Checkpoints of the log"),
        "backup": _("Backup"),
    }
    return labels.get(code, code)
