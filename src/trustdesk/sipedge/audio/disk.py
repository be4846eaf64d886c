"""Why a recording could not be stored, as the words that are told."""

import errno
from typing import Final

DISK_FULL: Final = "disk-full"
DISK_FAULT: Final = "disk"
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


def disk_word(error: OSError) -> str:
    """DISK_FULL where there is no room for it, DISK_FAULT for whatever else the disk said."""
    return DISK_FULL if error.errno in _FULL else DISK_FAULT
