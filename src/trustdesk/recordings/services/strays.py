"""Files and rows that do not belong together, for whoever looks after the installation. Nothing is deleted."""

from datetime import datetime, timedelta

from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.recordings import places
from trustdesk.recordings.contracts import State, Stray
from trustdesk.recordings.models import Recording

_YOUNG = timedelta(minutes=1)  # a recording that begins has its file before its row


def strays(context: AccessContext, *, now: datetime) -> Stray:
    """How many (see `recordings.api`)."""
    folder = places.home() / str(context.controller_id)
    before = (now - _YOUNG).timestamp()
    files = {
        path.stem: path.stat().st_mtime < before
        for path in (folder.glob(f"*{places.SUFFIX}") if folder.is_dir() else ())
    }
    with scoped(context.scope):
        rows = {
            str(identifier): state
            for identifier, state in Recording.objects.filter(controller_id=context.controller_id)
            .values_list("id", "state")
            .iterator()
        }
    return Stray(
        files_without_row=sum(old for name, old in files.items() if name not in rows),
        rows_without_file=sum(state != State.OPEN for name, state in rows.items() if name not in files),
    )
