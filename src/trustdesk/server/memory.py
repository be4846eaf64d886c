"""How much memory the database may hold pages in: a quarter of what there is, as PostgreSQL's manual advises."""

import os
from contextlib import suppress
from pathlib import Path

_LEAST, _MOST = 128, 2048  # megabytes; above that the system's own cache does as well
_CONTAINER = Path("/sys/fs/cgroup/memory.max")


def shared_megabytes(container: Path = _CONTAINER) -> int:
    """A quarter of the machine's memory, or of what its container allows, in megabytes and within bounds.

    An index of search tokens is written all over; pages that are held need no copy from the system for each token.
    """
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    with suppress(OSError, ValueError):  # no container, or one without a limit ("max")
        memory = min(memory, int(container.read_text()))
    return min(max(memory // 4 >> 20, _LEAST), _MOST)
