"""A clock that is set while a process runs: the time of day as the process sees it, and nothing else."""

import os
import shutil
import subprocess
from pathlib import Path

_SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """The time of day of whoever is started with `environment`; what lasts is measured as ever.

    libfaketime is not used: with it a process whose monotonic clock is left alone can't sleep.
    """

    def __init__(self, folder: Path) -> None:
        compiler = shutil.which("cc")
        assert compiler, "These tests set a clock: run `make test`, or `apt-get install gcc libc6-dev` as root."
        self._library, self._path = folder / "clock.so", folder / "clock"
        command = [compiler, "-shared", "-fPIC", "-O1", "-o", str(self._library), str(_SOURCE), "-ldl"]
        subprocess.run(command, check=True)
        self._path.write_bytes(bytes(8))
        self.environment = {"LD_PRELOAD": str(self._library), "TEST_CLOCK": str(self._path)}

    def set(self, seconds: int) -> None:
        """Before or after the true time by so much, at once."""
        handle = os.open(self._path, os.O_WRONLY)
        try:
            os.pwrite(handle, seconds.to_bytes(8, "little", signed=True), 0)
        finally:
            os.close(handle)
