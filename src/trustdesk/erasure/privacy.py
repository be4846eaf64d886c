"""What erasure holds of a person: that there was one, when, and tokens that say nothing without the company's key.

It outlives the erasure: it is what keeps a restore, a feed or a list from bringing the person back (GDPR Art. 17(3)(b),
5(2)).
"""

from collections.abc import Iterable, Iterator, Mapping

from trustdesk.kernel.context import AccessContext
from trustdesk.kernel.ids import to_public
from trustdesk.kernel.registries import PersonalField, PrivacyDeclaration

_LEDGER = "as long as there is anything it could keep out: GDPR Art. 17(3)(b); legal basis eu-gdpr:A6-1-c"
_RIGHTS = "dpv:RightsFulfilment"
_PLAN = "people cause about lines held drawn_at approved_at begun_at erased_at done_at dismissed_because changed_at"
_OURS = "a number or name of ours, a state, a count or an instant; the person stands in the plan's customer_id"
_TASK = "plan_id name place prepare state attempts counts detail fault next_at done_at"
_TOLD = "id plan_id recipient way call_ids notice_id told_at received_at"
_SIGHTING = "id plan_id place source_id verdict kinds first_at last_at times seen_at"
_STAFF = "the operator's id: staff, declared by accounts"


def _export(context: AccessContext, customer_id: int) -> Iterator[Mapping[str, object]]:
    from trustdesk.erasure.services.reading import plans_of  # noqa: PLC0415 - models exist after start-up only

    for plan in plans_of(context, customer_id):
        yield {
            "kind": "erasure",
            "plan": to_public(plan.plan_id),
            "cause": plan.cause.value,
            "state": plan.state.value,
            "drawn_at": plan.drawn_at,
            "erased_at": plan.erased_at,
        }


def _fields(table: str, columns: str, category: str = "dpv:PersonalData") -> Iterable[PersonalField]:
    for column in columns.split():
        kind = "pd:UID" if column in {"customer_id", "people"} else category
        yield PersonalField(f"erasure_{table}", column, kind, _RIGHTS, _LEDGER, sealed=False)


_TABLES = ("plan", "task", "ledger", "told", "sighting")

DECLARATION = PrivacyDeclaration(
    capability="erasure",
    fields=(
        *_fields("plan", f"customer_id {_PLAN}"),
        *_fields("ledger", "token version level kind plan_id erased_at", "dpv:PseudonymisedData"),
    ),
    not_personal={f"erasure_{table}.controller_id": "which company owns the row" for table in _TABLES}
    | {"erasure_plan.id": _OURS, "erasure_plan.state": _OURS, "erasure_plan.mandate_id": _OURS}
    | {f"erasure_task.{column}": _OURS for column in _TASK.split()}
    | {f"erasure_told.{column}": _OURS for column in _TOLD.split()}
    | {f"erasure_sighting.{column}": _OURS for column in _SIGHTING.split()}
    | dict.fromkeys(
        (
            "erasure_plan.held_by",
            "erasure_plan.drawn_by",
            "erasure_plan.approved_by",
            "erasure_told.received_by",
            "erasure_sighting.seen_by",
        ),
        _STAFF,
    ),
    export=_export,
    erase=None,  # it is what keeps the person from coming back by accident
)
