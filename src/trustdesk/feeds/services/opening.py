"""Reading a sealed delivery, record by record; each pass over it is an entry in the log."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from trustdesk.feeds import places
from trustdesk.feeds.models import Delivery, Feed
from trustdesk.feeds.reading import Fault, records
from trustdesk.kernel.context import AccessContext, Opening
from trustdesk.kernel.errors import NotFoundError
from trustdesk.register.api import catalog
from trustdesk.updates.contracts import Change
from trustdesk.vault.api import open_file


def records_of(context: AccessContext, feed: Feed, delivery: Delivery, *, now: datetime) -> Iterator[Change | Fault]:
    """What it says, as the feed's reading has it now. NotFoundError where its file is destroyed."""
    if delivery.file_id is None:
        raise NotFoundError(_("This delivery is no longer kept."), place="delivery")
    sealed = open_file(
        context,
        opening=Opening("feed.delivery", (), ("delivery",)),
        file_id=delivery.file_id,
        path=places.path_of(context.controller_id, delivery.file_id),
    )
    return records(
        sealed,
        format_code=feed.format,
        reading=feed.reading,
        country=feed.country,
        kinds={one.code: str(one.kind) for one in catalog(context)},
        received_at=delivery.received_at,
        now=now,
    )
