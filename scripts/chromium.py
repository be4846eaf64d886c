"""Make sure that the browser tests have a Chromium: find it, install one where that is allowed, or say how.

Debian has the browser as a package. Ubuntu's package of that name is a stand-in for a snap, which starts in no
container: there it is the build that Playwright knows.

Prints the path as its only line on standard output.
"""

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
DEBIANS = "Browser tests need Chromium: run `apt-get install chromium libatomic1` as root, or set CHROMIUM to its path."
PLAYWRIGHTS = (
    "Browser tests need Chromium, which Ubuntu has as a snap only: as root run"
    " `.venv/bin/playwright install --with-deps chromium`, or set CHROMIUM to the path of a browser, google-chrome say."
)
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
    if named := os.environ.get("CHROMIUM"):
        return named if works(named) else None
    installed = [path for name in NAMES if (path := shutil.which(name))]
    return next((program for program in [*installed, *playwrights_own()] if works(program)), None)


def playwrights_own() -> list[str]:
    """The builds that `playwright install` has put into the user's cache."""
    cache = os.environ.get("PLAYWRIGHT_BROWSERS_PATH") or Path.home() / ".cache" / "ms-playwright"
    return [str(path) for path in sorted(Path(cache).glob("chromium-*/chrome-linux*/chrome"), reverse=True)]


def snaps_only() -> bool:
    """Whether this is Ubuntu, or made from it, where the package would install a stand-in for a snap."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    return "ubuntu" in f"{release.get('ID')} {release.get('ID_LIKE')}".split()


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
    """Its log stays in the folder for temporary files; whether it went well is seen by looking for a browser again."""
    if snaps_only():
        sys.stderr.write("browser: installing the chromium that Playwright knows\n")
        playwright = str(Path(sys.executable).with_name("playwright"))
        steps = [["apt-get", "-q", "update"], [playwright, "install", "--with-deps", "chromium"]]
    else:
        sys.stderr.write("browser: installing Debian's chromium\n")
        packages = ["install", "-y", "--no-install-recommends", *PACKAGES]
        steps = [["apt-get", "-q", "update"], ["apt-get", "-q", *packages]]
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = Path(os.environ.get("TMPDIR", "/tmp")) / "trustdesk-chromium-install.log"  # noqa: S108  (a log, nothing is read back)
    with log.open("wb") as output:
        for step in steps:
            subprocess.run(step, check=False, env=environment, stdout=output, stderr=output)  # noqa: S603


def main() -> None:
    program = find()
    if not (program and driver_starts()) and may_install():
        install()
        program = find()
    if not (program and driver_starts()):
        sys.exit(PLAYWRIGHTS if snaps_only() else DEBIANS)
    sys.stdout.write(f"{program}\n")


if __name__ == "__main__":
    main()
