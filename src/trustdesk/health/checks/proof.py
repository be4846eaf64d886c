"""Keys, checkpoints and backups: what the proof and the forgetting rest on."""

from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_noop as _

from trustdesk.audit.api import controllers, installation_state
from trustdesk.health import store
from trustdesk.health.contracts import Finding, State

OLD_ROOT_KEY = timedelta(days=730)
OLD_CHECKPOINT = timedelta(hours=1)
OLD_BACKUP = timedelta(days=7)


def check_keys(now: datetime) -> Finding:
    """The root key is there, and not so old that nobody knows any more who has seen it."""
    root: Path = settings.TRUSTDESK_HOME.keys / "root.key"
    if not root.exists() and settings.TRUSTDESK_ROOT_KEY_PROVIDER.endswith("FileRootKey"):
        return Finding(
            "keys",
            State.BROKEN,
            _("The root key is missing: nothing can be opened."),
            mend=_("Restore the keys from their backup."),
        )
    days = int((now.timestamp() - root.stat().st_mtime) // 86400) if root.exists() else 0
    if days > OLD_ROOT_KEY.days:
        return Finding(
            "keys", State.WARNING, _("The root key is %(days)s days old."), {"days": days}, _("Plan its replacement.")
        )
    return Finding("keys", State.SOUND, _("The root key is there, %(days)s days old."), {"days": days})


def check_checkpoints(now: datetime) -> Finding:
    """What is logged is numbered and signed soon, and no tree was altered."""
    states = [installation_state(controller_id) for controller_id in controllers()]
    bad = sum(state.first_bad is not None for state in states)
    if bad:
        return Finding(
            "checkpoints",
            State.BROKEN,
            _("%(count)s trees of the log were altered."),
            {"count": bad},
            _("Keep everything as it is and verify an export against a checkpoint that was handed out."),
        )
    behind = [state for state in states if state.waiting or state.signed_size < state.size]
    late = [state for state in behind if state.signed_at is None or now - state.signed_at > OLD_CHECKPOINT]
    if late:
        return Finding(
            "checkpoints",
            State.WARNING,
            _("%(count)s trees of the log wait for a checkpoint for more than an hour."),
            {"count": len(late)},
            _("See whether the ledger runs, and its log."),
        )
    return Finding(
        "checkpoints", State.SOUND, _("%(count)s trees stand under signed checkpoints."), {"count": len(states)}
    )


def check_backup(now: datetime) -> Finding:
    """There is a backup, and it is not old."""
    made_at = store.last_backup()
    if made_at is None:
        return Finding(
            "backup", State.WARNING, _("There is no backup yet."), mend=_("Run `trustdesk backup`, daily by a timer.")
        )
    days = (now - made_at).days
    if days > OLD_BACKUP.days:
        return Finding(
            "backup",
            State.WARNING,
            _("The last backup is %(days)s days old."),
            {"days": days},
            _("Run `trustdesk backup`, daily by a timer."),
        )
    return Finding("backup", State.SOUND, _("The last backup is %(days)s days old."), {"days": days})
