"""Audio knows one clock, and it does not jump: whoever sets the machine's time changes no recording."""

import ast
from pathlib import Path

import pytest

import trustdesk.sipedge.audio
import trustdesk.sipedge.media

MODULES = [
    path
    for package in (trustdesk.sipedge.media, trustdesk.sipedge.audio)
    for path in sorted(Path(package.__path__[0]).glob("*.py"))
]


@pytest.mark.parametrize("module", MODULES, ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_no_module_asks_what_time_it_is(module: Path) -> None:
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            assert (node.value.id, node.attr) not in {("time", "time"), ("time", "time_ns"), ("datetime", "now")}
        if isinstance(node, ast.ImportFrom):
            assert node.module != "datetime"
            assert node.module != "time"
