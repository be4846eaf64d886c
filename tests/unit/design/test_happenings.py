"""The log is read by people: what is written there has words."""

import ast
from collections.abc import Iterator

from tests.architecture.source import modules, parsed

from trustdesk.design.happenings import what_label

# Of the installation's own log, which no page shows yet.
INSTALLATION = ("operator.", "recovery.", "second_factor.", "password.", "session.", "processor.", "installation.")
NOT_SHOWN = {"audit.installation_entries": "reads the installation's log", "mandate.refused": "stands in it"}


def written() -> Iterator[str]:
    """Every code that a call of the journal names: deeds by their second argument, openings by `what`."""
    for path in modules("src"):
        for node in ast.walk(parsed(path)):
            if not isinstance(node, ast.Call):
                continue
            called = getattr(node.func, "attr", getattr(node.func, "id", ""))
            named = [keyword.value for keyword in node.keywords if keyword.arg == "what"]
            if called in {"deed", "write_deed"}:
                named += node.args[1:2]
            elif called == "Opening":
                named += node.args[:1]
            yield from (
                value.value
                for value in named
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and "." in value.value
            )


def test_every_code_of_a_companys_log_has_words() -> None:
    codes = {code for code in written() if not code.startswith(INSTALLATION)} - NOT_SHOWN.keys()
    assert len(codes) > 30
    assert {code for code in codes if what_label(code) == code} == set()
