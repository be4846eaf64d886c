"""Make sure that Spark can run here: pyspark from the lock, Java from Debian where that is allowed, or say how.

Prints the path of Java as its only line on standard output.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

HOW = "Spark needs Java 17: run `apt-get install default-jre-headless` as root, or set JAVA_HOME to a Java's folder."
PACKAGE = "default-jre-headless"


def works(program: str) -> bool:
    try:
        done = subprocess.run([program, "-version"], capture_output=True, check=False, timeout=60)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def find() -> str | None:
    named = os.environ.get("JAVA_HOME")
    candidate = str(Path(named) / "bin" / "java") if named else shutil.which("java")
    return candidate if candidate and works(candidate) else None


def may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None and not os.environ.get("JAVA_HOME")


def install() -> None:
    sys.stderr.write("spark: installing Debian's Java\n")
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    log = Path(os.environ.get("TMPDIR", "/tmp")) / "trustdesk-java-install.log"  # noqa: S108  (a log, nothing is read back)
    with log.open("wb") as output:
        for arguments in (["update"], ["install", "-y", "--no-install-recommends", PACKAGE]):
            subprocess.run(["apt-get", "-q", *arguments], check=False, env=environment, stdout=output, stderr=output)  # noqa: S603, S607


def fetch_pyspark() -> None:
    """From the committed lock, beside what is installed: 400 MB that only this engine needs."""
    if importlib.util.find_spec("pyspark") is None:
        sys.stderr.write("spark: installing pyspark from the lock\n")
        bootstrap = Path(__file__).with_name("bootstrap.py")
        outcome = subprocess.run(  # noqa: S603
            [sys.executable, str(bootstrap), "--inexact", "--extra", "spark"], check=False, stdout=sys.stderr
        )
        if outcome.returncode:
            sys.exit("Screening on Spark needs pyspark: run `uv sync --extra spark`.")


def main() -> None:
    fetch_pyspark()
    program = find()
    if not program and may_install():
        install()
        program = find()
    if not program:
        sys.exit(HOW)
    sys.stdout.write(f"{program}\n")


if __name__ == "__main__":
    main()
