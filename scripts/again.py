"""Run every test that failed beside others once more, each alone in a process of its own, and say which is which.

`make test` calls it where pytest ended with failures. Two runners on two processors make a telephone late or a browser
slow now and then, and the order is another one each time. A test that fails alone has failed. One that passes alone is
named as unsteady, for somebody to mend; where more than a few do, the run has failed: that is no chance any more.
"""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

MOST = 5
_LAST = Path(".pytest_cache/v/cache/lastfailed")


def failed() -> Sequence[str]:
    """The names pytest noted at its last run."""
    return sorted(json.loads(_LAST.read_text(encoding="utf-8"))) if _LAST.exists() else []


def alone(name: str) -> bool:
    """Whether it passes when nothing runs beside or before it."""
    command = [sys.executable, "-m", "pytest", "--numprocesses", "0", "-p", "no:randomly", name]
    return subprocess.run(command, check=False).returncode == 0  # noqa: S603 - a name of pytest's own


def say(text: str) -> None:
    sys.stdout.write(f"again: {text}\n")
    sys.stdout.flush()


def main() -> int:
    names = failed()
    if not names:
        say("pytest failed and named no test")
        return 1
    if len(names) > MOST:
        say(f"{len(names)} tests failed, more than {MOST}: none is run again")
        return 1
    steady = [name for name in names if not alone(name)]
    for name in names:
        say(f"{'FAILED AGAIN' if name in steady else 'unsteady, passed alone'}: {name}")
    return 1 if steady else 0


if __name__ == "__main__":
    sys.exit(main())
