"""What governance holds of a person: that a breach touched them."""

from collections.abc import Iterator, Mapping, Sequence

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.registries import Person, PersonalField, Planned, PrivacyDeclaration

_PURPOSE = "dpv:LegalCompliance"
_UNTIL = "until the person is erased: the record of the breach stays and names nobody"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.governance.services.farewell import export  # noqa: PLC0415 - models exist after start-up only

    return export(context, customer_id)


def _erase(context: AccessContext, persons: Sequence[Person]) -> Sequence[int]:
    from trustdesk.governance.services.farewell import erase  # noqa: PLC0415 - models exist after start-up only

    return erase(context, persons)


def _plan(context: AccessContext, persons: Sequence[Person]) -> Sequence[Sequence[Planned]]:
    from trustdesk.governance.services.farewell import plan  # noqa: PLC0415 - models exist after start-up only

    return plan(context, persons)


_EVENT = "id kind cause about people happened_at found_at state"

DECLARATION = PrivacyDeclaration(
    capability="governance",
    fields=tuple(
        PersonalField("governance_touched", column, "pd:UID", _PURPOSE, _UNTIL, sealed=False)
        for column in ("customer_id", "breach_id")
    ),
    not_personal={f"governance_{table}.controller_id": "which company owns the row" for table in ("breach", "touched")}
    | {f"governance_breach.{column}": "of an event: whom it touched stands apart" for column in _EVENT.split()}
    | {"governance_breach.opened_by": "the operator's id: staff, declared by accounts"},
    export=_export,
    erase=_erase,
    plan=_plan,
    as_one=True,
)
