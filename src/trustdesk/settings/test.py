"""Settings of the tests: a home of their own, prepared before anything is read from it."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from trustdesk.server.home import Home

_runner = os.environ.get("PYTEST_XDIST_WORKER", "alone")
if os.environ.get("TRUSTDESK_TEST_RUNNER") != _runner:
    # One home a runner, of which several may work side by side; the child processes of each inherit its own.
    os.environ["TRUSTDESK_TEST_RUNNER"] = _runner
    _folder = tempfile.mkdtemp(prefix="trustdesk-test-")
    os.environ["TRUSTDESK_TEST_HOME"] = _folder
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["TRUSTDESK_HOME"] = os.environ["TRUSTDESK_TEST_HOME"]
Home(Path(os.environ["TRUSTDESK_HOME"])).prepare()

from trustdesk.settings.base import *  # noqa: E402, F403 - reads the home prepared above
from trustdesk.settings.base import TEMPLATES  # noqa: E402 - named for the change below

# Static files come from where they are written; nothing is collected for a test.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


class _UndefinedVariable(str):
    """A template that names what does not exist is a fault: it fails instead of printing nothing."""

    __slots__ = ()

    def __contains__(self, part: object) -> bool:
        return part == "%s"

    def __mod__(self, name: object) -> str:
        raise LookupError(f"undefined template variable: {name}")


TEMPLATES[0]["OPTIONS"]["string_if_invalid"] = _UndefinedVariable("%s")
