"""The demo's mail: written to files of the data folder, because nobody is there to receive it."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from trustdesk.server.home import write_private


def keep(name: str, at: datetime, content: bytes) -> Path:
    """Write one message where the demo's visitors can read it; the path."""
    folder = Path(settings.EMAIL_FILE_PATH)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = folder / f"{at:%Y%m%d-%H%M%S%f}-{name}"
    write_private(path, content)
    return path
