"""The check for missing migrations needs no database, and still sees a changed model."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow  # whole programs are started

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "migrations.py"
CHANGED = f"""
import os, runpy
os.environ["DJANGO_SETTINGS_MODULE"] = "trustdesk.settings.test"
import django
django.setup()
from django.db import models
from trustdesk.register.models import Customer
models.IntegerField(null=True).contribute_to_class(Customer, "shoe_size")
runpy.run_path({str(SCRIPT)!r}, run_name="__main__")
"""


def run(*words: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([sys.executable, *words], capture_output=True, text=True, check=False, timeout=60)


def test_models_and_migrations_agree_and_no_database_was_asked() -> None:
    done = run(str(SCRIPT))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No changes detected" in done.stdout
    assert "connect" not in done.stderr


def test_a_changed_model_without_a_migration_is_seen() -> None:
    done = run("-c", CHANGED)
    assert done.returncode != 0
    assert "shoe_size" in done.stdout
