"""Lists kept by others: loaded from their files, as tokens, and exchanged as a whole."""

from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from trustdesk.batch.api import open_table
from trustdesk.batch.contracts import Reading, RowFault
from trustdesk.clearance import wire
from trustdesk.clearance.contracts import ListFormat, NewOutsideList, OutsideList, PointKind
from trustdesk.clearance.selectors.setup import LoadedList, changed, current
from trustdesk.clearance.tokens import TokenMaker
from trustdesk.isolation.api import scoped
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.errors import BadInputError, ConflictError, NotFoundError
from trustdesk.kernel.ids import new_id

_CHUNK = 10_000
_SHA1_BYTES = 20
_LETTERS = 2
_DECLARE = """
INSERT INTO clearance_outside_list (controller_id, id, code, name, country, kind, format, declared_at, declared_by,
  entries, unreadable)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, 0, 0)
"""
_ADD = """
INSERT INTO clearance_outside_entry (controller_id, load_id, token, version, level)
SELECT %b, %b, fresh.token, fresh.version, fresh.level
FROM unnest(%b::bytea[], %b::smallint[], %b::smallint[]) AS fresh (token, version, level)
ON CONFLICT DO NOTHING
"""
_EXCHANGE = """
UPDATE clearance_outside_list SET current_load = %s, refreshed_at = %s, loaded_at = %s, loaded_by = %s, entries = %s,
  unreadable = %s
WHERE controller_id = %s AND id = %s
"""
_DROP = "DELETE FROM clearance_outside_entry WHERE controller_id = %s AND load_id = %s"


class _Entry(NamedTuple):
    token: bytes
    version: int
    level: int


def declare_outside_list(context: AccessContext, *, outside: NewOutsideList, now: datetime) -> int:
    """Say that a list kept by others is asked; its id. Needs `clearance:manage`.

    `code` is the id of the rule that tells when it counts and how long a refresh holds, or one of the company's own:
    then whoever is on it is not contacted. Until it is loaded, what needs it can't be decided. ConflictError where it
    is declared already.
    """
    context.check_operation("clearance:manage")
    country = outside.country.strip().upper()
    if not outside.code.strip() or not outside.name.strip():
        raise BadInputError(_("A list needs a code and a name."), place="code", mend=_("Fill it in."))
    if country and not (len(country) == _LETTERS and country.isascii() and country.isalpha()):
        raise BadInputError(_("There is no such country."), place="country", mend=_("Give two letters, as in FI."))
    if outside.format is ListFormat.ECG_HASH and outside.kind is not PointKind.EMAIL:
        raise BadInputError(_("This format holds e-mail addresses."), place="kind", mend="email")
    list_id = new_id()
    with scoped(context.scope):
        if outside.code.strip() in current(context).lists:
            raise ConflictError(_("This list is declared already."), place="code", mend=_("Load its file."))
        wire.run(
            _DECLARE,
            [
                context.controller_id,
                list_id,
                outside.code.strip(),
                outside.name.strip(),
                country,
                outside.kind.value,
                outside.format.value,
                now,
                context.operator_id,
            ],
        )
        changed(context)
        context.journal.deed(context, "clearance.list.declared", detail={"list": outside.code.strip()})
    return list_id


def load_outside_list(
    context: AccessContext,
    *,
    code: str,
    path: Path,
    refreshed_at: datetime,
    now: datetime,
    column: str = "",
    reading: Reading | None = None,
) -> OutsideList:
    """Exchange a list's content for that of a file, in one transaction: decisions see the old one or the new one.

    Needs `clearance:manage`. `refreshed_at` says of which day the file is; `column` which of its columns holds the
    numbers or addresses (the only one where not said). National numbers are read as the list's country's. What can't
    be read is counted. BadInputError where nothing can be read or the day lies in the future, UnreadableFileError
    for the file.
    """
    context.check_operation("clearance:manage")
    if refreshed_at > now:
        raise BadInputError(_("The day of the list lies in the future."), place="refreshed_at")
    with scoped(context.scope):
        held = current(context).lists.get(code)
        if held is None:
            raise NotFoundError(_("There is no such list."), place="list", mend=_("Declare it first."))
        texts = _digests(path) if held.about.format is ListFormat.ECG_HASH else _texts(path, column, reading)
        load_id = new_id()
        entries, unreadable = _load(context, held.about, load_id, texts)
        if not entries:
            raise BadInputError(_("Nothing in the file can be read as such a list."), place=path.name)
        _exchange(context, held, load_id, refreshed_at, counts=(entries, unreadable), now=now)
        changed(context)
        detail: dict[str, object] = {"list": code, "entries": entries, "unreadable": unreadable}
        context.journal.deed(context, "clearance.list.loaded", detail=detail)
        return current(context).lists[code].about


def _exchange(
    context: AccessContext,
    held: LoadedList,
    load_id: int,
    refreshed_at: datetime,
    *,
    counts: tuple[int, int],
    now: datetime,
) -> None:
    controller, operator = context.controller_id, context.operator_id
    wire.run(_EXCHANGE, [load_id, refreshed_at, now, operator, *counts, controller, held.about.list_id])
    if held.load_id is not None:
        wire.run(_DROP, [controller, held.load_id])


def _load(context: AccessContext, about: OutsideList, load_id: int, texts: Iterator[str | None]) -> tuple[int, int]:
    """How many entries were read, and how many could not be."""
    maker = TokenMaker(context)
    read = unreadable = 0
    while chunk := list(islice(texts, _CHUNK)):
        entries: list[_Entry] = []
        for text in chunk:
            made = _tokens(maker, about, text) if text else []
            entries += made
            read += bool(made)
            unreadable += not made
        if entries:
            columns = zip(*sorted(set(entries)), strict=True)  # in the index's order, each once
            wire.run(_ADD, [context.controller_id, load_id, *map(list, columns)])
    return read, unreadable


def _tokens(maker: TokenMaker, about: OutsideList, text: str) -> list[_Entry]:
    if about.format is ListFormat.ECG_HASH:
        return [_Entry(token, 1, level) for level, token in maker.hashed(text).items()]
    found = maker.plain(about.kind, text, country=about.country)
    return [_Entry(token.token, token.version, token.level) for token in found]


def _texts(path: Path, column: str, reading: Reading | None) -> Iterator[str | None]:
    """The cells of one column; None for a row that can't be read."""
    with open_table(path, reading) as table:
        if not column and len(table.columns) == 1:
            column = table.columns[0]
        if column not in table.columns:
            raise BadInputError(
                _("The file has no such column."), place="column", mend=_("Say which column holds the entries.")
            )
        for row in table.rows():
            yield None if isinstance(row, RowFault) else row.values.get(column, "").strip() or None


def _digests(path: Path) -> Iterator[str | None]:
    """RTR's file: SHA-1 digests of 20 bytes, one after another, in hexadecimal from here on."""
    if path.stat().st_size % _SHA1_BYTES:
        raise BadInputError(
            _("This is no list of SHA-1 digests."), place=path.name, mend=_("Give the file as RTR hands it out.")
        )
    with path.open("rb") as stream:
        while digest := stream.read(_SHA1_BYTES):
            yield digest.hex()
