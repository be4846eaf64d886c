"""Settings of that later version."""

from trustdesk.settings.base import *  # noqa: F403
from trustdesk.settings.base import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.integration.cli.failing.apps.FailingConfig"]
