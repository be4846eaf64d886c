"""Saved mappings in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from trustdesk.console import import_choices as choices
from trustdesk.intake.contracts import ColumnMapping, SavedMapping, Target, Undeclared
from trustdesk.register.contracts import Attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingRow:
    """One saved mapping as the list shows it."""

    saved: SavedMapping
    by: str
    kind: str
    columns: Sequence[tuple[str, str]]
    rest: str
    also: Sequence[str]


def mapping_row(saved: SavedMapping, *, by: str, catalog: Sequence[Attribute]) -> MappingRow:
    mapping = saved.mapping
    targets = dict(choices.targets(catalog))
    return MappingRow(
        saved=saved,
        by=by,
        kind=dict(choices.kinds()).get(mapping.kind.value, mapping.kind.value),
        columns=[(column, _filled(target, targets)) for column, target in mapping.columns.items()],
        rest=_("dropped") if mapping.undeclared is Undeclared.DROP else _("not allowed"),
        also=also_said(mapping),
    )


def also_said(mapping: ColumnMapping) -> list[str]:
    """What a mapping says that the page for preparing a list does not ask."""
    reading = mapping.reading
    said = [
        (_("Country"), mapping.country),
        (_("Language of the customer"), mapping.language),
        (_("Encoding"), reading.encoding),
        (_("Separator"), {"\t": _("tabulator")}.get(reading.delimiter, reading.delimiter)),
        (_("Sheet"), reading.sheet),
    ]
    return [f"{name}: {words}" for name, words in said if words]


def _filled(target: Target, targets: Mapping[str, str]) -> str:
    words = targets.get(target.to, target.to)
    if target.label:
        words = f"{words} · {target.label}"
    return f"{words} ({_('Shared line')})" if target.shared_line else words
