"""What a child process does before its first chunk. It is loaded before Django is ready: it imports none of ours."""

import gc
import os
import signal
import threading
import time

_LOOK_EVERY_SECONDS = 0.5
_NEW_OBJECTS_A_COLLECTION = 100_000


def prepare(parent: int) -> None:
    """Make Django ready, and watch over the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to hear
    import django  # noqa: PLC0415 - the child's first look at it

    django.setup()
    from trustdesk.kernel.registries import check_complete  # noqa: PLC0415 - ours, after Django

    check_complete()
    # What is loaded now stays: it need not be walked at every collection, and a chunk makes hundreds of thousands of
    # small objects without cycles among them.
    gc.freeze()
    gc.set_threshold(_NEW_OBJECTS_A_COLLECTION)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()


def _leave_with(parent: int) -> None:
    """A child whose parent was killed ends at once: its transaction is rolled back, its locks fall."""
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_SECONDS)
    os._exit(1)
