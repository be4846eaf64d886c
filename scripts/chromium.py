"""Make sure that the browser tests have a Chromium: find it, install Debian's where that is allowed, or say how.

Prints the path as its only line on standard output.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
HOW = "Browser tests need Chromium: run `apt-get install chromium libatomic1` as root, or set CHROMIUM to its path."
# The distribution's package; because a fresh machine has no letters at all, one font; what Playwright's driver needs.
PACKAGES = ("chromium", "fonts-dejavu-core", "libatomic1")


def works(program: str) -> bool:
    """A snap's stand-in exists without starting, so it is started."""
    try:
        done = subprocess.run([program, "--version"], capture_output=True, text=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0 and "hrom" in done.stdout


def find() -> str | None:
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else [path for name in NAMES if (path := shutil.which(name))]
    return next((program for program in candidates if works(program)), None)


def driver_starts() -> bool:
    """Playwright steers the browser by a program of its own, which a bare machine may lack a library for."""
    drivers = Path(sys.prefix).glob("lib/python3*/site-packages/playwright/driver/node")
    return all(
        subprocess.run([str(driver), "--version"], capture_output=True, check=False).returncode == 0  # noqa: S603
        for driver in drivers
    )


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and not os.environ.get("CHROMIUM")


def install() -> None:
    sys.stderr.write("browser: installing Debian's chromium\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = Path(os.environ.get("TMPDIR", "/tmp")) / "trustdesk-chromium-install.log"  # noqa: S108  (a log, nothing is read back)
    with log.open("wb") as output:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", *PACKAGES]):
            subprocess.run(["apt-get", "-q", *arguments], check=False, env=environment, stdout=output, stderr=output)  # noqa: S603, S607


def main() -> None:
    program = find()
    if not (program and driver_starts()) and may_install():
        install()
        program = find()
    if not (program and driver_starts()):
        sys.exit(HOW)
    sys.stdout.write(f"{program}\n")


if __name__ == "__main__":
    main()
