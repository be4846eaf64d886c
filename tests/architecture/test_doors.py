"""One public door per capability: `api` for functions, `contracts` for values, and nothing else from outside."""

import ast
from pathlib import Path

import pytest

from tests.architecture.source import PACKAGE, imported_modules, layer_of, modules, parsed, shown

# What others may import of a package, beside its root: Django itself takes `apps`, `middleware` and the like by name.
DOORS = frozenset({"api", "contracts"})
# Packages without a door of their own: the floor, the engines, and what sits above all surfaces.
OPEN = frozenset({"", "kernel", "batch", "settings", "server", "cli", "demo", "design"})
# The offline verifiers are programs of their own: they need neither settings nor database, and each `api` needs both.
STANDALONE = ("trustdesk.audit.verifier.", "trustdesk.proof.verifier.")
# The surfaces are mounted by urls.py, which may name their urls.
MOUNTED = frozenset({"urls", "asgi"})


def apis() -> list[Path]:
    return sorted(PACKAGE.glob("*/api.py")) + sorted(PACKAGE.glob("*/api/__init__.py"))


def functions_of(tree: ast.Module) -> dict[str, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef]:
    return {
        node.name: node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def names_in_all(tree: ast.Module) -> set[str] | None:
    for node in tree.body:
        if isinstance(node, ast.Assign) and any(
            isinstance(target, ast.Name) and target.id == "__all__" for target in node.targets
        ):
            return set(ast.literal_eval(node.value))
    return None


def definition(layer: str, name: str) -> ast.AST | None:
    """Where a name that the door hands on is written down, inside the same package."""
    for path in modules("src"):
        if layer_of(path) == layer and name in (found := functions_of(parsed(path))):
            return found[name]
    return None


@pytest.mark.parametrize("path", apis(), ids=shown)
def test_a_door_lists_what_goes_through_it(path: Path) -> None:
    assert names_in_all(parsed(path)), f"{shown(path)} needs an __all__"


@pytest.mark.parametrize("path", apis(), ids=shown)
def test_everything_public_is_explained(path: Path) -> None:
    tree = parsed(path)
    here = functions_of(tree)
    silent = []
    for name in sorted(names_in_all(tree) or ()):
        node = here.get(name) or definition(layer_of(path), name)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not ast.get_docstring(node):
            silent.append(name)
    assert silent == [], f"{shown(path)}: say what these do, their units, errors and source"


def test_no_one_climbs_in_by_the_window() -> None:
    """A neighbor's models, services and selectors change without notice; its door does not."""
    climbers = []
    for path in modules("src"):
        own = layer_of(path)
        if not own and path.stem in MOUNTED:
            continue
        for name in imported_modules(path):
            parts = name.split(".")
            if name.startswith(STANDALONE):
                continue
            if parts[0] != "trustdesk" or len(parts) < 3 or parts[1] in OPEN | {own} or parts[2] in DOORS:
                continue
            if (PACKAGE / parts[1] / parts[2]).is_dir() or (PACKAGE / parts[1] / f"{parts[2]}.py").exists():
                climbers.append(f"{shown(path)} imports {name}")
    assert climbers == []
