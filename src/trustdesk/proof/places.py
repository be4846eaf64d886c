"""The folders that are looked through: every registered store, and whatever else lies in the home folder beside the
database's own files and the keys. A folder that nobody registered is found too.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from django.conf import settings

from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.mandates.api import controllers
from trustdesk.server.home import Home

# The database's files are read as tables; static files are the program's own; sockets hold nothing.
_NOT_FILES = ("pg", "static", "run")


def folders() -> dict[str, Path]:
    """By name: `home.logs`, `home.handout`, and stores that lie elsewhere by the name they are registered under. Where
    the home and its folder of data have something of one name, that of the home is `home.handout.above`.
    """
    home: Home = settings.TRUSTDESK_HOME
    found = {f"home.{name}": path for name, path in _children(home.data) if name not in _NOT_FILES}
    for name, path in _children(home.path):
        if path not in {home.data.resolve(), home.keys.resolve()}:
            found[f"home.{name}.above" if f"home.{name}" in found else f"home.{name}"] = path
    for name, store in registries.stores:
        path = store().resolve()
        if not any(path.is_relative_to(other) for other in found.values()):
            found[name] = path
    return found


def files(context: AccessContext, folder: Path) -> Iterator[Path]:
    """The files below a folder in the order of their names, apart from what lies in another company's folder."""
    others = {str(one.id) for one in controllers() if one.id != context.controller_id}
    yield from _below(folder, frozenset(others))


def _below(path: Path, others: frozenset[str]) -> Iterator[Path]:
    if path.is_symlink():
        return
    if not path.is_dir():
        if path.exists():
            yield path
        return
    for child in sorted(path.iterdir()):
        if child.name not in others:
            yield from _below(child, others)


def _children(folder: Path) -> Sequence[tuple[str, Path]]:
    """What stands in a folder, by its name. Logs or exports may lie on another disk: such a link is followed."""
    return sorted((path.name, path.resolve()) for path in folder.iterdir()) if folder.is_dir() else ()
