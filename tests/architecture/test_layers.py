"""The layers, beyond what imports show: keys between tables point only down, and every package has its place."""

import configparser
import subprocess
import sys

from django.apps import apps

from tests.architecture.source import PACKAGE, ROOT

NOT_LAYERS = frozenset({"settings", "rulepacks", "locale", "static", "templates", "fonts", "__pycache__"})


def ranks() -> dict[str, int]:
    """Each package's height in the layers contract, 0 at the top; siblings share one."""
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    lines = contracts["importlinter:contract:layers"]["layers"].split("\n")
    named = [line.split("#")[0].strip() for line in lines]
    return {
        package.strip().strip("()"): height
        for height, line in enumerate(line for line in named if line)
        for package in line.replace(":", "|").split("|")
    }


def test_contracts_hold() -> None:
    command = [sys.executable, "-m", "importlinter.cli", "lint-imports", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]


def test_every_package_has_its_place() -> None:
    packages = {path.name for path in PACKAGE.iterdir() if path.is_dir()} - NOT_LAYERS
    assert packages - ranks().keys() == set()


def test_keys_point_only_down() -> None:
    """A string foreign key does not show in imports, and binds two layers as firmly as an import does."""
    heights = ranks()
    upward = []
    for model in apps.get_models():
        own = model.__module__.split(".")
        if own[0] != "trustdesk":
            continue
        for field in model._meta.get_fields():
            target = field.related_model if field.concrete and field.is_relation else None
            other = target.__module__.split(".") if isinstance(target, type) else []
            if other[:1] == ["trustdesk"] and other[1] != own[1] and heights[other[1]] <= heights[own[1]]:
                upward.append(f"{model.__name__}.{field.name} -> {other[1]}")
    assert upward == []


def test_every_capability_keeps_its_tables_to_itself() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    with_tables = {path.parent.name for path in PACKAGE.glob("*/models.py")}
    kept = {name.rsplit(":own-", 1)[-1] for name in contracts.sections() if ":own-" in name}
    assert with_tables - kept == set()
