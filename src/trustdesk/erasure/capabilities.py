"""What every capability holds, from the highest to the lowest: what stands high asks those below who the person is."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.apps import apps

from trustdesk.erasure.contracts import PlanLine
from trustdesk.kernel import registries
from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Fate, Person, PrivacyDeclaration
from trustdesk.vault import api as vault

_GOES_WHOLE = "service"
"""The class of keys under which no law keeps anything."""


def from_high_to_low() -> list[PrivacyDeclaration]:
    """The declarations in the opposite order of the layers, which is that of the installed apps."""
    place = {config.label: number for number, config in enumerate(apps.get_app_configs())}
    return sorted(
        (declaration for _name, declaration in registries.privacy),
        key=lambda declaration: (-place.get(declaration.capability, 0), declaration.capability),
    )


def planned(context: AccessContext, persons: Sequence[Person]) -> list[list[PlanLine]]:
    """What an erasure of each person would do in every capability. Inside the scope; nothing is opened or changed."""
    found: list[dict[PlanLine, int]] = [{} for _person in persons]
    for declaration in from_high_to_low():
        if declaration.plan is None or not persons:
            continue
        for lines, said in zip(found, declaration.plan(context, persons), strict=True):
            for each in said:
                line = PlanLine(declaration.capability, each.what, 0, each.fate, each.law, each.until, each.under)
                lines[line] = lines.get(line, 0) + each.count
    return [[replace(line, count=count) for line, count in lines.items() if count] for lines in found]


def kept(context: AccessContext, persons: Sequence[Person]) -> list[list[PlanLine]]:
    """What law keeps of each person, once the capabilities have erased. Inside the scope.

    It lives under keys of the person, of classes of their own: where none of them is left nobody has to be asked.
    """
    asked = [each for person in persons for each in person]
    keeping = {customer_id for customer_id, name in vault.living_classes(context, asked) if name != _GOES_WHOLE}
    some = [person for person in persons if keeping.intersection(person)]
    lines = iter(planned(context, some))
    return [
        [line for line in next(lines) if line.fate is Fate.KEPT] if keeping.intersection(person) else []
        for person in persons
    ]


def next_day(lines: Sequence[PlanLine]) -> date | None:
    """The next day on which some of it dies; None where there is none that can be named."""
    return min((line.until for line in lines if line.until is not None), default=None)


def stored(lines: Sequence[PlanLine]) -> list[dict[str, Any]]:
    """Lines as they stand in a plan's row."""
    return [
        {
            "capability": line.capability,
            "what": line.what,
            "count": line.count,
            "fate": line.fate.value,
            "law": line.law,
            "until": line.until.isoformat() if line.until else None,
            "under": line.under,
        }
        for line in lines
    ]


def restored(rows: Iterable[dict[str, Any]]) -> list[PlanLine]:
    """Lines again, as `stored` wrote them."""
    return [
        PlanLine(
            capability=row["capability"],
            what=row["what"],
            count=row["count"],
            fate=Fate(row["fate"]),
            law=row["law"],
            until=date.fromisoformat(row["until"]) if row["until"] else None,
            under=row["under"],
        )
        for row in rows
    ]
