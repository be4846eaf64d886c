"""Fails where a model has changed and no migration says so: `makemigrations --check`, without a database.

The command asks every database for its history first, and waits ten seconds for one that is not there. That history
says nothing of the models: with a database that answers no question the same command compares models and migrations.
"""

import os

import django
from django.conf import settings
from django.core.management import call_command


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "trustdesk.settings.test"
    settings.DATABASES = {"default": {"ENGINE": "django.db.backends.dummy"}}
    django.setup()
    call_command("makemigrations", check_changes=True, dry_run=True, interactive=False)


if __name__ == "__main__":
    main()
