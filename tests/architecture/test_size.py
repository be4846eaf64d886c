"""Files and functions small enough to be read in one go.

The houses we learn from nearly all let one or two files grow past 1,500 lines, and those are where their mistakes are.
"""

import ast

from tests.architecture.source import modules, parsed, shown

LINES_OF_A_MODULE = 400
LINES_OF_A_FUNCTION = 60


def test_modules_stay_short() -> None:
    long = {
        shown(path): lines for path in modules() if (lines := len(path.read_text().splitlines())) >= LINES_OF_A_MODULE
    }
    assert long == {}


def test_functions_stay_short() -> None:
    long = [
        f"{shown(path)}:{node.lineno} {node.name} has {lines} lines"
        for path in modules()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) >= LINES_OF_A_FUNCTION
    ]
    assert long == []
