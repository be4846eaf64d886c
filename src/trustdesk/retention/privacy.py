"""What retention holds of a customer: nothing. Its tables hold rules, progress and numbers."""

from trustdesk.kernel.registries import PrivacyDeclaration

_RULE = "how long a kind of data is kept; nothing of a person"
_RUN = "how far a run is and how many it dropped; nothing of a person"
_STAFF = "the operator's id: staff, declared by accounts"
_TENANT = "which company owns the row"
_OF_A_RULE = "id kind purpose country months counted_from ground source set_at ended_at"
_OF_A_RUN = (
    "id state digest most planned dropped by_kind kind key_first key_second measured_at started_at changed_at ended_at"
)
_TABLES = {
    "rule": (_OF_A_RULE, "set_by ended_by", _RULE),
    "run": (_OF_A_RUN, "started_by", _RUN),
    "tally": ("month kind count", "", "a number by month: of nobody"),
}

DECLARATION = PrivacyDeclaration(
    capability="retention",
    fields=(),
    not_personal={
        f"retention_{table}.{column}": reason
        for table, (columns, staff, why) in _TABLES.items()
        for column, reason in (
            *((column, why) for column in columns.split()),
            *((column, _STAFF) for column in staff.split()),
            ("controller_id", _TENANT),
        )
    },
    export=None,
    erase=None,
)
